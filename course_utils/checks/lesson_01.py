"""Checks of lesson 01: attention, masks, distances, a block, a loss and a search."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checks import lesson_01_block_mistakes as blocks
from course_utils.checks import lesson_01_mask_mistakes as masks
from course_utils.checks import lesson_01_mistakes as mistakes
from course_utils.checks.compare import same_numbers
from course_utils.checks.exercise import Coding
from course_utils.checks.lesson_01_questions import QUESTIONS
from course_utils.transformer import EncoderBlock, rename_parameters


def _seeded(rng):
    return torch.Generator().manual_seed(rng.randrange(2**31))


# --- 1.1 and 1.2: weights ------------------------------------------------------------


def _effective_tokens(weights):
    rows = weights.flatten(0, -2).tolist()
    bits = [sum(p * math.log2(1 / p) for p in row if p > 0) for row in rows]
    return torch.tensor([2**b for b in bits]).reshape(weights.shape[:-1])


def _weight_cases(rng):
    rows = [[[1.0]], [[0.5, 0.5]], [[1.0, 0.0]], [[0.0, 1.0], [0.5, 0.5]]]
    rows += [[[0.25, 0.25, 0.25, 0.25]], [[0.5, 0.25, 0.25], [0.0, 0.0, 1.0]]]
    cases = [(torch.tensor(row)[None, None],) for row in rows]
    generator = _seeded(rng)
    for _ in range(5):
        B, A, T, S = (rng.randint(low, 5) for low in (1, 2, 2, 3))
        scores = 2 * torch.randn(B, A, T, S, generator=generator)
        scores[..., rng.randint(1, S - 1) :] = -torch.inf  # hidden keys
        cases.append((scores.softmax(dim=-1),))
    return cases


def _attend(query, key, value, mask):
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask)


def _attend_cases(rng):
    generator, cases = _seeded(rng), []
    sizes = [(1, 1, 2, 4, 2), (1, 2, 2, 2, 3), (2, 2, 3, 4, 3)]
    sizes += [tuple(rng.randint(2, 5) for _ in range(5)) for _ in range(5)]
    for B, A, T, K, S in sizes:
        q, k, v = (torch.randn(B, A, n, K, generator=generator) for n in (T, S, S))
        keep = torch.rand(B, 1, rng.choice((1, T)), S, generator=generator) < 0.6
        keep[..., 0] = True  # every query may look somewhere
        cases.append((2 * q, 2 * k, v, keep))
    return cases


# --- 1.3: what each head adds --------------------------------------------------------


def _head_contributions(context, weight):
    parts = []
    for head in range(context.shape[1]):
        alone = torch.zeros_like(context)
        alone[:, head] = context[:, head]
        parts.append(F.linear(alone.transpose(1, 2).flatten(2), weight))  # (B, T, D)
    return torch.stack(parts, dim=1)  # (B, A, T, D)


def _context_cases(rng):
    generator, cases = _seeded(rng), []
    sizes = [(1, 1, 1, 2), (1, 2, 1, 1), (1, 2, 2, 2), (1, 2, 1, 3), (2, 3, 2, 2)]
    sizes += [tuple(rng.randint(2, 4) for _ in range(4)) for _ in range(4)]
    for B, A, T, K in sizes:
        context = torch.randn(B, A, T, K, generator=generator)
        cases.append((context, torch.randn(A * K, A * K, generator=generator)))
    return cases


# --- 1.4 and 1.5: masks --------------------------------------------------------------


def _window_mask(T, reach):
    near = [[s in range(t - reach, t + reach + 1) for s in range(T)] for t in range(T)]
    return torch.tensor(near)


def _window_cases(rng):
    cases = [(1, 0), (1, 2), (2, 0), (2, 1), (3, 1), (4, 1), (5, 2), (4, 9), (9, 3)]
    return cases + [(rng.randint(6, 20), rng.randint(1, 8)) for _ in range(4)]


def _packed_mask(texts):
    def may_look(row, t, s):
        return t == s or (s < t and row[s] == row[t] != 0)

    places = range(texts.shape[1])
    masks = [
        [[may_look(row, t, s) for s in places] for t in places]
        for row in texts.tolist()
    ]
    return torch.tensor(masks).unsqueeze(1)  # (B, 1, T, T)


def _packed_cases(rng):
    given = [[[1]], [[0]], [[1, 1]], [[1, 2]], [[1, 0]], [[1, 1, 0, 0]], [[0, 1, 1]]]
    given += [[[1, 1, 2, 2, 0], [1, 2, 3, 3, 3]], [[7, 7, 4, 4, 4, 0, 0]]]
    for _ in range(4):
        T, rows = rng.randint(5, 9), []
        for _ in range(rng.randint(2, 3)):
            lengths = [rng.randint(1, 4) for _ in range(3)]
            row = [text + 1 for text, n in enumerate(lengths) for _ in range(n)]
            rows.append((row + [0] * T)[:T])
        given.append(rows)
    return [(torch.tensor(rows),) for rows in given]


# --- 1.6: distances ------------------------------------------------------------------


def _distance_bias(table, T):
    reach = table.shape[1] // 2
    rows = [
        [min(max(s - t, -reach), reach) + reach for s in range(T)] for t in range(T)
    ]
    return torch.stack([torch.stack([head[row] for row in rows]) for head in table])


def _table_cases(rng):
    generator = _seeded(rng)
    sizes = [
        (1, 1, 1),
        (1, 1, 2),
        (1, 1, 3),
        (2, 2, 2),
        (1, 1, 4),
        (2, 3, 3),
        (3, 2, 7),
    ]
    sizes += [tuple(rng.randint(2, high) for high in (4, 5, 9)) for _ in range(4)]
    sizes += [(2, 0, 3)]
    return [
        (torch.randn(A, 2 * reach + 1, generator=generator), T) for A, reach, T in sizes
    ]


# --- 1.7: a block --------------------------------------------------------------------


def _block(D, A, generator):
    """Return an encoder block with random weights, those of the norms as well."""
    block = EncoderBlock(D, A).eval().requires_grad_(False)
    for parameter in block.parameters():
        parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.4)
    return block


def _pre_norm(block, x, mask):
    D, A = block.attention.D, block.attention.A
    theirs = nn.TransformerEncoderLayer(
        D, A, 4 * D, dropout=0.0, batch_first=True, norm_first=True
    )
    state, given = theirs.state_dict(), block.state_dict()
    for name, tensor in state.items():
        names = list(rename_parameters({name: tensor}))
        tensor.copy_(torch.cat([given[ours] for ours in names]))
    hidden = None if mask is None else ~mask.expand(len(x), A, x.shape[1], x.shape[1])
    return theirs(x, src_mask=None if hidden is None else hidden.flatten(0, 1)).detach()


def _block_cases(rng):
    generator, cases = _seeded(rng), []
    for B, T, A, K in ((1, 1, 1, 2), (1, 3, 2, 2), (2, 4, 2, 4)):
        for kind in ("none", "causal", "padding"):
            mask = None if kind == "none" else torch.ones(T, T).bool().tril()
            if kind == "padding":
                mask = torch.rand(B, 1, 1, T, generator=generator) < 0.5
                mask[..., 0] = True
            x = torch.randn(B, T, A * K, generator=generator)
            cases.append((_block(A * K, A, generator), x, mask))
    return cases


# --- 1.8: the loss -------------------------------------------------------------------


def _sequence_loss(logits, target):
    losses = []
    for scores, ids in zip(logits.tolist(), target.tolist(), strict=True):
        for row, following in zip(scores, ids[1:], strict=True):
            if following:
                total = math.log(sum(math.exp(score) for score in row))
                losses.append(total - row[following])
    return sum(losses) / len(losses)


def _loss_cases(rng):
    targets = [[[1, 2]], [[1, 2, 0]], [[1, 3, 2]], [[1, 3, 2, 0, 0], [1, 4, 3, 3, 2]]]
    for _ in range(6):
        T, rows = rng.randint(3, 8), []
        for _ in range(rng.randint(2, 4)):
            length = rng.randint(1, T - 1)
            ids = [rng.randint(2, 6) for _ in range(length)]
            rows.append([1, *ids, *[0] * (T - 1 - length)])
        targets.append(rows)
    generator, cases = _seeded(rng), []
    for rows in targets:
        target = torch.tensor(rows)
        B, T = target.shape
        cases.append((2 * torch.randn(B, T - 1, 7, generator=generator), target))
    return cases


# --- 1.9: beam search ----------------------------------------------------------------


def _beam_search(log_probs, start, width):
    kept = {(start,): 0.0}
    for table in log_probs.tolist():
        grown = {
            (*ids, new): total + step
            for ids, total in kept.items()
            for new, step in enumerate(table[ids[-1]])
        }
        best = sorted(grown, key=grown.get, reverse=True)[:width]
        kept = {ids: grown[ids] for ids in best}
    return list(max(kept, key=kept.get))


def _beam_cases(rng):
    trap = [[[0.6, 0.4], [0.5, 0.5]], [[0.52, 0.48], [0.1, 0.9]]]  # greedy: 0, 0
    later = [[[0.99, 0.01], [0.5, 0.5]], *trap]
    cases = [(torch.tensor(trap).log(), 0, width) for width in (1, 2)]
    cases += [(torch.tensor(later).log(), 0, width) for width in (1, 2)]
    generator = _seeded(rng)
    for T, V, width in ((1, 2, 1), (1, 3, 2), (2, 3, 9), (3, 3, 2), (4, 3, 2)):
        scores = 2 * torch.randn(T, V, V, generator=generator)
        cases.append((scores.log_softmax(dim=-1), rng.randrange(V), width))
    for _ in range(12):
        T, V = rng.randint(3, 5), rng.randint(3, 4)
        scores = 1.5 * torch.randn(T, V, V, generator=generator)
        width = rng.randint(1, 4)
        cases.append((scores.log_softmax(dim=-1), rng.randrange(V), width))
    return cases


CODING = [
    Coding(
        "1.1", "effective_tokens",
        "n for even weights on n tokens, 1 for a single one, 0 adds nothing",
        _effective_tokens, _weight_cases, mistakes.EFFECTIVE_TOKENS,
    ),
    Coding(
        "1.2", "attend", "all three faults are mended: equal to torch's own attention",
        _attend, _attend_cases, mistakes.ATTEND,
    ),
    Coding(
        "1.3", "head_contributions", "each head's part is what the layer gives with "
        "the other heads at 0", _head_contributions, _context_cases,
        mistakes.HEAD_CONTRIBUTIONS,
    ),
    Coding(
        "1.4", "window_mask", "reach places to each side and the place itself, no more",
        _window_mask, _window_cases, masks.WINDOW_MASK, same_numbers,
    ),
    Coding(
        "1.5", "packed_mask", "no token sees another text, a later token or padding, "
        "and no row is empty", _packed_mask, _packed_cases, masks.PACKED_MASK,
        same_numbers,
    ),
    Coding(
        "1.6", "distance_bias", "every distance has its number, far ones share the "
        "last", _distance_bias, _table_cases, masks.DISTANCE_BIAS,
    ),
    Coding(
        "1.7", "pre_norm", "equal to torch's layer with norm_first=True, with and "
        "without masks", _pre_norm, _block_cases, blocks.PRE_NORM,
    ),
    Coding(
        "1.8", "sequence_loss", "shifted by one, the mean over real characters only",
        _sequence_loss, _loss_cases, blocks.SEQUENCE_LOSS,
    ),
    Coding(
        "1.9", "beam_search", "the most likely of the beginnings that were kept, also "
        "where greedy goes wrong", _beam_search, _beam_cases, blocks.BEAM_SEARCH,
    ),
]  # fmt: skip

EXERCISES = [*CODING, *QUESTIONS]
