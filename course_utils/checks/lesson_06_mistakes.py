"""Plausible wrong answers to the exercises 6.1 to 6.4, each with its cause."""

import re
import string

import numpy as np

from course_utils.checks.exercise import Mistake

# --- 6.1 balanced_accuracy -----------------------------------------------------------


def _shares(matrix, axis, empty):
    total = matrix.sum(axis=axis)
    return np.where(total > 0, matrix.diagonal() / np.maximum(total, 1), empty)


def _macro_f1(matrix):
    total = matrix.sum(axis=0) + matrix.sum(axis=1)
    return (2 * matrix.diagonal() / np.maximum(total, 1)).mean()


BALANCED_ACCURACY = (
    Mistake(
        "this is the plain accuracy: a frequent class counts more. Take the share of "
        "each class first, then the mean of the shares.",
        lambda matrix: matrix.trace() / matrix.sum(),
    ),
    Mistake(
        "a class without sentences counts as 0: leave it out of the mean.",
        lambda matrix: _shares(matrix, 1, 0.0).mean(),
    ),
    Mistake(
        "0 / 0 for a class without sentences: leave it out of the mean.",
        lambda matrix: _shares(matrix, 1, np.nan).mean(),
        lambda received, *_: received != received,
    ),
    Mistake(
        "this is the mean precision: the sums run down the columns, over the answers. "
        "The truth stands in the rows: sum(axis=1).",
        lambda matrix: np.nanmean(_shares(matrix, 0, np.nan)),
    ),
    Mistake(
        "this is the mean precision: the sums run down the columns, over the answers, "
        "and a class that is never answered counts as 0. The truth is in the rows.",
        lambda matrix: _shares(matrix, 0, 0.0).mean(),
    ),
    Mistake("this is macro F1: only the recalls are asked for.", _macro_f1),
    Mistake(
        "the recall of each class comes back: their mean is asked for.",
        lambda matrix: [x for x in _shares(matrix, 1, np.nan).tolist() if x == x],
    ),
    Mistake(
        "the recalls are added, not averaged.",
        lambda matrix: np.nansum(_shares(matrix, 1, np.nan)),
    ),
)

# --- 6.2 deal_folds ------------------------------------------------------------------


def _by_class(number, classes=np.unique):
    """Number the sentences of each class; number: (count, folds) to their folds."""

    def answer(labels, folds):
        dealt = np.zeros(len(labels), int)
        for label in classes(labels):
            rows = np.flatnonzero(labels == label)
            dealt[rows] = number(len(rows), folds)
        return dealt

    return answer


def _through_all(labels, folds):
    dealt = np.zeros(len(labels), int)
    dealt[np.argsort(labels, kind="stable")] = np.arange(len(labels)) % folds
    return dealt


_dealt = _by_class(lambda n, folds: np.arange(n) % folds)

DEAL_FOLDS = (
    Mistake(
        "the labels are ignored: place % folds deals all sentences in one round. Count "
        "within each class.",
        lambda labels, folds: np.arange(len(labels)) % folds,
    ),
    Mistake(
        "the second class goes on where the first ended: begin at fold 0 for each.",
        _through_all,
    ),
    Mistake(
        "the folds are numbered from 1: fold 0 comes first.",
        _by_class(lambda n, folds: np.arange(n) % folds + 1),
    ),
    Mistake(
        "each class is cut into blocks: deal its sentences in turn, 0, 1, 2, 0, 1 ...",
        _by_class(lambda n, folds: np.arange(n) * folds // max(n, 1)),
    ),
    Mistake(
        "the labels are ignored, and the sentences cut into blocks: deal each class in "
        "turn.",
        lambda labels, folds: np.arange(len(labels)) * folds // len(labels),
    ),
    Mistake(
        "the number within the class is there, but not brought below `folds`: % folds.",
        _by_class(lambda n, folds: np.arange(n)),
    ),
    Mistake(
        "dealt from the last sentence to the first: the first of a class has fold 0.",
        _by_class(lambda n, folds: np.arange(n)[::-1] % folds),
    ),
    Mistake(
        "these are the places of each fold: give the fold of each sentence.",
        lambda labels, folds: [
            np.flatnonzero(_dealt(labels, folds) == fold).tolist()
            for fold in range(folds)
        ],
        lambda received, *_: any(isinstance(item, list) for item in received),
    ),
    Mistake(
        "only the classes 0 and 1 are dealt, all others stay in fold 0: go through "
        "np.unique(labels).",
        _by_class(lambda n, folds: np.arange(n) % folds, lambda labels: (0, 1)),
    ),
)

# --- 6.3 twins -----------------------------------------------------------------------


def _alike(bare):
    def answer(train, test):
        known = {bare(text) for text in train}
        return [place for place, text in enumerate(test) if bare(text) in known]

    return answer


def _bare(text):
    return "".join(ch for ch in text.casefold() if ch.isalnum())


def _parts(train, test):
    known = [_bare(text) for text in train]
    return [i for i, text in enumerate(test) if any(_bare(text) in k for k in known)]


NO_PUNCTUATION = str.maketrans("", "", string.punctuation)

TWINS = (
    Mistake(
        "case is ignored, but spaces and punctuation still tell twins apart.",
        _alike(str.lower),
    ),
    Mistake("only identical texts are found: ignore case, too.", _alike(str)),
    Mistake(
        "punctuation is ignored, but case still tells twins apart.",
        _alike(lambda text: re.sub(r"[\W_]", "", text)),
    ),
    Mistake(
        "only a to z are kept: digits and accents belong to a sentence, too. "
        "str.isalnum() knows all letters and digits.",
        _alike(lambda text: re.sub(r"[^a-z]", "", text.lower())),
    ),
    Mistake(
        "only a to z and 0 to 9 are kept: é is a letter, too. str.isalnum() knows all.",
        _alike(lambda text: re.sub(r"[^a-z0-9]", "", text.lower())),
    ),
    Mistake(
        "the digits are lost: Part 2 and Part 3 are two sentences. isalnum(), not "
        "isalpha().",
        _alike(lambda text: "".join(ch for ch in text.casefold() if ch.isalpha())),
    ),
    Mistake(
        "spaces still tell twins apart: only letters and digits count.",
        _alike(lambda text: text.lower().translate(NO_PUNCTUATION)),
    ),
    Mistake(
        r"\W keeps the underscore, which is no letter: remove it as well.",
        _alike(lambda text: re.sub(r"\W", "", text.lower())),
    ),
    Mistake(
        "a text that is part of a longer one is found: compare whole texts with ==, "
        "`in` looks for parts.",
        _parts,
    ),
    Mistake(
        "the texts come back: return their positions in `test`.",
        lambda train, test: [t for t in test if _bare(t) in set(map(_bare, train))],
    ),
    Mistake(
        "the twins are counted: return their positions in `test`.",
        lambda train, test: len(_alike(_bare)(train, test)),
    ),
    Mistake(
        "these are positions in `train`: return those in `test`.",
        lambda train, test: _alike(_bare)(test, train),
    ),
    Mistake(
        "the order of the letters is lost: compare the whole strings.",
        _alike(lambda text: "".join(sorted(_bare(text)))),
    ),
)

# --- 6.4 cross_validate --------------------------------------------------------------


def _nearest(known, labels, asked):
    apart = ((asked[:, None] - known[None]) ** 2).sum(axis=2)
    return labels[apart.argmin(axis=1)]


def _validated(scale, score_on="held out", learn_from="rest"):
    def answer(X, y, folds):
        scores = []
        for fold in np.unique(folds):
            rest, out = folds != fold, folds == fold
            scaled = scale(X, rest, out)
            parts = {"rest": rest, "held out": out}
            known, asked = parts[learn_from], parts[score_on]
            answers = _nearest(scaled[known], y[known], scaled[asked])
            scores.append((answers == y[asked]).mean())
        return scores

    return answer


def _scaled_by(rows_of):
    def scale(X, rest, out):
        rows = rows_of(X, rest, out)
        return (X - rows.mean(axis=0)) / rows.std(axis=0)

    return scale


def _each_by_itself(X, rest, out):
    scaled = X.copy()
    for rows in (rest, out):
        scaled[rows] = (X[rows] - X[rows].mean(axis=0)) / X[rows].std(axis=0)
    return scaled


_by_all, _by_rest = _scaled_by(lambda X, r, o: X), _scaled_by(lambda X, r, o: X[r])

CROSS_VALIDATE = (
    Mistake(
        "the scaler has still seen the held-out rows: take mean and spread of the "
        "training rows, within the loop.",
        _validated(_by_all),
    ),
    Mistake(
        "rows are asked about that the classifier knows by heart: ask it about the "
        "held-out rows, and let neither `nearest` nor the scaler know those.",
        _validated(_by_rest, score_on="rest"),
    ),
    Mistake(
        "nothing is scaled: the column with the largest numbers decides alone.",
        _validated(lambda X, rest, out: X),
    ),
    Mistake(
        "the held-out rows are scaled by their own mean and spread: in use there may "
        "be one sentence only. Use the numbers of the training rows.",
        _validated(_each_by_itself),
    ),
    Mistake(
        "the mean of the scores comes back: one score for each fold is asked for.",
        lambda *given: float(np.mean(_validated(_by_rest)(*given))),
    ),
    Mistake(
        "the parts are exchanged: learn from the other folds, score this one.",
        _validated(
            _scaled_by(lambda X, r, o: X[o]), score_on="rest", learn_from="held out"
        ),
    ),
)
