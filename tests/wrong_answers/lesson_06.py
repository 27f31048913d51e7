"""Wrong answers to the exercises of lesson 06, and what the student must be told."""

import re
import string
from math import comb

import numpy as np
from scipy import stats
from scipy.special import log_softmax, softmax
from sklearn.metrics import f1_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

# --- 6.1 -----------------------------------------------------------------------------


def recall_of_all(matrix):
    return np.diag(matrix).sum() / matrix.sum()


def recalls_with_empty_classes(matrix):
    return (matrix.diagonal() / matrix.sum(axis=1).clip(min=1)).mean()


def recalls_with_nan(matrix):
    with np.errstate(invalid="ignore"):
        return np.mean(matrix.diagonal() / matrix.sum(axis=1))


def precisions(matrix):
    total = matrix.sum(axis=0)
    return (matrix.diagonal()[total > 0] / total[total > 0]).mean()


def macro_f1(matrix):
    true = np.repeat(np.arange(len(matrix)), matrix.sum(axis=1))
    answers = np.concatenate([np.repeat(np.arange(len(row)), row) for row in matrix])
    labels = range(len(matrix))
    return f1_score(true, answers, labels=labels, average="macro", zero_division=0)


def recalls_not_averaged(matrix):
    there = matrix.sum(axis=1) > 0
    return matrix.diagonal()[there] / matrix[there].sum(axis=1)


# --- 6.2 -----------------------------------------------------------------------------


def folds_by_place(labels, folds):
    return [place % folds for place in range(len(labels))]


def folds_dealt_on(labels, folds):
    dealt = {}
    for number, place in enumerate(sorted(range(len(labels)), key=lambda i: labels[i])):
        dealt[place] = number % folds
    return [dealt[place] for place in range(len(labels))]


def folds_in_blocks(labels, folds):
    return np.repeat(np.arange(folds), -(-len(labels) // folds))[: len(labels)]


def folds_from_one(labels, folds):
    seen = np.zeros(3, int)
    dealt = []
    for label in labels:
        dealt.append(1 + seen[label] % folds)
        seen[label] += 1
    return dealt


def folds_as_groups(labels, folds):
    groups = [[] for _ in range(folds)]
    for label in np.unique(labels):
        for number, place in enumerate(np.flatnonzero(labels == label)):
            groups[number % folds].append(place)
    return groups


def folds_at_random(labels, folds):
    return np.random.permutation(np.arange(len(labels)) % folds)


def folds_for_two_classes(labels, folds):
    dealt = np.zeros(len(labels), int)
    for label in (0, 1):
        dealt[labels == label] = np.arange((labels == label).sum()) % folds
    return dealt


# --- 6.3 -----------------------------------------------------------------------------


def twins_by(bare):
    def answer(train, test):
        there = [bare(text) for text in train]
        return [i for i in range(len(test)) if bare(test[i]) in there]

    return answer


def whole(text):
    return re.sub(r"[^\w]|_", "", text.casefold())


def twins_inside(train, test):
    return [i for i, t in enumerate(test) if any(whole(t) in whole(o) for o in train)]


def twins_as_texts(train, test):
    return [t for t in test if whole(t) in {whole(o) for o in train}]


def twins_of_train(train, test):
    return [i for i, t in enumerate(train) if whole(t) in {whole(o) for o in test}]


def twins_counted(train, test):
    return sum(whole(t) in {whole(o) for o in train} for t in test)


# --- 6.4 -----------------------------------------------------------------------------


def neighbours(X, y, folds, scaled, score_train=False):
    scores = []
    for fold in np.unique(folds):
        rest, out = folds != fold, folds == fold
        known, asked = scaled(X, rest, out)
        model = KNeighborsClassifier(1).fit(known, y[rest])
        if score_train:
            scores.append(model.score(known, y[rest]))
        else:
            scores.append(model.score(asked, y[out]))
    return scores


def by_all(X, rest, out):
    X = StandardScaler().fit_transform(X)
    return X[rest], X[out]


def by_rest(X, rest, out):
    scaler = StandardScaler().fit(X[rest])
    return scaler.transform(X[rest]), scaler.transform(X[out])


def each_alone(X, rest, out):
    return [StandardScaler().fit_transform(X[rows]) for rows in (rest, out)]


def held_out_rows_in_the_scaler(X, y, folds):
    return neighbours(X, y, folds, by_all)


def evaluation_on_training_data(X, y, folds):
    return neighbours(X, y, folds, by_rest, score_train=True)


def validated_in_place(X, y, folds):
    right = neighbours(X, y, folds, by_rest)
    X -= X.mean(axis=0)
    return right


def validated_mean(X, y, folds):
    return float(np.mean(neighbours(X, y, folds, by_rest)))


# --- 6.5 -----------------------------------------------------------------------------


def precision_at(true, probability, threshold):
    named = true[probability >= threshold]
    return named.mean() if len(named) else 0.0


def threshold_above(true, probability, wanted):
    for t in sorted(probability):
        named = true[probability > t]
        if len(named) and named.mean() >= wanted:
            return t
    return float("inf")


def threshold_highest(true, probability, wanted):
    fits = [t for t in probability if precision_at(true, probability, t) >= wanted]
    return max(fits) if fits else np.inf


def threshold_given_up(true, probability, wanted):
    best = np.inf
    for t in np.unique(probability)[::-1]:
        if precision_at(true, probability, t) < wanted:
            return best
        best = t
    return best


def threshold_one_by_one(true, probability, wanted):
    best, hits = np.inf, 0
    for count, i in enumerate(np.argsort(-probability, kind="stable"), 1):
        hits += true[i]
        if hits / count >= wanted:
            best = probability[i]
    return best


def threshold_by_recall(true, probability, wanted):
    for t in np.unique(probability):
        if true.sum() and true[probability >= t].sum() / true.sum() >= wanted:
            return t
    return np.inf


def threshold_none(true, probability, wanted):
    for t in np.unique(probability):
        if precision_at(true, probability, t) >= wanted:
            return t
    return None


def threshold_sorting_in_place(true, probability, wanted):
    order = np.argsort(probability)
    result = min(
        (t for t in probability if precision_at(true, probability, t) >= wanted),
        default=np.inf,
    )
    probability[:] = probability[order]
    return result


# --- 6.6 -----------------------------------------------------------------------------


def p_of(counted):
    def answer(right_a, right_b):
        a, b = (right_a & ~right_b).sum(), (right_b & ~right_a).sum()
        return counted(int(a), int(b), len(right_a))

    return answer


def tail(k, n):
    return sum(comb(n, i) for i in range(k + 1)) / 2**n


def p_unpaired(right_a, right_b):
    counts = [[r.sum(), (~r).sum()] for r in (right_a, right_b)]
    return stats.fisher_exact(counts).pvalue


def p_of_a(right_a, right_b):
    only_a, only_b = (right_a & ~right_b).sum(), (right_b & ~right_a).sum()
    return min(1.0, 2 * tail(int(only_a), int(only_a + only_b)))


# --- 6.7 -----------------------------------------------------------------------------


def on_grid(loss, highest=10):
    grid = np.linspace(0.1, highest, 400)

    def answer(logits, labels):
        return grid[int(np.argmin([loss(logits, labels, t) for t in grid]))]

    return answer


def log_loss(z, labels):
    return -log_softmax(z, axis=1)[range(len(labels)), labels].mean()


def wrong_answers(logits, labels, t):
    return ((logits / t).argmax(axis=1) != labels).mean()


def brier(logits, labels, t):
    p = softmax(logits / t, axis=1)
    return np.square(p - np.eye(p.shape[1])[labels]).mean()


def of_the_first_class(logits, labels, t):
    return -log_softmax(logits / t, axis=1)[:, 0].mean()


def over_the_batch(logits, labels, t):
    return -log_softmax(logits / t, axis=0)[range(len(labels)), labels].mean()


# --- met later -----------------------------------------------------------------------


def without_ascii_punctuation(text):
    return "".join(re.findall(f"[^{re.escape(string.punctuation)}\\s]", text.lower()))


WRONG = {
    "6.1": [
        (recall_of_all, "the plain accuracy"),
        (recalls_with_empty_classes, "counts as 0"),
        (recalls_with_nan, "leave it out"),
        (precisions, "the mean precision"),
        (macro_f1, "this is macro F1"),
        (recalls_not_averaged, "the recall of each class"),
    ],
    "6.2": [
        (folds_by_place, "the labels are ignored"),
        (folds_dealt_on, "begin at fold 0 for each"),
        (folds_in_blocks, "cut into blocks"),
        (folds_from_one, "numbered from 1"),
        (folds_as_groups, "the places of each fold"),
        (folds_at_random, "when the function is called again"),
        (folds_for_two_classes, "only the classes 0 and 1"),
    ],
    "6.3": [
        (twins_by(lambda text: text), "only identical texts"),
        (
            twins_by(lambda text: "".join(text.lower().split())),
            "punctuation still tell",
        ),
        (twins_by(lambda text: re.sub("[^a-z0-9]", "", text.lower())), "is a letter"),
        (twins_by(lambda text: re.sub(r"[\W_]+", "", text)), "case still tells"),
        (twins_inside, "part of a longer one"),
        (twins_as_texts, "the texts come back"),
        (twins_of_train, "positions in `train`"),
        (twins_counted, "an int came back, expected a list"),
        (twins_by(without_ascii_punctuation), "beyond ASCII"),
    ],
    "6.4": [
        (lambda *a: neighbours(*a, by_all, True), "by heart"),
        (held_out_rows_in_the_scaler, "the scaler has still seen the held-out rows"),
        (evaluation_on_training_data, "rows are asked about that the classifier knows"),
        (lambda *a: neighbours(*a, each_alone), "own mean and spread"),
        (
            lambda *a: neighbours(*a, lambda X, rest, out: (X[rest], X[out])),
            "nothing is scaled",
        ),
        (validated_in_place, "changes its argument in place (X)"),
        (validated_mean, "the mean of the scores"),
    ],
    "6.5": [
        (threshold_above, "are left out"),
        (threshold_highest, "the highest threshold"),
        (threshold_given_up, "stops at the first threshold that fails"),
        (threshold_one_by_one, "were counted one by one"),
        (threshold_by_recall, "this is recall"),
        (threshold_none, "None comes back"),
        (threshold_sorting_in_place, "changes its argument in place (probability)"),
    ],
    "6.6": [
        (p_of(lambda a, b, N: tail(min(a, b), a + b)), "one side only"),
        (p_of(lambda a, b, N: 2 * tail(min(a, b), a + b)), "a probability above 1"),
        (p_of(lambda a, b, N: min(1, 2 * tail(min(a, b), N))), "all sentences"),
        (
            p_of(lambda a, b, N: stats.chi2.sf((a - b) ** 2 / (a + b or 1), df=1)),
            "the chi-square approximation",
        ),
        (
            p_of(lambda a, b, N: min(1, 2 * comb(a + b, min(a, b)) / 2 ** (a + b))),
            "exactly this split",
        ),
        (p_of_a, "the count of a is taken"),
        (p_unpaired, "this is Fisher's test"),
    ],
    "6.7": [
        (on_grid(lambda z, y, t: log_loss(z * t, y)), "this is 1 / T"),
        (on_grid(lambda z, y, t: log_loss(softmax(z, axis=1) / t, y)), "taken twice"),
        (on_grid(wrong_answers), "Is the accuracy searched"),
        (on_grid(brier), "Brier"),
        (on_grid(of_the_first_class), "first class only"),
        (on_grid(over_the_batch), "the softmax runs over the batch"),
        (
            on_grid(lambda z, y, t: log_loss(z / t, y), highest=1),
            "no T above 1",
        ),
    ],
}
