"""Run a notebook's code in this process, and collect the results of its checks."""

import linecache
import re
from pathlib import Path

import nbformat
import torch

from course_utils.checks import engine

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = sorted((ROOT / "solutions").glob("*.ipynb"))
EXERCISES = sorted((ROOT / "exercises").glob("*.ipynb"))


def code_cells(path):
    """Return the code cells of a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def checked_ids(path):
    """Return the exercises that a notebook checks, in its order."""
    sources = [cell.source for cell in code_cells(path)]
    return [id for s in sources for id in re.findall(r'^check\("(.+?)"', s, re.M)]


def run(path, monkeypatch):
    """Run the notebook at `path` to its end. Returns the results, in order."""
    results = []
    monkeypatch.setattr(engine, "show_result", results.append)
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    namespace, gradients = {"__name__": "__main__"}, torch.is_grad_enabled()
    try:
        for cell in code_cells(path):
            name = f"<cell {path.stem} {cell.id}>"
            lines = cell.source.splitlines(keepends=True)
            linecache.cache[name] = len(cell.source), None, lines, name
            exec(compile(cell.source, name, "exec"), namespace)
    finally:
        torch.set_grad_enabled(gradients)
    return results


def count_with_nbgrader(path):
    """Assert that nbgrader fails every blank, and nothing of the solution at `path`."""
    from nbgrader.validator import Validator
    from traitlets.config import Config

    validator = Validator(config=Config({"Execute": {"timeout": 300}}))
    found = validator.validate(str(ROOT / "exercises" / path.name))
    assert len(found["failed"]) == len(checked_ids(path)) and len(found) == 1
    assert validator.validate(str(path)) == {}
