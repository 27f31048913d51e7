"""The checks, proven in both directions: right answers pass, wrong and blank do not.

A new lesson adds `lesson_NN.py` in course_utils/checks, tests/wrong_answers and
tests/alternative_answers, and its notebook in solutions/; nothing here changes.
"""

from importlib import import_module
from random import random

import numpy as np
import pytest
import torch

from course_utils.checks.engine import examine, exercises_of, lessons
from course_utils.checks.exercise import Coding, Question
from tests.exercise_notebooks import EXERCISES, ROOT, SOLUTIONS, checked_ids, run
from tests.wrong_answers import tried

ALL = {id: e for lesson in lessons() for id, e in exercises_of(lesson).items()}
CODING = {id: e for id, e in ALL.items() if isinstance(e, Coding)}
QUESTIONS = {id: e for id, e in ALL.items() if not isinstance(e, Coding)}
WRONG, RIGHT = {}, {}
for _lesson in lessons():
    WRONG |= import_module(f"tests.wrong_answers.lesson_{_lesson:02d}").WRONG
    RIGHT |= import_module(f"tests.alternative_answers.lesson_{_lesson:02d}").RIGHT
WRONG_CASES = [(id, *pair) for id, pairs in WRONG.items() for pair in pairs]
RIGHT_CASES = [(id, answer) for id, answers in RIGHT.items() for answer in answers]
MISTAKES = [(id, mistake) for id, e in CODING.items() for mistake in e.mistakes]


def names(value):
    """Return the name that pytest shows for a parameter."""
    name = getattr(value, "__name__", "") or getattr(value, "cause", "")
    return name[:40] or (value if isinstance(value, str) else None)


# --- right answers -------------------------------------------------------------------


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_every_solution_passes(path, monkeypatch):
    results = run(path, monkeypatch)
    assert [r.exercise for r in results] == checked_ids(path)
    assert [r.text for r in results if r.status != "ok"] == []


@pytest.mark.parametrize(("id", "answer"), RIGHT_CASES, ids=names)
def test_a_different_right_answer_passes(id, answer):
    result = examine(id, answer)
    assert result.status == "ok", result.text


def test_every_coding_exercise_has_another_right_answer():
    assert set(RIGHT) == set(CODING)
    assert all(RIGHT.values())


@pytest.mark.parametrize("id", CODING)
def test_a_success_says_what_was_verified(id):
    found = CODING[id]
    result = examine(id, found.truth)
    assert result.text == f"{id} ok: {found.verified} ({len(found.draw_cases())} cases)"
    assert len(found.draw_cases()) >= 5


# --- blanks --------------------------------------------------------------------------


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_every_blank_is_not_attempted(path, monkeypatch):
    results = run(path, monkeypatch)
    assert [r.exercise for r in results] == checked_ids(path)
    assert [r.text for r in results] == [f"{r.exercise} not attempted" for r in results]


def raises_not_implemented(*arguments):
    raise NotImplementedError


BLANKS = {"dots": ..., "none": None, "text": "", "raises": raises_not_implemented}


@pytest.mark.parametrize("id", ALL)
@pytest.mark.parametrize("blank", BLANKS.values(), ids=BLANKS)
def test_other_blanks(id, blank):
    expected = {"not attempted"}
    if (blank == "" and id in CODING) or (callable(blank) and id in QUESTIONS):
        expected = {"failed"}
    assert {examine(id, blank).status} == expected


# --- wrong answers -------------------------------------------------------------------


@pytest.mark.parametrize(("id", "answer", "words"), WRONG_CASES, ids=names)
def test_a_wrong_answer_is_rejected_and_its_cause_named(id, answer, words):
    result = tried(id, answer)
    assert result.status in ("failed", "timeout"), result.text
    assert words in result.text, result.text


@pytest.mark.parametrize(("id", "mistake"), MISTAKES, ids=names)
def test_a_listed_mistake_is_named(id, mistake):
    result = examine(id, mistake.answer)
    assert (result.status, result.cause) == ("failed", mistake.cause), result.text


def test_every_coding_exercise_has_four_wrong_answers():
    assert set(WRONG) == set(CODING)
    assert {id: len(pairs) for id, pairs in WRONG.items() if len(pairs) < 4} == {}


def test_the_readme_counts_what_is_tried():
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    questions = sum(isinstance(e, Question) and ".q" in id for id, e in ALL.items())
    predictions = sum(".p" in id for id in ALL)
    assert (
        f"{len(CODING)} functions to write, {predictions} predictions and {questions} "
        f"questions. In the tests the checks reject {len(WRONG_CASES)} wrong answers "
        f"and accept {len(RIGHT_CASES)} other right ones. The checks know "
        f"{len(MISTAKES)} mistakes by name."
    ) in readme


# --- hostile answers, tried on every check -------------------------------------------


def like(value, change):
    """Return a value of the same build as `value`, its tensors and numbers changed."""
    if isinstance(value, torch.Tensor | float | int | str):
        return change(value)
    if isinstance(value, list | tuple):
        return [like(item, change) for item in value]
    if hasattr(value, "items"):
        return {key: like(item, change) for key, item in value.items()}
    return value


def hostile_answers(truth):
    """Yield (name, answer) of what no check may take for right."""

    def endless(*arguments):
        while True:
            pass

    def endless_in_silence(*arguments):
        while True:
            try:
                endless()
            except BaseException:
                continue

    def prints_a_lot(*arguments):
        for _ in range(20_000):
            print("x" * 1000)

    def deep(*arguments):
        return deep(*arguments)

    def raises(error):
        def answer(*arguments):
            raise error

        return answer

    def after_changing_arguments(*arguments):
        result = truth(*arguments)
        for given in arguments:
            if isinstance(given, torch.Tensor) and given.numel():
                given.view(-1)[0] += 1
            elif isinstance(given, list):
                given.append(given[-1] if given else 0)
        return result

    def at_random(*arguments):
        return like(truth(*arguments), lambda x: x + random())

    def worse_the_second_time(*arguments, calls=[]):  # noqa: B006
        calls.append(1)
        return truth(*arguments) if len(calls) % 2 else None

    yield "first argument", lambda *arguments: arguments[0]
    yield "last argument", lambda *arguments: arguments[-1]
    for constant in (
        0,
        1.5,
        "",
        [],
        {},
        (),
        True,
        torch.zeros(1),
        np.zeros(2),
        object(),
    ):
        yield f"constant {type(constant).__name__}", lambda *_, c=constant: c
    yield "nothing", lambda *arguments: print()
    yield "more axes", lambda *a: like(truth(*a), lambda x: torch.as_tensor(x)[None])
    yield "zeros", lambda *a: like(truth(*a), lambda x: x * 0)
    yield "one more", lambda *a: like(truth(*a), lambda x: x + 1)
    yield "nan", lambda *a: like(truth(*a), lambda x: x * torch.nan)
    yield "numpy", lambda *a: like(truth(*a), lambda x: np.asarray(x) + 1)
    yield "generator", lambda *a: (x for x in [truth(*a)])
    yield "type", lambda *a: type(truth(*a))
    for error in (ValueError("no"), SystemExit(0), KeyboardInterrupt(), MemoryError()):
        yield f"raises {type(error).__name__}", raises(error)
    yield "recursion", deep
    yield "endless", endless
    yield "endless in silence", endless_in_silence
    yield "prints", prints_a_lot
    yield "changes arguments", after_changing_arguments
    yield "random", at_random
    yield "other on the second call", worse_the_second_time
    yield "no parameters", lambda: 1
    yield "called", truth(*(0,) * 0) if not truth.__code__.co_argcount else 17
    yield "a class", int


HOSTILE = [name for name, _ in hostile_answers(lambda x: x)]
ARGUMENTS_ARE_DATA = (torch.Tensor, list)
CHANGE_NUMBERS = ("more axes", "zeros", "one more", "nan", "numpy", "random")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("id", CODING)
def test_a_hostile_answer_is_rejected(id, name, capsys):
    exercise = CODING[id]
    cases = exercise.draw_cases()
    if name == "changes arguments" and not any(
        isinstance(given, ARGUMENTS_ARE_DATA) for given in cases[-1]
    ):
        pytest.skip("no argument of this exercise can be changed")
    if name in CHANGE_NUMBERS and not holds_numbers(exercise.truth(*cases[-1])):
        pytest.skip("no number in the result")
    result = examine(id, dict(hostile_answers(exercise.truth))[name], seconds=0.3)
    limited = ("endless", "endless in silence")
    expected = "timeout" if name in limited else "failed"
    assert result.status in (expected, "timeout"), (result.status, result.text)
    assert result.text.startswith(f"{id} not yet: ") and len(result.text) < 3000
    assert result.html and capsys.readouterr() == ("", "")


def holds_numbers(value):
    """Return whether there is a number somewhere in a value."""
    found = []
    like(value, lambda x: found.append(x) or x)
    return bool(found)


@pytest.mark.parametrize("id", CODING)
def test_numpy_for_torch_is_said_clearly(id):
    def answer(*arguments):
        def change(x):
            return x.numpy() if isinstance(x, torch.Tensor) else x

        return like(CODING[id].truth(*arguments), change)

    result = examine(id, answer)
    assert result.status == "ok" or "a numpy array came back" in result.text


# --- questions -----------------------------------------------------------------------


@pytest.mark.parametrize("id", QUESTIONS)
def test_the_right_answer_passes_and_says_why(id):
    question = QUESTIONS[id]
    right = question.answer if isinstance(question, Question) else question.truth()
    assert examine(id, right).text == f"{id} ok: {question.because}"


@pytest.mark.parametrize("id", QUESTIONS)
def test_every_wrong_choice_has_its_own_sentence(id):
    question = QUESTIONS[id]
    sentences = list(question.wrong.values())
    assert len(set(sentences)) == len(sentences) >= 2
    for choice, sentence in question.wrong.items():
        result = examine(id, choice)
        assert result.status == "failed" and sentence in result.text
    if isinstance(question, Question):
        assert question.choices == list("abcdefgh")[: len(question.choices)]
        assert question.answer not in question.wrong
        assert examine(id, f" ({question.answer.upper()})").status == "ok"


@pytest.mark.parametrize(
    "answer", ["z", "ab", 3.5, True, [], float("nan"), torch.ones(2)]
)
@pytest.mark.parametrize("id", QUESTIONS)
def test_an_answer_that_is_none_of_the_choices(id, answer):
    result = examine(id, answer)
    assert result.status == "failed", result.text


def test_right_letters_are_spread():
    for lesson in lessons():
        found = [e for e in exercises_of(lesson).values() if isinstance(e, Question)]
        assert len({question.answer for question in found}) >= 2
