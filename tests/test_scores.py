"""Scores by hand: equal to scikit-learn and SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics

from course_utils import (
    accuracy_interval,
    bootstrap_difference,
    count_confusions,
    score_intervals,
    scores_from,
    split_interval,
)

LABELS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1)


@given(LABELS)
@settings(deadline=None)
def test_equal_to_scikit_learn(pairs):
    true, predicted = np.array(pairs).T
    matrix = count_confusions(true, predicted, 4)
    labels = range(4)
    theirs = metrics.confusion_matrix(true, predicted, labels=labels)
    assert (matrix == theirs).all()
    f1 = metrics.f1_score(
        true, predicted, labels=labels, average="macro", zero_division=0
    )
    accuracy = metrics.accuracy_score(true, predicted)
    assert scores_from(matrix) == pytest.approx((accuracy, f1))


def test_lengths_must_agree():
    with pytest.raises(ValueError):
        count_confusions([0, 1], [0], 2)


def test_split_interval_is_students_and_grows_with_the_overlap():
    values = np.array([0.1, 0.3, 0.2, 0.5, 0.4])
    mean, low, high = split_interval(values, 0)
    theirs = stats.t.interval(0.95, 4, loc=values.mean(), scale=stats.sem(values))
    assert (low, high) == pytest.approx(theirs) and mean == pytest.approx(0.3)
    _, low, high = split_interval(values, 0.5)
    width = 2 * stats.t.ppf(0.975, 4) * np.sqrt((1 / 5 + 0.5) * values.var(ddof=1))
    assert high - low == pytest.approx(width)


def test_bootstrap_covers_the_truth_about_95_times_in_100():
    rng, covered = np.random.default_rng(0), 0
    for _ in range(200):
        first, second = rng.random((1, 150)) < 0.8, rng.random((1, 150)) < 0.7
        _, low, high = bootstrap_difference(first, second, draws=200)
        covered += low <= 0.1 <= high
    assert 176 <= covered <= 199


def test_bootstrap_of_equals_is_zero_and_repeats():
    right = np.random.default_rng(0).random((3, 50)) < 0.7
    assert bootstrap_difference(right, right) == (0, 0, 0)
    other = ~right
    assert bootstrap_difference(right, other) == bootstrap_difference(right, other)


def test_accuracy_interval():
    a, low, high = accuracy_interval(np.arange(100) < 80)
    assert a == 0.8 and high - a == pytest.approx(1.96 * 0.04) and a - low > 0


def test_score_intervals_names_each_score():
    scored = {"one": np.array([[0.5, 0.1], [0.7, 0.3]])}
    rows = score_intervals(scored, 0.5)
    assert list(rows) == ["one, accuracy", "one, macro F1"]
    assert rows["one, macro F1"] == split_interval([0.1, 0.3], 0.5)
