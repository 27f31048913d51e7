"""Judge answers to questions and predictions; each wrong choice has its sentence."""

import math
import numbers

from course_utils.checks.result import Result
from course_utils.checks.shown_values import kind


def judge_question(exercise, answer):
    """Return the Result for the letter of a choice, such as "b"."""
    if _is_blank(answer):
        return Result(exercise.id, "not attempted")
    letter = answer.strip(" ().").lower() if isinstance(answer, str) else ""
    if letter not in exercise.choices:
        valid = ", ".join(f'"{choice}"' for choice in exercise.choices)
        message = f"give one letter, one of {valid}"
        return Result(exercise.id, "failed", message)
    if letter == exercise.answer:
        return Result(exercise.id, "ok", exercise.because)
    return Result(exercise.id, "failed", f'not "{letter}". {exercise.wrong[letter]}')


def judge_estimate(exercise, answer):
    """Return the Result for a predicted number."""
    if _is_blank(answer):
        return Result(exercise.id, "not attempted")
    if hasattr(answer, "item") and getattr(answer, "shape", None) == ():
        answer = answer.item()
    if isinstance(answer, bool) or not isinstance(answer, numbers.Real):
        message = f"{kind(answer)} was given, expected a number"
        return Result(exercise.id, "failed", message)
    if not math.isfinite(answer):
        return Result(exercise.id, "failed", "expected a finite number")
    truth = exercise.truth()
    if abs(answer - truth) <= exercise.within:
        return Result(exercise.id, "ok", exercise.because)
    for value, sentence in exercise.wrong.items():
        if math.isclose(answer, value):
            return Result(exercise.id, "failed", f"not {answer:g}. {sentence}")
    hint = exercise.too_low if answer < truth else exercise.too_high
    return Result(exercise.id, "failed", f"not {answer:g}. {hint}")


def _is_blank(answer):
    if answer is None or answer is ...:
        return True
    return isinstance(answer, str) and not answer.strip()
