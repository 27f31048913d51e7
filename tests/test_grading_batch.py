"""The grader's processes without a kernel: what becomes of one that is lost."""

import json
import multiprocessing
import os
import shutil
import signal

import pytest

from tests.submitted import ROOT, STEM, blank, hand_in

pytest.importorskip("nbgrader", reason="grading needs nbgrader")
pytest.importorskip("cloudpickle", reason="grading needs cloudpickle")
if "fork" not in multiprocessing.get_all_start_methods():
    pytest.skip("a changed worker reaches only a fork", allow_module_level=True)
from course_utils.grading import batch, worker
from course_utils.grading.limits import OK, Limits, Mark
from course_utils.grading.released import prepare
from course_utils.grading.submissions import find_submissions


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """One released notebook and its gradebook."""
    solutions = tmp_path_factory.mktemp("solutions")
    shutil.copy(ROOT / f"solutions/{STEM}.ipynb", solutions)
    return prepare(tmp_path_factory.mktemp("released"), solutions)


@pytest.fixture
def jobs(tmp_path, released, monkeypatch):
    """Two jobs, whose workers are forked from this process as it is."""
    fork = multiprocessing.get_context("fork")
    monkeypatch.setattr(batch, "_context", lambda lessons: fork)
    for student in ("ada", "bob"):
        hand_in(tmp_path / "in", student, blank())
    (tmp_path / "state").mkdir()
    return [
        worker.Job(
            submission=one,
            stage=tmp_path,
            released=released.folder,
            hidden=(),
            result=tmp_path / f"state/{one.key}.json",
            limits=Limits(),
            secret="secret",
            fingerprint=f"of {one.student}",
        )
        for one in find_submissions(tmp_path / "in", released.stems)
    ]


def all_right(job):
    return [Mark("3.1", OK, 2, 2, "3.1 ok")]


def killed(job):
    os.kill(os.getpid(), signal.SIGKILL)


def at_fault(job):
    raise IndexError("a fault of the grader")


def in_state(jobs):
    return sorted(path.name for path in jobs[0].result.parent.iterdir())


def test_the_bar_counts_what_is_graded(jobs, monkeypatch, capsys):
    monkeypatch.setattr(worker, "_grade", all_right)
    batch._run(jobs, 1)
    shown = capsys.readouterr().out
    assert "Grading:   0%" in shown and "| 0/2 " in shown
    assert "Grading: 100%" in shown and "| 2/2 " in shown
    assert all(map(batch._is_done, jobs))
    assert [mark.status for job in jobs for mark in batch.read_marks(job)] == [OK, OK]
    assert in_state(jobs) == sorted(job.result.name for job in jobs)


@pytest.mark.parametrize(
    "broken, words", [(killed, "ended before it was done (-9)"), (at_fault, "fault")]
)
def test_a_lost_process_needs_a_look_and_is_graded_again(
    jobs, monkeypatch, broken, words
):
    """Even with marks of an earlier run there: with --again they are out of date."""
    monkeypatch.setattr(worker, "_grade", all_right)
    batch._run(jobs, 2)
    monkeypatch.setattr(
        worker,
        "_grade",
        lambda job: (broken if job is jobs[0] else all_right)(job),
    )
    batch._run(jobs, 2)
    lost, kept = map(batch.read_marks, jobs)
    assert len(lost) > 10 and {mark.status for mark in lost} == {"needs a look"}
    assert all(words in mark.message for mark in lost)
    assert all("not necessarily" in mark.message for mark in lost)
    assert [mark.status for mark in kept] == [OK]
    assert list(map(batch._is_done, jobs)) == [False, True]


def test_a_fault_is_written_down(jobs, monkeypatch):
    monkeypatch.setattr(worker, "_grade", at_fault)
    batch._run(jobs[:1], 1)
    report = jobs[0].result.with_suffix(".fault.txt").read_text("utf-8")
    assert "IndexError: a fault of the grader" in report


@pytest.mark.parametrize("left", ["", '{"fingerprint": "of ada", "ma', "[]", "null"])
def test_a_half_written_result_is_no_result(jobs, left):
    jobs[0].result.write_text(left)
    assert not batch._is_done(jobs[0])
    assert {mark.status for mark in batch.read_marks(jobs[0])} == {"needs a look"}


def test_marks_are_kept_for_the_same_file_only(jobs):
    worker.write_result(jobs[0], all_right(jobs[0]))
    assert batch._is_done(jobs[0])
    content = json.loads(jobs[0].result.read_text("utf-8"))
    jobs[0].result.write_text(json.dumps({**content, "fingerprint": "another"}))
    assert not batch._is_done(jobs[0])
