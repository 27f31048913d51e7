"""Frozen BERT features against TF-IDF with 500 labels, on the test split, in pairs.

Ten disjoint training sets of 500 reviews; settings of both sides are chosen by
cross-validation on 500 others. Also with the last layer, which nobody chose.
"""

import numpy as np
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import bootstrap_difference, layer_features, load_reviews, progress

LABELS, SETS = 500, 10
HEADER = (
    "500 labels, test split",
    "accuracy",
    "minus TF-IDF",
    "95 % interval",
)


def candidates(texts, by_layer):
    """Return {name: (inputs, pipeline, grid)} for TF-IDF and two layers of BERT."""
    classify = ("classify", LogisticRegression(max_iter=2000))
    tfidf = Pipeline([("tfidf", TfidfVectorizer()), classify])
    tfidf_grid = {"tfidf__ngram_range": [(1, 1), (1, 2)], "classify__C": [3, 30]}
    scaled = Pipeline([("scale", StandardScaler()), classify])
    grid = {"classify__C": [0.001, 0.003, 0.01, 0.03]}
    return {
        "TF-IDF + logistic regression": (texts, tfidf, tfidf_grid),
        "BERT, masked mean, last layer": (by_layer[-1], scaled, grid),
        "BERT, masked mean, last but one": (by_layer[-2], scaled, grid),
    }


def rows():
    """Return the table's rows, in HEADER's order."""
    reviews = load_reviews()
    train = reviews[reviews["split"] == "train"]
    train = train.sample((SETS + 1) * LABELS, random_state=0)
    test = reviews[reviews["split"] == "test"]
    texts = np.array([*train["text"], *test["text"]])
    y, y_test = train["label"].to_numpy(), test["label"].to_numpy()
    by_layer = layer_features(texts.tolist(), ("mean",), precision="auto")["mean"]
    sets = np.split(np.arange(len(train)), SETS + 1)
    right = {}
    ways = candidates(texts, by_layer)
    for name, (inputs, pipeline, grid) in progress(ways.items(), "Fitting"):
        search = GridSearchCV(pipeline, grid, cv=3).fit(inputs[sets[0]], y[sets[0]])
        fitted = [
            clone(search.best_estimator_).fit(inputs[one], y[one]) for one in sets[1:]
        ]
        answers = [classifier.predict(inputs[len(train) :]) for classifier in fitted]
        right[name] = np.array(answers) == y_test  # (J, N)
    baseline = next(iter(right.values()))
    table = []
    for name, hits in right.items():
        mean, low, high = bootstrap_difference(hits, baseline)
        interval = "" if hits is baseline else f"{low:.3f} to {high:.3f}"
        table.append((name, f"{hits.mean():.3f}", f"{mean:.3f}", interval))
    return table


if __name__ == "__main__":
    for row in rows():
        print(*row, sep=" | ")
