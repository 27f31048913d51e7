"""What an exercise is to its check: code to be tried, a question, or a prediction.

A module `lesson_NN.py` lists them in EXERCISES. How to write one: solutions/README.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from course_utils.checks.compare import same

SECONDS = 10.0  # what the student's code may take in one check, all cases together


@dataclass(frozen=True)
class Mistake:
    """A plausible wrong answer: `answer` makes it, `cause` names it to the student.

    sign: (received, expected, *arguments) to bool, asked of the smallest failing case
    where the same mistake can be made in several ways. Without one the outputs decide.
    """

    cause: str
    answer: Callable
    sign: Callable | None = None


@dataclass(frozen=True)
class Coding:
    """A function (or class) to be written, compared with `truth` on several cases.

    id: "3.1". name: what the stub calls it. truth: computes the right result in another
    way than the solution does; its parameters' names are shown to the student.
    cases: from a seeded random.Random to a list of tuples of arguments, edge cases and
    random ones. verified: what a success has shown, "padding gets 0".
    compare: (received, expected) to None or a Difference. call: how the answer is used,
    (answer, *arguments) to the result that is compared.
    """

    id: str
    name: str
    verified: str
    truth: Callable
    cases: Callable[[Random], Sequence[tuple]]
    mistakes: Sequence[Mistake]
    compare: Callable = same
    call: Callable = lambda answer, *arguments: answer(*arguments)
    repeatable: bool = True  # False where the answer draws random numbers
    seconds: float = SECONDS

    def draw_cases(self):
        """Return the cases, the smallest first, the same ones on every call."""
        cases = self.cases(Random(f"exercise {self.id}"))
        return sorted(cases, key=lambda arguments: sum(map(size, arguments)))


@dataclass(frozen=True)
class Question:
    """A choice: "b", or what `truth` computes. Each wrong choice has its own sentence.

    id: "3.q1" (reading question) or "3.p1" (prediction). because: said on success.
    """

    id: str
    right: str | Callable[[], str]
    wrong: dict[str, str]
    because: str

    @property
    def answer(self):
        """The letter of the right choice."""
        return self.right() if callable(self.right) else self.right

    @property
    def choices(self):
        """All letters, in order."""
        return sorted({*self.wrong, self.answer})


@dataclass(frozen=True)
class Estimate:
    """A number to be predicted before a cell is run; `truth` computes it.

    within: how far off is still right, as a number. wrong: maps the outcome of a known
    wrong line of thought to the sentence that names it. too_low, too_high: hints.
    """

    id: str
    truth: Callable[[], float]
    because: str
    within: float = 0
    wrong: dict[float, str] = field(default_factory=dict)
    too_low: str = "It is more than that."
    too_high: str = "It is less than that."


def faults_left(faults, said):
    """Return the cause of a Mistake in which some of three faults were not mended.

    faults: keys of said, one to three. said: {key: what is wrong}.
    """
    count = {1: "one fault is", 2: "two faults are", 3: "all three faults are"}
    return f"{count[len(faults)]} still there: {'; '.join(map(said.get, faults))}."


def size(value: Any) -> int:
    """Return how much there is to read in a value: to show the smallest case first."""
    if hasattr(value, "numel"):
        return 2 + value.numel()
    if isinstance(value, str):
        return 1 + len(value)
    if isinstance(value, dict):
        return 1 + sum(size(k) + size(v) for k, v in value.items())
    if isinstance(value, list | tuple | set):
        return 1 + sum(map(size, value))
    return 1 + min(abs(value), 50) // 10 if isinstance(value, int) else 1
