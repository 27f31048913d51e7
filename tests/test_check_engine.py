"""The engine of the checks: messages, time limits, and what must stay untouched."""

import random
import signal
import subprocess
import sys
import threading

import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient

import course_utils
from course_utils.checks import engine, lesson_03
from course_utils.checks.compare import same
from course_utils.checks.engine import check, examine
from course_utils.checks.exercise import Coding, Mistake
from course_utils.checks.result import LOOKS, Result
from course_utils.checks.shown_values import show
from course_utils.checks.time_limit import call_within

RIGHT = lesson_03._mask_from_lengths


def endless(*arguments):
    while True:
        pass


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


# --- what a check leaves alone -------------------------------------------------------


def test_random_states_are_as_before():
    def answer(lengths, width):
        random.random(), np.random.rand(), torch.rand(1)
        torch.manual_seed(5)
        return RIGHT(lengths, width)

    course_utils.set_seed(3)
    expected = random.random(), np.random.rand(), torch.rand(1).item()
    course_utils.set_seed(3)
    assert examine("3.1", answer).status == "ok"
    assert examine("3.p1", "a").status == "ok"
    assert (random.random(), np.random.rand(), torch.rand(1).item()) == expected


def test_the_students_variables_are_as_before():
    code = """
counter, seen, table, vector = 0, [], {"a": 1}, torch.zeros(2)
array, words, model = np.zeros(2), {"a"}, torch.nn.Dropout()
def note(n):
    seen.append(n)
def answer(lengths, width):
    global counter, new
    counter, new = counter + 1, 1
    note(width); table.clear(); vector.add_(1); array[0] = 7; words.add("b")
    model.eval(); torch.set_grad_enabled(not torch.is_grad_enabled())
    return right(lengths, width)
"""
    space = {"__name__": "__main__", "torch": torch, "np": np, "right": RIGHT}
    exec(code, space)
    names, gradients = set(space), torch.is_grad_enabled()
    assert examine("3.1", space["answer"]).status == "ok"
    assert set(space) == names and space["counter"] == 0 and space["seen"] == []
    assert space["table"] == {"a": 1} and space["words"] == {"a"}
    assert space["vector"].tolist() == [0, 0] and space["array"].tolist() == [0, 0]
    assert space["model"].training and torch.is_grad_enabled() == gradients


def test_variables_that_cannot_be_copied_do_no_harm():
    code = """
itself, lock = [], [threading.Lock()]
itself.append(itself)
def answer(lengths, width):
    itself.append(lock)
    sys.stdout.close()
    return right(lengths, width)
"""
    space = {"__name__": "__main__", "threading": threading, "sys": sys, "right": RIGHT}
    exec(code, space)
    assert examine("3.1", space["answer"]).status == "ok"


def test_cases_are_the_same_every_time():
    for exercise in lesson_03.CODING:
        first, second = exercise.draw_cases(), exercise.draw_cases()
        assert [show(case) for case in first] == [show(case) for case in second]


# --- the time limit ------------------------------------------------------------------


def test_an_endless_loop_is_stopped_and_reported():
    result = examine("3.1", endless, seconds=0.2)
    assert result.status == "timeout"
    assert "still running after 0.2 seconds, and stopped" in result.text
    assert "lengths     tensor([1])" in result.text


def test_an_endless_loop_is_stopped_in_another_thread():
    found = []
    thread = threading.Thread(
        target=lambda: found.append(examine("3.1", endless, seconds=0.2))
    )
    thread.start()
    thread.join(20)
    assert [result.status for result in found] == ["timeout"]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarms here")
def test_handlers_and_alarms_of_others_go_on():
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
    try:
        signal.setitimer(signal.ITIMER_REAL, 10_000)
        set_to = signal.getitimer(signal.ITIMER_REAL)[0]
        assert call_within(0.05, endless) == (None, None, True)
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] < set_to
        assert signal.getsignal(signal.SIGALRM)(0, 0) is None and rung == [1]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_the_limit_inside_a_destructor_is_not_printed(monkeypatch):
    said = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    hook = sys.unraisablehook

    class Slow:
        def __del__(self):
            endless()

    def answer():
        for _ in range(3):
            Slow()
        endless()

    assert call_within(0.05, answer) == (None, None, True)
    assert said == [] and sys.unraisablehook == hook


def test_a_call_in_time_gives_its_value_or_its_error():
    assert call_within(5, lambda: 7) == (7, None, False)
    _, error, late = call_within(5, lambda: 1 / 0)
    assert isinstance(error, ZeroDivisionError) and not late
    _, error, late = call_within(5, lambda: sys.exit(3))
    assert isinstance(error, SystemExit) and not late


def test_swallowing_the_limit_does_not_help():
    def stubborn(*arguments):
        try:
            endless()
        except BaseException:
            return RIGHT(*arguments)

    assert examine("3.1", stubborn, seconds=0.2).status == "timeout"


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
