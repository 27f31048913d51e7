"""What grading writes: the table, a page for each student, the summary."""

import csv

import pytest

from tests.submitted import STEM

pytest.importorskip("nbgrader", reason="grading needs nbgrader")
pytest.importorskip("cloudpickle", reason="grading needs cloudpickle")
from course_utils.grading import feedback, summary, tables
from course_utils.grading.limits import OK, STATUSES, Mark
from course_utils.grading.pages import SYMBOLS
from course_utils.grading.submissions import Submission

EVIL = "<script>alert(1)</script>"


def graded():
    right = [Mark("3.1", OK, 2, 2, "3.1 ok: all"), Mark("3.2", OK, 1, 1, "3.2 ok")]
    wrong = [Mark("3.1", status, 0, 2, EVIL, EVIL) for status in STATUSES]
    return [
        (Submission("=SUM(A1)", STEM, None, "1"), right),
        (Submission(EVIL, f"../{STEM}", None, "2"), wrong),
    ]


def test_the_table_has_a_row_for_each_exercise(tmp_path):
    tables.write_csv(graded(), tmp_path / "grades.csv")
    rows = list(csv.reader((tmp_path / "grades.csv").open(encoding="utf-8")))
    names = ["student", "notebook", "exercise", "points", "status", "possible"]
    assert rows[0] == names
    assert rows[1] == ["'=SUM(A1)", STEM, "3.1", "2", "ok", "2"]
    assert [row[4] for row in rows[3:]] == list(STATUSES)


def test_pages_show_every_status_and_run_nothing(tmp_path):
    assert set(SYMBOLS) == set(STATUSES)
    for submission, marks in graded():
        feedback.write_feedback(submission, marks, tmp_path)
    pages = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.html"))
    assert [path.parts[0] for path in pages] == ["feedback"] * 2
    text = feedback.feedback_page(*graded()[1])
    assert EVIL not in text and "&lt;script&gt;" in text
    assert "default-src 'none'" in text
    assert all(f"{SYMBOLS[status]} 3.1 {status}" in text for status in STATUSES)


def test_no_page_replaces_another(tmp_path):
    """Whatever must be altered in a name; the pages of one student lie together."""
    students = ["a?", "a*", "a_", "bob", "bob.", "..", ".", "x" * 101, "x" * 102]
    submissions = [
        Submission(student, notebook, None, "key")
        for student in students
        for notebook in (STEM, "b/c", "b:c")
    ]
    for submission in submissions:
        feedback.write_feedback(submission, [Mark("3.1", OK, 2, 2)], tmp_path)
    pages = list(tmp_path.glob("feedback/*/*.html"))
    assert len(pages) == len(submissions) == len(list(tmp_path.rglob("*.html")))
    assert len(list(tmp_path.glob("feedback/*"))) == len(students)
    for submission in submissions:
        page = (tmp_path / feedback.feedback_path(submission)).read_text("utf-8")
        assert f"<p>{submission.student}: " in page
    assert feedback.feedback_path(submissions[9]).parts[1] == "bob"


def test_the_summary_has_a_histogram_and_what_needs_a_look():
    text = summary.summary_page(graded(), unsafe=True)
    assert EVIL not in text and "Graded with --unsafe" in text
    assert f"{STEM}: 100% of the points on average" in text
    assert 'aria-label="Notebooks by share of the points: 0 from 0 to 10 %' in text
    assert text.count("<svg") == 2 and "needs a look" in text
    assert "50% of the points on average" in summary.summary_text(graded())


def test_shares_fall_into_bins():
    assert tables.histogram([0, 0.05, 0.1, 0.999, 1]) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
