"""Judge code: try it on every case, find the smallest that fails, name the cause."""

import inspect

import torch

from course_utils.checks.diagnosis import named_cause, plain_cause
from course_utils.checks.result import Result
from course_utils.checks.shared_state import is_tokenizer
from course_utils.checks.shown_values import kind, show
from course_utils.checks.student_code import (
    LINES_SHOWN,
    gave_blank,
    is_blank,
    own_lines,
    placeholder_left,
)
from course_utils.checks.trials import changes_its_mind, try_all

ERROR_CAUSES = {
    "NameError": "a slip in a name, or the cell that defines it has not run.",
    "RecursionError": "the function calls itself and never comes to an end.",
    "SystemExit": "exit() or quit() ends the whole kernel: use return.",
    "KeyboardInterrupt": "the run was interrupted.",
}


def judge(exercise, answer, seconds=None):
    """Return the Result for an answer. seconds: another time limit, for tests."""
    if is_blank(answer):
        return Result(exercise.id, "not attempted")
    if not callable(answer):
        return _not_callable(exercise, answer)
    cases = exercise.draw_cases()
    refused = _signature_refuses(exercise, answer, cases[0])
    if refused:
        return refused
    trials = try_all(exercise, answer, cases, seconds or exercise.seconds)
    if all(gave_blank(trial.outcome) for trial in trials):
        return Result(exercise.id, "not attempted")
    failing = [trial for trial in trials if trial.fails]
    again = changes_its_mind(exercise, answer, failing or trials)
    if trials[-1].outcome.timed_out:
        return _too_slow(exercise, answer, trials[-1], seconds or exercise.seconds)
    if again:
        return _unrepeatable(exercise, *again)
    if failing:
        return _not_yet(exercise, answer, trials, failing)
    return Result(exercise.id, "ok", f"{exercise.verified} ({len(cases)} cases)")


# --- messages ------------------------------------------------------------------------


def _not_yet(exercise, answer, trials, failing):
    smallest = failing[0]
    outcome, difference = smallest.outcome, smallest.difference
    rows = _argument_rows(exercise, smallest.arguments)
    cause = named_cause(exercise, trials, failing)
    if outcome.error is not None:
        headline = _error_line(outcome.error)
        rows += _traceback_rows(outcome.error, answer)
        cause = cause or ERROR_CAUSES.get(type(outcome.error).__name__, "")
        rows.append(("expected", show(smallest.expected)))
    elif difference is not None:
        headline = difference.headline
        rows.append(("expected", difference.expected))
        rows.append(("received", difference.received))
        if difference.place:
            rows.append(("differs", difference.place))
        cause = cause or plain_cause(trials, failing) or difference.cause
    else:
        headline = "the result is right, but an argument is changed"
    if outcome.changed:
        changed = ", ".join(_names(exercise)[i] for i in outcome.changed)
        said = (
            f"the function changes its argument in place ({changed}): whoever calls it "
            f"still needs it. {_way_out(smallest.arguments[outcome.changed[0]])}"
        )
        cause = cause or said
        rows.append(("changed", changed))
    if not cause and placeholder_left(answer):
        cause = "a line `...` is still in the function: is a part missing?"
    rows += _printed_rows(outcome)
    count = f" ({len(failing)} of {len(trials)} cases fail; this is the smallest)"
    return Result(exercise.id, "failed", headline + count, tuple(rows), cause)


def _way_out(value):
    """Return how to leave an argument of this kind as it is."""
    if isinstance(value, torch.nn.Module):
        return "Leave its weights and its mode alone, or work on copy.deepcopy(model)."
    if is_tokenizer(value):
        return "Hand options to its call instead, or put back at the end what it was."
    if isinstance(value, torch.Tensor):
        return "Work on a copy, x.clone()."
    return (
        "Work on a copy, x.copy(), or copy.deepcopy(x) of a list of lists or tensors."
    )


def _too_slow(exercise, answer, trial, seconds):
    rows = _argument_rows(exercise, trial.arguments) + _printed_rows(trial.outcome)
    message = f"still running after {seconds:g} seconds, and stopped"
    cause = (
        "a loop that does not end for this input: what should end it, and does every "
        "round come nearer to that?"
    )
    return Result(exercise.id, "timeout", message, tuple(rows), cause)


def _unrepeatable(exercise, trial, second):
    rows = _argument_rows(exercise, trial.arguments)
    rows.append(("first call", show(trial.outcome.value)))
    rows.append(("second call", show(second)))
    cause = (
        "something random, such as dropout, or a variable outside the function that "
        "each call changes."
    )
    message = "the same input gives another result when the function is called again"
    return Result(exercise.id, "failed", message, tuple(rows), cause)


def _not_callable(exercise, answer):
    message = f"{kind(answer)} was given, expected the function itself"
    called = f'check("{exercise.id}", {exercise.name})'
    cause = f"the function was called. Give its name without brackets: {called}"
    return Result(exercise.id, "failed", message, (), cause)


def _signature_refuses(exercise, answer, arguments):
    """Return a Result where the answer cannot take the arguments, else None."""
    if isinstance(answer, type):
        return None
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*arguments)
    except TypeError as problem:
        wanted = f"{exercise.name}({', '.join(_names(exercise))})"
        rows = (("expected", wanted), ("received", f"{exercise.name}{signature}"))
        message = f"the function cannot be called as asked: {problem}"
        cause = "the first line of the stub was changed: keep its parameters."
        return Result(exercise.id, "failed", message, rows, cause)
    return None


def _names(exercise):
    return list(inspect.signature(exercise.truth).parameters)


def _argument_rows(exercise, arguments):
    pairs = zip(_names(exercise), arguments, strict=True)
    return [(name, show(value)) for name, value in pairs if not callable(value)]


def _error_line(error):
    said = " ".join(str(error).split())
    name = type(error).__name__
    return f"{name}: {said[:200]}" if said else name


def _traceback_rows(error, answer):
    lines = own_lines(error, answer)
    return [(f"line {number}", code) for number, code in lines]


def _printed_rows(outcome):
    lines = outcome.printed.strip().splitlines()
    if not lines:
        return []
    shown = [line[:80] for line in lines[:LINES_SHOWN]]
    more = ["..."] if len(lines) > LINES_SHOWN else []
    return [("it printed", "\n".join(shown + more))]
