"""Checks of what is handed to the scores of lessons 06, 09 and 10."""

import numpy as np

from course_utils.value_checks import (
    check_equal_lengths,
    check_list,
    check_number,
    check_str,
    check_whole,
    shown,
)


def check_classes(true, predicted, classes, **_):
    """Check true and predicted classes: N int each, 0 to C - 1."""
    check_whole("classes", classes, 1, "how many classes there are, such as 2")
    for name, numbers in (("true", true), ("predicted", predicted)):
        check_list(name, numbers, "int", "one class a text")
        found = np.asarray(numbers)
        if found.size and (found.ndim != 1 or found.dtype.kind not in "iub"):
            raise TypeError(
                f"{name} has {found.dtype} of shape {found.shape}, expected N int: are "
                "these logits or probabilities? Take .argmax(axis=1) first"
            )
        if found.size and not 0 <= found.min() <= found.max() < classes:
            raise ValueError(
                f"{name} has classes from {found.min()} to {found.max()}, expected 0 "
                f"to {classes - 1}: is -100 (no label) among them, or a class more?"
            )
    check_equal_lengths("was one of them cut?", true=true, predicted=predicted)


def check_confusions(matrix, **_):
    """Check a confusion matrix: (C, C) counts, not all 0."""
    if not isinstance(matrix, np.ndarray):
        raise TypeError(
            f"matrix is {shown(matrix)}, expected an array (C, C): as count_confusions "
            "returns it, or np.array(matrix)"
        )
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(
            f"matrix has shape {matrix.shape}, expected (C, C): row = true class, "
            "column = predicted"
        )
    if not matrix.sum() > 0:
        raise ValueError(
            f"matrix sums to {matrix.sum()}, expected at least one text counted in it: "
            "was an empty set scored?"
        )


def check_values(name, values, least, hint):
    """Return N finite numbers as an array (N,), at least `least` of them."""
    check_list(name, values, "numbers", hint)
    found = np.asarray(values)
    if found.ndim != 1 or found.dtype.kind not in "iufb":
        raise TypeError(
            f"{name} has {found.dtype} of shape {found.shape}, expected (N,) numbers: "
            f"{hint}"
        )
    if len(found) < least or not np.isfinite(found).all():
        bad = "nan or inf" if len(found) >= least else f"{len(found)} numbers"
        raise ValueError(
            f"{name} has {bad}, expected {least} or more, all finite: {hint}"
        )
    return found


def check_split_scores(values, share, **_):
    """Check the scores of J splits, and test rows / training rows."""
    check_values("values", values, 2, "one score has no spread: use several splits")
    check_number("share", share, 0, hint="test rows / training rows, 0 if independent")


def check_right(right, **_):
    """Check an array (n,) of right (1) and wrong (0) answers."""
    if not isinstance(right, np.ndarray):
        raise TypeError(
            f"right is {shown(right)}, expected an array (n,) of bool: try "
            "np.array(predicted) == np.array(true)"
        )
    check_values("right", right, 1, "was an empty set scored?")
    if not np.isin(right, (0, 1)).all():
        raise ValueError(
            f"right has values up to {right.max()}, expected True and False: are these "
            "classes? Compare them first, predicted == true"
        )


def check_paired(first, second, draws=2000, **_):
    """Check the right answers of two classifiers: (J, N) each, alike in shape."""
    for name, table in (("first", first), ("second", second)):
        shape = np.shape(table)
        if len(shape) != 2 or 0 in shape:
            raise ValueError(
                f"{name} has shape {shape}, expected (J, N), none of them 0: for one "
                "training set try right[None, :]"
            )
    if np.shape(first) != np.shape(second):
        raise ValueError(
            f"first has shape {np.shape(first)}, second {np.shape(second)}, expected "
            "the same (J, N): were both tested on the same sentences?"
        )
    check_whole("draws", draws, 1, "2000 are usual")


def check_span_counts(counts, draws=1000, **_):
    """Check counts (N, 3): names right, predicted, true."""
    if not isinstance(counts, np.ndarray) or counts.ndim != 2 or counts.shape[1] != 3:
        raise TypeError(
            f"counts is {shown(counts)}, expected an array (N, 3): as "
            "count_spans(true, predicted) returns it"
        )
    check_whole("draws", draws, 1, "1000 are usual")


def check_resampled_counts(counts, draws=1000, **_):
    """Check counts (N, 3) of at least one sentence, which can be drawn anew."""
    check_span_counts(counts, draws)
    if not len(counts):
        raise ValueError(
            "counts has 0 sentences, expected 1 or more: nothing can be drawn anew. "
            "Was the set filtered to nothing?"
        )


def check_answers(predicted, accepted, **_):
    """Check an answer and the list of those that are right."""
    check_str("predicted", predicted, 'for "no answer" give ""; an Answer has .text')
    check_list("accepted", accepted, "str", f"try [{str(accepted)[:20]!r}]")
    for text in accepted:
        check_str("an accepted answer", text, "take answer['answers'], a list of str")


def check_vectors(vectors, **_):
    """Check vectors (..., D): finite numbers."""
    found = np.asarray(vectors)
    if found.ndim < 1 or found.dtype.kind not in "fiu":
        raise TypeError(
            f"vectors has {found.dtype} of shape {found.shape}, expected an array "
            "(..., D) of numbers: are these texts? embed(texts) makes vectors of them"
        )
    if not np.isfinite(found).all():
        raise ValueError(
            "vectors has nan or inf, expected finite numbers: was the mean of an empty "
            "text taken, or was 0 divided by 0?"
        )
