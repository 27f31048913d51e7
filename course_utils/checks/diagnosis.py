"""Find out why an answer is wrong: which listed mistake gives what it gave."""

from course_utils.checks.compare import same
from course_utils.checks.student_state import equal_data
from course_utils.checks.trials import call_answer, compare_result


def named_cause(exercise, trials, failing):
    """Return the cause of the listed mistake that explains the answer, or "".

    First one that gives what the answer gave in every case; then one whose sign the
    smallest failing case shows; then one that explains it and most other failing cases.
    A mistake that is right in a case cannot explain why the answer fails there.
    """
    smallest, best, best_share = failing[0], "", 0.5
    for mistake in exercise.mistakes:
        same_as, explained = 0, []
        for trial in trials:
            made = call_answer(
                exercise, mistake.answer, trial.arguments, exercise.seconds
            )
            alike = _alike(made, trial.outcome)
            same_as += alike
            if alike and trial.fails and _is_wrong(exercise, made, trial.expected):
                explained.append(trial)
        if not explained or explained[0] is not smallest:
            continue
        if same_as == len(trials):
            return mistake.cause
        explained = [t for t in explained if t.outcome.error is None]
        if len(explained) / len(failing) > best_share:
            best, best_share = mistake.cause, len(explained) / len(failing)
    shown = [
        mistake.cause for mistake in exercise.mistakes if _shows(mistake, smallest)
    ]
    return (shown or [best])[0]


def _is_wrong(exercise, outcome, expected):
    bad = outcome.timed_out or outcome.error is not None or outcome.changed
    return bool(bad) or compare_result(exercise, outcome.value, expected) is not None


def _shows(mistake, trial):
    """Return whether the result of a case has the sign of a mistake."""
    if mistake.sign is None or trial.difference is None:
        return False
    try:
        return bool(mistake.sign(trial.outcome.value, trial.expected, *trial.arguments))
    except Exception:  # the result is of another kind than the sign reads
        return False


def _alike(ours, theirs):
    if ours.timed_out or theirs.timed_out or ours.changed != theirs.changed:
        return False
    if ours.error is not None or theirs.error is not None:
        return type(ours.error) is type(theirs.error)
    try:
        if ours.value is None or theirs.value is None:
            return ours.value is theirs.value
        pairs = (theirs.value, ours.value), (ours.value, theirs.value)
        return any(same(*pair, any_kind=True) is None for pair in pairs)
    except Exception:
        return False


def plain_cause(trials, failing):
    """Return the cause of what any exercise may meet: input returned, a constant."""
    values = [trial.outcome.value for trial in trials if trial.outcome.error is None]
    if all(
        any(_identical(trial.outcome.value, given) for given in trial.arguments)
        for trial in failing
    ):
        return "an argument comes back as it was given."
    several = not all(equal_data(t.expected, trials[0].expected) for t in trials)
    if several and len(values) > 1 and all(equal_data(v, values[0]) for v in values):
        return "the result is the same for every input: is a value fixed in the code?"
    return ""


def _identical(value, given):
    data = isinstance(given, list | dict | str) or hasattr(given, "numel")
    return data and equal_data(value, given)
