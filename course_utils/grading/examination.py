"""Judge one exercise of a submission: the course's own checks, on the remote answer."""

import re
import traceback
from dataclasses import replace
from pathlib import Path
from random import Random

from course_utils.checks.coding import judge
from course_utils.checks.engine import exercises_of, lesson_of
from course_utils.checks.exercise import Coding, Question
from course_utils.checks.questions import judge_estimate, judge_question
from course_utils.checks.result import Result
from course_utils.grading.limits import FAILED, NEEDS_A_LOOK, NOT_ATTEMPTED, OK, TIMEOUT
from course_utils.grading.plain_data import NotPlain, Opaque, decode
from course_utils.grading.remote import KernelLost, RemoteAnswer

PATIENCE = 2  # times the check's own time limit: several submissions run at once
CALL = re.compile(r'check\("(?P<id>[^"]+)", (?P<name>\w+)\)')
FRESH = (
    "The answer passes the course's own cases and fails on new ones, drawn in the same "
    "way: does it know the cases, or is it right only by chance?"
)
SILENT = (
    "The kernel did not hand over the answer: does the notebook change what is the "
    "course's or Python's own?"
)
FAULT = (
    "The check of this exercise met a fault of its own, not one of the student's. "
    "Grade it by hand. What happened: {said} ({place})."
)
UNREAD = "The answer returned something that the grader cannot take over: "


def exercise_of(source):
    """Return (id, name) of the exercise that a check cell examines, else None."""
    match = CALL.fullmatch(source.strip())
    return (match["id"], match["name"]) if match else None


def examine(id, name, ask, secret, *, attempted=True):
    """Return (status, message) of the exercise, the answer found under `name`.

    ask: a request to the kernel's agent, see `execution`. secret: text from which new
    cases are drawn, beyond the ones that a student can read in the course. attempted:
    whether there is code in the exercise's cells. A fault of the check itself needs a
    look. Raises KernelLost.
    """
    exercise = exercises_of(lesson_of(id))[id]
    said = ask(("take", name))
    if not isinstance(said.get("found"), bool):
        return NEEDS_A_LOOK, SILENT
    if not (said["found"] or attempted):
        return NOT_ATTEMPTED, Result(id, NOT_ATTEMPTED).text
    try:
        result, status = _judge(exercise, said, ask, secret)
    except KernelLost:
        raise
    except Exception as problem:
        return NEEDS_A_LOOK, _fault(problem)
    finally:
        ask(("release",))
    return status, result.text


def _fault(problem):
    """Return the message about an exception of the check: what it was, and where."""
    last = traceback.extract_tb(problem.__traceback__)[-1]
    said = f"{type(problem).__name__}: {problem}"[:200]
    return FAULT.format(said=said, place=f"{Path(last.filename).name}:{last.lineno}")


def _judge(exercise, said, ask, secret):
    if said.get("found") is not True:
        message = f"there is no {getattr(exercise, 'name', 'answer')!r} in the notebook"
        return Result(exercise.id, FAILED, message), FAILED
    if not isinstance(exercise, Coding):
        return _judge_question(exercise, said)
    if said.get("blank") is True:
        return Result(exercise.id, NOT_ATTEMPTED), NOT_ATTEMPTED
    if said.get("callable") is not True:
        result = judge(exercise, _value(said))
        return result, _status(result)
    answer = RemoteAnswer(ask, said)
    result = judge(exercise, answer, PATIENCE * exercise.seconds)
    status = _status(result)
    if status == FAILED and answer.met:
        return result, answer.met[-1]
    if status == FAILED and answer.unread:
        return replace(result, message=UNREAD + result.message), NEEDS_A_LOOK
    if status != OK:
        return result, status
    again = _with_new_cases(exercise, secret)
    second = judge(again, answer, PATIENCE * exercise.seconds)
    if second.status == OK:
        return result, OK
    return replace(second, cause=FRESH), NEEDS_A_LOOK


def _with_new_cases(exercise, secret):
    draw = exercise.cases
    return replace(
        exercise, cases=lambda rng: draw(Random(f"{secret} exercise {exercise.id}"))
    )


def _judge_question(exercise, said):
    choose = judge_question if isinstance(exercise, Question) else judge_estimate
    result = choose(exercise, _value(said))
    return result, _status(result)


def _value(said):
    try:
        return decode(said.get("value"))
    except NotPlain:
        return Opaque()


def _status(result):
    known = {OK: OK, "not attempted": NOT_ATTEMPTED, "timeout": TIMEOUT}
    return known.get(result.status, FAILED)
