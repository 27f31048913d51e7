"""Exact match and F1 of answers to questions, as in SQuAD.

Lesson 10 develops these functions; a test holds the notebook and this module to the
same code. They follow Rajpurkar et al. 2016, section 6.1.
"""

import re
import string
from collections import Counter

import numpy as np


def normalize_answer(text):
    """Return the text without capitals, punctuation, articles and extra spaces."""
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def exact_match(predicted, accepted):
    """Return 1.0 where a normalised answer is one of the accepted ones, else 0.0.

    predicted: str, "" for no answer. accepted: list of str, [] where there is none.
    """
    accepted = [normalize_answer(text) for text in accepted] or [""]
    return float(normalize_answer(predicted) in accepted)


def answer_f1(predicted, accepted):
    """Return the F1 of the words, float from 0 to 1; the best over accepted answers.

    predicted: str, "" for no answer. accepted: list of str, [] where there is none.
    """
    best, given = 0.0, normalize_answer(predicted).split()
    for text in accepted or [""]:
        wanted = normalize_answer(text).split()
        if not given or not wanted:
            best = max(best, float(given == wanted))
            continue
        shared = sum((Counter(given) & Counter(wanted)).values())
        best = max(best, 2 * shared / (len(given) + len(wanted)))
    return best


def score_answers(predicted, accepted):
    """Return (exact, f1): (N,) float each, for N predictions.

    predicted: N str. accepted: N lists of str. Raises ValueError where the numbers
    differ or an accepted answer is a str, which would be read letter by letter.
    """
    if len(predicted) != len(accepted):
        raise ValueError(
            f"{len(predicted)} answers are given and {len(accepted)} expected: one "
            "list of accepted answers belongs to each"
        )
    if any(isinstance(texts, str) for texts in accepted):
        raise ValueError(
            "accepted holds a str, expected a list of str for each question: "
            'try ["Paris"] in place of "Paris"'
        )
    pairs = list(zip(predicted, accepted, strict=True))
    exact = np.array([exact_match(*pair) for pair in pairs])
    return exact, np.array([answer_f1(*pair) for pair in pairs])
