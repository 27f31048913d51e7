"""Grade all submissions of a folder: in parallel, and again only what has changed."""

import hashlib
import json
import multiprocessing
import os
import secrets
import sys
import tempfile
import time
from contextlib import suppress
from multiprocessing import connection
from pathlib import Path

from course_utils.checks.engine import lesson_of
from course_utils.grading import warm, worker
from course_utils.grading.limits import NEEDS_A_LOOK, Limits, Mark
from course_utils.grading.reading import Unreadable, read_bytes
from course_utils.grading.released import (
    Released,
    notebooks_fingerprint,
    prepare,
)
from course_utils.grading.sandbox import PACKAGE, sandbox_problem
from course_utils.grading.staging import stage_course
from course_utils.grading.submissions import find_submissions, not_read, stem_in
from course_utils.machine import usable_cores
from course_utils.pinned_files import write_atomically
from course_utils.progress_bar import progress

STATE = ".grading"
SLACK = 180  # seconds that a worker may take beyond its notebook's limit
LOST = (
    "The grader's process for this file ended before it was done ({exitcode}), not "
    "necessarily by the student's doing. The same command grades this file again."
)


class CannotGrade(RuntimeError):
    """Grading cannot begin; the text says why, and what to do."""


def grade_folder(folder, out, *, limits=None, jobs=None, unsafe=False, again=False):
    """Grade every submission in `folder`, and keep the results in `out`.

    A submission whose file, checks, limits and notebook are those of an earlier run
    keeps its marks, unless again. jobs: how many at once, by default one a core.
    unsafe: run students' code without a sandbox. Returns a list of (Submission, marks).
    Raises CannotGrade.
    """
    folder, out = Path(folder).resolve(), Path(out).resolve()
    limits = limits or Limits()
    if out == folder or out.is_relative_to(folder):
        raise CannotGrade("the results' folder lies in that of the submissions")
    problem = None if unsafe else sandbox_problem()
    if problem:
        raise CannotGrade(
            f"{problem}. Students' code would run with all your rights. To do that all "
            "the same, on a machine with nothing to lose: --unsafe"
        )
    state = out / STATE
    state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="grading-") as work:
        os.chmod(work, 0o711)  # the sandbox's user passes through, and sees nothing
        stage = stage_course(_new(work, "stage"))
        released = prepare(_new(work, "released"))
        try:
            found = find_submissions(folder, released.stems)
        except NotADirectoryError as missing:
            raise CannotGrade(str(missing)) from None
        if not found:
            other = ", ".join(not_read(folder))
            hint = f"; not read: {other}. Unpack archives first" if other else ""
            raise CannotGrade(f"no notebook lies in {folder}{hint}")
        course = _course_fingerprint(released, limits, unsafe)
        plan = [
            worker.Job(
                submission=one,
                stage=stage,
                released=released.folder,
                hidden=(folder, out, released.folder),
                result=state / f"{one.key}.json",
                limits=limits,
                secret=_secret(state),
                unsafe=unsafe,
                fingerprint=_fingerprint(one, course, limits),
            )
            for one in found
        ]
        todo = [job for job in plan if again or not _is_done(job)]
        _run(todo, jobs or max(1, int(usable_cores())))
        return [(job.submission, read_marks(job)) for job in plan]


def read_marks(job):
    """Return the marks that a worker wrote; none of them is lost silently."""
    try:
        content = json.loads(job.result.read_text("utf-8"))
        return [Mark(**mark) for mark in content["marks"]]
    except (OSError, ValueError, TypeError, KeyError):
        return worker.all_the_same(job, NEEDS_A_LOOK, "This file was not graded yet.")


# --- what is done already ------------------------------------------------------------


def _new(parent, name):
    path = Path(parent) / name
    path.mkdir()
    return path


def _secret(state):
    """Return the text that new cases are drawn from: kept, so that marks are too."""
    path = state / "secret"
    if not path.exists():
        write_atomically(path, secrets.token_hex(16).encode(), mode=0o600)
    return path.read_text("utf-8")


def _course_fingerprint(released, limits, unsafe):
    """Return what tells another version of the course, its checks and the limits."""
    digest = hashlib.sha256(notebooks_fingerprint(released).encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.read_bytes())
    digest.update(json.dumps([limits.as_dict, unsafe]).encode())
    return digest.hexdigest()


def _fingerprint(submission, course, limits):
    """Return what tells another version of a submission."""
    digest = hashlib.sha256(course.encode())
    with suppress(OSError, Unreadable, TypeError):
        about = os.lstat(submission.path)
        digest.update(f"{about.st_size} {about.st_mtime_ns}".encode())
        digest.update(read_bytes(submission.path, limits))
    return digest.hexdigest()


def _is_done(job):
    try:
        return json.loads(job.result.read_text())["fingerprint"] == job.fingerprint
    except (OSError, ValueError, KeyError, TypeError):
        return False


# --- processes -----------------------------------------------------------------------


def _run(todo, jobs):
    """Work on the jobs, so many at once, each in a process of its own."""
    if not todo:
        return
    context = _context(_lessons(todo))
    waiting, running = list(reversed(todo)), {}
    bar = iter(progress(range(len(todo)), "Grading"))
    next(bar, None)
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                job = waiting.pop()
                job.result.unlink(missing_ok=True)  # of an earlier run
                process = context.Process(target=worker.work, args=(job,))
                process.start()
                running[process] = (job, time.monotonic() + job.limits.seconds + SLACK)
            connection.wait([process.sentinel for process in running], timeout=1)
            for process, (job, end) in list(running.items()):
                if process.is_alive() and time.monotonic() < end:
                    continue
                process.kill()
                process.join()
                del running[process]
                if not job.result.exists():
                    _note_loss(job, process.exitcode)
                next(bar, None)
    finally:
        for process in running:
            process.kill()
            process.join()


def _note_loss(job, exitcode):
    """Give a status to a submission whose worker did not come to its end."""
    marks = worker.all_the_same(job, NEEDS_A_LOOK, LOST.format(exitcode=exitcode))
    worker.write_result(job, marks, final=False)


def _lessons(jobs):
    """Return the numbers of the lessons that these jobs are about."""
    released = Released(jobs[0].released)
    stems = {stem_in(job.submission.notebook, released.stems) for job in jobs}
    ids = {id for stem in stems - {None} for id in released.exercises(stem)}
    return {lesson_of(id) for id in ids}


def _context(lessons):
    """Return the way to start processes: on Linux, forks of this one, made warm."""
    if not sys.platform.startswith("linux"):
        return multiprocessing.get_context("spawn")
    warm.load(lessons)
    return multiprocessing.get_context("fork")
