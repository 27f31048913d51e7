"""Inside the student's kernel: call the student's function, and send what came back.

The grader asks, in files that only it writes; the answer goes back as plain data. What
runs here runs beside the student's code, which may change all of it. It gains nothing:
no truth is here, and whatever is sent back is compared with the truth elsewhere.
"""

import base64
import inspect
import json
import pickle
from contextlib import ExitStack
from pathlib import Path

from IPython import get_ipython

from course_utils.checks.student_code import call_student, is_blank, own_lines
from course_utils.checks.student_state import preserved
from course_utils.grading.plain_data import encode

LARGEST_ANSWER = 20_000_000  # characters
MOST_TEXT = 2_000  # characters of an error's message


class Agent:
    """The answer that is examined, and what was handed in for it."""

    def __init__(self, space=None):
        self.space = space  # the notebook's variables, by default those of the kernel
        self.kept, self.answer, self.open_state = {}, None, ExitStack()

    def handle(self, request):
        """Do what a pickled request asks. Returns the answer as json."""
        action, *details = pickle.loads(request)
        return json.dumps(getattr(self, action)(*details))

    def ping(self):
        """Say that the kernel answers."""
        return {"answers": True}

    def keep(self, number, value):
        """Keep what many calls share: a model, a tokenizer, a function."""
        self.kept[number] = value

    def take(self, name):
        """Look a name up in the notebook. Returns what the answer is."""
        self.release()
        space = get_ipython().user_ns if self.space is None else self.space
        if name not in space:
            return {"found": False}
        self.answer = space[name]
        self.open_state.enter_context(preserved(self.answer))
        said = {"found": True, "blank": is_blank(self.answer)}
        said["callable"] = callable(self.answer)
        said["signature"] = _signature(self.answer)
        said["value"] = encode(self.answer)
        return said

    def forget(self, name):
        """Remove a name from the notebook's variables."""
        space = get_ipython().user_ns if self.space is None else self.space
        space.pop(name, None)

    def release(self):
        """Put back what the examination has changed in the notebook."""
        self.open_state.close()

    def call(self, use, arguments, seconds):
        """Call the answer once, as `check` does. use: number of a kept function."""
        given = [self.kept[value] if is_kept else value for is_kept, value in arguments]
        use, answer = self.kept[use], self.answer
        outcome = call_student(lambda *given: use(answer, *given), given, seconds)
        error = outcome.error
        return {
            "value": encode(outcome.value),
            "error": None if error is None else _described(error, answer),
            "timed_out": bool(outcome.timed_out),
            "printed": outcome.printed[:MOST_TEXT],
            "changed": list(outcome.changed),
        }


def _signature(answer):
    """Return [[name, kind, whether it has a default]], None where it is not known."""
    if isinstance(answer, type):
        return None
    try:
        parameters = inspect.signature(answer).parameters.values()
    except (TypeError, ValueError):
        return None
    return [[p.name, int(p.kind), p.default is not p.empty] for p in parameters]


def _described(error, answer):
    said = error.args[0] if len(error.args) == 1 else str(error)
    return {
        "type": type(error).__name__,
        "text": str(said)[:MOST_TEXT],
        "lines": own_lines(error, answer),
    }


agent = Agent()


def handle(path):
    """Do what the file at `path` asks. Returns the answer as text in base64."""
    said = agent.handle(Path(path).read_bytes())
    if len(said) > LARGEST_ANSWER:
        said = json.dumps({"too_large": True})
    return base64.b64encode(said.encode()).decode()
