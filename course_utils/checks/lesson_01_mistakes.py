"""Plausible wrong answers of lesson 01, exercises 1.1 to 1.5: attention and masks."""

import math

import torch

from course_utils.checks.exercise import Mistake

# --- 1.1 effective_tokens ------------------------------------------------------------

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
        lambda weights: torch.exp(
            -torch.xlogy(weights, weights).sum(dim=-1) / math.log(2)
        ),
    ),
    Mistake(
        "a mean is taken where the formula has a sum.",
        lambda weights: torch.exp(-torch.xlogy(weights, weights).mean(dim=-1)),
    ),
    Mistake(
        "all weights above 0 are counted alike: a weight of 0.01 is no whole token.",
        lambda weights: (weights > 0).sum(dim=-1).float(),
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

# --- 1.4 window_mask -----------------------------------------------------------------


def _steps(T):
    return torch.arange(T) - torch.arange(T)[:, None]


WINDOW_MASK = (
    Mistake(
        "one place too few on each side: a distance equal to reach still counts (<=).",
        lambda T, reach: _steps(T).abs() < reach,
    ),
    Mistake(
        "only earlier places: a window has two sides. Take the distance without its "
        "sign, abs().",
        lambda T, reach: (_steps(T) <= 0) & (_steps(T) >= -reach),
    ),
    Mistake(
        "everything before is allowed: a distance of -5 is far, too. abs() is missing.",
        lambda T, reach: _steps(T) <= reach,
    ),
    Mistake(
        "everything after is allowed: a distance of -5 is far, too. abs() is missing.",
        lambda T, reach: -_steps(T) <= reach,
    ),
    Mistake(
        "the mask is inverted: True marks what may be looked at.",
        lambda T, reach: _steps(T).abs() > reach,
    ),
    Mistake(
        "the place itself is left out: distance 0 belongs to the window.",
        lambda T, reach: (_steps(T).abs() <= reach) & (_steps(T) != 0),
    ),
    Mistake(
        "reach is taken for the width of the window: it counts to each side.",
        lambda T, reach: _steps(T).abs() <= reach // 2,
    ),
)

# --- 1.5 packed_mask -----------------------------------------------------------------


def _packed(causal=True, own=True, padding="itself", before=0):
    def answer(texts):
        T = texts.shape[1]
        mask = torch.ones(len(texts), T, T, dtype=torch.bool)
        if own:
            mask = texts[:, :, None] == texts[:, None, :]  # (B, T, T)
        if causal:
            mask = mask & torch.ones(T, T).tril(-before).bool()
        if padding != "as a text":
            mask = mask & (texts != 0)[:, None, :]
        if padding == "itself":
            mask = mask | (torch.eye(T).bool() & (texts == 0)[:, None, :])
        return mask[:, None]

    return answer


def _sees(pairs):
    """Return a sign: the mask is True at one of these pairs of (query, key)."""

    def sign(received, expected, texts):
        query, key = texts[:, None, :, None], texts[:, None, None, :]
        place = torch.arange(texts.shape[1])
        return (received.bool() & pairs(query, key, place[:, None], place)).any()

    return sign


def _empty_row(received, expected, texts):
    return not received.bool().any(dim=-1).all()


PACKED_MASK = (
    Mistake(
        "the texts look at each other: compare the number of the text that looks with "
        "the number of the text looked at.",
        _packed(own=False),
        _sees(lambda q, k, t, s: (q != k) & (q != 0) & (k != 0)),
    ),
    Mistake(
        "tokens see later tokens of their text: the causal mask is missing.",
        _packed(causal=False),
        _sees(lambda q, k, t, s: s > t),
    ),
    Mistake(
        "padding is taken for a text with the number 0: a padded place may look only "
        "at itself.",
        _packed(padding="as a text"),
        _sees(lambda q, k, t, s: (q == 0) & (s != t)),
    ),
    Mistake(
        "the row of a padded place is empty, and a softmax over nothing is nan: let it "
        "look at itself.",
        _packed(padding="empty"),
        _empty_row,
    ),
    Mistake(
        "a token may look at itself, too: tril(), not tril(-1).",
        _packed(before=1),
    ),
    Mistake(
        "the axis of the heads is missing: (B, T, T) must become (B, 1, T, T).",
        lambda texts: _packed()(texts)[:, 0],
    ),
    Mistake(
        "the mask is inverted: True marks what may be looked at.",
        lambda texts: ~_packed()(texts),
    ),
    Mistake(
        "rows and columns are exchanged: the token that looks is the row.",
        lambda texts: _packed()(texts).transpose(-2, -1),
    ),
)
