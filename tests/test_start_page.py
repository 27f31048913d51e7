"""The start page's two tables, and its links to every lesson, exercise and solution."""

import json
import re
from pathlib import Path

import nbformat

from course_utils import start_page
from course_utils.checks.engine import exercises_of
from course_utils.start_page import progress_table, readiness_table

ROOT = Path(__file__).resolve().parents[1]
START = ROOT / "notebooks/00_start_here.ipynb"


def test_readiness_names_what_was_found_and_no_folder():
    table = readiness_table()
    assert list(table.columns) == ["found", "to do"]
    assert list(table.index[:2]) == ["python", "libraries"]
    assert {"model", "reviews", "memory limit"} <= set(table.index)
    assert table.loc["first embedding", "found"].startswith("a tensor of shape")
    assert not any("/" in found for found in table["found"])


def test_readiness_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_MODEL", str(tmp_path / "no_such_folder"))
    assert "COURSE_MODEL" in readiness_table().loc["first embedding", "to do"]


def test_a_library_that_does_not_fit_has_a_row_of_its_own(monkeypatch):
    rows = [("python", "3.11", ""), ("torch", "1.0", "run 'make setup'")]
    rows += [("numpy", "2.0", ""), ("model", "91 MB, verified, in /some/where", "")]
    monkeypatch.setattr(start_page, "examine", lambda: rows)
    table = readiness_table()
    assert table.loc["libraries", "found"] == "1, in versions that fit"
    assert table.loc["torch", "to do"] == "run 'make setup'"
    assert table.loc["model", "found"] == "91 MB, verified"


def test_progress_counts_what_is_done(tmp_path):
    empty = progress_table(tmp_path)
    assert (empty["done"] == 0).all() and len(empty) == 11
    ids = list(exercises_of(3))
    kept = {"done": [*ids[:2], "99.9"]}
    (tmp_path / ".progress.json").write_text(json.dumps(kept), "utf-8")
    row = progress_table(tmp_path).loc[3]
    assert (row["done"], row["of"]) == (2, len(ids)) and "■" in row[""]


def test_a_damaged_progress_file_counts_as_nothing_done(tmp_path):
    (tmp_path / ".progress.json").write_text("{", "utf-8")
    assert (progress_table(tmp_path)["done"] == 0).all()


def test_every_lesson_exercise_and_solution_is_linked():
    cells = nbformat.read(START, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    links = set(re.findall(r"\]\(([^)#\s]+\.ipynb)\)", text))
    for folder in ("notebooks", "exercises", "solutions"):
        for path in sorted((ROOT / folder).glob("*.ipynb")):
            if path != START:
                link = (
                    path.name if folder == "notebooks" else f"../{folder}/{path.name}"
                )
                assert link in links
