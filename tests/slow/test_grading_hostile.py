"""Submissions that try to harm the grader, or to get points that they do not deserve.

All are graded in one class, two at a time, with an honest student among them. Each is
hostile in one exercise; what stands in their other cells must get its own right mark.
"""

import os
import subprocess
import sys
import time

import nbformat
import psutil
import pytest

from course_utils.grading.limits import STATUSES
from tests.submitted import (
    ROOT,
    STEM,
    blank,
    cell_of,
    grade,
    hand_in,
    need_sandbox,
    rows_of,
    solved,
    statuses,
    with_code,
    without_model,
)

MASK = "def mask_from_lengths(lengths, width):\n    "
RIGHT_MASK = MASK + (
    "return torch.tensor([[int(t < n) for t in range(width)] for n in lengths])"
)
CODE = {  # student: (status of 3.1, code)
    "endless loop": ("timeout", MASK + "while True: pass"),
    "endless loop in silence": (
        "timeout",
        MASK + "while True:\n        try:\n            while True: pass\n"
        "        except BaseException: pass",
    ),
    "endless cell": ("timeout", "while True: pass"),
    "sleeps": ("timeout", "import time\ntime.sleep(10_000)"),
    "exits": ("crashed", "import os\nos._exit(0)"),
    "exits in the check": ("crashed", MASK + "__import__('os')._exit(0)"),
    "kills itself": ("crashed", "import os, signal\nos.kill(os.getpid(), 9)"),
    "segmentation fault": ("crashed", "import ctypes\nctypes.string_at(0)"),
    "fork bomb": (
        "crashed",
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    ),
    "thread bomb": (
        "crashed",
        "import threading, time\n"
        "for _ in range(100_000):\n"
        "    threading.Thread(target=time.sleep, args=(99,)).start()",
    ),
    "20 GB": ("memory", "x = bytearray(20_000_000_000)"),
    "20 GB in the check": ("memory", MASK + "return torch.ones(5_000_000_000)"),
    "20 GB in pieces": (
        "memory",
        "x = []\nwhile True:\n    x.append(bytearray(b'1' * 100_000_000))",
    ),
    "20 GB in many processes": (
        "memory",
        "import os, time\nfor _ in range(40):\n    if os.fork() == 0:\n"
        "        x = bytearray(b'1' * 1_000_000_000)\n        time.sleep(99)\n"
        "time.sleep(99)",
    ),
    "1 GB of prints": (
        "not attempted",
        "for _ in range(1000): print('x' * 1_000_000)\n" + MASK + "...",
    ),
    "1 GB in one print": (
        "not attempted",
        "print('x' * 1_000_000_000)\n" + MASK + "...",
    ),
    "prints in the check": (
        "failed",
        MASK + "[print('x' * 1_000_000) for _ in range(1000)]",
    ),
    "fills the disk": (
        "failed",
        "for i in range(50):\n    with open(f'/tmp/{i}', 'wb') as f:\n"
        "        f.write(b'x' * 100_000_000)\n" + MASK + "...",
    ),
    "writes outside": (
        "failed",
        "for place in ('/', '/usr', '/course', '/inbox', '/srv', '/home', '/etc'):\n"
        "    try: open(place + '/HARM', 'w').write('x'); raise SystemError(place)\n"
        "    except OSError: pass\n" + MASK + "return 0",
    ),
    "reads the solutions": (
        "failed",
        f"open('{ROOT}/solutions/{STEM}.ipynb').read()",
    ),
    "imports the checks": (
        "failed",
        "from course_utils.checks.lesson_03 import _mask_from_lengths\n"
        "mask_from_lengths = _mask_from_lengths",
    ),
    "asks the engine for the truth": (
        "failed",
        "from course_utils.checks.engine import exercises_of\n"
        "mask_from_lengths = exercises_of(3)['3.1'].truth",
    ),
    "opens a socket": (
        "failed",
        "import socket\nsocket.create_connection(('1.1.1.1', 53), 3)\n" + RIGHT_MASK,
    ),
    "patches check": (
        "failed",
        "import course_utils.checks.engine as e\n"
        "from course_utils.checks.result import Result\n"
        "check = e.check = e.examine = lambda *a: Result('3.1', 'ok', 'yes')\n"
        + MASK
        + "return 0",
    ),
    "patches the agent": (
        "needs a look",
        "import course_utils.grading.agent as a\na.handle = lambda path: 'e30='\n"
        + MASK
        + "return 0",
    ),
    "removes assert": (
        "failed",
        "import ast\nclass NoAssert(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return None\n"
        "get_ipython().ast_transformers.append(NoAssert())\n" + MASK + "return 0",
    ),
    "forges messages": (
        "failed",
        "kernel = get_ipython().kernel\n"
        "for _ in range(50):\n"
        "    kernel.session.send(kernel.iopub_socket, 'status', "
        "{'execution_state': 'idle'}, parent=kernel.get_parent())\n"
        + MASK
        + "return 0",
    ),
}
FILES = {  # student: (status of all exercises, what the file holds)
    "broken json": ("unreadable", '{"cells": ['),
    "empty file": ("unreadable", ""),
    "200 MB": ("unreadable", '{"cells": [], "x": "' + "x" * 200_000_000 + '"}'),
    "another lesson": (
        "needs a look",
        ROOT / "notebooks/05_extracting_embeddings.ipynb",
    ),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade the class once. Returns ({student: {exercise: row}}, folder)."""
    need_sandbox()
    folder = tmp_path_factory.mktemp("class")
    submissions, out = folder / "submissions", folder / "grades"
    hand_in(submissions, "honest", solved())
    for student, (_, code) in CODE.items():
        notebook = without_model(with_code("3.1", code))
        hand_in(submissions, student, with_code("3.q1", 'answer = "c"', notebook))
    for student, (_, content) in FILES.items():
        hand_in(submissions, student, content)
    deleted = without_model(with_code("3.1", MASK + "return 0"))
    deleted = with_code("3.q1", 'answer = "c"', deleted)
    for mark in ("check-3-1", "check-3-q1"):
        deleted.cells.remove(cell_of(deleted, mark))
    cell_of(deleted, "check-3-q2").source = 'print("ok")'
    hand_in(submissions, "deleted checks", with_code("3.q2", 'answer = "b"', deleted))
    limits = ["--cell-seconds", "90", "--seconds", "600", "--jobs", "2"]
    done = grade(submissions, out, *limits)
    assert done.returncode == 0, done.stdout + done.stderr
    return rows_of(out), folder


def test_the_honest_student_is_not_harmed(graded):
    rows, _ = graded
    assert len(rows["honest"]) == 15 and statuses(rows["honest"]) == {"ok"}


@pytest.mark.parametrize("student", CODE)
def test_a_hostile_cell_gets_no_point_and_its_status(graded, student):
    rows, _ = graded
    row = rows[student]["3.1"]
    assert row["points"] == "0" and row["status"] == CODE[student][0], row


@pytest.mark.parametrize("student", sorted(set(CODE) - {"patches the agent"}))
def test_the_other_cells_of_a_hostile_notebook_count(graded, student):
    rows, _ = graded
    assert rows[student]["3.q1"]["status"] == "ok", rows[student]["3.q1"]
    assert rows[student]["3.q2"]["status"] == "not attempted"


@pytest.mark.parametrize("student", FILES)
def test_a_bad_file_gets_its_status_in_every_row(graded, student):
    rows, _ = graded
    mine = rows[student]
    assert len(mine) == 15 and {row["points"] for row in mine.values()} == {"0"}
    assert statuses(mine) == {FILES[student][0]}


def test_deleted_and_edited_checks_are_restored(graded):
    rows, _ = graded
    restored = "check cell missing (restored)"
    found = {id: rows["deleted checks"][id] for id in ("3.1", "3.q1", "3.q2")}
    assert {row["status"] for row in found.values()} == {restored}
    assert [row["points"] for row in found.values()] == ["0", "1", "1"]


def test_nothing_is_left_on_the_machine(graded):
    rows, folder = graded
    assert set().union(*map(statuses, rows.values())) <= set(STATUSES)
    for place in ("/", "/usr", "/tmp", "/etc", str(ROOT), str(folder)):
        assert not os.path.exists(os.path.join(place, "HARM"))
    left = [
        process.info["cmdline"]
        for process in psutil.process_iter(["cmdline"])
        if any(
            "course_utils.grading.inside" in part
            for part in process.info["cmdline"] or []
        )
    ]
    assert left == []


def test_thirty_submissions_in_five_minutes(tmp_path, capsys):
    """On two cores with nothing else to do. The seconds are shown."""
    need_sandbox()
    submissions, out = tmp_path / "submissions", tmp_path / "grades"
    for number in range(30):
        hand_in(
            submissions, f"student {number:02}", solved() if number % 3 else blank()
        )
    start = time.monotonic()
    done = grade(submissions, out, "--jobs", "2")
    seconds = time.monotonic() - start
    assert done.returncode == 0, done.stdout + done.stderr
    with capsys.disabled():
        print(f"\n30 submissions of lesson 03 graded in {seconds:.0f} s")
    rows = rows_of(out)
    assert len(rows) == 30
    for student, mine in rows.items():
        untouched = int(student.split()[1]) % 3 == 0
        expected = "not attempted" if untouched else "ok"
        assert len(mine) == 15 and statuses(mine) == {expected}, student
    assert seconds < 300, seconds


def test_nbgrader_itself_grades_the_exercises(tmp_path):
    """A course of nbgrader's own: generate, hand in, autograde; the gradebook."""
    from nbgrader.api import Gradebook

    source = tmp_path / "source/lesson"
    source.mkdir(parents=True)
    nbformat.write(
        nbformat.read(ROOT / f"solutions/{STEM}.ipynb", as_version=4),
        source / f"{STEM}.ipynb",
    )
    for student, notebook in (("ada", solved()), ("bob", blank())):
        hand_in(tmp_path / "submitted" / student, "lesson", notebook)
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    beside = os.path.dirname(sys.executable)
    settings["PATH"] = os.pathsep.join((beside, os.environ["PATH"]))
    for command in (["generate_assignment", "lesson"], ["autograde", "lesson"]):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command, "--create"],
            cwd=tmp_path,
            env=settings,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
        scores = {
            s.student.id: (s.score, s.max_score)
            for s in gradebook.assignment_submissions("lesson")
        }
    assert scores == {"ada": (24.0, 24.0), "bob": (0.0, 24.0)}
