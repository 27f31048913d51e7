"""Call the student's code once, and catch errors, prints and endless loops."""

import dis
import io
import linecache
import traceback
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

from IPython import get_ipython
from IPython.utils.capture import capture_output

from course_utils.checks.student_state import (
    copy_arguments,
    fingerprint,
    is_changed,
    put_back,
    restorers_of,
)
from course_utils.checks.time_limit import call_within

MOST_PRINTED = 10_000  # characters kept of what the code prints
LINES_SHOWN = 3
INERT = {"RESUME", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "NOP", "CACHE"}


@dataclass
class Outcome:
    """What one call gave: a value or an error, and what else happened."""

    value: Any = None
    error: BaseException | None = None
    timed_out: bool = False
    printed: str = ""
    changed: tuple[
        int, ...
    ] = ()  # numbers of the arguments that are no longer as given


def call_student(function, arguments, seconds):
    """Call `function(*arguments)` on a copy of the arguments. Returns an Outcome.

    What is not copied, models and tokenizers, is put back as it was.
    """
    given = copy_arguments(arguments)
    before, restorers = [fingerprint(a) for a in given], restorers_of(given)
    with _captured() as printed:
        value, error, timed_out = call_within(seconds, lambda: function(*given))
    pairs = enumerate(zip(given, before, strict=True))
    changed = tuple(i for i, (now, then) in pairs if is_changed(now, then))
    put_back(restorers)
    return Outcome(value, error, timed_out, printed.getvalue(), changed)


def is_blank(answer):
    """Return whether an answer is still the blank: `...`, None, or a body without code.

    A class is blank while any of its own methods is, and so is a model made of it.
    """
    if answer is None or answer is ...:
        return True
    if type(answer).__module__ == "__main__":
        answer = type(answer)
    if isinstance(answer, type):
        return any(map(_is_blank_function, vars(answer).values()))
    return _is_blank_function(answer)


def _is_blank_function(function):
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = list(dis.get_instructions(code))
    returned = [step.argval for step in steps if step.opname in INERT - {"RESUME"}]
    said = [
        value
        for value in returned
        if value not in (None, ..., getattr(function, "__doc__", None))
    ]
    return all(step.opname in INERT for step in steps) and not said


def gave_blank(outcome):
    """Return whether a call met a blank: `...` came back, or NotImplementedError.

    One with a text is torch's: it names an operation that it has not for a dtype.
    """
    error = outcome.error
    return outcome.value is ... or (
        isinstance(error, NotImplementedError) and not str(error)
    )


def own_lines(error, answer):
    """Return the student's own lines of a traceback: [(line number, code)].

    Lines of libraries are left out; a line that repeats (recursion) is given once.
    """
    if isinstance(getattr(error, "own_lines", None), list):
        return error.own_lines  # read in another process, where the code is
    code = getattr(answer, "__code__", None)
    space = getattr(answer, "__globals__", None)
    if isinstance(answer, type):
        methods = [m for m in vars(answer).values() if hasattr(m, "__code__")]
        space = methods[0].__globals__ if methods else None
    lines = []
    for frame, number in traceback.walk_tb(error.__traceback__):
        name = frame.f_code.co_filename
        theirs = frame.f_globals is space and space is not None
        if theirs or (code is not None and name == code.co_filename):
            line = (number, linecache.getline(name, number).strip())
            if line not in lines:
                lines.append(line)
    return lines[-LINES_SHOWN:]


def placeholder_left(answer):
    """Return whether the line `...` still stands in a function with other code."""
    code = getattr(answer, "__code__", None)
    if code is None:
        return False
    lines = linecache.getlines(code.co_filename)
    last = max((n for *_, n in code.co_lines() if n), default=0)
    body = lines[code.co_firstlineno : last + 2]
    return any(line.strip() == "..." for line in body)


@contextmanager
def _captured():
    """Catch what is printed, warned or displayed; yield what is printed, cut short."""
    printed, warned = _Capped(), _Capped()
    shown = capture_output(stdout=False, stderr=False) if get_ipython() else None
    with shown or nullcontext(), redirect_stdout(printed), redirect_stderr(warned):
        yield printed


class _Capped(io.StringIO):
    """Text that stops growing, so that printing a lot costs no memory."""

    def write(self, text):
        room = MOST_PRINTED - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)

    def close(self):
        """Stay open: the student's code may close what it takes for the screen."""
