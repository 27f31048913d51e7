"""Submissions for the tests of grading, and the command that grades them."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
STEM = "03_special_tokens_and_attention_masks"


def blank(stem=STEM):
    """Return the exercise notebook as it is given out."""
    return nbformat.read(ROOT / f"exercises/{stem}.ipynb", as_version=4)


def solved(stem=STEM):
    """Return the exercise notebook with every blank filled in rightly."""
    notebook = blank(stem)
    solution = nbformat.read(ROOT / f"solutions/{stem}.ipynb", as_version=4)
    right = {cell.id: cell.source for cell in solution.cells}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = right[cell.id]
    return notebook


def cell_of(notebook, grade_id):
    """Return the cell with this mark, "answer-3-1" or "check-3-1"."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
            return cell
    raise LookupError(grade_id)


def with_code(id, code, notebook=None):
    """Return a notebook (a blank one) with this code as the answer to an exercise."""
    notebook = notebook or blank()
    cell_of(notebook, f"answer-{id.replace('.', '-')}").source = code
    return notebook


def without_model(notebook):
    """Return the notebook with a first cell that loads no model: it takes seconds."""
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    first.source = "import torch\nfrom course_utils import check, progress_panel"
    return notebook


def hand_in(folder, student, notebook, stem=STEM):
    """Write a notebook, or text, into the student's folder. Returns the file's path."""
    path = Path(folder) / student / f"{stem}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(notebook, str | bytes):
        data = notebook.encode() if isinstance(notebook, str) else notebook
        path.write_bytes(data)
    elif isinstance(notebook, Path):
        shutil.copy(notebook, path)
    else:
        nbformat.write(notebook, path)
    return path


def need_sandbox():
    """Skip the test where no sandbox can be made; in CI, where it must, fail it."""
    from course_utils.grading.sandbox import sandbox_problem

    problem = sandbox_problem()
    if problem:
        act = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        act(f"no sandbox: {problem}")


def grading_command(submissions, out, *options):
    """Return the command that grades a folder, and the environment it needs."""
    command = [sys.executable, "-m", "course_utils.grade", str(submissions)]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    return [*command, "--out", str(out), *options], settings


def grade(submissions, out, *options):
    """Grade a folder with the command. Returns the completed process."""
    command, settings = grading_command(submissions, out, *options)
    return subprocess.run(command, capture_output=True, text=True, env=settings)


def rows_of(out):
    """Return {student: {exercise: row}} of grades.csv."""
    rows = {}
    with (out / "grades.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["student"], {})[row["exercise"]] = row
    return rows


def statuses(rows):
    """Return the set of statuses in one student's rows."""
    return {row["status"] for row in rows.values()}


def feedback_of(out, student, stem=STEM):
    """Return the text of a student's feedback page."""
    return (out / f"feedback/{student}/{stem}.html").read_text("utf-8")
