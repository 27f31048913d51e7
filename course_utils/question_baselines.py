"""What the question alone betrays: a classifier that does not read the passage."""

import re
from collections import Counter, defaultdict
from itertools import pairwise
from math import log

import numpy as np
import pandas as pd

TASKS = {  # name: (which questions count, the label)
    "has it an answer?": (lambda q: True, lambda q: q["start"] >= 0),
    "in which sentence?": (lambda q: q["start"] >= 0, lambda q: q["sentence"]),
}


def blind_scores(train, test):
    """Return a DataFrame: accuracy with the question only, and of the commonest label.

    train, test: lists of dicts, as of `make_questions`. One row for each of two tasks:
    whether the passage has an answer, and in which of its sentences the answer is.
    """
    table = {}
    for name, (counts, label) in TASKS.items():
        sets = [[q for q in questions if counts(q)] for questions in (train, test)]
        (texts, asked) = ([q["question"] for q in questions] for questions in sets)
        (y, true) = ([label(q) for q in questions] for questions in sets)
        classify = naive_bayes(texts, y)
        commonest = Counter(y).most_common(1)[0][0]
        table[name] = {
            "question only": np.mean(
                [classify(x) == t for x, t in zip(asked, true, strict=True)]
            ),
            "the commonest": np.mean([commonest == t for t in true]),
        }
    return pd.DataFrame(table).T


def naive_bayes(texts, labels):
    """Return a function from a text to its likeliest label, by words and word pairs.

    Naive Bayes with one added to every count.
    """
    counts, seen = defaultdict(Counter), Counter(labels)
    for text, label in zip(texts, labels, strict=True):
        counts[label].update(features(text))
    known = len(set().union(*counts.values()))
    totals = {label: counts[label].total() + known for label in seen}

    def classify(text):
        def score(label):
            hits = (log((counts[label][f] + 1) / totals[label]) for f in features(text))
            return log(seen[label]) + sum(hits)

        return max(seen, key=score)

    return classify


def features(text):
    """Return the words and word pairs of a text."""
    words = re.findall(r"\w+", text.lower())
    return words + list(pairwise(words))
