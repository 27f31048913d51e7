"""Grading without a kernel: finding, reading and restoring submissions; the command."""

import os
import re
import subprocess
import sys

import nbformat
import pytest

from tests.submitted import ROOT, STEM, blank, cell_of, hand_in, solved

pytest.importorskip("nbgrader", reason="grading needs nbgrader")
pytest.importorskip("cloudpickle", reason="grading needs cloudpickle")
from course_utils.grading import sandbox
from course_utils.grading.limits import Limits
from course_utils.grading.reading import Unreadable, read_submission
from course_utils.grading.released import prepare
from course_utils.grading.restoring import WrongNotebook, check_cells, restore
from course_utils.grading.submissions import find_submissions


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """The released notebooks and their gradebook."""
    return prepare(tmp_path_factory.mktemp("released"))


def found(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return [(s.student, s.notebook) for s in find_submissions(folder, [STEM])]


# --- who handed in what --------------------------------------------------------------


def test_a_folder_for_each_student(tmp_path):
    names = [
        f"ada/{STEM}.ipynb",
        f"Émile Zola_17_file_/03/{STEM} (1).ipynb",
        f"ada/.ipynb_checkpoints/{STEM}-checkpoint.ipynb",
        "__MACOSX/x.ipynb",
        "zoe/essay.pdf",
    ]
    assert found(tmp_path, *names) == [
        ("ada", STEM),
        ("zoe", ""),
        ("Émile Zola_17_file_", STEM),
    ]


@pytest.mark.parametrize(
    "name, student",
    [
        (f"alice_{STEM}.ipynb", "alice"),
        (f"{STEM}_alice-b.ipynb", "alice-b"),
        (f"alice {STEM} (2).ipynb", "alice"),
        (f"{STEM}.ipynb", "(no name)"),
    ],
)
def test_all_notebooks_in_one_folder(tmp_path, name, student):
    assert found(tmp_path, name) == [(student, STEM)]


def test_other_names_and_second_files_are_kept_apart(tmp_path):
    names = ["bob.ipynb", f"eve/{STEM}.ipynb", f"eve/old/{STEM}.ipynb"]
    pairs = [("bob", "bob"), ("eve", STEM), ("eve", f"{STEM} (2)")]
    assert found(tmp_path, *names) == pairs
    with pytest.raises(NotADirectoryError, match="there is no folder"):
        find_submissions(tmp_path / "none", [STEM])


# --- reading -------------------------------------------------------------------------


def test_only_the_cells_of_a_notebook_are_kept(tmp_path):
    notebook = solved()
    notebook.metadata["kernelspec"] = {"name": "evil", "display_name": "x"}
    notebook.cells[2].metadata["tags"] = ["skip-execution"]
    notebook.cells[2].outputs = [nbformat.v4.new_output("stream", text="3.1 ok")]
    read = read_submission(hand_in(tmp_path, "a", notebook), Limits())
    assert read.metadata.kernelspec.name == "python3"
    assert [c.source for c in read.cells] == [c.source for c in notebook.cells]
    assert not any(cell.get("outputs") for cell in read.cells)
    assert set().union(*(cell.metadata for cell in read.cells)) == {"nbgrader"}


DAMAGED = "The file is damaged or cut off. Hand it in again."
BROKEN = {
    "The file is empty. Save the notebook": b"",
    f"{DAMAGED} (not JSON: Expecting": b'{"cells": [',
    f"{DAMAGED} (not JSON: maximum recursion": b"[" * 100_000,
    "The file is no notebook. Hand in the .ipynb file.": b'{"a": 1}',
    f"{DAMAGED} (not text in UTF-8)": b'{"\xff": 1}',
    f"{DAMAGED} (KeyError: 'sou": b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}',
    "a cell of type": b'{"nbformat": 4, "cells": [{"cell_type": [], "source": ""}]}',
    f"{DAMAGED} (KeyError: 'cells": b'{"nbformat": 4}',
    f"{DAMAGED} (": b'{"nbformat": "x", "cells": 7}',
    "has more than 2000 cells": b'{"nbformat": 4, "cells": ['
    + b",".join([b'{"cell_type": "raw", "source": ""}'] * 2001)
    + b"]}",
}


@pytest.mark.parametrize("words", BROKEN)
def test_what_is_no_notebook_is_unreadable(tmp_path, words):
    path = hand_in(tmp_path, "a", BROKEN[words])
    with pytest.raises(Unreadable, match=re.escape(words)):
        read_submission(path, Limits())


def test_large_files_links_and_pipes_are_not_read(tmp_path):
    path = hand_in(tmp_path, "large", blank())
    with path.open("r+b") as file:
        file.truncate(200_000_000)
    with pytest.raises(Unreadable, match="has 200 MB, more than 20 MB"):
        read_submission(path, Limits())
    link = tmp_path / "link.ipynb"
    link.symlink_to(ROOT / f"solutions/{STEM}.ipynb")
    with pytest.raises(Unreadable, match="a link"):
        read_submission(link, Limits())
    os.mkfifo(tmp_path / "pipe.ipynb")
    with pytest.raises(Unreadable, match="not an ordinary file"):
        read_submission(tmp_path / "pipe.ipynb", Limits())


# --- restoring -----------------------------------------------------------------------


def restored(notebook, released, tmp_path):
    path = hand_in(tmp_path, "a", notebook)
    read = read_submission(path, Limits())
    damaged = restore(read, STEM, released)
    return read, damaged


def drop(notebook, *marks):
    gone = [id(cell_of(notebook, mark)) for mark in marks]
    notebook.cells = [cell for cell in notebook.cells if id(cell) not in gone]


def test_an_untouched_notebook_stays_as_it_is(tmp_path, released):
    read, damaged = restored(solved(), released, tmp_path)
    assert damaged == {}
    assert [c.source for c in read.cells] == [c.source for c in solved().cells]
    assert [id for id, _ in check_cells(read).values()] == list(
        released.exercises(STEM)
    )


def test_deleted_and_edited_check_cells_come_back(tmp_path, released):
    notebook = solved()
    drop(notebook, "check-3-q1")
    cell_of(notebook, "check-3-1").source = 'print("3.1 ok")'
    cell_of(notebook, "check-3-2").cell_type = "markdown"
    cell_of(notebook, "check-3-3").metadata.nbgrader["points"] = 1000
    cell_of(notebook, "check-3-4").metadata.nbgrader["grade"] = False
    read, damaged = restored(notebook, released, tmp_path)
    assert damaged == {"3.q1": "missing", "3.1": "changed", "3.2": "changed"}
    given = {c.metadata.nbgrader.grade_id: c for c in blank().cells if c.metadata}
    ours = [cell for cell in read.cells if "nbgrader" in cell.metadata]
    assert [c.metadata.nbgrader.grade_id for c in ours] == list(given)
    for cell in ours:
        mark = given[cell.metadata.nbgrader.grade_id].metadata.nbgrader
        assert cell.metadata.nbgrader == mark
        if mark.grade:
            assert cell.source == given[mark.grade_id].source


def test_a_check_stands_after_the_student_s_cells_and_before_the_next(
    tmp_path, released
):
    notebook = solved()
    drop(notebook, "check-3-q1", "answer-3-q2", "check-3-q2")
    mine = nbformat.v4.new_code_cell('answer = "c"')
    place = notebook.cells.index(cell_of(notebook, "answer-3-q1"))
    notebook.cells.insert(place + 1, mine)
    read, damaged = restored(notebook, released, tmp_path)
    order = [cell.source for cell in read.cells if cell.cell_type == "code"]
    start = order.index('answer = "c"')
    following = ['check("3.q1", answer)', "# your answer here\nanswer = ..."]
    assert order[start + 1 : start + 4] == [*following, 'check("3.q2", answer)']
    assert damaged == {"3.q1": "missing", "3.q2": "missing"}


def test_cells_are_known_again_without_their_marks(tmp_path, released):
    notebook = solved()
    for cell in notebook.cells:
        cell.metadata = {}
    assert restored(notebook, released, tmp_path)[1] == {}
    notebook.cells = [nbformat.v4.new_code_cell(c.source) for c in notebook.cells]
    assert restored(notebook, released, tmp_path)[1] == {}


def test_marks_given_to_other_cells_are_taken_away(tmp_path, released):
    notebook = blank()
    forged = nbformat.v4.new_code_cell("x = 1")
    forged.metadata["nbgrader"] = {"grade_id": "check-9-9", "grade": True, "points": 99}
    double = nbformat.from_dict(cell_of(notebook, "check-3-1"))
    notebook.cells += [forged, nbformat.v4.new_code_cell(double.source)]
    notebook.cells[-1].metadata = double.metadata
    read, _ = restored(notebook, released, tmp_path)
    assert len(check_cells(read)) == len(released.exercises(STEM))


def test_the_notebook_of_another_lesson_is_told(tmp_path, released):
    lesson = nbformat.read(
        ROOT / "notebooks/05_extracting_embeddings.ipynb", as_version=4
    )
    with pytest.raises(WrongNotebook, match="no cell of that notebook is in it"):
        restored(lesson, released, tmp_path)
    other = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell('check("5.1", pool)')]
    )
    with pytest.raises(WrongNotebook, match="holds the checks of another lesson"):
        restored(other, released, tmp_path)


# --- the command ---------------------------------------------------------------------


def run(*arguments, **settings):
    command = [sys.executable, "-m", "course_utils.grade", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
    )


def test_without_bubblewrap_it_refuses(tmp_path):
    hand_in(tmp_path / "in", "ada", blank())
    done = run(tmp_path / "in", "--out", tmp_path / "out", PATH="/nowhere")
    assert done.returncode == 2
    assert "bubblewrap (bwrap) is not installed" in done.stderr
    assert "--unsafe" in done.stderr and not (tmp_path / "out/grades.csv").exists()


def test_results_may_not_lie_among_the_submissions(tmp_path):
    done = run(tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 2 and "lies in that of the submissions" in done.stderr


def test_an_environment_below_the_writable_folder_is_shown_after_its_mount(
    monkeypatch, tmp_path
):
    inner, outer = sandbox.Path("/tmp/a/env"), sandbox.Path("/opt/python")
    monkeypatch.setattr(sandbox, "_python_folders", lambda: [outer, inner])
    command = sandbox.sandbox_command(tmp_path, tmp_path, (), Limits(), 3)
    mounted = [
        n for n in range(len(command)) if command[n : n + 2] == ["--tmpfs", "/tmp"]
    ]
    shown = [n for n, word in enumerate(command) if word == str(inner)]
    assert len(mounted) == 1 and any(n > mounted[0] for n in shown)
    assert not any(n > mounted[0] for n, x in enumerate(command) if x == str(outer))
