"""The student's answer, as the checks see it from the grader's process.

The checks of `course_utils.checks` run here, in a process that the student's code
cannot reach. Each call goes to the kernel and comes back as plain data.
"""

import builtins
import inspect

from course_utils.checks.student_code import Outcome
from course_utils.checks.student_state import _is_shared
from course_utils.grading.limits import CRASHED, MEMORY
from course_utils.grading.plain_data import (
    NotPlain,
    Opaque,
    decode,
    holds_library_object,
)

NO_MEMORY = ("can't allocate memory", "Cannot allocate memory", "Unable to allocate")
NO_PROCESS = ("Resource temporarily unavailable", "can't start new thread")
MOST_TEXT = 2_000


class KernelLost(Exception):
    """The student's kernel is gone. reason: a status."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class RemoteAnswer:
    """A function of the student's. ask: sends a request, returns what came back, or
    raises KernelLost.

    met: reasons seen on the way (MEMORY, CRASHED). unread: whether something came back
    that could not be sent as plain data, so that no verdict on it is possible.
    """

    def __init__(self, ask, said):
        self.ask, self.met, self.unread = ask, [], False
        self._kept = {}
        self.__signature__ = _signature(said.get("signature"))

    def __call__(self, *arguments):
        raise TypeError("a remote answer is called by call_for")

    def call_for(self, exercise, arguments, seconds):
        """Call it as `exercise` does. Returns an Outcome, as `call_student` would."""
        use = self._keep(exercise.call)
        sent = [
            (True, self._keep(value)) if _is_shared(value) else (False, value)
            for value in arguments
        ]
        said = self.ask(("call", use, sent, seconds), seconds)
        return self._outcome(said)

    def _keep(self, value):
        """Hand in once what many calls share. Returns its number."""
        if id(value) not in self._kept:
            number = len(self._kept)
            self._kept[id(value)] = (number, value)
            self.ask(("keep", number, value))
        return self._kept[id(value)][0]

    def _outcome(self, said):
        error = said.get("error")
        if said.get("too_large") or not isinstance(said.get("timed_out"), bool):
            self.unread = True
            return Outcome(value=Opaque())
        try:
            value = decode(said.get("value"))
        except NotPlain:
            self.unread, value = True, Opaque()
        self.unread = self.unread or holds_library_object(value)
        if error is not None:
            error = rebuilt(error)
            self.met += limits_met(type(error).__name__, str(error))
        changed = said.get("changed")
        changed = changed if isinstance(changed, list) else []
        return Outcome(
            value,
            error,
            said["timed_out"],
            str(said.get("printed", ""))[:MOST_TEXT],
            tuple(i for i in changed if type(i) is int and 0 <= i < 50),
        )


def rebuilt(described):
    """Return an exception like the one described; its lines are in `own_lines`."""
    described = described if isinstance(described, dict) else {}
    name = str(described.get("type"))[:80]
    text = str(described.get("text", ""))[:MOST_TEXT]
    known = getattr(builtins, name, None)
    if not (isinstance(known, type) and issubclass(known, BaseException)):
        known = type(name if name.isidentifier() else "Exception", (Exception,), {})
    try:
        error = known(text)
    except TypeError:  # such as UnicodeDecodeError, which wants five arguments
        error = type(known.__name__, (Exception,), {})(text)
    error.own_lines = _lines(described.get("lines"))
    return error


def _lines(sent):
    sent = sent if isinstance(sent, list) else []
    good = [pair for pair in sent if isinstance(pair, list) and len(pair) == 2]
    return [(str(number)[:9], str(code)[:200]) for number, code in good[:5]]


def limits_met(name, text):
    """Return the limits that an error is about, by its name and text: [] or one."""
    if name == "MemoryError" or any(words in text for words in NO_MEMORY):
        return [MEMORY]
    return [CRASHED] if any(words in text for words in NO_PROCESS) else []


def _signature(sent):
    """Return the signature that was described, None where it is not known."""
    if not isinstance(sent, list):
        return None
    kinds = list(inspect._ParameterKind)
    try:
        parameters = [
            inspect.Parameter(
                str(name), kinds[kind], default=None if has_default else inspect._empty
            )
            for name, kind, has_default in sent
        ]
        return inspect.Signature(parameters)
    except (TypeError, ValueError, IndexError):
        return None
