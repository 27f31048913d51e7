"""A grader that is interrupted in the middle of a class, and started again."""

import json
import os
import signal
import subprocess
import time

import psutil
import pytest

from tests.submitted import (
    grade,
    grading_command,
    hand_in,
    need_sandbox,
    rows_of,
    statuses,
    with_code,
    without_model,
)

MASK = "def mask_from_lengths(lengths, width):\n    return 0"
SLOW = "import time\ntime.sleep(20)\n" + MASK
SECONDS = 400  # most that is waited for anything


def results(out):
    """Return {student: (time of writing, content)} of what is graded."""
    found = {}
    for path in (out / ".grading").glob("*.json"):
        content = json.loads(path.read_text("utf-8"))
        found[content["student"]] = path.stat().st_mtime_ns, content
    return found


def wait_until(condition):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def runs(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def below(grader):
    """Return the processes that a grader has started, and theirs."""
    return psutil.Process(grader.pid).children(recursive=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_next_run_goes_on_where_it_was_interrupted(tmp_path, number):
    need_sandbox()
    submissions, out = tmp_path / "submissions", tmp_path / "grades"
    for student, code in (("1 done", MASK), ("2 running", SLOW), ("3 waiting", MASK)):
        notebook = with_code("3.q2", 'answer = "b"', with_code("3.1", code))
        hand_in(submissions, student, without_model(notebook))
    command, settings = grading_command(submissions, out, "--jobs", "1")
    grader = subprocess.Popen(
        command, env=settings, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    wait_until(lambda: list(out.glob(".grading/*.json")))
    wait_until(lambda: any("bwrap" in p.name() for p in below(grader)))
    started = below(grader)
    os.kill(grader.pid, number)
    said = grader.stderr.read().decode()
    assert grader.wait() == (130 if number == signal.SIGINT else -9), said
    assert ("the same command goes on" in said) == (number == signal.SIGINT)
    wait_until(lambda: not any(map(runs, started)))
    first = results(out)
    assert list(first) == ["1 done"] and not (out / "grades.csv").exists()

    done = grade(submissions, out, "--jobs", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2/2" in done.stdout and "3/3" not in done.stdout
    second = results(out)
    assert second["1 done"] == first["1 done"]
    assert sorted(second) == ["1 done", "2 running", "3 waiting"]
    for student, rows in rows_of(out).items():
        assert rows["3.1"]["status"] == "failed", student
        assert rows["3.q2"]["status"] == "ok", student
        assert statuses(rows) == {"failed", "ok", "not attempted"}

    # half a result, as a machine that lost its power might leave it
    texts = {path: path.read_text("utf-8") for path in out.glob(".grading/*.json")}
    (half,) = (path for path, text in texts.items() if "3 waiting" in text)
    half.write_text(texts[half][:-40], "utf-8")
    before = rows_of(out)
    third = grade(submissions, out, "--jobs", "1")
    assert third.returncode == 0 and "1/1" in third.stdout
    assert rows_of(out) == before and results(out)["1 done"] == first["1 done"]
