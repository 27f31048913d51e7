"""Grade one submission, in a process of its own: the target of `batch`'s processes."""

import json
import multiprocessing
import os
import sys
import tempfile
import threading
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path

from nbformat.v4 import new_output
from nbgrader.utils import determine_grade

from course_utils.grading.examination import exercise_of
from course_utils.grading.execution import Run
from course_utils.grading.kernel import Place
from course_utils.grading.limits import (
    FAILED,
    NEEDS_A_LOOK,
    NOT_ATTEMPTED,
    OK,
    RESTORED,
    UNREADABLE,
    Limits,
    Mark,
)
from course_utils.grading.reading import Unreadable, read_submission
from course_utils.grading.released import Released, points_of
from course_utils.grading.restoring import WrongNotebook, check_cells, restore
from course_utils.grading.submissions import Submission, stem_in
from course_utils.pinned_files import write_atomically

FAULT = (
    "The grader itself met a fault here, not necessarily the student's. The same "
    "command grades this file again; else grade it by hand. What happened is in {file}."
)
RESTORED_NOTE = "The check cell was {how}; the course's own was put in its place."


@dataclass(frozen=True)
class Job:
    """What a worker needs. result: the file it writes. stage, released: folders."""

    submission: Submission
    stage: Path
    released: Path
    hidden: tuple
    result: Path
    limits: Limits
    secret: str
    unsafe: bool = False
    fingerprint: str = ""


def work(job):
    """Grade the job's submission and write its result: {"marks": ..., ...}."""
    os.setpgid(0, 0) if hasattr(os, "setpgid") else None
    threading.Thread(target=_end_with_grader, daemon=True).start()
    _silence()
    try:
        marks, final = _grade(job), True
    except Exception:
        marks, final = _after_fault(job), False
    write_result(job, marks, final)


def _end_with_grader():
    """End this process, and with it the sandbox, when the grader is gone."""
    multiprocessing.parent_process().join()
    os._exit(1)


def _silence():
    """Let libraries print into nothing: the terminal belongs to the progress bar."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    sys.stdout = sys.stderr = os.fdopen(nothing, "w")


def _after_fault(job):
    """Write down the exception that is being handled. Returns the marks for now."""
    report = job.result.with_suffix(".fault.txt")
    report.write_text(traceback.format_exc(), "utf-8")
    return all_the_same(job, NEEDS_A_LOOK, FAULT.format(file=report.name))


def write_result(job, marks, final=True):
    """Write the marks whole or not at all.

    final: whether they are kept by the next run; else it grades the file again.
    """
    content = {
        "student": job.submission.student,
        "notebook": job.submission.notebook,
        "fingerprint": job.fingerprint if final else None,
        "marks": [asdict(mark) for mark in marks],
    }
    write_atomically(job.result, json.dumps(content, indent=1).encode("utf-8"))


def all_the_same(job, status, message):
    """Return a mark with this status for every exercise of the notebook."""
    released = Released(job.released)
    stem = stem_in(job.submission.notebook, released.stems)
    points = released.exercises(stem) if stem else {"": 0.0}
    return [Mark(id, status, 0.0, possible, message) for id, possible in points.items()]


def _grade(job):
    submission, released = job.submission, Released(job.released)
    if submission.path is None:
        said = f"no notebook lies in the folder of {submission.student}"
        return all_the_same(job, NEEDS_A_LOOK, said)
    try:
        notebook = read_submission(submission.path, job.limits)
    except Unreadable as problem:
        return all_the_same(job, UNREADABLE, str(problem))
    stem = stem_in(submission.notebook, released.stems) or _recognised(
        notebook, released
    )
    if stem is None:
        said = "no exercise notebook of the course has this name, or cells like these"
        return all_the_same(job, NEEDS_A_LOOK, said)
    try:
        damaged = restore(notebook, stem, released)
    except WrongNotebook as problem:
        return all_the_same(job, NEEDS_A_LOOK, str(problem))
    checks = check_cells(notebook)
    with tempfile.TemporaryDirectory(prefix="grading-") as private:
        inbox = Path(private) / "inbox"
        inbox.mkdir(mode=0o755)
        place = Place(job.stage, inbox, job.hidden, job.limits, job.unsafe)
        run = Run(notebook, checks, place, job.secret)
        run.execute()
    return _marks(notebook, run.found, damaged)


def _recognised(notebook, released):
    """Return the stem of the notebook that the cells are from, by their marks."""
    mine = {
        cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells
    }
    for stem in released.stems:
        given = released.notebook(stem).cells
        theirs = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in given}
        if len((mine & theirs) - {None}) > len(theirs) / 2:
            return stem
    return None


def _marks(notebook, found, damaged):
    """Return the marks, the points as nbgrader counts them from the cells' outputs."""
    marks, possible, code = [], points_of(notebook), ""
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution"):
            code = cell.source
        if not mark.get("grade"):
            continue
        id, _ = exercise_of(cell.source)
        status, message = found[id]
        cell.outputs = [new_output("display_data", data={"text/plain": message})]
        if status != OK:
            cell.outputs = [new_output("error", ename=status, evalue="", traceback=[])]
        points, _ = determine_grade(cell)
        if id in damaged and status in (OK, FAILED, NOT_ATTEMPTED):
            how = damaged[id]
            message = f"{RESTORED_NOTE.format(how=how)}\n{message}"
            status = RESTORED
        marks.append(Mark(id, status, points, possible[id], message, code[:20_000]))
    return marks
