"""Exercises are made from solutions: blanks, no answer in them, good for nbgrader."""

import ast
import re

import nbformat
import pytest

from tests.exercise_notebooks import (
    EXERCISES,
    SOLUTIONS,
    checked_ids,
    code_cells,
    count_with_nbgrader,
)

pytest.importorskip("nbgrader")
from nbgrader import utils
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.validator import Validator

from course_utils import release
from course_utils.release import make_exercise

by_stem = pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)


def test_exercises_are_up_to_date():
    assert release.main(["--check"]) == 0, "run: make release"


# --- what a pair holds ---------------------------------------------------------------


@by_stem
def test_blanks_are_python_and_give_nothing_away(path):
    exercise = nbformat.reads(make_exercise(path), as_version=4)
    whole = nbformat.writes(exercise)
    solved = {cell.id: cell.source for cell in code_cells(path)}
    for cell in exercise.cells:
        if cell.cell_type != "code":
            continue
        ast.parse(cell.source)
        assert "SOLUTION" not in cell.source
        assert cell.outputs == [] and cell.execution_count is None
        for region in release.REGION.finditer(solved[cell.id]):
            for line in region["inside"].splitlines():
                if len(line.strip()) > 24:
                    assert line.strip() not in whole.replace('\\"', '"'), line
    assert any(release.CODE_BLANK in cell.source for cell in exercise.cells)


# --- nbgrader ------------------------------------------------------------------------


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_nbgrader_accepts_the_metadata(path):
    notebook = nbformat.read(path, as_version=4)
    MetadataValidator().validate_nb(notebook)
    assert Validator()._get_changed_cells(notebook) == []
    assert Validator()._get_type_changed_cells(notebook) == []
    graded = [cell for cell in notebook.cells if utils.is_grade(cell)]
    answers = [cell for cell in notebook.cells if utils.is_solution(cell)]
    ids = checked_ids(path)
    assert len(graded) == len(answers) == len(ids)
    for id, check, answer in zip(ids, graded, answers, strict=True):
        name = id.replace(".", "-")
        assert check.metadata.nbgrader.grade_id == f"check-{name}"
        assert answer.metadata.nbgrader.grade_id == f"answer-{name}"
        assert re.fullmatch(rf'check\("{re.escape(id)}", \w+\)', check.source)
        assert check.metadata.nbgrader.points in (1, 2, 3)
        assert check.metadata.deletable is check.metadata.editable is False


@pytest.mark.parametrize("path", SOLUTIONS[2:3], ids=lambda path: path.stem)
def test_nbgrader_counts_right_answers_and_no_blanks(path):
    """One pair here; tests/slow/test_nbgrader.py runs the others."""
    count_with_nbgrader(path)


# --- the command ---------------------------------------------------------------------


@pytest.fixture
def course(tmp_path):
    """A folder with one solution of two cells, and no exercise."""
    solution = nbformat.v4.new_code_cell(
        'def f(x):\n    """Double x."""\n    ### BEGIN SOLUTION\n    return 2 * x\n'
        "    ### END SOLUTION\n\n\ndef g(x):\n    ### BEGIN SOLUTION\n    return x\n"
        "    ### END SOLUTION",
        id="one",
    )
    answer = nbformat.v4.new_code_cell(
        '### BEGIN SOLUTION\na = "b"\nc = 3\n### END SOLUTION', id="two"
    )
    for cell in (solution, answer):
        cell.metadata["nbgrader"] = {
            "grade": False, "solution": True, "locked": False, "task": False,
            "schema_version": 3, "grade_id": cell.id,
        }  # fmt: skip
        cell.execution_count = 1
        cell.outputs = [nbformat.v4.new_output("stream", text="the answer")]
    notebook = nbformat.v4.new_notebook(cells=[solution, answer])
    for name in ("solutions", "exercises"):
        (tmp_path / name).mkdir()
    nbformat.write(notebook, tmp_path / "solutions/01_a.ipynb")
    return tmp_path


def test_regions_become_blanks(course):
    assert release.release(root=course) == ["01_a"]
    first, second = code_cells(course / "exercises/01_a.ipynb")
    assert first.source == (
        'def f(x):\n    """Double x."""\n    # your code here\n    ...\n\n\n'
        "def g(x):\n    # your code here\n    ..."
    )
    assert second.source == "# your answer here\na = ...\nc = ..."
    assert first.outputs == [] and first.execution_count is None


def test_check_writes_nothing_and_names_what_differs(course):
    target = course / "exercises/01_a.ipynb"
    assert release.release(check=True, root=course) == ["01_a"] and not target.exists()
    release.release(root=course)
    assert release.release(check=True, root=course) == []
    target.write_text(target.read_text().replace("your code", "my code"))
    assert release.release(check=True, root=course) == ["01_a"]
    (course / "exercises/02_b.ipynb").write_text("{}")
    assert release.release(check=True, root=course) == ["01_a", "02_b"]
    assert release.release(["01_a"], root=course) == ["01_a"]


def test_an_unknown_stem_lists_the_known_ones(course):
    with pytest.raises(FileNotFoundError, match=r"no solution for .*there are: 01_a"):
        release.release(["09_z"], root=course)


@pytest.mark.parametrize("text", ["### BEGIN SOLUTION\nx = 1", "### END SOLUTION"])
def test_a_lonely_marker_is_an_error(course, text):
    path = course / "solutions/01_a.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = text
    nbformat.write(notebook, path)
    with pytest.raises(ValueError, match="a solution marker is alone in cell two"):
        release.release(root=course)


def test_a_region_outside_of_an_answer_cell_is_an_error(course):
    path = course / "solutions/01_a.ipynb"
    notebook = nbformat.read(path, as_version=4)
    del notebook.cells[1].metadata["nbgrader"]
    nbformat.write(notebook, path)
    with pytest.raises(RuntimeError, match="non-solution cell"):
        release.release(root=course)
