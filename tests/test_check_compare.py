"""How a check compares results, and shows values: which kinds it takes for the same."""

import numpy as np
import pytest
import torch

from course_utils.checks.compare import same
from course_utils.checks.engine import examine, exercises_of
from course_utils.checks.shown_values import show


@pytest.mark.parametrize(
    "value",
    [torch.zeros(90, 90), np.zeros((9, 9)), ["x" * 500] * 9, {"a": torch.ones(3)}, 1e9],
    ids=lambda value: type(value).__name__,
)
def test_values_are_shown_short(value):
    assert len(show(value)) <= 90


@pytest.mark.parametrize(
    ("received", "expected", "words"),
    [
        (None, torch.ones(2), "nothing came back"),
        (torch.ones(3), torch.ones(1, 3), "unsqueeze(0)"),
        (torch.ones(3, 2), torch.ones(2, 3), "in another order"),
        (torch.tensor([torch.nan]), torch.ones(1), "nan"),
        (torch.ones(2), torch.ones(2, dtype=int), "integers are asked for"),
        (torch.ones(2, dtype=torch.cfloat), torch.ones(2, dtype=int), "complex"),
        pytest.param(10**400, 1, "wrong number", id="400 digits"),
        pytest.param(10**400, 1.5, "wrong number", id="400 digits, a float"),
        (np.ones(2), torch.ones(2), "a numpy array came back, expected a tensor"),
        ([1, 2], [1, 2, 3], "2 items came back, 3 expected"),
        ((1, 2, 3), 3, "a comma makes a tuple"),
        ({"a": 1}, {"b": 1}, "missing ['b']"),
        ("x", "y", "another result"),
        (1, True, "an int came back"),
        (0.9, float("inf"), "wrong number"),
        (109_482_241, 109_482_240, "wrong number"),
        (109_482_241.0, 109_482_240, "wrong number"),
        (np.int64(109_482_241), 109_482_240, "wrong number"),
        (torch.tensor([109_482_241]), torch.tensor([109_482_240]), "wrong numbers"),
        (True, 1, "a bool came back"),
        (np.True_, 1, "a bool came back"),
        ("1", 1, "a str came back"),
        (np.str_("O"), "B-PER", "another result"),
    ],
)
def test_differences_are_named(received, expected, words):
    difference = same(received, expected)
    assert words in difference.headline + difference.cause
    assert same(expected, expected) is None


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (np.str_("B-PER"), "B-PER"),
        ({np.str_("a"): np.int32(3)}, {"a": 3}),
        (np.float32(0.1), 0.1),
        (torch.tensor(3), 3),
        (3.0000001, 3),
        (np.True_, True),
        (True, np.True_),
        (109_482_240.0, 109_482_240),
        (109_482_241.0, 109_482_240.0),
    ],
)
def test_kinds_that_say_the_same_are_accepted(received, expected):
    assert same([received], [expected]) is None


def test_a_count_is_exact_and_a_numpy_text_is_a_text():
    count = exercises_of(4)["4.1"].truth
    of_large = examine("4.1", lambda *sizes: count(*sizes) + (sizes[3] > 200))
    assert of_large.status == "failed", of_large.text
    tags = exercises_of(9)["9.1"].truth
    assert examine("9.1", lambda *given: list(np.array(tags(*given)))).status == "ok"


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_any_width_of_floats_is_accepted(dtype):
    x = torch.linspace(-1, 1, 9)
    assert same(x.to(dtype), x) is None
    assert same((x + 0.2).to(dtype), x)
