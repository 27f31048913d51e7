"""Questions and predictions of lesson 05, with a sentence for each wrong choice."""

from functools import cache

import numpy as np

from course_utils.checks.exercise import Estimate, Question
from course_utils.embedding import embed


def _length_of_a_mean():
    """Draw four unit vectors at right angles and measure their mean."""
    square = np.random.default_rng(0).normal(size=(4, 4))
    corners, _ = np.linalg.qr(square)
    return float(np.linalg.norm(corners.mean(axis=0)))


@cache
def _nearest_sentence():
    """Embed the sentences; return the letter of the one nearest to the query."""
    sentences = {
        "a": "The movie beats the novel.",
        "b": "The film is good.",
        "c": "The book is better than the film.",
    }
    query = "The film is better than the book."
    options = {"normalize": True, "progress": False}
    first, *others = embed([query, *sentences.values()], **options)
    cosines = [float(first @ other) for other in others]
    return max(zip(cosines, sentences, strict=True))[1]


QUESTIONS = [
    Question(
        "5.q1",
        "b",
        {
            "a": "That is output[0][:, 0, :]. Here the index 0 stands on the first "
            "axis, and that is the batch.",
            "c": "The other layers are in output.hidden_states. output[0] is the last.",
            "d": "A single index takes one axis away, and two are left: T and D.",
        },
        "output[0] is (B, T, D); its item 0 is the first text, with a vector a token",
    ),
    Question(
        "5.q2",
        "a",
        {
            "b": "Count the random pairs above the threshold: they are more, too. The "
            "new finds are mostly no twins.",
            "c": "The cosine does not see lengths: it divides by both.",
        },
        "the vectors of layer 3 share more: compare with the cosines of random pairs "
        "of that layer",
    ),
    Question(
        "5.q3",
        "c",
        {
            "a": "It could be so. But half on place 1 and half far behind give nearly "
            "the same mean.",
            "b": "It could be so. But all on place 2 give the same mean.",
        },
        "both give 0.5, or nearly. A mean hides the spread: look at the ranks, too",
    ),
    Question(
        "5.q4",
        "b",
        {
            "a": "The axes of the two models have nothing to do with each other: also "
            "a better query is a point on another map.",
            "c": "The shapes do fit, as D is the same. That is the danger: no error "
            "tells you.",
            "d": "Only vectors of one and the same model can be compared. The index "
            "must be computed anew.",
        },
        "each model has its own axes. A new model needs a new index",
    ),
    Estimate(
        "5.p1",
        _length_of_a_mean,
        "the sum has length 2, as 1 + 1 + 1 + 1 = 2 squared; a quarter of it is 0.5. "
        "This is why the mean of many different tokens is short",
        within=0.01,
        wrong={
            1: "The mean of unit vectors has length 1 only if all point the same way.",
            2: "That is the length of the sum. The mean is a quarter of it.",
            0.25: "That is each number of the mean, if the vectors are the axes. Its "
            "length is the root of four such squares.",
            0: "They would have to point in opposite directions.",
        },
        too_low="Squares of right-angled parts add up: how long is the sum?",
        too_high="The vectors differ, so their mean is shorter than each of them.",
    ),
    Question(
        "5.p2",
        _nearest_sentence,
        {
            "a": "It means the same, in other words. But the mean holds hardly any "
            "trace of who is better than whom, and the words count.",
            "b": "It shares the film and its praise, but neither book nor comparison.",
        },
        "the same words in another order: nearly the same mean, and the opposite "
        "meaning",
    ),
]
