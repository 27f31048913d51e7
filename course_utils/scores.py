"""Scores of classifiers, and how sure we may be of them: built by hand in lesson 06.

The corrected interval follows Nadeau and Bengio 2003, "Inference for the Generalization
Error". A test holds the notebook and this module to the same code.
"""

import numpy as np
from scipy import stats

from course_utils import score_checks
from course_utils.call_guard import guarded
from course_utils.value_checks import check_named


def count_confusions(true, predicted, classes):
    """Return the confusion matrix: (C, C) int, row = true class, column = predicted.

    true, predicted: N int each, 0 to C - 1. classes: C.
    """
    matrix = np.zeros((classes, classes), int)
    for t, p in zip(true, predicted, strict=True):
        matrix[t, p] += 1
    return matrix


def scores_from(matrix):
    """Return accuracy and macro F1 of a confusion matrix (C, C), two floats.

    A class that is never right has an F1 of 0.
    """
    right = matrix.diagonal()
    precision = right / np.maximum(matrix.sum(axis=0), 1)  # (C,)
    recall = right / np.maximum(matrix.sum(axis=1), 1)  # (C,)
    both = precision + recall
    f1 = 2 * precision * recall / np.where(both > 0, both, 1)  # (C,)
    return right.sum() / matrix.sum(), f1.mean()


def split_interval(values, share):
    """Return (mean, low, high), 95 %, of one score for each of J splits.

    values: J float. share: test rows / training rows where the splits overlap (Nadeau
    and Bengio's correction), 0 where they are independent.
    """
    values = np.asarray(values)
    J, mean = len(values), values.mean()
    error = np.sqrt((1 / J + share) * values.var(ddof=1))
    reach = stats.t.ppf(0.975, J - 1) * error
    return mean, mean - reach, mean + reach


def score_intervals(scored, share):
    """Return {"name, score": (mean, low, high)} for accuracy and macro F1.

    scored: {name: (J, 2) float}, accuracy and macro F1 of J splits. share: as for
    `split_interval`. Raises TypeError or ValueError for another table.
    """
    check_named("scored", scored, "(J, 2) scores")
    for name, pairs in scored.items():
        if np.ndim(pairs) != 2 or np.shape(pairs)[1] != 2:
            raise ValueError(
                f"{name!r} has shape {np.shape(pairs)}, expected (J, 2), accuracy and "
                "macro F1 of J splits: np.array([scores_from(m) for m in matrices])"
            )
    return {
        f"{name}, {score}": split_interval(pairs[:, column], share)
        for name, pairs in scored.items()
        for column, score in enumerate(("accuracy", "macro F1"))
    }


def bootstrap_difference(first, second, draws=2000, seed=0):
    """Return (mean, low, high), 95 %, of the paired difference first - second.

    first, second: (J, N), 1 where the classifier trained on set j is right about test
    sentence n, else 0. Training sets and sentences are both drawn anew.
    """
    difference = np.asarray(first, float) - np.asarray(second, float)  # (J, N)
    (J, N), rng = difference.shape, np.random.default_rng(seed)
    drawn = [(rng.integers(J, size=J), rng.integers(N, size=N)) for _ in range(draws)]
    means = [difference[rows].mean(axis=0)[columns].mean() for rows, columns in drawn]
    return difference.mean(), *np.quantile(means, [0.025, 0.975])


def accuracy_interval(right):
    """Return (accuracy, low, high), 95 %, by the normal approximation.

    right: (n,) bool, whether each answer was right.
    """
    a = right.mean()
    reach = 1.96 * np.sqrt(a * (1 - a) / len(right))
    return a, a - reach, a + reach


count_confusions = guarded(count_confusions, score_checks.check_classes)
scores_from = guarded(scores_from, score_checks.check_confusions)
split_interval = guarded(split_interval, score_checks.check_split_scores)
bootstrap_difference = guarded(bootstrap_difference, score_checks.check_paired)
accuracy_interval = guarded(accuracy_interval, score_checks.check_right)
