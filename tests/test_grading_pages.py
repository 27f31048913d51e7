"""The pages and tables that an instructor and a student read."""

import csv
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.submitted import ROOT, STEM

pytest.importorskip("nbgrader", reason="grading needs nbgrader")
from course_utils import grade
from course_utils.checks.engine import exercises_of, lessons
from course_utils.grading import batch, feedback, summary, tables
from course_utils.grading.limits import (
    CRASHED,
    FAILED,
    NEEDS_A_LOOK,
    NOT_ATTEMPTED,
    OK,
    RESTORED,
    UNREADABLE,
    Mark,
)
from course_utils.grading.released import Released, exercise_titles
from course_utils.grading.submissions import Submission, not_read

RIGHT = Mark("3.1", OK, 2, 2, "3.1 ok: all")
ADA = Submission("ada", STEM, Path("ada.ipynb"), "1")


def test_the_totals_have_a_row_for_each_notebook(tmp_path):
    right = [Mark("3.1", OK, 2, 2), Mark("3.2", OK, 1, 1.5)]
    graded = [
        (Submission("=SUM(A1)", STEM, None, "1"), right),
        (Submission("bob", "none", None, "2"), [Mark("", NEEDS_A_LOOK, 0, 0)]),
    ]
    tables.write_totals(graded, tmp_path / "totals.csv")
    rows = list(csv.reader((tmp_path / "totals.csv").open(encoding="utf-8")))
    assert rows == [
        ["student", "notebook", "points", "possible"],
        ["'=SUM(A1)", STEM, "3", "3.5"],
        ["bob", "none", "0", "0"],
    ]


def test_the_summary_adds_up_each_student_before_the_exercises():
    first, second = (
        Submission("ada", "03", None, "1"),
        Submission("ada", "04", None, "2"),
    )
    marks = [Mark("3.1", OK, 2, 2)], [Mark("4.1", FAILED, 0, 2)]
    text = summary.summary_page(list(zip((first, second), marks, strict=True)))
    assert re.search(r">ada</td><td>all 2</td>.*>2</td>.*>4</td>.*>50%</td>", text)
    assert text.index("<h2>Students") < text.index("<h2>Exercises")


def test_a_damaged_file_is_one_row_and_one_section():
    said, one = "The file is damaged. (no JSON)", ADA
    damaged = [Mark(f"3.{n}", UNREADABLE, 0, 2, said) for n in range(15)]
    page = feedback.feedback_page(one, damaged)
    assert page.count("<section") == page.count(said) == 1
    assert "! The file: unreadable · 0 of 30" in page
    text = summary.summary_page([(one, damaged)])
    assert text.count(said) == 1 and "<td>the file</td><td>unreadable</td>" in text
    assert (
        "To look at in summary.html: files or folders 1, exercises 0"
        in summary.summary_text([(one, damaged)])
    )


def test_exercises_with_one_message_and_code_stay_apart():
    """Each of them was judged, and the student finds the code of each."""
    one = ADA
    marks = [Mark(f"3.{n}", CRASHED, 0, 2, "It ended.", "exit()") for n in range(3)]
    assert tables.about_the_file(marks) == marks
    assert feedback.feedback_page(one, marks).count("<section") == 3
    assert "files or folders 0, exercises 3" in summary.summary_text([(one, marks)])
    rows = summary.summary_page([(one, marks)])
    assert "<h2>To look at</h2>" in rows and rows.count("<td>It ended.</td>") == 3


def test_every_exercise_has_a_title():
    titles = exercise_titles()
    assert titles["3.2"] == "Undo the padding" and titles["3.7"] == "Find the bug"
    assert titles["3.p1"] == "Behind the mask"
    ids = {id for number in lessons() for id in exercises_of(number)}
    assert set(titles) == ids


def test_a_student_reads_each_thing_once():
    marks = [
        Mark("3.2", FAILED, 0, 1, "3.2 not yet: it returned None"),
        Mark("3.q2", NOT_ATTEMPTED, 0, 1, "3.q2 not attempted"),
    ]
    titles = {"3.2": "Undo <b>", "3.q2": "The rows of padding"}
    page = feedback.feedback_page(ADA, marks, titles)
    assert "✗ 3.2 Undo &lt;b&gt; · failed · 0 of 1" in page
    assert "○ 3.q2 The rows of padding · not attempted · 0 of 1" in page
    assert page.count("not attempted") == 1 and page.count("<pre>") == 1


def test_a_restored_check_cell_asks_nothing_of_the_student():
    restored = Mark("3.1", RESTORED, 1, 1, "The check cell was missing.\n3.1 ok: all")
    page = feedback.feedback_page(ADA, [restored])
    said = "You need not do anything about the check cell: your points count."
    assert f"The check cell was missing.\n{said}\n3.1 ok: all" in page


def test_what_is_not_read_is_said(tmp_path, monkeypatch, capsys):
    for name in ("all.zip", "<b>.pdf", "ada.ipynb", ".DS_Store", "bob/03.ipynb"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).touch()
    (tmp_path / "in/linked").symlink_to(tmp_path)
    assert not_read(tmp_path / "in") == ["<b>.pdf", "all.zip", "linked"]
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(grade, "grade_folder", lambda *_, **__: [(ADA, [RIGHT])])
    assert grade.main([str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 0
    words = "Not read, as neither a folder nor a notebook: "
    assert f"{words}<b>.pdf, all.zip, linked" in capsys.readouterr().out
    page = (tmp_path / "out/summary.html").read_text("utf-8")
    assert f"{words}&lt;b&gt;.pdf, all.zip, linked" in page


def test_a_folder_with_archives_only_says_so(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/all.zip").touch()
    monkeypatch.setattr(batch, "prepare", Released)
    with pytest.raises(
        batch.CannotGrade, match=r"not read: all\.zip\. Unpack archives"
    ):
        batch.grade_folder(tmp_path / "in", tmp_path / "out", unsafe=True)


def test_a_folder_without_a_notebook_counts_as_none():
    file = Submission("bob", STEM, Path("03.ipynb"), "2")
    nothing = Submission("zoe", "", None, "3")
    graded = [(file, [RIGHT]), (nothing, [Mark("", NEEDS_A_LOOK, 0, 0, "no notebook")])]
    assert summary.summary_text(graded).startswith("1 notebooks graded")
    page = summary.summary_page(graded)
    assert "2 students, 1 notebooks." in page and "Not read" not in page
    assert "the file" not in page
    text = feedback.feedback_page(*graded[1])
    assert "? No notebook: needs a look · 0 of 0" in text


def guide():
    return (ROOT / "solutions/grading.md").read_text("utf-8")


def test_the_guide_names_what_to_look_at():
    words = " ".join(re.search(r"\*To look at\* lists ([^.]+)\.", guide())[1].split())
    number, _, listed = words.partition(" of them: ")
    assert number == "six" and len(summary.TO_SEE) == 6
    assert set(listed.split(", ")) == set(summary.TO_SEE)


def test_what_is_handed_out_is_the_course_without_its_solutions():
    command = re.search(r"^git archive -o course.zip HEAD (.+)$", guide(), re.MULTILINE)
    names = shlex.split(command[1])
    listed = subprocess.run(
        ["git", "ls-files", "-z", *names], cwd=ROOT, capture_output=True, text=True
    )
    files = listed.stdout.split("\0")[:-1]
    assert {path.split("/")[0] for path in files} == set(names)
    assert not any("solutions" in path for path in files)
    assert {"Makefile", "pyproject.toml", "course_utils/checks/engine.py"} <= set(files)
