"""`check("3.1", answer)`: find the exercise, judge the answer, show what was found."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path

from course_utils.checks import progress
from course_utils.checks.coding import judge
from course_utils.checks.exercise import Coding, Question
from course_utils.checks.questions import judge_estimate, judge_question
from course_utils.checks.result import Result, show_result
from course_utils.checks.shown_values import show
from course_utils.checks.student_state import preserved


def check(exercise, answer):
    """Check an answer, show below the cell what was found, and return it.

    exercise: the number in the exercise's title, "3.1", "3.q1" or "3.p1". answer: the
    function (its name, without brackets), the letter of a choice, or a number. Nothing
    is raised and nothing of yours is changed; an untouched blank is "not attempted".
    """
    result = examine(exercise, answer)
    progress.note(result)
    show_result(result)
    return result


def examine(exercise, answer, seconds=None):
    """Return the Result without showing it. seconds: another time limit, for tests."""
    try:
        known = exercises_of(lesson_of(exercise))
        if not isinstance(exercise, str) or exercise not in known:
            return _unknown(exercise, known)
        with preserved(answer):
            return _judge(known[exercise], answer, seconds)
    except Exception as problem:
        said = f"{type(problem).__name__}: {problem}"
        message = f"this check failed by a fault of the course, not of yours ({said})"
        return Result(str(exercise), "broken", message)


def _judge(found, answer, seconds):
    if isinstance(found, Coding):
        return judge(found, answer, seconds)
    if isinstance(found, Question):
        return judge_question(found, answer)
    return judge_estimate(found, answer)


def lesson_of(exercise):
    """Return the lesson's number in an id such as "3.q1"; None if there is none."""
    if not isinstance(exercise, str):
        return None
    match = re.fullmatch(r"(\d{1,2})\.[a-z]?\d+", exercise)
    return int(match[1]) if match else None


@cache
def lessons():
    """Return the numbers of the lessons that have checks."""
    modules = Path(__file__).parent.glob("lesson_[0-9][0-9].py")
    return sorted(int(path.stem[-2:]) for path in modules)


@cache
def exercises_of(lesson):
    """Return {id: exercise} of a lesson, in the notebook's order; {} without checks."""
    if lesson not in lessons():
        return {}
    module = import_module(f"course_utils.checks.lesson_{lesson:02d}")
    return {exercise.id: exercise for exercise in module.EXERCISES}


def _unknown(exercise, known):
    if known:
        return Result(exercise, "unknown", f"there are {', '.join(known)}")
    name = exercise if isinstance(exercise, str) else show(exercise)
    there = ", ".join(map(str, lessons()))
    return Result(name, "unknown", f"lessons with exercises: {there}")
