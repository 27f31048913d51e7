"""The notebooks as they were given out, made from the solutions; their gradebook."""

import json
import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveCells

from course_utils.grading.examination import exercise_of
from course_utils.release import ROOT, make_exercise

ASSIGNMENT = "course"
HEADING = re.compile(r"^### (\d+\.\w+) ([^·\n]+)", re.MULTILINE)


class Released:
    """The exercise notebooks of the course, in a folder that no submission sees."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.database = f"sqlite:///{self.folder / 'gradebook.db'}"

    @property
    def stems(self):
        """Return the stems of all notebooks, in order."""
        return sorted(path.stem for path in self.folder.glob("*.ipynb"))

    def notebook(self, stem):
        """Return the notebook as it was given out."""
        return nbformat.read(self.folder / f"{stem}.ipynb", as_version=4)

    def resources(self, stem, student="student"):
        """Return what nbgrader's preprocessors want to know."""
        about = {"notebook": stem, "assignment": ASSIGNMENT, "student": student}
        return {"nbgrader": {**about, "db_url": self.database}}

    def exercises(self, stem):
        """Return {id: points} of a notebook, in order."""
        return points_of(self.notebook(stem))


def prepare(folder, solutions=ROOT / "solutions"):
    """Make the exercises of every solution, and enter their cells into a gradebook.

    Returns the Released. The gradebook is nbgrader's own, an SQLite file.
    """
    released = Released(folder)
    released.folder.mkdir(parents=True, exist_ok=True)
    with _programs_found(), Gradebook(released.database) as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT)
    for solution in sorted(Path(solutions).glob("*.ipynb")):
        text = make_exercise(solution)
        (released.folder / solution.name).write_text(text, "utf-8")
        notebook = nbformat.reads(text, as_version=4)
        SaveCells().preprocess(notebook, released.resources(solution.stem))
    return released


@contextmanager
def _programs_found():
    """Let nbgrader find the program alembic, which lies beside this Python."""
    before = os.environ.get("PATH", "")
    beside = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join((beside, before))
    try:
        yield
    finally:
        os.environ["PATH"] = before


def points_of(notebook):
    """Return {id: points} of the check cells of a notebook."""
    points = {}
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        found = exercise_of(cell.source) if mark.get("grade") else None
        if found:
            points[found[0]] = float(mark["points"])
    return points


def exercise_titles(solutions=ROOT / "solutions"):
    """Return {id: title} of all exercises, from the headings of their notebooks."""
    titles = {}
    for path in sorted(Path(solutions).glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                titles |= {
                    id: title.strip() for id, title in HEADING.findall(cell.source)
                }
    return titles


def notebooks_fingerprint(released):
    """Return text that changes when any exercise changes."""
    names = {path.name: path.read_text("utf-8") for path in _notebooks(released)}
    return json.dumps(names, sort_keys=True)


def _notebooks(released):
    return sorted(released.folder.glob("*.ipynb"))
