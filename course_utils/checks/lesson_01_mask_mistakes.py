"""Plausible wrong answers of lesson 01, exercises 1.4 to 1.6: masks and distances."""

import torch

from course_utils.checks.exercise import Mistake

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
    Mistake(
        "two masks are added, and 2 stands where both hold: join them with &.",
        lambda T, reach: (_steps(T) <= reach).int() + (-_steps(T) <= reach).int(),
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
        lambda received, expected, texts: received.shape == expected[:, 0].shape,
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

# --- 1.6 distance_bias ---------------------------------------------------------------


def _bias(places, cut=True):
    def answer(table, T):
        reach = table.shape[1] // 2
        steps = torch.arange(T) - torch.arange(T)[:, None]  # (T, T), s - t
        if cut:
            steps = steps.clamp(-reach, reach)
        return table[:, places(steps, reach)]  # (A, T, T)

    return answer


DISTANCE_BIAS = (
    Mistake(
        "the direction is reversed: the distance is key minus query, so a key on the "
        "right has a positive one.",
        _bias(lambda d, reach: reach - d),
    ),
    Mistake(
        "distances beyond the table are not cut off to -R and R: they fall out of the "
        "table, or count from its end.",
        _bias(lambda d, reach: d + reach, cut=False),
    ),
    Mistake(
        "the distance itself is used as column: distance 0 stands in the middle of the "
        "table, in column R. Negative columns count from the end.",
        _bias(lambda d, reach: d),
    ),
    Mistake(
        "both directions share their numbers: the distance keeps its sign.",
        _bias(lambda d, reach: d.abs() + reach),
    ),
    Mistake(
        "the distance without its sign is used as column: the sign tells left from "
        "right, and distance 0 stands in column R.",
        _bias(lambda d, reach: d.abs()),
    ),
    Mistake(
        "one column too far to the right: distance 0 stands in the middle of the "
        "table, in column R.",
        _bias(lambda d, reach: (d + reach + 1).clamp(max=2 * reach)),
    ),
    Mistake(
        "the heads are averaged: each head has its own row of the table, and its own "
        "(T, T).",
        lambda table, T: _bias(lambda d, r: d + r)(table, T).mean(dim=0),
    ),
    Mistake(
        "the axis of the heads is last: the scores are (B, A, T, T), so (A, T, T) is "
        "asked for.",
        lambda table, T: _bias(lambda d, r: d + r)(table, T).movedim(0, -1),
    ),
    Mistake(
        "the distances are cut off at 0 to 2 R before R is added: cut them off at -R "
        "to R.",
        lambda table, T: _bias(
            lambda d, r: (d.clamp(0, 2 * r) + r).clamp(max=2 * r), cut=False
        )(table, T),
    ),
    Mistake(
        "positions are looked up, not distances: every row is the same.",
        lambda table, T: table[
            :, torch.arange(T).clamp(max=table.shape[1] - 1).expand(T, T)
        ],
    ),
)
