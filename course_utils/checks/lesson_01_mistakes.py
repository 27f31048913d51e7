"""Plausible wrong answers of lesson 01, exercises 1.1 to 1.3: attention."""

import math

import torch

from course_utils.checks.exercise import Mistake

# --- 1.1 effective_tokens ------------------------------------------------------------


def _powered(base, log):
    """Return base ** entropy, the entropy taken with this logarithm."""

    def answer(weights):
        entropy = torch.where(weights > 0, -weights * log(weights), 0.0).sum(dim=-1)
        return base**entropy

    return answer


def _raised(weights):
    weights = weights.clamp(min=0.01)
    return torch.exp(-(weights * weights.log()).sum(dim=-1))


def _a_little_more_beside_0(received, expected, weights):
    """Return whether only rows with a weight of 0 are wrong, by a small excess."""
    holds_0 = (weights == 0).any(dim=-1)
    if received.shape != expected.shape or not holds_0.any():
        return False
    more = received - expected
    return ((more > 1e-5) == holds_0).all() and more.max() < 0.3


EFFECTIVE_TOKENS = (
    Mistake(
        "a weight of 0 gives 0 * log(0) = 0 * -inf = nan. It should add nothing: "
        "torch.xlogy(w, w) is 0 there.",
        lambda weights: torch.exp(-(weights * weights.log()).sum(dim=-1)),
    ),
    Mistake(
        "this is the entropy itself: exp turns it into a number of tokens.",
        lambda weights: -torch.xlogy(weights, weights).sum(dim=-1),
    ),
    Mistake(
        "the minus is missing: logarithms of weights are negative, so this is 1 / n.",
        lambda weights: torch.xlogy(weights, weights).sum(dim=-1).exp(),
    ),
    Mistake(
        "the sum runs over the tokens that look (T). A row's weights lie on the last "
        "axis (S).",
        lambda weights: torch.exp(-torch.xlogy(weights, weights).sum(dim=-2)),
    ),
    Mistake(
        "two bases are mixed: with log2 it must be 2 ** entropy, with log it is exp.",
        _powered(math.e, torch.log2),
    ),
    Mistake(
        "two bases are mixed: torch.log has the base e, so it is exp(entropy), not 2 "
        "** entropy.",
        _powered(2, torch.log),
    ),
    Mistake(
        "a mean is taken where the formula has a sum.",
        lambda weights: torch.exp(-torch.xlogy(weights, weights).mean(dim=-1)),
    ),
    Mistake(
        "all weights above 0 are counted alike: a weight of 0.01 is no whole token.",
        lambda weights: (weights > 0).sum(dim=-1).float(),
    ),
    Mistake(
        "this is 1 / the largest weight: the entropy is a sum over all weights of a "
        "row.",
        lambda weights: 1 / weights.amax(dim=-1),
    ),
    Mistake(
        "this is 1 / the sum of the squares: another way to count. Here it is the exp "
        "of the entropy.",
        lambda weights: 1 / (weights**2).sum(dim=-1),
    ),
    Mistake(
        "weights of 0 are raised to a small number, and then they add something. They "
        "must add nothing: torch.xlogy(w, w) is 0 there.",
        _raised,
        _a_little_more_beside_0,
    ),
    Mistake(
        "one number came back for all rows: sum over the last axis only, sum(dim=-1).",
        lambda weights: torch.xlogy(weights, weights).sum().neg().exp(),
    ),
)

# --- 1.2 attend ----------------------------------------------------------------------


def _attention(axis=-1, size=lambda q: q.shape[-1], fill=-math.inf, hide=None):
    def answer(query, key, value, mask):
        scores = query @ key.transpose(-2, -1) / math.sqrt(size(query))
        hidden = mask if hide == "inverted" else ~mask
        scores = scores.masked_fill(hidden, fill)
        return scores.softmax(dim=axis) @ value

    return answer


def _all_numbers(query):
    return query.shape[1] * query.shape[-1]


def _mask_after_softmax(query, key, value, mask):
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    return (scores.softmax(dim=-1) * mask) @ value


TWO_LEFT = "two of the three faults are still there: "
ATTEND = (
    Mistake(
        "this gives what the published function gives. While the softmax runs over the "
        "heads, mending the mask alone changes nothing: begin with the axis.",
        _attention(1, _all_numbers, 1e-9),
    ),
    Mistake(
        "the softmax still runs over the heads (axis 1): the keys are the last axis. "
        "Then look whether hidden scores are low enough.",
        _attention(1, fill=1e-9),
    ),
    Mistake(TWO_LEFT + "the axis and the divisor.", _attention(1, _all_numbers)),
    Mistake(
        TWO_LEFT + "the divisor and the hidden scores.",
        _attention(size=_all_numbers, fill=1e-9),
    ),
    Mistake(
        "the softmax runs over the heads (axis 1). Each query shares its weight among "
        "the keys, the last axis.",
        _attention(1),
    ),
    Mistake(
        "the divisor is still that of all heads together: a key of one head has "
        "K = query.shape[-1] numbers.",
        _attention(size=_all_numbers),
    ),
    Mistake(
        "hidden scores are still about 0. A score of 0 is not low: exp(0) = 1. They "
        "must be -inf.",
        _attention(fill=1e-9),
    ),
    Mistake(
        "the softmax runs over the queries (axis -2): the keys are the last axis.",
        _attention(-2),
    ),
    Mistake("the scale is missing: divide by sqrt(K).", _attention(size=lambda q: 1)),
    Mistake(
        "the scores are divided by K, not by its root.",
        _attention(size=lambda q: q.shape[-1] ** 2),
    ),
    Mistake(
        "the mask is inverted: True marks what may be looked at.",
        _attention(hide="inverted"),
    ),
    Mistake(
        "the mask has the wrong sign: +inf draws all the weight, and inf - inf is nan.",
        _attention(fill=math.inf),
    ),
    Mistake(
        "the mask is used after the softmax, so hidden keys take weight that is then "
        "lost: rows no longer sum to 1.",
        _mask_after_softmax,
    ),
)

# --- 1.3 head_contributions ----------------------------------------------------------


def _parts(cut):
    def answer(context, weight):
        A, K = context.shape[1], context.shape[3]
        return torch.stack(
            [context[:, a] @ cut(weight, a, A, K) for a in range(A)], dim=1
        )

    return answer


def _joined(context, weight):
    return context.transpose(1, 2).flatten(2) @ weight.T


HEAD_CONTRIBUTIONS = (
    Mistake(
        "rows of the weight are taken. It is (out, in): head a comes in by the columns "
        "a K to (a + 1) K.",
        _parts(lambda w, a, A, K: w[a * K : (a + 1) * K]),
    ),
    Mistake(
        "every A-th column is taken. The heads are joined one after the other: head a "
        "has the columns a K to (a + 1) K.",
        _parts(lambda w, a, A, K: w[:, a::A].T),
    ),
    Mistake(
        "every head uses the columns of head 0.",
        _parts(lambda w, a, A, K: w[:, :K].T),
    ),
    Mistake(
        "the heads are summed already: their axis (A) must stay.",
        _joined,
    ),
    Mistake(
        "each head gets an equal share of the whole: the parts differ.",
        lambda context, weight: (
            (_joined(context, weight) / context.shape[1])
            .unsqueeze(1)
            .expand(-1, context.shape[1], -1, -1)
        ),
    ),
    Mistake(
        "tokens come before heads: (B, A, T, D) is asked for.",
        lambda context, weight: _parts(lambda w, a, A, K: w[:, a * K : (a + 1) * K].T)(
            context, weight
        ).transpose(1, 2),
    ),
    Mistake(
        "each head has passed its own K rows only, the result has K numbers a token. A "
        "head adds to all D of them.",
        _parts(lambda w, a, A, K: w[a * K : (a + 1) * K, a * K : (a + 1) * K].T),
    ),
)
