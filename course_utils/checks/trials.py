"""Try an answer on every case of an exercise, and note what came of each."""

import time
from dataclasses import dataclass
from typing import Any

from course_utils.checks.compare import Difference, same
from course_utils.checks.shown_values import kind, show
from course_utils.checks.student_code import Outcome, call_student
from course_utils.checks.student_state import copy_arguments, equal_data


@dataclass
class Trial:
    """One case, and what the answer made of it."""

    arguments: tuple
    expected: Any
    outcome: Outcome
    difference: Difference | None = None

    @property
    def fails(self):
        """Whether anything at all is wrong in this case."""
        outcome = self.outcome
        bad = outcome.timed_out or outcome.error is not None or outcome.changed
        return bool(bad) or self.difference is not None


def try_all(exercise, answer, cases, seconds):
    """Return a Trial for each case; stop at the first that runs out of time."""
    trials, end = [], time.monotonic() + seconds
    for arguments in cases:
        expected = exercise.truth(*copy_arguments(arguments))
        left = max(end - time.monotonic(), 0.01)
        outcome = call_answer(exercise, answer, arguments, left)
        trial = Trial(arguments, expected, outcome)
        trials.append(trial)
        if outcome.timed_out:
            break
        if outcome.error is None:
            trial.difference = compare_result(exercise, outcome.value, expected)
    return trials


def call_answer(exercise, answer, arguments, seconds):
    """Call an answer as its exercise does; one of another process calls itself."""
    if hasattr(type(answer), "call_for"):
        return answer.call_for(exercise, arguments, seconds)
    return call_student(
        lambda *given: exercise.call(answer, *given), arguments, seconds
    )


def compare_result(exercise, received, expected):
    try:
        return exercise.compare(received, expected)
    except Exception as problem:  # whatever the student returned cannot be read
        said = f"{type(problem).__name__}: {problem}"
        return Difference(
            "a result that cannot be compared", show(expected), kind(received), said
        )


def changes_its_mind(exercise, answer, trials):
    """Call again with the same input. Returns (trial, new value) if it differs."""
    if not exercise.repeatable:
        return None
    for trial in (trials[0], trials[len(trials) // 2], trials[-1]):
        if trial.outcome.timed_out or trial.outcome.error is not None:
            continue
        second = call_answer(exercise, answer, trial.arguments, exercise.seconds)
        done = second.error is None and not second.timed_out
        if done and _differ(second.value, trial.outcome.value):
            return trial, second.value
    return None


def _differ(ours, theirs):
    """Return whether two results differ, whatever they are."""
    try:
        return not (equal_data(ours, theirs) or same(ours, theirs) is None)
    except Exception:
        return False
