"""Lessons 05 to 11 with other seeds: what they claim about numbers still holds.

make test-seeds                     all of them, two side by side, `small` workload
make test-seeds TESTS=07            one of them: its row of docs/reliability.md
make test-seeds WORKLOAD=full       the whole workload, which takes four times as long

Seed 0 is the lesson as it stands. A lesson goes on after a claim that fails, so that
all that fail are named. The row is written after each seed.
"""

import os

import nbformat
import pytest
from nbclient import NotebookClient

from tests.slow.lesson_copies import LESSONS
from tests.slow.lesson_table import write_row
from tests.slow.reseeded import reseeded

SEEDS = (1, 2, 3, 4)
WORKLOAD = os.environ.get("COURSE_SEEDS_WORKLOAD") or "small"
DRAWING = [lesson for lesson in LESSONS if lesson.stem >= "05"]
HEADER = ["workload", "seeds", "claims checked with each", "claims that failed"]
CELL_SECONDS = 3600


def words(rows):
    """Return the sentences above the table."""
    claims = sum(int(row[2]) * len(row[1].split()) for row in rows.values())
    failed = sum(int(row[3]) for row in rows.values())
    return (
        f"Lessons: {len(rows)} of {len(DRAWING)}, each with the seeds in its row, one "
        "thread.\n"
        f"Claims checked: {claims}. Claims that failed: {failed}."
    )


def run_with_seed(lesson, seed, folder, monkeypatch):
    """Return (how many assertions were reached, what failed) of a run: int, list."""
    notebook = nbformat.read(lesson, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    changed = 0
    for cell in cells:
        cell.source, count = reseeded(cell.source, seed)
        changed += count
    assert changed, "this lesson has no seed to replace: see reseeded.py"
    cells[0].source = f"claims = set()\n{cells[0].source}"
    notebook.cells.append(nbformat.v4.new_code_cell("print(len(claims))"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("COURSE_PROFILE", WORKLOAD)
    monkeypatch.setenv("COURSE_ARTIFACTS", str(folder))
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    resources = {"metadata": {"path": str(folder)}}
    options = {"timeout": CELL_SECONDS, "allow_errors": True, "resources": resources}
    NotebookClient(notebook, **options).execute()
    failed = [
        f"seed {seed}, {cell.id}: {output.ename} {output.evalue}\n{output.traceback}"
        for cell in cells
        for output in cell.outputs
        if output.output_type == "error"
    ]
    return int(notebook.cells[-1].outputs[0].text), failed


@pytest.mark.parametrize("lesson", DRAWING, ids=lambda path: path.stem)
def test_the_claims_hold_with_other_seeds(lesson, tmp_path, monkeypatch):
    done, reached, failed = [], [], []
    for seed in SEEDS:
        count, wrong = run_with_seed(lesson, seed, tmp_path, monkeypatch)
        done.append(str(seed))
        reached.append(count)
        failed += wrong
        figures = [WORKLOAD, " ".join(done), min(reached), len(failed)]
        write_row("seeds", lesson.stem, figures, header=HEADER, words=words)
    assert not failed, "\n".join(failed)
