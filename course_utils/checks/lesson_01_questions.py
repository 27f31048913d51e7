"""Questions and predictions of lesson 01, with a sentence for each wrong choice."""

import torch

from course_utils.checks.exercise import Estimate, Question


def _pairs_in_a_window():
    """Count the pairs of 8 tokens that are at most 2 places apart."""
    places = torch.arange(8)
    return int(((places - places[:, None]).abs() <= 2).sum())


def _softmax_of_nothing():
    """Hide every score of a row; return the choice that fits."""
    weights = torch.full((4,), -torch.inf).softmax(dim=-1)
    if weights.isnan().all():
        return "c"
    return "a" if (weights == 0).all() else "b"


QUESTIONS = [
    Estimate(
        "1.p1",
        _pairs_in_a_window,
        "8 on the diagonal, and twice 7 and 6 beside it",
        wrong={
            40: "Each token would have five places, but the first two and the last two "
            "tokens have no full window.",
            26: "The token itself is in its window, too.",
            21: "A window has two sides: places after the token count as well.",
            64: "That is every pair: full attention.",
            22: "That is a reach of 1: here two places to each side are seen.",
        },
        too_low="Count row by row: how many places does the first token see, how many "
        "the fourth?",
        too_high="Count row by row: how many places does the first token see? There is "
        "nothing to its left.",
    ),
    Question(
        "1.p2",
        _softmax_of_nothing,
        {
            "a": "A softmax divides by the sum of its exponentials. Here that sum is "
            "0, and 0 / 0 is not 0.",
            "b": "That is what a row of equal finite numbers gives, such as -1e9 "
            "everywhere. With -inf every exponential is 0, and 0 / 0 remains.",
        },
        "all exponentials are 0, and 0 / 0 is nan. One such row spoils the loss",
    ),
    Question(
        "1.q1",
        "c",
        {
            "a": "A softmax does not change when a number is *added* to all scores. "
            "Multiplying them is another thing: it sharpens the weights.",
            "b": "The scores get larger, not smaller, and large scores make weights "
            "uneven.",
            "d": "-inf comes from a mask only. A dot product of finite vectors is "
            "finite.",
        },
        "the scores deviate by 8 instead of 1: almost one-hot weights, slopes near 0",
    ),
    Question(
        "1.q2",
        "b",
        {
            "a": "Both are bool masks of the same shape: torch cannot know which way "
            "round you mean yours.",
            "c": "`F.scaled_dot_product_attention` reads True as *may look*. "
            "`nn.MultiheadAttention` reads it as *may not*.",
            "d": "True and False are exchanged, none is lost: the other half of the "
            "pairs is hidden.",
        },
        "True means hidden there: each position sees what comes, the last sees nothing",
    ),
    Question(
        "1.q3",
        "d",
        {
            "a": "Each vector then passes the same layers; shuffled input gives "
            "shuffled output, as the permutation test shows.",
            "b": "It works on each token alone and sees no other token at all.",
            "c": "Its context is a weighted sum over the memory, and a sum does not "
            "depend on the order.",
        },
        "the n-th token sees n tokens: the mask itself tells the order",
    ),
    Question(
        "1.q4",
        "a",
        {
            "b": "4 tokens look and 7 are looked at: rows are queries, columns keys.",
            "c": "That is self-attention over what is written. Cross-attention looks "
            "at the source.",
            "d": "That is the encoder's self-attention. In cross-attention the "
            "decoder's tokens look.",
        },
        "queries from what is written (T = 4), keys and values from the source (S = 7)",
    ),
    Question(
        "1.q5",
        "b",
        {
            "a": "Only the kept beginnings grow. What was dropped is never looked at "
            "again.",
            "c": "With width 1 the two are the same; a wider beam keeps more.",
            "d": "It adds logarithms of probabilities and draws nothing: each run "
            "gives the same.",
        },
        "a dropped beginning might have had the best continuation",
    ),
]
