"""What the question alone betrays: classifiers that do not read the passage."""

from collections import Counter

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

TASKS = {  # name: (which questions count, the label)
    "has it an answer?": (lambda q: True, lambda q: q["start"] >= 0),
    "in which sentence?": (lambda q: q["start"] >= 0, lambda q: q["sentence"]),
}


def blind_scores(train, test):
    """Return a DataFrame: accuracy with the question only, and of the commonest label.

    train, test: lists of dicts, as of `make_questions`. Words and word pairs (TF-IDF)
    go into logistic regression. One row for each of two tasks: whether the passage has
    an answer, and in which of its sentences the answer is.
    """
    table = {}
    for name, (counts, label) in TASKS.items():
        sets = [[q for q in questions if counts(q)] for questions in (train, test)]
        (texts, asked) = ([q["question"] for q in questions] for questions in sets)
        (y, true) = ([label(q) for q in questions] for questions in sets)
        words = TfidfVectorizer(ngram_range=(1, 2))
        classifier = make_pipeline(words, LogisticRegression(max_iter=1000))
        commonest = Counter(y).most_common(1)[0][0]
        table[name] = {
            "question only": classifier.fit(texts, y).score(asked, true),
            "the commonest": np.mean([one == commonest for one in true]),
        }
    return pd.DataFrame(table).T
