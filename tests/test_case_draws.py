"""Cases drawn under many seeds: no right answer is refused, no constant can pass.

Those of the course's own seed, which a student meets, are tried in `test_checks.py`.
"""

import pytest
import torch

from course_utils.checks.student_state import equal_data
from tests.case_draws import CODING, drawn, refused

LEAST_DRAWN = 3  # cases of each exercise that depend on the seed
SEEDS, CHEAP, SLOW = 8, 100, 2  # how many are tried
SLOW_ONES = "2.1 4.1 5.4 6.4 6.7 7.8 8.5 10.1 11.2".split()  # noqa: SIM905
CHEAP_ONES = "2.2 2.4 2.5 3.9 4.5 6.5 7.6 8.4 9.1 9.5 10.2 11.7 11.8".split()  # noqa: SIM905
ONCE_REFUSED = {"6.4": [70, 149], "10.4": [111], "10.6": [15, 241]}  # by ties


@pytest.mark.parametrize("id", CODING)
def test_right_answers_pass_whatever_cases_are_drawn(id):
    count = SLOW if id in SLOW_ONES else CHEAP if id in CHEAP_ONES else SEEDS
    assert refused(id, [*range(count), *ONCE_REFUSED.get(id, ())]) == []


@pytest.mark.parametrize("id", CODING)
def test_some_cases_of_each_exercise_depend_on_the_seed(id):
    """A student who stores the results of the course's own cases meets new ones."""
    first, *others = [as_data(drawn(id, seed)) for seed in range(4)]
    fresh = [
        any(len(o) <= i or not equal_data(case, o[i]) for o in others)
        for i, case in enumerate(first)
    ]
    assert sum(fresh) >= LEAST_DRAWN


def as_data(value):
    """Return a case without what is alike in all: models as numbers, no functions."""
    if isinstance(value, torch.nn.Module):
        trained = [parameter.requires_grad for parameter in value.parameters()]
        return trained, dict(value.state_dict())
    if callable(value):
        return None
    if isinstance(value, list | tuple):
        return [as_data(item) for item in value]
    return value
