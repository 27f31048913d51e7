"""The span search equals trying every pair, on random and on awkward scores."""

import pytest
import torch

from course_utils.answer_spans import best_spans, brute_force_spans, no_answer_score


@pytest.mark.parametrize("T", [1, 2, 9, 50])
@pytest.mark.parametrize("longest", [1, 3, 16, 100])
@pytest.mark.parametrize("count", [1, 5, 10_000])
def test_fast_equals_brute_force(T, longest, count):
    rng = torch.Generator().manual_seed(T)
    for share in (0.3, 1.0):
        start, end = torch.randn(2, T, generator=rng)
        inside = torch.rand(T, generator=rng) < share
        slow = brute_force_spans(start, end, inside, count, longest)
        assert best_spans(start, end, inside, count, longest) == slow


def test_spans_are_valid():
    start, end = torch.randn(2, 40, generator=torch.Generator().manual_seed(3))
    inside = [False] * 10 + [True] * 25 + [False] * 5
    found = best_spans(start, end, inside, count=1000, longest=4)
    assert all(10 <= i <= j < 35 and j - i < 4 for _, i, j in found)
    assert len(found) == 25 * 4 - (3 + 2 + 1)  # fewer at the end of the passage


def test_an_end_before_the_start_is_never_chosen():
    start, end = torch.tensor([0.0, 1, 9, 2, 0]), torch.tensor([0.0, 9, 1, 4, 0])
    inside = [False, True, True, True, False]
    assert best_spans(start, end, inside) == [(13.0, 2, 3)]


def test_nothing_inside_gives_nothing():
    start = end = torch.zeros(4)
    assert best_spans(start, end, [False] * 4, count=3) == []


def test_no_answer_is_the_first_token():
    assert no_answer_score(torch.tensor([1.0, 5]), torch.tensor([2.0, 7])) == 3.0
