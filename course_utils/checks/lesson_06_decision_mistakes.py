"""Plausible wrong answers to the exercises 6.5 to 6.7, each with its cause."""

import numpy as np
from scipy import special, stats

from course_utils.checks.exercise import Mistake

# --- 6.5 threshold_for ---------------------------------------------------------------


def _precisions(true, probability, above=np.greater_equal):
    """Return (threshold, precision) pairs, the thresholds upwards."""
    pairs = []
    for t in np.unique(probability):
        named = true[above(probability, t)]
        pairs.append((t, named.mean() if len(named) else 0.0))
    return pairs


def _first_from_above(true, probability, wanted):
    found = np.inf
    for t, precision in reversed(_precisions(true, probability)):
        if precision < wanted:
            break
        found = t
    return found


def _row_by_row(true, probability, wanted):
    order = np.argsort(-probability, kind="stable")
    precision = np.cumsum(true[order]) / np.arange(1, len(order) + 1)
    fits = np.flatnonzero(precision >= wanted)
    return probability[order][fits[-1]] if len(fits) else np.inf


def _lowest(shares):
    return lambda true, probability, wanted: min(
        (t for t, share in shares(true, probability) if share >= wanted), default=np.inf
    )


def _recalls(true, probability):
    found = [(t, true[probability >= t].sum()) for t in np.unique(probability)]
    return [(t, count / max(true.sum(), 1)) for t, count in found]


def _accuracies(true, probability):
    thresholds = np.unique(probability)
    return [(t, ((probability >= t) == true).mean()) for t in thresholds]


THRESHOLD_FOR = (
    Mistake(
        "sentences with p equal to the threshold are left out: count p >= threshold.",
        _lowest(lambda true, p: _precisions(true, p, np.greater)),
    ),
    Mistake(
        "this is the highest threshold that fits: the lowest keeps more sentences.",
        lambda true, p, wanted: max(
            (t for t, share in _precisions(true, p) if share >= wanted), default=np.inf
        ),
    ),
    Mistake(
        "the search stops at the first threshold that fails, but precision goes up "
        "and down: look at all thresholds.",
        _first_from_above,
    ),
    Mistake(
        "sentences with the same p were counted one by one: a threshold takes all of "
        "them or none.",
        _row_by_row,
    ),
    Mistake(
        "this is recall, the share of the positives that is found. Precision is the "
        "share of the sentences above the threshold that is positive.",
        _lowest(_recalls),
    ),
    Mistake("this is accuracy: rows below the threshold do not count.",
            _lowest(_accuracies)),
    Mistake(
        "a precision equal to the wanted one is enough: >=, not >.",
        lambda true, p, wanted: min(
            (t for t, share in _precisions(true, p) if share > wanted), default=np.inf
        ),
    ),
    Mistake(
        "where no threshold is good enough, the highest comes back: return np.inf.",
        lambda true, p, wanted: min(
            (t for t, share in _precisions(true, p) if share >= wanted),
            default=p.max(),
        ),
    ),
    Mistake(
        "None comes back where no threshold is good enough: return np.inf.",
        lambda true, p, wanted: min(
            (t for t, share in _precisions(true, p) if share >= wanted), default=None
        ),
        lambda received, expected, *_: received is None and expected == np.inf,
    ),
)  # fmt: skip

# --- 6.6 mcnemar ---------------------------------------------------------------------


def _tail(k, n):
    return stats.binom.cdf(k, n, 0.5)


def _of_counts(p):
    """p: (only a is right, only b, both, neither) to a number."""
    return lambda a, b: p(
        (a & ~b).sum(), (b & ~a).sum(), (a & b).sum(), (~a & ~b).sum()
    )


def _chi_square(a, b, both, none):
    return stats.chi2.sf((a - b) ** 2 / max(a + b, 1), 1)


def _corrected_chi_square(a, b, both, none):
    return stats.chi2.sf(max(abs(int(a) - int(b)) - 1, 0) ** 2 / max(a + b, 1), 1)


MCNEMAR = (
    Mistake(
        "one side only: a lead of b is as surprising as a lead of a. Take it twice.",
        _of_counts(lambda a, b, both, none: _tail(min(a, b), a + b)),
    ),
    Mistake(
        "a probability above 1: where both sides are equal, the middle is counted "
        "twice. min(1, ...).",
        _of_counts(lambda a, b, both, none: 2 * _tail(min(a, b), a + b)),
    ),
    Mistake(
        "all sentences are counted: those with the same answer say nothing. n is the "
        "number of sentences that only one classifier has right.",
        _of_counts(
            lambda a, b, both, none: min(1, 2 * _tail(min(a, b), a + b + both + none))
        ),
    ),
    Mistake(
        "this is the chi-square approximation: the exact p is asked for.",
        _of_counts(_chi_square),
    ),
    Mistake(
        "this is the corrected chi-square approximation: the exact p is asked for.",
        _of_counts(_corrected_chi_square),
    ),
    Mistake(
        "this is the chance of exactly this split: add those of all that are further "
        "from the middle.",
        _of_counts(
            lambda a, b, both, none: min(1, 2 * stats.binom.pmf(min(a, b), a + b, 0.5))
        ),
    ),
    Mistake(
        "the right answers of each are compared, as if from different sentences: count "
        "those that only one of both has right.",
        lambda a, b: min(1, 2 * _tail(min(a.sum(), b.sum()), a.sum() + b.sum())),
    ),
    Mistake(
        "the larger side was taken: the surprise lies in how small the other one is.",
        _of_counts(lambda a, b, both, none: min(1, 2 * _tail(max(a, b), a + b))),
    ),
    Mistake(
        "the count of a is taken, even where it is the larger one: take the smaller of "
        "the two counts.",
        _of_counts(lambda a, b, both, none: min(1, 2 * _tail(a, a + b))),
    ),
    Mistake(
        "this is Fisher's test, for two sets of sentences. Both classifiers answered "
        "the same ones: count those that only one of them has right.",
        lambda a, b: stats.fisher_exact([[r.sum(), (~r).sum()] for r in (a, b)]).pvalue,
    ),
)

# --- 6.7 temperature -----------------------------------------------------------------

GRID = np.geomspace(0.1, 10, 200)[:, None, None]


def _best(loss, scale=lambda logits, t: logits / t):
    """Return the T of the grid whose loss is smallest; all are tried at once."""

    def answer(logits, labels):
        right = np.arange(logits.shape[1]) == labels[:, None]  # (N, C)
        losses = loss(scale(logits, GRID), right)  # (200, N, C)
        return float(GRID.flat[losses.sum(axis=(1, 2)).argmin()])

    return answer


def _log_loss(scaled, right):
    return -special.log_softmax(scaled, axis=-1) * right


def _brier(scaled, right):
    return (special.softmax(scaled, axis=-1) - right) ** 2


def _near(wrong):
    """The sign of a mistake: the number is near to its own, whatever the grid."""
    return lambda received, expected, logits, labels: (
        abs(received / wrong(logits, labels, expected) - 1) < 0.04
    )


def _sign(answer):
    return _near(lambda logits, labels, expected: answer(logits, labels))


_over_probabilities = _best(_log_loss, lambda z, t: special.softmax(z, axis=-1) / t)
_by_brier = _best(_brier)
_worst = _best(lambda scaled, right: -_log_loss(scaled, right))
_first_class = _best(
    lambda scaled, right: _log_loss(scaled, np.arange(right.shape[1]) == 0)
)

_over_the_batch = _best(
    lambda scaled, right: -special.log_softmax(scaled, axis=-2) * right
)

TEMPERATURE = (
    Mistake(
        "this is 1 / T: the logits are divided by T, not multiplied.",
        _best(_log_loss, lambda logits, t: logits * t),
        _near(lambda logits, labels, expected: 1 / expected),
    ),
    Mistake(
        "the softmax is taken twice: it is the logits that are divided by T.",
        _over_probabilities,
        _sign(_over_probabilities),
    ),
    Mistake(
        "the first T of the grid came back. Is the accuracy searched, which T does not "
        "move? Or the largest loss instead of the smallest?",
        _worst,
        lambda received, *_: abs(received - 0.1) < 0.005,
    ),
    Mistake(
        "this T has the lowest Brier score: the log loss is asked for.",
        _by_brier,
        _sign(_by_brier),
    ),
    Mistake(
        "the loss looks at the first class only: take column labels[i] in row i.",
        _first_class,
        _sign(_first_class),
    ),
    Mistake(
        "the softmax runs over the batch (axis 0): the classes of a sentence are the "
        "last axis.",
        _over_the_batch,
        _sign(_over_the_batch),
    ),
    Mistake(
        "T = 1 changes nothing: search for the T with the lowest loss.",
        lambda logits, labels: 1.0,
    ),
    Mistake(
        "no T above 1 is tried: too sure a classifier needs one.",
        lambda logits, labels: min(_best(_log_loss)(logits, labels), 1.0),
        lambda received, expected, *_: received <= 1.02 < expected,
    ),
)
