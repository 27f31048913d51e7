"""Grading for real: a small class in sandboxes, one of them with every cheap trick.

More tricks, one by one and with what they cost: tests/slow/test_grading_hostile.py.
"""

import csv
import os
import subprocess
import sys

import nbformat
import pytest

from tests.submitted import (
    ROOT,
    STEM,
    blank,
    cell_of,
    hand_in,
    solved,
    with_code,
    without_model,
)

pytest.importorskip("nbgrader", reason="grading needs nbgrader")
pytest.importorskip("cloudpickle", reason="grading needs cloudpickle")
from course_utils.grading.sandbox import sandbox_problem

PROBLEM = sandbox_problem()
pytestmark = pytest.mark.skipif(PROBLEM is not None, reason=f"no sandbox: {PROBLEM}")

PATCHES = """
import builtins, pickle, sys, IPython
import course_utils.checks.engine as engine
import course_utils.checks.coding as coding
import course_utils.checks.questions as questions
import course_utils.checks.student_code as student_code
import course_utils.grading.agent as agent
from course_utils.checks.result import Result

def yes(*arguments, **options):
    print("3.1 ok: 1 on every token (12 cases)")
    return Result("3.1", "ok", "it is so")

check = engine.check = engine.examine = coding.judge = yes
questions.judge_question = questions.judge_estimate = yes
builtins.check = yes

class Right:
    __eq__ = __ne__ = lambda self, other: True
    __call__ = lambda self, *arguments: self
    __reduce__ = lambda self: (print, ("3.1 ok",))

agent.Agent.take = lambda self, name: {
    "found": True, "callable": True, "blank": False, "signature": None, "value": "ok",
    "status": "ok", "points": 99}
agent.Agent.call = lambda self, *request: {
    "value": "ok", "expected": "ok", "timed_out": False, "error": None, "changed": [],
    "status": "ok", "points": 99}
pickle.loads = lambda raw: ("ping",)
mask_from_lengths = Right()
get_ipython().ast_transformers.clear()
sys.modules["course_utils.checks.compare"].same = lambda *arguments, **options: None
"""
LOOK_AROUND = f"""
import os, socket
places = ["{ROOT}", "/work", "/home", "/root", "/proc/1", "/course", "/inbox", "/tmp"]
found = []
for place in places:
    for folder, inner, files in os.walk(place):
        inner[:] = [name for name in inner if name not in ("lib", "site-packages")]
        found += [n for n in files if n.startswith(("{STEM}", "lesson_"))]
def attempt(action):
    try:
        return repr(action())
    except Exception as problem:
        return type(problem).__name__
facts = [
    found, os.environ.get("HOME"), len([n for n in os.listdir("/proc") if n.isdigit()]),
    attempt(lambda: socket.create_connection(("1.1.1.1", 53), 2)),
    attempt(lambda: open("/course/course_utils/__init__.py", "a")),
    attempt(lambda: open("/inbox/x", "w")),
    attempt(lambda: os.kill(1, 9)),
]
raise RuntimeError("I saw " + "|".join(map(str, facts)))
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Three students graded by the command. Returns (rows, folder of the results)."""
    folder = tmp_path_factory.mktemp("class")
    submissions, out = folder / "submissions", folder / "grades"
    hand_in(submissions, "honest", solved())
    cheat = with_code("3.1", PATCHES)
    cell_of(cheat, "check-3-1").source = 'print("3.1 ok")'
    cheat.cells.remove(cell_of(cheat, "check-3-2"))
    hand_in(submissions, "cheat", without_model(cheat))
    curious = with_code("3.1", LOOK_AROUND)
    curious = with_code("3.q1", 'answer = "a"', curious)
    curious = with_code(
        "3.2", "def unpad(hidden, mask):\n    return list(hidden)", curious
    )
    hand_in(submissions, "curious", without_model(curious))
    hand_in(submissions, "empty", "")
    done = grade(submissions, out)
    assert done.returncode == 0, done.stdout + done.stderr
    return rows_of(out), out, submissions


def grade(submissions, out, *options):
    command = [sys.executable, "-m", "course_utils.grade", str(submissions)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*command, "--out", str(out), *options],
        capture_output=True,
        text=True,
        env=environment,
        cwd=out.parent,
    )


def rows_of(out):
    with (out / "grades.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {(row["student"], row["exercise"]): row for row in rows}


def of(rows, student):
    return {id: row for (who, id), row in rows.items() if who == student}


def page(out, student):
    return (out / f"feedback/{student}/{STEM}.html").read_text("utf-8")


def test_right_answers_get_all_points(graded):
    rows, out, _ = graded
    honest = of(rows, "honest")
    assert {row["status"] for row in honest.values()} == {"ok"}
    possible = [
        cell.metadata.nbgrader.points
        for cell in blank().cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert sum(float(row["points"]) for row in honest.values()) == sum(possible)
    assert "3.1 ok: 1 on every token" in page(out, "honest")


def test_no_trick_gets_a_point(graded):
    rows, _, _ = graded
    cheat = of(rows, "cheat")
    assert {row["points"] for row in cheat.values()} == {"0"}
    assert "ok" not in {row["status"] for row in cheat.values()}


def test_nothing_of_the_machine_is_seen(graded):
    rows, out, _ = graded
    text = page(out, "curious")
    seen = text[text.index("RuntimeError: I saw ") + 14 :].split("|")
    assert seen[0] == "I saw []", text
    assert seen[1] == "/tmp/home" and int(seen[2]) < 10
    assert seen[3] in ("OSError", "TimeoutError")
    assert {*seen[4:6]} <= {"OSError", "PermissionError"}
    assert rows["curious", "3.1"]["status"] == "failed"


def test_wrong_answers_get_the_check_s_message(graded):
    rows, out, _ = graded
    assert rows["curious", "3.q1"]["status"] == "failed"
    assert rows["curious", "3.2"]["status"] == "failed"
    assert rows["curious", "3.3"]["status"] == "not attempted"
    text = page(out, "curious")
    assert "[PAD] is also a word that a text may contain" in text
    assert "this is the smallest" in text


def test_an_empty_file_is_unreadable_in_every_row(graded):
    rows, _, _ = graded
    empty = of(rows, "empty")
    assert len(empty) == len(of(rows, "honest"))
    assert {row["status"] for row in empty.values()} == {"unreadable"}


def test_a_second_run_grades_only_what_has_changed(graded):
    rows, out, submissions = graded
    before = {path: path.stat().st_mtime_ns for path in out.glob(".grading/*.json")}
    hand_in(submissions, "empty", "no json")
    done = grade(submissions, out)
    assert done.returncode == 0, done.stdout + done.stderr
    after = {path: path.stat().st_mtime_ns for path in out.glob(".grading/*.json")}
    assert len([path for path in before if after[path] != before[path]]) == 1
    assert rows_of(out) == rows


def test_the_notebook_that_is_run_is_not_written_to(graded):
    _, _, submissions = graded
    honest = submissions / "honest" / f"{STEM}.ipynb"
    assert nbformat.read(honest, as_version=4) == solved()
