"""Exact match and F1 of answers to questions, as in SQuAD.

Lesson 10 develops these functions; a test holds the notebook and this module to the
same code. They follow Rajpurkar et al. 2016, section 6.1.
"""

import re
import string
from collections import Counter

import numpy as np
import pandas as pd

from course_utils import score_checks
from course_utils.call_guard import guarded


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


def passage_interval(values, passages, draws=1000, seed=0):
    """Return (mean, low, high), 95 %: passages are drawn anew, with their questions.

    values: N float, a score of each question. passages: N, the passage of each: those
    on the same one are not independent.
    """
    groups = pd.Series(values).groupby(np.asarray(passages))
    sums, sizes = groups.sum().to_numpy(), groups.size().to_numpy()
    rng = np.random.default_rng(seed)
    rows = rng.integers(len(sums), size=(draws, len(sums)))
    means = sums[rows].sum(axis=1) / sizes[rows].sum(axis=1)
    return np.mean(values), *np.quantile(means, [0.025, 0.975])


exact_match = guarded(exact_match, score_checks.check_answers)
answer_f1 = guarded(answer_f1, score_checks.check_answers)
