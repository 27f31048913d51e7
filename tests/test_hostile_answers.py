"""Checks of exercises: whatever an answer gives back, a result is shown; never a fault.

hypothesis draws what a student's function could return, of any type and nesting.
"""

import copy
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.checks.compare import Difference, same
from course_utils.checks.engine import examine, exercises_of
from course_utils.checks.exercise import Coding
from course_utils.checks.result import LOOKS
from tests.hypothesis_cases import cases

MANY = settings(max_examples=cases(200), deadline=None, derandomize=True)
FEW = settings(max_examples=cases(40), deadline=None, derandomize=True)
DTYPES = [torch.float32, torch.bfloat16, torch.int64, torch.bool, torch.complex64]
LONG = 10**5000  # Python refuses to write it out


class Unfriendly:
    """An object that raises at whatever is asked of it."""

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    def __repr__(self):
        raise RuntimeError("no text")

    def __len__(self):
        raise RuntimeError("no length")


@st.composite
def tensors(draw):
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    values = draw(
        st.lists(
            st.integers(-2, 2), min_size=math.prod(shape), max_size=math.prod(shape)
        )
    )
    tensor = torch.tensor(values).reshape(shape).to(draw(st.sampled_from(DTYPES)))
    return draw(
        st.sampled_from([tensor, tensor.to_sparse() if tensor.dim() else tensor])
    )


def circle():
    items = [1]
    items.append(items)
    return items


PLAIN = (
    st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.integers(-2, 2), max_size=3).map(torch.tensor)
)
ODD = (
    PLAIN
    | tensors()
    | st.none()
    | st.complex_numbers()
    | st.binary(max_size=3)
    | st.sampled_from(
        [10**400, -(10**400), np.float64("nan"), np.str_("a"), np.arange(3), ...]
    )
    | st.builds(Unfriendly)
    | st.builds(circle)
    | st.builds(lambda: iter([1, 2]))
    | st.sampled_from([int, len, math.pi, np.array(["a", None], object), {1, 2}, {}])
)


def nested(leaves):
    def containers(of):
        few = st.lists(of, max_size=3)
        return (
            few | few.map(tuple) | st.dictionaries(st.text(max_size=2), of, max_size=3)
        )

    return st.recursive(leaves, containers, max_leaves=5)


@MANY
@given(received=nested(ODD), expected=nested(PLAIN))
def test_a_comparison_of_anything_says_where_it_differs(received, expected):
    difference = same(received, expected)
    assert difference is None or isinstance(difference, Difference)
    if difference:
        assert difference.headline and difference.expected and difference.received
        assert max(map(len, (difference.expected, difference.received))) <= 100


@MANY
@given(expected=nested(PLAIN))
def test_a_copy_of_what_is_expected_is_right(expected):
    assert same(copy.deepcopy(expected), expected) is None


EXERCISES = [e for lesson in (1, 2, 3) for e in exercises_of(lesson).values()]
CODING = [e.id for e in EXERCISES if isinstance(e, Coding)]
OTHERS = [e.id for e in EXERCISES if not isinstance(e, Coding)]


@FEW
@given(exercise=st.sampled_from(CODING), value=nested(ODD))
def test_a_function_that_returns_anything_is_judged(exercise, value):
    result = examine(exercise, lambda *given, **options: value)
    assert result.status in {"failed", "not attempted"}, result.text
    assert result.text and result.html


@FEW
@given(exercise=st.sampled_from(CODING + OTHERS), answer=nested(ODD))
def test_an_answer_of_any_kind_is_judged(exercise, answer):
    result = examine(exercise, answer)
    assert result.status in set(LOOKS) - {"broken", "unknown"}, result.text
    assert result.text and result.html


@FEW
@given(exercise=nested(ODD))
def test_any_number_of_an_exercise_is_answered(exercise):
    assert examine(exercise, None).status in {"unknown", "not attempted"}


@pytest.mark.parametrize(
    "value", [LONG, Unfriendly(), circle()], ids=["long", "unfriendly", "circle"]
)
def test_what_cannot_be_written_out_is_still_shown(value):
    for exercise in CODING:
        assert examine(exercise, lambda *given, value=value: value).status == "failed"
