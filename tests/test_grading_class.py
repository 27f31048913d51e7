"""Grading for real, with as few kernels as possible: a small class in sandboxes.

One test for each class: its parts would be graded twice in two processes of pytest.
Harmful submissions, one by one: tests/slow/test_grading_hostile.py.
"""

import nbformat
import pytest

from tests.submitted import (
    blank,
    cell_of,
    feedback_of,
    grade,
    hand_in,
    need_sandbox,
    rows_of,
    solved,
    statuses,
    with_code,
    without_model,
)

pytest.importorskip("nbgrader", reason="grading needs nbgrader")
pytest.importorskip("cloudpickle", reason="grading needs cloudpickle")

ENDLESS = """import time
def unpad(hidden, mask):
    while True:
        time.sleep(0.01)  # takes no time from others
"""
FLOOD = "print('x' * 200_000_000)\ndef additive_mask(mask):\n    ..."


def mixed():
    """Return a notebook with wrong, endless and right answers, else blank.

    One of the blanks prints 200 MB: that is cut short, and does no harm.
    """
    notebook = without_model(with_code("3.q1", 'answer = "a"'))
    notebook = with_code("3.q2", 'answer = "b"', notebook)
    notebook = with_code("3.q3", "answer = b", notebook)  # may not get q2's answer
    notebook = with_code("3.q4", "# later", notebook)
    notebook = with_code("3.2", ENDLESS, notebook)
    notebook = with_code("3.3", FLOOD, notebook)
    wrong = "def mask_from_lengths(lengths, width):\n    return 0"
    return with_code("3.1", wrong, notebook)


def points_given_out():
    marks = [cell.metadata.get("nbgrader", {}) for cell in blank().cells]
    return sum(mark.points for mark in marks if mark.get("grade"))


def test_a_class_is_graded_in_sandboxes(tmp_path):
    need_sandbox()
    submissions, out = tmp_path / "submissions", tmp_path / "grades"
    right = hand_in(submissions, "right", solved())
    hand_in(submissions, "mixed", mixed())
    hand_in(submissions, "empty", "")
    done = grade(submissions, out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Grading: 100%" in done.stdout and "3/3" in done.stdout
    rows = rows_of(out)
    assert statuses(rows["right"]) == {"ok"}
    total = sum(float(row["points"]) for row in rows["right"].values())
    assert total == points_given_out()
    assert "3.1 ok: 1 on every token" in feedback_of(out, "right")
    assert nbformat.read(right, as_version=4) == solved()  # nothing is written there

    found = {id: row["status"] for id, row in rows["mixed"].items()}
    expected = {id: "not attempted" for id in rows["right"]}
    expected |= {"3.q1": "failed", "3.q2": "ok", "3.1": "failed", "3.2": "timeout"}
    expected["3.q3"] = "failed"
    assert found == expected
    assert "Your cell stopped with NameError" in feedback_of(out, "mixed")
    assert {row["points"] for row in rows["mixed"].values()} == {"0", "1"}
    assert "[PAD] is also a word that a text may contain" in feedback_of(out, "mixed")
    assert "this is the smallest" in feedback_of(out, "mixed")

    assert statuses(rows["empty"]) == {"unreadable"}
    assert list(rows["empty"]) == list(rows["right"])


def test_without_a_sandbox_where_that_is_asked_for(tmp_path):
    submissions, out = tmp_path / "submissions", tmp_path / "grades"
    notebook = with_code("3.q1", 'answer = "a"', without_model(solved()))
    cell_of(notebook, "check-3-q2").source = "print(1)"
    hand_in(submissions, "ada", notebook)
    done = grade(submissions, out, "--unsafe")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "without a sandbox" in done.stdout
    rows = rows_of(out)["ada"]
    assert rows["3.q1"]["status"] == "failed" and rows["3.1"]["status"] == "ok"
    assert rows["3.q2"]["status"] == "check cell missing (restored)"
    assert rows["3.q2"]["points"] == "1"
    assert "Graded with --unsafe" in (out / "summary.html").read_text("utf-8")


def test_a_missing_sandbox_fails_in_ci_and_skips_elsewhere(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    for setting, outcome in (("true", pytest.fail), ("", pytest.skip)):
        monkeypatch.setenv("CI", setting)
        with pytest.raises(outcome.Exception, match="no sandbox: bubblewrap"):
            need_sandbox()
