"""Lessons that draw or train, with other seeds: what they claim still holds.

make test-seeds                     all of them, two side by side, `small` workload
make test-seeds TESTS=07            one of them: its row of docs/reliability.md
make test-seeds WORKLOAD=full       the whole workload, which takes four times as long

Each seed of the lesson is raised by 100, then by 200 and so on, so that no draw comes
twice. A lesson goes on after a claim that fails, so that all that fail are named. The
row is written after each run.
"""

import os

import nbformat
import pytest
from nbclient import NotebookClient

from tests.slow.lesson_copies import LESSONS
from tests.slow.lesson_table import write_row
from tests.slow.reseeded import COUNTED, reseeded

SHIFTS = (100, 200, 300, 400)
WITHOUT_CHANCE = ("00", "02", "03")
WORKLOAD = os.environ.get("COURSE_SEEDS_WORKLOAD") or "small"
DRAWING = [lesson for lesson in LESSONS if lesson.stem[:2] not in WITHOUT_CHANCE]
HEADER = [
    "workload",
    "seeds raised by",
    "claims checked with each",
    "claims that failed",
]
CELL_SECONDS = 3600


def words(rows):
    """Return the sentences above the table."""
    claims = sum(int(row[2]) * len(row[1].split()) for row in rows.values())
    failed = sum(int(row[3]) for row in rows.values())
    return (
        f"Lessons: {len(rows)} of {len(DRAWING)}, each run as often as its row has "
        "numbers to raise its seeds by, one thread.\n"
        f"Claims checked: {claims}. Claims that failed: {failed}."
    )


def run_with_seeds(lesson, shift, folder, monkeypatch):
    """Return (how many assertions were reached, what failed) of a run: int, list."""
    notebook = nbformat.read(lesson, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    changed = []
    for cell in cells:
        cell.source, seeds = reseeded(cell.source, shift)
        changed += seeds
    assert changed, "this lesson has no seed to replace: see reseeded.py"
    cells[0].source = f"{COUNTED} = set()\n{cells[0].source}"
    notebook.cells.append(nbformat.v4.new_code_cell(f"print(len({COUNTED}))"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("COURSE_PROFILE", WORKLOAD)
    monkeypatch.setenv("COURSE_ARTIFACTS", str(folder))
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    resources = {"metadata": {"path": str(folder)}}
    options = {"timeout": CELL_SECONDS, "allow_errors": True, "resources": resources}
    NotebookClient(notebook, **options).execute()
    failed = [
        f"{cell.id}, + {shift}: {output.ename} {output.evalue}\n{output.traceback}"
        for cell in cells
        for output in cell.outputs
        if output.output_type == "error"
    ]
    return int(notebook.cells[-1].outputs[0].text), failed


@pytest.mark.parametrize("lesson", DRAWING, ids=lambda path: path.stem)
def test_the_claims_hold_with_other_seeds(lesson, tmp_path, monkeypatch):
    done, reached, failed = [], [], []
    for shift in SHIFTS:
        count, wrong = run_with_seeds(lesson, shift, tmp_path, monkeypatch)
        done.append(str(shift))
        reached.append(count)
        failed += wrong
        figures = [WORKLOAD, " ".join(done), min(reached), len(failed)]
        write_row("seeds", lesson.stem, figures, header=HEADER, words=words)
    assert not failed, "\n".join(failed)
