"""Checks of lesson 06: scores, splits without leaks, thresholds, tests, temperature."""

import re
from collections import Counter

import numpy as np
import torch
from scipy import optimize, special, stats

from course_utils.checks import lesson_06_decision_mistakes as decisions
from course_utils.checks import lesson_06_mistakes as mistakes
from course_utils.checks.compare import same
from course_utils.checks.edge_mistakes import EDGES
from course_utils.checks.exercise import Coding
from course_utils.checks.lesson_06_questions import QUESTIONS

NEAR = 0.02  # how far a temperature may be off, of 1 + itself
TIE = 1e-6  # rounding may decide between candidates that are no further apart


def _plain(value):
    """Return arrays, tensors and columns as lists and numbers: all are right."""
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if hasattr(value, "to_list"):
        return value.to_list()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _call(answer, *arguments):
    return _plain(answer(*arguments))


def _generator(rng):
    return np.random.default_rng(rng.randrange(2**31))


# --- 6.1 balanced accuracy -----------------------------------------------------------


def _balanced_accuracy(matrix):
    found = {}
    for true, row in enumerate(matrix.tolist()):
        for answer, count in enumerate(row):
            found.setdefault(true, []).extend([answer == true] * count)
    shares = [sum(hits) / len(hits) for hits in found.values() if hits]
    return sum(shares) / len(shares)


def _matrix_cases(rng):
    given = [[[3]], [[2, 0], [0, 2]], [[1, 1], [0, 2]], [[4, 0], [2, 0]]]
    given += [[[90, 10], [5, 5]], [[3, 1, 0], [0, 0, 0], [1, 0, 2]]]
    given += [[[0, 0, 0], [2, 5, 1], [0, 3, 9]]]
    for classes in (2, 3, 3, 4, 5):
        rows = [[rng.randint(0, 30) for _ in range(classes)] for _ in range(classes)]
        given.append(rows)
    return [(np.array(rows),) for rows in given]


# --- 6.2 folds -----------------------------------------------------------------------


def _deal_folds(labels, folds):
    seen, dealt = Counter(), []
    for label in labels.tolist():
        dealt.append(seen[label] % folds)
        seen[label] += 1
    return dealt


def _label_cases(rng):
    given = [([0], 2), ([1, 1], 2), ([0, 1, 0, 1], 2), ([0, 0, 1, 1], 2)]
    given += [([0, 0, 0, 1, 1, 1, 2], 3), ([2, 0, 2, 2, 0], 5), ([1, 1, 0, 0, 0], 2)]
    for _ in range(6):
        N, weights = rng.randint(10, 30), (8, 1, 5)
        given.append((rng.choices((0, 1, 2), weights, k=N), rng.randint(2, 5)))
    return [(np.array(labels), folds) for labels, folds in given]


# --- 6.3 twins -----------------------------------------------------------------------


def _twins(train, test):
    found = []
    for place, text in enumerate(test):
        bare = re.sub(r"[\W_]", "", text.lower())
        if any(bare == re.sub(r"[\W_]", "", other.lower()) for other in train):
            found.append(place)
    return found


SENTENCES = (
    "A gem.", "a gem", "A  GEM!", "A gem of a film.", "Part 2", "Part 3", "part 2!",
    "Café", "Caf", "café...", "It's dull.", "Its dull", "Dull; it is.", "Two_words",
    "two words", "'Dull.'", "dull", "Not bad", "Not, bad!", "bad, not",
    "It\u2019s dull\u2026", "\u201cNot bad\u201d", "Dull \u2014 it is",
)  # fmt: skip


def _text_cases(rng):
    cases = [(["Good."], ["Bad."]), (["Good."], ["Good."]), (["Good."], ["good"])]
    cases += [(["Good film"], ["Goodfilm!"]), (["a b"], ["b", "a, b", "a b c"])]
    cases += [(["Part 2"], ["Part 3", "part 2"]), (["Café"], ["Caf", "CAFÉ."])]
    cases += [([], ["a"]), (["a", "A"], ["x", "a.", "a"]), (["a_b"], ["ab"])]
    cases += [(["not bad"], ["Bad, not"])]
    cases += [
        (["Bad"], ["\u201cBad\u201d"]),
        (["a b"], ["a \u2014 b\u2026", "a\u2009b"]),
    ]
    for _ in range(6):
        drawn = [rng.choice(SENTENCES) for _ in range(rng.randint(8, 16))]
        border = rng.randint(2, len(drawn) - 2)
        cases.append((drawn[:border], drawn[border:]))
    return cases


# --- 6.4 cross-validation ------------------------------------------------------------


def _cross_validate(X, y, folds):
    scores = []
    for fold in sorted(set(folds.tolist())):
        rest, held_out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        spread = X[rest].std(axis=0)  # the mean cancels in a difference
        right = 0
        for row in held_out:
            apart = [np.sum(((X[row] - X[k]) / spread) ** 2) for k in rest]
            right += bool(y[rest[int(np.argmin(apart))]] == y[row])
        scores.append(right / len(held_out))
    return scores


def _least_lead(X, folds):
    """Return how much nearer the nearest training row is than the next, at least.

    It is 0 where a column of training rows is constant, and cannot be scaled.
    """
    leads = []
    for fold in set(folds.tolist()):
        known, asked = X[folds != fold], X[folds == fold]
        spread = known.std(axis=0)
        if spread.min() == 0:
            return 0.0
        apart = np.sort((((asked[:, None] - known) / spread) ** 2).sum(axis=2), axis=1)
        leads.append((apart[:, 1] - apart[:, 0]).min())
    return min(leads)


def _feature_cases(rng):
    """Draw until every listed mistake shows: a small case can hide one by chance.

    No two training rows are equally near: rounding would decide between them.
    """
    generator, cases = _generator(rng), []
    for N, folds in ((6, 2), (9, 3), (12, 3), (12, 4), (15, 3)):
        fold = np.arange(N) % folds
        while True:
            X = generator.normal(size=(N, 2)) + 3
            X[fold == 0, 0] *= 20  # what the scaler must not see
            X, y = X.round(1), generator.integers(2, size=N)
            if _least_lead(X, fold) <= TIE:
                continue
            right = _cross_validate(X, y, fold)
            with np.errstate(divide="ignore", invalid="ignore"):  # of the mistakes
                others = [m.answer(X, y, fold) for m in mistakes.CROSS_VALIDATE]
            if all(same(_plain(other), right) for other in others):
                break
        cases.append((X, y, fold))
    return cases


# --- 6.5 a threshold -----------------------------------------------------------------


def _threshold_for(true, probability, wanted):
    kept = []
    for threshold in set(probability.tolist()):
        named = [t for t, p in zip(true, probability, strict=True) if p >= threshold]
        if sum(named) >= wanted * len(named) - 1e-9:
            kept.append(threshold)
    return float(min(kept, default=np.inf))


def _probability_cases(rng):
    given = [([1], [0.9], 0.5), ([0], [0.9], 0.5), ([0, 1], [0.2, 0.8], 0.9)]
    given += [([0, 1, 1], [0.3, 0.3, 0.6], 1.0), ([1, 0, 1], [0.4, 0.4, 0.2], 0.65)]
    given += [([1, 1, 1, 0], [0.6, 0.7, 0.8, 0.9], 0.75)]
    given += [([1, 0, 1, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.1], 0.6)]
    given += [([1, 1, 0, 0], [0.5, 0.5, 0.5, 0.4], 0.9)]
    for wanted in (0.5, 0.75, 0.8, 0.9, 0.6, 0.75):
        N = rng.randint(6, 20)
        probability = [rng.randint(1, 9) / 10 for _ in range(N)]
        true = [int(rng.random() < p) for p in probability]
        given.append((true, probability, wanted))
    return [(np.array(t), np.array(p), wanted) for t, p, wanted in given]


# --- 6.6 McNemar's test --------------------------------------------------------------


def _mcnemar(right_a, right_b):
    only_a = int(np.sum(right_a & ~right_b))
    only_b = int(np.sum(right_b & ~right_a))
    if only_a + only_b == 0:
        return 1.0
    return float(stats.binomtest(only_a, only_a + only_b).pvalue)


def _right_cases(rng):
    counts = [(1, 0, 0, 0), (0, 1, 0, 0), (0, 5, 0, 0), (2, 1, 1, 0), (1, 0, 6, 2)]
    counts += [(3, 6, 1, 1), (4, 2, 2, 1), (30, 3, 12, 20), (10, 30, 18, 5)]
    for _ in range(4):
        counts.append([rng.randint(2, 40) for _ in range(4)])
    cases = []
    for both, a, b, none in counts:
        pairs = [(1, 1)] * both + [(1, 0)] * a + [(0, 1)] * b + [(0, 0)] * none
        rng.shuffle(pairs)
        cases.append(tuple(np.array(column, bool) for column in zip(*pairs)))  # noqa: B905
    return cases


# --- 6.7 a temperature ---------------------------------------------------------------


def _temperature(logits, labels):
    def loss(power):
        logs = special.log_softmax(logits / np.exp(power), axis=1)
        return -logs[np.arange(len(labels)), labels].mean()

    found = optimize.minimize_scalar(loss, bounds=(np.log(0.1), np.log(10)))
    return float(np.exp(found.x))


def _same_temperature(received, expected):
    return same(received, expected, tolerance=NEAR)


def _logit_cases(rng):
    cases = [([[0.0, 3.0], [0.0, 3.0], [3.0, 0.0], [0.0, 3.0]], [1, 1, 0, 0])]
    cases += [([[2.0, 0.0]] * 3, [0, 0, 1]), ([[0.5, 0.0]] * 4, [0, 1, 0, 0])]
    cases = [(np.array(logits), np.array(labels)) for logits, labels in cases]
    generator = _generator(rng)
    for classes, factor in ((2, 0.4), (2, 4), (3, 2.5), (3, 0.5), (5, 3)):
        while True:
            honest = 2 * generator.normal(size=(30, classes))
            chance = generator.gumbel(size=honest.shape)  # drawn by their softmax
            case = (honest * factor).round(2), (honest + chance).argmax(axis=1)
            found = _temperature(*case)
            if 0.25 < found < 7 and abs(found - 1) > 0.15:
                break
        cases.append(case)
    return cases


CODING = [
    Coding(
        "6.1", "balanced_accuracy", "the mean recall of the classes that occur, also "
        "where a class is never right or empty", _balanced_accuracy, _matrix_cases,
        mistakes.BALANCED_ACCURACY, call=_call,
    ),
    Coding(
        "6.2", "deal_folds", "each class is dealt in turn, from fold 0 on",
        _deal_folds, _label_cases, mistakes.DEAL_FOLDS, call=_call,
    ),
    Coding(
        "6.3", "twins", "case, spaces and punctuation hide no twin; digits and accents "
        "tell sentences apart", _twins, _text_cases, mistakes.TWINS + EDGES["6.3"],
        call=_call,
    ),
    Coding(
        "6.4", "cross_validate", "both faults are mended: the scaler and the neighbour "
        "know the training rows only, the score the others", _cross_validate,
        _feature_cases, mistakes.CROSS_VALIDATE, call=_call,
    ),
    Coding(
        "6.5", "threshold_for", "the lowest threshold with the wanted precision, ties "
        "and the impossible included", _threshold_for, _probability_cases,
        decisions.THRESHOLD_FOR, call=_call,
    ),
    Coding(
        "6.6", "mcnemar", "the exact two-sided p, also where no answer differs",
        _mcnemar, _right_cases, decisions.MCNEMAR, call=_call,
    ),
    Coding(
        "6.7", "temperature", "the log loss is lowest there, within 0.02 or so",
        _temperature, _logit_cases, decisions.TEMPERATURE, _same_temperature, _call,
    ),
]  # fmt: skip

EXERCISES = [*CODING, *QUESTIONS]
