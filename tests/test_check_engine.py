"""The engine of the checks: messages, kinds of answers, and where it shows a result."""

import random
import subprocess
import sys

import nbformat
import pytest
import torch
from nbclient import NotebookClient

from course_utils.checks import engine
from course_utils.checks.compare import same
from course_utils.checks.engine import check, examine
from course_utils.checks.exercise import Coding, Mistake
from course_utils.checks.result import LOOKS, Result


@pytest.fixture
def doubling(monkeypatch):
    """An exercise of its own: `double(numbers)`; number 1.1."""
    exercise = Coding(
        "1.1",
        "double",
        "every number is doubled",
        lambda numbers: [2 * n for n in numbers],
        lambda rng: [([rng.randint(1, 9)] * n,) for n in (3, 0, 1)],
        [Mistake("squared, not doubled.", lambda numbers: [n * n for n in numbers])],
    )
    monkeypatch.setattr(engine, "lessons", lambda: [1])
    monkeypatch.setattr(engine, "exercises_of", lambda lesson: {"1.1": exercise})
    return exercise


# --- messages ------------------------------------------------------------------------


def test_a_success_and_a_failure(doubling):
    result = examine("1.1", lambda numbers: [n + n for n in numbers])
    assert result.text == "1.1 ok: every number is doubled (3 cases)"
    result = examine("1.1", lambda numbers: [n * n for n in numbers])
    assert result.cause == "squared, not doubled."
    lines = result.text.splitlines()
    assert lines[0].endswith("wrong number (2 of 3 cases fail; this is the smallest)")
    assert [line.split()[0] for line in lines[1:]] == [
        "numbers", "expected", "received", "differs", "Likely",
    ]  # fmt: skip


def test_an_exception_is_shown_once_with_the_students_lines(doubling):
    def inner(n):
        return 1 / (n - n)

    def double(numbers):
        return [inner(n) for n in numbers]

    text = examine("1.1", double).text
    assert text.count("ZeroDivisionError: division by zero") == 1
    first = inner.__code__.co_firstlineno + 1
    assert f"line {first}" in text and "return 1 / (n - n)" in text
    assert "course_utils" not in text and "Traceback" not in text


def test_an_edge_case_that_is_not_written_yet_is_a_failure(doubling):
    def double(numbers):
        if not numbers:
            raise NotImplementedError
        return [2 * n for n in numbers]

    def nothing(numbers):
        raise NotImplementedError

    result = examine("1.1", double)
    assert result.status == "failed" and "NotImplementedError (1 of 3" in result.text
    assert examine("1.1", nothing).status == "not attempted"
    assert examine("1.1", lambda numbers: ...).status == "not attempted"
    whole = examine("1.1", lambda numbers: torch.ones(1, dtype=int).softmax(0))
    assert whole.status == "failed" and "not implemented for" in whole.text


def test_what_the_function_prints_is_shown_only_on_failure(doubling, capsys):
    def double(numbers, factor=3):
        print("first\nsecond\nthird\nfourth")
        print("a library warns, and names its folder", file=sys.stderr)
        return [factor * n for n in numbers]

    text = examine("1.1", double).text
    assert "it printed  first" in text and "warn" not in text
    double.__defaults__ = (2,)
    assert "first" not in examine("1.1", double).text
    assert capsys.readouterr() == ("", "")


def test_a_placeholder_that_is_left_is_mentioned(doubling):
    def double(numbers):
        numbers = [n * 7 for n in numbers]
        ...
        return numbers

    assert "a line `...` is still in the function" in examine("1.1", double).text


def test_a_fault_of_the_check_is_not_blamed_on_the_student(doubling):
    object.__setattr__(doubling, "truth", lambda numbers: 1 / 0)
    result = examine("1.1", lambda numbers: numbers[:1])
    assert result.status == "broken" and "by a fault of the course" in result.text


@pytest.mark.parametrize("id", ["3.99", "99.1", "", "3", None, 3.1, "three"])
def test_an_unknown_exercise_lists_the_known_ones(id):
    result = examine(id, 1)
    known = "3.1, 3.2" if id == "3.99" else "lessons with exercises: "
    assert result.status == "unknown" and known in result.text


def test_html_says_the_same_words_and_is_escaped():
    result = Result("3.1", "failed", "<b>&", (("expected", "a < b"),), "<script>.")
    for word in ("3.1 not yet", "&lt;b&gt;&amp;", "a &lt; b", "&lt;script&gt;"):
        assert word in result.html
    assert "<script>" not in result.html and "✗" in result.html
    assert len({symbol for symbol, _ in LOOKS.values()}) >= 5


@pytest.mark.parametrize(("symbol", "colour"), LOOKS.values())
def test_colours_stand_out_in_light_and_dark(symbol, colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    light = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    assert 1.05 / (light + 0.05) >= 3 and (light + 0.05) / (0.0056 + 0.05) >= 3


# --- classes, models, answers that draw random numbers -------------------------------


class Scaled(torch.nn.Module):
    """What a student may write: a module with a factor."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return self.factor * x


class Blank(Scaled):
    def forward(self, x): ...


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Scaled, "ok"),
        (Blank, "not attempted"),
        (lambda factor: lambda x: x * factor, "ok"),
        (lambda factor: Scaled(factor + 1), "failed"),
        (type("Wrong", (Scaled,), {"forward": lambda self, x: x}), "failed"),
    ],
)
def test_a_class_may_be_the_answer(doubling, answer, status):
    object.__setattr__(doubling, "truth", lambda x: 3 * x)
    object.__setattr__(
        doubling, "cases", lambda rng: [(torch.ones(n),) for n in (2, 1)]
    )
    object.__setattr__(doubling, "call", lambda answer, x: answer(3)(x))
    result = examine("1.1", answer)
    assert result.status == status, result.text


def test_a_model_may_be_the_answer_and_keeps_its_mode(doubling):
    object.__setattr__(doubling, "truth", lambda x: 3 * x)
    object.__setattr__(
        doubling, "cases", lambda rng: [(torch.ones(n),) for n in (2, 1)]
    )
    object.__setattr__(doubling, "call", lambda model, x: model.eval()(x))
    model = Scaled(3)
    assert examine("1.1", model).status == "ok" and model.training
    space = {"__name__": "__main__", "Scaled": Scaled}
    exec("class B(Scaled):\n    def forward(self, x):\n        ...", space)
    assert examine("1.1", space["B"](3)).status == "not attempted"


def test_an_answer_may_draw_random_numbers(doubling):
    def shuffled(numbers):
        return random.sample(numbers, len(numbers))

    object.__setattr__(doubling, "truth", lambda numbers: sorted(numbers))
    cases = [([1, 2, 3, 4, 5, 6, 7, 8, 9],), ([],), ([4],)]
    object.__setattr__(doubling, "cases", lambda rng: cases)
    object.__setattr__(doubling, "compare", lambda ours, _: same(sorted(ours), _))
    assert "called again" in examine("1.1", shuffled).text
    object.__setattr__(doubling, "repeatable", False)
    assert examine("1.1", shuffled).status == "ok"


# --- in a notebook, in Python, in nbgrader -------------------------------------------


def test_in_a_notebook_the_result_is_shown_once():
    sources = [
        "from course_utils.checks.engine import check, examine",
        "def f(lengths, width):\n    print('seen')\n    display('x')\n    return 1 / 0",
        'check("3.1", f)',
        'check("3.1", f); check("3.q1", "c"); 5',
        "def g(lengths, width):\n    while True: pass\n"
        "print(examine('3.1', g, seconds=0.3).status)",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    (shown,) = notebook.cells[2].outputs
    assert shown.output_type == "display_data"
    text, html = shown.data["text/plain"], shown.data["text/html"]
    assert text.startswith("3.1 not yet: ZeroDivisionError: division by zero")
    assert "line 4      return 1 / 0" in text and "it printed  seen" in text
    assert "✗ <b>3.1 not yet</b>" in html and "return 1 / 0" in html
    assert len(notebook.cells[3].outputs) == 3
    assert notebook.cells[4].outputs[0].text == "timeout\n"


def test_in_plain_python_the_text_is_printed(capsys):
    result = check("3.q1", "a")
    assert capsys.readouterr().out == result.text + "\n"


def test_nbgrader_sees_an_error_unless_it_is_right(monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert check("3.q1", "c").status == "ok"
    for answer in ("a", ...):
        with pytest.raises(AssertionError, match=r"3\.q1 not"):
            check("3.q1", answer)


def test_the_checks_load_only_when_asked_for():
    code = (
        "import sys, course_utils; print('torch' in sys.modules); "
        "course_utils.check; print('nbgrader' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["False", "False"], done.stderr
