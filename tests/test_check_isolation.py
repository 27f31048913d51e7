"""A check leaves the student's session as it was, and stops an endless loop."""

import random
import signal
import sys
import threading

import numpy as np
import pytest
import torch

import course_utils
from course_utils.checks import lesson_03
from course_utils.checks.engine import examine
from course_utils.checks.shown_values import show
from course_utils.checks.time_limit import call_within

RIGHT = lesson_03._mask_from_lengths


def endless(*arguments):
    while True:
        pass


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
