"""The way to the student's kernel and back, without a kernel: nothing but data returns.

Every exercise of every lesson goes this way here, so that a new one that cannot be
graded is noticed by its author.
"""

import io
import json
import pickle
from dataclasses import replace
from importlib import import_module
from random import Random

import pytest
import torch

pytest.importorskip("cloudpickle", reason="grading needs cloudpickle")
pytest.importorskip("nbgrader", reason="grading needs nbgrader")
from course_utils.checks.engine import examine as examine_here
from course_utils.checks.engine import exercises_of, lessons
from course_utils.checks.exercise import Coding
from course_utils.grading import examination
from course_utils.grading.agent import Agent
from course_utils.grading.courier import pack
from course_utils.grading.examination import examine
from course_utils.grading.remote import KernelLost, limits_met

RIGHT, WRONG = {}, {}
for _lesson in lessons():
    RIGHT |= import_module(f"tests.alternative_answers.lesson_{_lesson:02d}").RIGHT
    WRONG |= import_module(f"tests.wrong_answers.lesson_{_lesson:02d}").WRONG
ALL = {id: e for lesson in lessons() for id, e in exercises_of(lesson).items()}


class WithoutLessons(pickle.Unpickler):
    """Reads as the student's kernel does, where no check of a lesson is."""

    def find_class(self, module, name):
        assert not module.startswith("course_utils.checks.lesson_"), (module, name)
        return super().find_class(module, name)


def asked(**space):
    """Return a function that asks an agent with these variables in its notebook."""
    agent = Agent(space)

    def ask(request, seconds=0):
        action, *details = WithoutLessons(io.BytesIO(pack(request))).load()
        return json.loads(json.dumps(getattr(agent, action)(*details)))

    return ask


# --- every exercise ------------------------------------------------------------------


@pytest.mark.parametrize("id", RIGHT)
def test_a_right_answer_is_right_from_another_process(id):
    name = ALL[id].name
    status, message = examine(id, name, asked(**{name: RIGHT[id][0]}), "secret")
    assert status == "ok" and message.startswith(f"{id} ok: "), message


@pytest.mark.parametrize("id", [id for id in WRONG if id.startswith("3.")])
def test_a_wrong_answer_gets_the_same_message_from_another_process(id):
    name, (answer, words) = ALL[id].name, WRONG[id][0]
    status, message = examine(id, name, asked(**{name: answer}), "secret")
    assert status in ("failed", "timeout") and words in message


@pytest.mark.parametrize("id", ALL)
def test_blanks_and_missing_answers(id):
    assert examine(id, "x", asked(x=...), "")[0] == "not attempted"
    status, message = examine(id, "x", asked(), "")
    assert status == "failed" and "in the notebook" in message


@pytest.mark.parametrize(
    "id", [id for id, exercise in ALL.items() if not isinstance(exercise, Coding)]
)
def test_questions(id):
    exercise = ALL[id]
    right = exercise.answer if hasattr(exercise, "answer") else exercise.truth()
    assert examine(id, "x", asked(x=right), "")[0] == "ok"
    assert examine(id, "x", asked(x=print), "")[0] == "failed"
    assert examine(id, "x", asked(x="zzz"), "")[0] == "failed"


# --- tricks --------------------------------------------------------------------------


class EqualToAll:
    """Says that it is equal to anything."""

    def __eq__(self, other):
        return True

    __hash__ = None
    __module__ = "__main__"


class Mask(torch.Tensor):
    """A tensor that claims to be close to any other."""

    @classmethod
    def __torch_function__(cls, function, types, arguments=(), options=None):
        if function in (torch.equal, torch.allclose, torch.isclose):
            return True
        return super().__torch_function__(function, types, arguments, options or {})


def test_objects_that_say_they_are_right_are_not():
    for made in (EqualToAll(), Mask(torch.zeros(1, 1))):
        ask = asked(mask_from_lengths=lambda lengths, width, made=made: made)
        assert examine("3.1", "mask_from_lengths", ask, "")[0] == "failed"


def test_an_answer_that_knows_the_published_cases_needs_a_look():
    exercise = ALL["3.9"]
    known = [(case, exercise.truth(*case)) for case in exercise.draw_cases()]

    def memory(lengths, budget):
        return dict((repr(case), result) for case, result in known).get(
            repr((lengths, budget)), []
        )

    assert examine_here("3.9", memory).status == "ok"
    status, message = examine("3.9", "f", asked(f=memory), "secret")
    assert status == "needs a look" and "does it know the cases" in message


@pytest.mark.parametrize("said", [{}, {"found": "yes"}, {"found": True}, {"value": 1}])
def test_an_agent_that_answers_nonsense_gives_no_points(said):
    assert examine("3.1", "f", lambda *request: said, "")[0] != "ok"
    assert examine("3.q1", "answer", lambda *request: said, "")[0] != "ok"


def test_a_function_that_claims_what_it_likes_is_compared():
    """The agent itself is forged: every call is said to be right, none is."""

    def forged(request, seconds=0):
        if request[0] == "take":
            return {"found": True, "callable": True, "blank": False, "signature": None}
        return {"value": "ok", "timed_out": False, "status": "ok", "points": 99}

    status, message = examine("3.1", "f", forged, "")
    assert status == "failed" and "expected" in message


def test_what_a_library_made_and_cannot_be_read_needs_a_look():
    ask = asked(f=lambda lengths, width: torch.nn.ReLU())
    assert examine("3.1", "f", ask, "")[0] == "needs a look"


# --- faults --------------------------------------------------------------------------


PUBLISHED = Random("exercise 3.9").getstate()


def faulty_cases(rng):
    """Cases whose fault shows only with another seed than the published one."""
    if rng.getstate() != PUBLISHED:
        [][7]
    return ALL["3.9"].cases(rng)


def faulty_truth(lengths, budget):
    raise ZeroDivisionError("no batch")


@pytest.mark.parametrize(
    "fault, said",
    [
        ({"cases": faulty_cases}, "IndexError: list index out of range (test_grading_"),
        ({"truth": faulty_truth}, "ZeroDivisionError: no batch (test_grading_"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_faulty_check_costs_its_own_exercise_only(monkeypatch, fault, said):
    """It is said where the fault lies, and the answer is released in the kernel."""
    course = {**exercises_of(3), "3.9": replace(ALL["3.9"], **fault)}
    monkeypatch.setattr(examination, "exercises_of", lambda lesson: course)
    right = {ALL[id].name: RIGHT[id][0] for id in ("3.1", "3.9")}
    asks, requests = asked(**right), []

    def ask(request, seconds=0):
        requests.append(request[0])
        return asks(request, seconds)

    status, message = examine("3.9", ALL["3.9"].name, ask, "secret")
    assert status == "needs a look" and "not one of the student's" in message
    assert said in message and requests[-1] == "release"
    assert examine("3.1", ALL["3.1"].name, ask, "secret")[0] == "ok"


def test_a_lost_kernel_is_no_fault_of_the_check():
    def lost(request, seconds=0):
        if request[0] == "call":
            raise KernelLost("memory")
        return asked(f=RIGHT["3.1"][0])(request)

    with pytest.raises(KernelLost):
        examine("3.1", "f", lost, "secret")


@pytest.mark.parametrize(
    "name, text, expected",
    [
        ("MemoryError", "", ["memory"]),
        ("RuntimeError", "[enforce fail] DefaultCPUAllocator: can't allocate memory: "
         "you tried", ["memory"]),
        ("RuntimeError", "can't start new thread", ["crashed"]),
        ("BlockingIOError", "[Errno 11] Resource temporarily unavailable", ["crashed"]),
        ("RuntimeError", "shapes do not match", []),
    ],
)  # fmt: skip
def test_errors_tell_which_limit_was_met(name, text, expected):
    assert limits_met(name, text) == expected


def test_memory_is_told_from_a_wrong_answer():
    def greedy(lengths, width):
        raise MemoryError

    assert examine("3.1", "f", asked(f=greedy), "")[0] == "memory"
