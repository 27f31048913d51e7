"""Exact match and F1: the cases of SQuAD's own script, and intervals by passage."""

import numpy as np
import pytest

from course_utils.answer_scores import (
    answer_f1,
    exact_match,
    normalize_answer,
    passage_interval,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Eiffel Tower!", "eiffel tower"),
        ("an apple a day", "apple day"),
        ("Theatre", "theatre"),  # "the" is an article only as a word
        ("12,500", "12500"),
        ("", ""),
        ("the", ""),
    ],
)
def test_normalisation(text, expected):
    assert normalize_answer(text) == expected


@pytest.mark.parametrize(
    ("predicted", "accepted", "exact", "f1"),
    [
        ("The Lyon bakery!", ["Lyon bakery"], 1, 1),
        ("in Lyon", ["Lyon"], 0, 2 / 3),
        ("in Lyon", ["Paris", "in Lyon"], 1, 1),
        ("Paris", ["Lyon"], 0, 0),
        ("", ["Lyon"], 0, 0),
        ("", [], 1, 1),
        ("Lyon", [], 0, 0),
        ("the the", [], 1, 1),
        ("new new york", ["new york city"], 0, 2 * 2 / 6),
    ],
)
def test_exact_match_and_f1(predicted, accepted, exact, f1):
    assert exact_match(predicted, accepted) == exact
    assert answer_f1(predicted, accepted) == pytest.approx(f1)


def test_the_interval_holds_the_mean_and_knows_of_passages():
    rng = np.random.default_rng(0)
    values = rng.random(200) < 0.7
    mean, low, high = passage_interval(values, np.arange(200))
    assert low < mean == values.mean() < high
    together = np.repeat(values[:20].astype(float), 10)  # 20 passages of 10 like ones
    wide = passage_interval(together, np.repeat(np.arange(20), 10))
    narrow = passage_interval(together, np.arange(200))
    assert wide[2] - wide[1] > 2 * (narrow[2] - narrow[1])
    assert passage_interval(values, np.arange(200)) == (mean, low, high)
