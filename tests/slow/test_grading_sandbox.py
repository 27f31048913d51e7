"""Sandboxes from inside: one student with every cheap trick, one who looks around.

The ordinary class is in tests/test_grading_class.py. More tricks, one by one and with
what they cost: tests/slow/test_grading_hostile.py.
"""

import pytest

from tests.submitted import (
    ROOT,
    STEM,
    cell_of,
    feedback_of,
    grade,
    hand_in,
    need_sandbox,
    rows_of,
    with_code,
    without_model,
)

pytest.importorskip("nbgrader", reason="grading needs nbgrader")
pytest.importorskip("cloudpickle", reason="grading needs cloudpickle")

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
    """Two students graded by the command. Returns (rows, folder of the results)."""
    need_sandbox()
    folder = tmp_path_factory.mktemp("class")
    submissions, out = folder / "submissions", folder / "grades"
    cheat = with_code("3.1", PATCHES)
    cell_of(cheat, "check-3-1").source = 'print("3.1 ok")'
    cheat.cells.remove(cell_of(cheat, "check-3-2"))
    hand_in(submissions, "cheat", without_model(cheat))
    hand_in(submissions, "curious", without_model(with_code("3.1", LOOK_AROUND)))
    done = grade(submissions, out)
    assert done.returncode == 0, done.stdout + done.stderr
    return rows_of(out), out


def test_no_trick_gets_a_point(graded):
    cheat = graded[0]["cheat"]
    assert {row["points"] for row in cheat.values()} == {"0"}
    assert "ok" not in {row["status"] for row in cheat.values()}


def test_nothing_of_the_machine_is_seen(graded):
    rows, out = graded
    text = feedback_of(out, "curious")
    seen = text[text.index("RuntimeError: I saw ") + 14 :].split("|")
    assert seen[0] == "I saw []", text
    assert seen[1] == "/tmp/home" and int(seen[2]) < 10
    assert seen[3] in ("OSError", "TimeoutError")
    assert {*seen[4:6]} <= {"OSError", "PermissionError"}
    assert rows["curious"]["3.1"]["status"] == "failed"
