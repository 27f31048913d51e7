"""Plausible wrong answers of lesson 05, exercises 5.1, 5.2, 5.3 and 5.5: pooling."""

import torch

from course_utils.checks.exercise import Mistake

# --- 5.1 weighted_pool ---------------------------------------------------------------


def _weighted(above, below):
    """above: weights of the sum, below: the divisor; both (mask, weight) to tensors."""

    def answer(hidden, mask, weight):
        shares = above(mask, weight)  # (B, T)
        total = (hidden * shares.unsqueeze(-1)).sum(dim=1)  # (B, D)
        return total / below(mask, weight)

    return answer


def _real(mask, weight):
    return mask * weight


def _sum(x):
    return x.sum(dim=1, keepdim=True)


def _weighted_by_softmax(hidden, mask, weight):
    shares = weight.masked_fill(mask == 0, -torch.inf).softmax(dim=1)
    return (hidden * shares.unsqueeze(-1)).sum(dim=1)


def _weighted_over_texts(hidden, mask, weight):
    shares = (mask * weight).unsqueeze(-1)  # (B, T, 1)
    return (hidden * shares).sum(dim=0) / shares.sum(dim=0)


WEIGHTED_POOL = (
    Mistake(
        "padding takes part with its own weights: multiply the weights by the mask.",
        _weighted(lambda m, w: w, lambda m, w: _sum(w)),
    ),
    Mistake(
        "the weights of padding are in the divisor: the sum below the line must leave "
        "them out, too.",
        _weighted(_real, lambda m, w: _sum(w)),
    ),
    Mistake(
        "divided by the number of tokens: divide by the sum of their weights.",
        _weighted(_real, lambda m, w: _sum(m)),
    ),
    Mistake(
        "divided by T, padding and all: divide by the sum of the weights.",
        _weighted(_real, lambda m, w: m.shape[1]),
    ),
    Mistake(
        "not divided at all: a mean divides by the sum of the weights.",
        _weighted(_real, lambda m, w: 1),
    ),
    Mistake(
        "the weights are not used: this is the plain masked mean.",
        _weighted(lambda m, w: m, lambda m, w: _sum(m)),
    ),
    Mistake(
        "a softmax changes the weights. They are shares as soon as they are divided by "
        "their sum.",
        _weighted_by_softmax,
    ),
    Mistake(
        "the sum runs over the texts: the tokens are axis 1.", _weighted_over_texts
    ),
)

# --- 5.2 mix_layers ------------------------------------------------------------------


def _mix(shares):
    def answer(states, scores):
        parts = zip(shares(scores), states, strict=True)
        return sum(share * state for share, state in parts)

    return answer


def _mix_all_but_embeddings(states, scores):
    return _mix(lambda s: s.softmax(dim=0))(states[1:], scores[1:])


def _mix_by_the_numbers(states, scores):
    """Take the softmax after the product, over the hidden size."""
    stacked = torch.stack([s * x for s, x in zip(scores, states, strict=True)])
    return stacked.softmax(dim=-1).sum(dim=0)


MIX_LAYERS = (
    Mistake(
        "the scores are used as they are: a softmax makes shares of them.",
        _mix(lambda scores: scores),
    ),
    Mistake(
        "divided by the sum of the scores. It may be 0 or negative: take the softmax.",
        _mix(lambda scores: scores / scores.sum()),
    ),
    Mistake(
        "exp of the scores is not yet a share: divide by their sum, or use softmax.",
        _mix(lambda scores: scores.exp()),
    ),
    Mistake(
        "the plain mean of the layers: the scores are not used.",
        _mix(lambda scores: torch.full_like(scores, 1 / len(scores))),
    ),
    Mistake(
        "only the layer with the highest score is used.",
        _mix(lambda s: torch.nn.functional.one_hot(s.argmax(), len(s))),
    ),
    Mistake(
        "the layers are taken in reverse: scores[0] belongs to states[0].",
        _mix(lambda scores: scores.softmax(dim=0).flip(0)),
    ),
    Mistake(
        "state 0, the embeddings, is left out: there are L + 1 states.",
        _mix_all_but_embeddings,
    ),
    Mistake(
        "the layers are joined: their shares must be summed, the size stays D.",
        lambda states, scores: torch.cat(list(states), dim=-1),
        lambda received, expected, states, scores: (
            received.shape[-1] == len(states) * expected.shape[-1] > expected.shape[-1]
        ),
    ),
    Mistake(
        "the plain mean of the last four states: all of them take part, each with its "
        "share.",
        lambda states, scores: sum(states[-4:]) / len(states[-4:]),
    ),
    Mistake(
        "the softmax runs over the hidden size: it belongs to the scores.",
        _mix_by_the_numbers,
    ),
)

# --- 5.3 phrase_vector ---------------------------------------------------------------


def _phrase(inside, pool=lambda rows: rows.mean(dim=0)):
    """inside: (first, last, begin, end) to a mask of tokens; none of them: zeros."""

    def answer(hidden, offsets, begin, end):
        first, last = offsets.T
        rows = hidden[inside(first, last, begin, end)]
        return pool(rows) if len(rows) else torch.zeros(hidden.shape[1])

    return answer


def _overlaps(first, last, begin, end):
    return (first < end) & (last > begin) & (first < last)


def _places(hidden, offsets, begin, end):
    rows = hidden[begin:end]
    return rows.mean(dim=0) if len(rows) else torch.zeros(hidden.shape[1])


def _nan_for_none(hidden, offsets, begin, end):
    return hidden[_overlaps(*offsets.T, begin, end)].mean(dim=0)


PHRASE_VECTOR = (
    Mistake(
        "only pieces wholly inside the phrase are taken: one that reaches beyond it "
        "shares characters, too.",
        _phrase(lambda a, b, begin, end: (begin <= a) & (b <= end) & (a < b)),
    ),
    Mistake(
        "a token that begins where the phrase ends is taken: `end` is not included, so "
        "compare with <.",
        _phrase(lambda a, b, begin, end: (a <= end) & (b > begin) & (a < b)),
    ),
    Mistake(
        "a token that ends where the phrase begins is taken: its own end is not "
        "included, so compare with >.",
        _phrase(lambda a, b, begin, end: (a < end) & (b >= begin) & (a < b)),
    ),
    Mistake(
        "[CLS] and [SEP] are taken: their span 0 to 0 is empty and shares nothing.",
        _phrase(lambda a, b, begin, end: (a < end) & (b > begin) | (b == 0)),
    ),
    Mistake(
        "`begin` and `end` are characters, not tokens: find the tokens by `offsets`.",
        _places,
    ),
    Mistake(
        "only tokens that begin inside the phrase are taken: one that begins before it "
        "may reach into it.",
        _phrase(lambda a, b, begin, end: (begin <= a) & (a < end) & (a < b)),
    ),
    Mistake(
        "only tokens that end inside the phrase are taken: one may reach beyond it.",
        _phrase(lambda a, b, begin, end: (begin < b) & (b <= end) & (a < b)),
    ),
    Mistake(
        "the vectors are summed: take their mean.",
        _phrase(_overlaps, lambda rows: rows.sum(dim=0)),
    ),
    Mistake("only the first token is used.", _phrase(_overlaps, lambda rows: rows[0])),
    Mistake(
        "the mean of no token is nan: zeros are asked for, where only a space is "
        "marked.",
        _nan_for_none,
    ),
)

# --- 5.5 long_vector -----------------------------------------------------------------


def _last_or_first(last):
    def answer(windows, starts):
        tokens = {}
        for part, start in zip(windows, starts, strict=True):
            for place, vector in enumerate(part, start):
                if last or place not in tokens:
                    tokens[place] = vector
        return torch.stack(list(tokens.values())).mean(dim=0)

    return answer


def _length(windows, starts):
    return max(s + len(part) for part, s in zip(windows, starts, strict=True))


LONG_VECTOR = (
    Mistake(
        "the mean of the windows' means: a short window counts as much as a long one, "
        "and tokens of the overlap count twice.",
        lambda windows, starts: torch.stack([w.mean(dim=0) for w in windows]).mean(0),
    ),
    Mistake(
        "tokens of the overlap count once for each window: first one vector a token, "
        "then the mean.",
        lambda windows, starts: torch.cat(windows).mean(dim=0),
    ),
    Mistake(
        "the vectors of a token are summed, not averaged: divide each by the number of "
        "windows that hold it.",
        lambda windows, starts: torch.cat(windows).sum(0) / _length(windows, starts),
    ),
    Mistake(
        "a later window overwrites what an earlier one says of a token: average both.",
        _last_or_first(last=True),
    ),
    Mistake(
        "only the first window that holds a token counts: average all of them.",
        _last_or_first(last=False),
    ),
    Mistake(
        "only the first window is used: the rest of the text is lost.",
        lambda windows, starts: windows[0].mean(dim=0),
    ),
    Mistake(
        "the largest number of each column is taken: the mean is asked for.",
        lambda windows, starts: torch.cat(windows).amax(dim=0),
    ),
    Mistake(
        "the sum over the tokens, not their mean.",
        lambda windows, starts: torch.cat(windows).sum(dim=0),
    ),
)
