"""What may not help: the hypothesis alone, the question alone, length, position."""

from collections import Counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from course_utils.newsroom import make_questions, make_statement_pairs

TRAIN, TEST = 3000, 1000


def baseline(features, labels):
    """Return the accuracy on the last TEST rows, trained on the others."""
    model = LogisticRegression(max_iter=1000).fit(features[:-TEST], labels[:-TEST])
    return model.score(features[-TEST:], labels[-TEST:])


def words(texts):
    """Return TF-IDF features of words and word pairs of the training rows."""
    vectorizer = TfidfVectorizer(ngram_range=(1, 2)).fit(texts[:-TEST])
    return vectorizer.transform(texts)


@pytest.fixture(scope="module", params=["train", "validation", "test"])
def pairs(request):
    return make_statement_pairs(TRAIN + TEST, split=request.param, seed=11)


@pytest.fixture(scope="module", params=["train", "validation", "test"])
def questions(request):
    return make_questions(TRAIN + TEST, split=request.param, seed=11, unanswerable=0.5)


def test_a_hypothesis_alone_does_not_tell_its_label(pairs):
    labels = [pair["label"] for pair in pairs]
    assert baseline(words([pair["hypothesis"] for pair in pairs]), labels) < 0.40


def test_length_does_not_tell_the_label(pairs):
    labels = [pair["label"] for pair in pairs]
    lengths = [
        [len(pair["premise"].split()), len(pair["hypothesis"].split())]
        for pair in pairs
    ]
    assert baseline(np.array(lengths), labels) < 0.43


def test_negation_is_as_frequent_in_each_label(pairs):
    counts = Counter()
    for pair in pairs:
        if {"not", "never", "no", "nobody"} & set(pair["hypothesis"].lower().split()):
            counts[pair["label"]] += 1
    spread = max(counts.values()) - min(counts.values())
    assert spread < 3.5 * max(counts.values()) ** 0.5, counts  # chance alone


def test_a_question_alone_does_not_tell_whether_it_is_answered(questions):
    answered = [q["start"] >= 0 for q in questions]
    assert baseline(words([q["question"] for q in questions]), answered) < 0.56


def test_a_question_alone_does_not_tell_the_sentence():
    questions = make_questions(TRAIN + TEST, seed=12, unanswerable=0)
    place = [q["sentence"] for q in questions]
    guessed = baseline(words([q["question"] for q in questions]), place)
    commonest = Counter(place[:-TEST]).most_common(1)[0][0]
    assert guessed < place[-TEST:].count(commonest) / TEST + 0.03


def test_the_answer_is_in_any_sentence_as_often():
    counts = {}
    for q in make_questions(6000, seed=13, unanswerable=0):
        counts.setdefault(q["sentences"], Counter())[q["sentence"]] += 1
    assert set(counts) == {2, 3, 4, 5, 6}
    for size, places in counts.items():
        shares = [places[i] / sum(places.values()) for i in range(size)]
        assert max(shares) - min(shares) < 0.09, (size, shares)
