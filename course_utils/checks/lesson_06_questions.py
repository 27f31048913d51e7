"""Questions and predictions of lesson 06, with a sentence for each wrong choice."""

import numpy as np
from scipy import special, stats
from sklearn.metrics import balanced_accuracy_score
from sklearn.neighbors import KNeighborsClassifier

from course_utils.checks.exercise import Estimate, Question


def _always_negative():
    """Score the answer "negative" on the lesson's three-class test sentences."""
    true = np.repeat([0, 1, 2], [536, 45, 512])
    return balanced_accuracy_score(true, np.zeros(len(true)))


def _neighbour_of_itself():
    """Score a nearest neighbour on the rows that it knows; their labels are coins."""
    generator = np.random.default_rng(0)
    X, y = generator.normal(size=(200, 10)), generator.integers(2, size=200)
    return KNeighborsClassifier(1).fit(X, y).score(X, y)


def _surest_lead():
    """Return which lead of 20 has the smallest p: 20:0, 160:140, or both alike."""
    p = [stats.binomtest(*counts).pvalue for counts in ((20, 20), (160, 300))]
    return "abc"[2 if p[0] == p[1] else int(np.argmin(p))]


def _kept_by_temperature():
    """Return which score of some logits stays the same when they are divided by 3."""
    generator = np.random.default_rng(0)
    z, y = 3 * generator.normal(size=(200, 2)), generator.integers(2, size=200)
    p, q = special.softmax(z, axis=1), special.softmax(z / 3, axis=1)
    rows = np.arange(200)
    scores = {
        "a": [np.log(x[rows, y]).mean() for x in (p, q)],
        "b": [((x[:, 1] - y) ** 2).mean() for x in (p, q)],
        "c": [(x.argmax(axis=1) == y).mean() for x in (p, q)],
        "d": [x.max(axis=1).mean() for x in (p, q)],
    }
    (same,) = [letter for letter, (one, two) in scores.items() if one == two]
    return same


QUESTIONS = [
    Estimate(
        "6.p1",
        _always_negative,
        "recalls of 1, 0 and 0: their mean is one third, however rare a class is",
        within=0.005,
        wrong={
            0.49: "That is the accuracy, 536 of 1,093. Balanced accuracy takes the "
            "share of each class first.",
            0.5: "That would be so with two classes. Here there are three recalls.",
            0.0: "All negative sentences are found: one of the recalls is 1.",
        },
        too_low="All of the negative sentences are found.",
        too_high="None of the neutral and none of the positive sentences is found.",
    ),
    Question(
        "6.q1",
        "a",
        {
            "b": "Strongly regularised, it cannot bend to single sentences: a twin "
            "moves its weights a little.",
            "c": "It looks at the labels' counts only, never at a sentence.",
            "d": "Both met the twin's label, but what a classifier makes of one "
            "sentence differs: one of them learns each sentence by heart.",
        },
        "the nearest neighbour of a sentence with a twin is the twin, label included: "
        "who learns by heart gains most from leaks",
    ),
    Estimate(
        "6.p2",
        _neighbour_of_itself,
        "each row is its own nearest neighbour, at distance 0: nothing was tested",
        within=0.01,
        wrong={
            0.5: "That is the honest score. But look at what the function asks about: "
            "X[train], the rows that `nearest` knows.",
            0.75: "Half right by knowing and half by guessing? All rows that are asked "
            "about are known.",
        },
        too_low="Who is the nearest neighbour of a row that is itself among the known?",
        too_high="An accuracy is at most 1.",
    ),
    Question(
        "6.q2",
        "b",
        {
            "a": "The same function can give both numbers: nothing needs to be wrong.",
            "c": "Then the test set would be used for choosing, and a third set would "
            "be needed to report on.",
            "d": "A threshold moves no probability. Calibration may be poor on both.",
        },
        "the lowest threshold that just fits owes something to luck, as the best of "
        "fifty classifiers did in the lesson",
    ),
    Question(
        "6.q3",
        _surest_lead,
        {
            "b": "160 to 140 is what a fair coin often gives; 20 to 0 is not.",
            "c": "The lead is the same, but not its doubt: sentences on which both "
            "agree or disagree do not count alike.",
        },
        "all 20 disagreements go one way (p about 0.000002); 160 to 140 has p near 0.3",
    ),
    Question(
        "6.q4",
        _kept_by_temperature,
        {
            "a": "The log loss is what T was chosen to lower.",
            "b": "The Brier score is made of the probabilities, which T moves.",
            "d": "That is what T is for: above 1 it makes the classifier less sure.",
        },
        "the largest logit stays the largest: every answer stays, only its "
        "probability moves",
    ),
]
