"""Checks of lesson 05: pooling, phrases, long texts, cleaning and search."""

import copy
import math
import os
from functools import cache, partial
from operator import mul

import numpy as np
import torch
from transformers import BertConfig, BertModel

from course_utils.checks import lesson_05_mistakes as mistakes
from course_utils.checks import lesson_05_search_mistakes as search
from course_utils.checks.compare import same
from course_utils.checks.edge_mistakes import EDGES
from course_utils.checks.exercise import Coding
from course_utils.checks.lesson_05_questions import QUESTIONS
from course_utils.embedding import default_bert

TEXTS = (
    "Boring.",
    "A gem.",
    "It is dull.",
    "Nobody expected so much wit from so small a film.",
    "The plot thickens, the actors smile, and after two hours the dog saves everyone.",
)


def _generator(rng):
    return torch.Generator().manual_seed(rng.randrange(2**31))


# --- 5.1: a weighted mean ------------------------------------------------------------


def _weighted_pool(hidden, mask, weight):
    rows = []
    for vectors, keep, shares in zip(hidden, mask, weight, strict=True):
        pairs = [(w, v) for w, v, k in zip(shares, vectors, keep, strict=True) if k]
        total = sum(w.item() for w, _ in pairs)
        rows.append(sum(w.double() * v for w, v in pairs) / total)
    return torch.stack(rows).to(hidden.dtype)


def _weight_cases(rng):
    generator, cases = _generator(rng), []
    given = [(1, [1]), (2, [1]), (2, [2]), (3, [1, 3]), (4, [2, 4, 3])]
    for _ in range(6):
        T = rng.randint(3, 8)
        given.append((T, [rng.randint(1, T) for _ in range(rng.randint(2, 4))]))
    for T, lengths in given:
        mask = (torch.arange(T) < torch.tensor(lengths)[:, None]).long()  # (B, T)
        hidden = torch.randint(-9, 10, (*mask.shape, 2), generator=generator).float()
        weight = torch.randint(1, 6, mask.shape, generator=generator) / 2
        if min(lengths) > 1:
            weight[:, 0] = 0  # as of [CLS], which stands in every text
        cases.append((hidden, mask, weight))
    return cases


# --- 5.2: a mix of layers ------------------------------------------------------------


def _mix_layers(states, scores):
    powers = [math.exp(score - max(scores.tolist())) for score in scores.tolist()]
    mixed = torch.zeros_like(states[0], dtype=torch.float64)
    for power, state in zip(powers, states, strict=True):
        mixed += power / math.fsum(powers) * state
    return mixed.to(states[0].dtype)


def _state_cases(rng):
    generator, cases = _generator(rng), []
    shapes = [(1, 1, 1, 1), (2, 1, 1, 1), (2, 1, 2, 2), (3, 2, 1, 2), (3, 3, 3, 3)]
    for _ in range(5):
        shapes.append((rng.randint(2, 7), *(rng.randint(1, 4) for _ in "BTD")))
    for count, *shape in shapes:
        states = torch.randint(-9, 10, (count, *shape), generator=generator).float()
        scores = torch.randn(count, generator=generator) * rng.choice((1, 3))
        cases.append((list(states.unbind()), scores))
    equal = [torch.full((1, 1, 1), n) for n in (1.0, 2.0, 6.0)]
    return [*cases, (equal, torch.zeros(3)), (equal, torch.tensor([300.0, 0.0, 299.0]))]


# --- 5.3: a phrase -------------------------------------------------------------------


def _phrase_vector(hidden, offsets, begin, end):
    phrase = set(range(begin, end))
    chosen = [t for t, (a, b) in enumerate(offsets.tolist()) if phrase & {*range(a, b)}]
    return hidden[chosen].sum(dim=0) / max(len(chosen), 1)


def _phrase_cases(rng):
    generator = _generator(rng)
    given = [("a", 0, 1), ("a b", 0, 1), ("a b", 1, 2), ("a b", 2, 3), ("ab cd", 1, 4)]
    given += [("di|sp|osa fun", 0, 3), ("di|sp|osa fun", 2, 4), ("a big city", 2, 10)]
    given += [("a fun|ny set", 1, 2), ("un|fair end", 0, 6), ("a city", 3, 5)]
    for _ in range(5):
        words = rng.choices(["a", "fun", "di|sp|osa", "un|fair", "city", "."], k=6)
        text = " ".join(words)
        begin = rng.randrange(8)
        given.append((text, begin, begin + rng.randint(2, 9)))
    cases = []
    for text, begin, end in given:
        spans, at = [(0, 0)], 0
        for word in text.split():
            for piece in word.split("|"):
                spans.append((at, at + len(piece)))
                at += len(piece)
            at += 1  # the space
        offsets = torch.tensor([*spans, (0, 0)])  # (T, 2)
        shape = len(offsets), 2
        hidden = torch.randint(-9, 10, shape, generator=generator) + 0.5  # never 0
        cases.append((hidden, offsets, begin, end))
    return cases


# --- 5.4: find the bug ---------------------------------------------------------------


@cache
def _tiny():
    """Return the course's tokenizer and a BERT of one small random layer."""
    tokenizer = default_bert(os.environ.get("COURSE_MODEL"))[0]
    shape = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BertConfig(
        **shape, intermediate_size=8, vocab_size=len(tokenizer), initializer_range=0.5
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return tokenizer, BertModel(config).eval()


def _cosines(queries, texts, tokenizer, model):
    """Embed each text alone: without neighbours there is no padding."""
    means = [_mean_of_one(text, tokenizer, model) for text in [*queries, *texts]]
    rows, columns = means[: len(queries)], means[len(queries) :]
    cosine = torch.nn.functional.cosine_similarity
    return torch.tensor([[cosine(a, b, dim=0) for b in columns] for a in rows])


@torch.no_grad()
def _mean_of_one(text, tokenizer, model):
    inputs = tokenizer(text, return_tensors="pt")
    return model(**inputs).last_hidden_state[0].mean(dim=0)


def _search_cases(rng):
    given = [([TEXTS[0]], [TEXTS[1]]), ([TEXTS[0]], [TEXTS[0], TEXTS[3]])]
    given += [([TEXTS[1], TEXTS[4]], [TEXTS[2]]), (TEXTS[:2], TEXTS[:3])]
    for border in (2, 2, 3, 4):
        texts = rng.sample(TEXTS, 5)
        given.append((texts[:border], texts[border:]))
    bert = _tiny()[0], copy.deepcopy(_tiny()[1])  # an answer may change its mode
    return [(list(queries), list(texts), *bert) for queries, texts in given]


# --- 5.5: long texts -----------------------------------------------------------------


def _long_vector(windows, starts):
    seen = {}
    for part, start in zip(windows, starts, strict=True):
        for place, vector in enumerate(part.double(), start):
            seen.setdefault(place, []).append(vector)
    tokens = [torch.stack(vectors).mean(dim=0) for vectors in seen.values()]
    return torch.stack(tokens).mean(dim=0).to(windows[0].dtype)


def _window_cases(rng):
    generator = _generator(rng)
    given = [[(0, 1)], [(0, 2), (2, 3)], [(0, 2), (1, 3)], [(0, 3), (2, 4)]]
    given += [[(0, 4), (2, 6), (4, 7)], [(0, 3), (1, 4), (2, 5)], [(0, 5), (5, 6)]]
    for _ in range(5):
        width, T = rng.randint(3, 6), rng.randint(8, 14)
        step = rng.randint(1, width - 1)
        starts = range(0, T - width + step, step)
        given.append([(start, min(start + width, T)) for start in starts])
    draw = partial(torch.randint, -9, 10, generator=generator)
    return [
        ([draw((b - a, 2)).float() for a, b in spans], [a for a, _ in spans])
        for spans in given
    ]


# --- 5.6 to 5.8: cleaning and search -------------------------------------------------


def _remove_common(vectors, k):
    centred = vectors.double().numpy()
    centred = centred - centred.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)  # the smallest spread first
    rest = directions[:, : directions.shape[1] - k]  # (D, D - k)
    return torch.from_numpy(centred @ rest @ rest.T).to(vectors.dtype)


def _vector_cases(rng):
    generator, cases = _generator(rng), []
    shapes = [(2, 2, 0), (2, 2, 1), (3, 2, 1), (4, 3, 2), (6, 3, 0), (6, 4, 1)]
    for _ in range(5):
        D = rng.randint(3, 6)
        shapes.append((rng.randint(D + 2, 20), D, rng.randint(1, D - 1)))
    for N, D, k in shapes:
        spread = 4 * 0.4 ** torch.arange(D)  # each direction has its own size
        turned, _ = torch.linalg.qr(torch.randn((D, D), generator=generator))
        vectors = torch.randn((N, D), generator=generator) * spread @ turned
        cases.append((vectors + torch.randn(D, generator=generator) * 3, k))
    return cases


def _without_duplicates(vectors, threshold):
    kept = []
    for row, vector in enumerate(vectors.tolist()):
        length = math.hypot(*vector)
        near = [
            sum(map(mul, vector, vectors[k].tolist())) / length / vectors[k].norm()
            for k in kept
        ]
        if all(cosine < threshold for cosine in near):
            kept.append(row)
    return kept


def _angle_cases(rng):
    """Draw directions in steps of 10 degrees; the threshold lies between two steps."""
    given = [([0], 15), ([0, 0], 15), ([0, 40], 15), ([0, 10, 20], 15), ([0, 180], 15)]
    given += [([0, 20, 10, 30], 15), ([0, 40, 0, 40], 5), ([90, 0, 80, 10], 25)]
    for _ in range(5):
        given.append(([10 * rng.randrange(12) for _ in range(8)], rng.choice((15, 25))))
    cases = []
    for angles, width in given:
        turns = torch.tensor(angles).deg2rad()
        lengths = torch.tensor([rng.choice((0.5, 1, 2, 3)) for _ in angles])
        vectors = torch.stack([turns.cos(), turns.sin()], dim=1) * lengths[:, None]
        cases.append((vectors, round(math.cos(math.radians(width)), 3)))
    return [*cases, (torch.eye(2)[[0, 1, 0]], 1.0)]  # equal to the threshold


def _mean_reciprocal_rank(scores, right):
    parts = []
    for row, own in zip(scores.tolist(), right.tolist(), strict=True):
        ordered = sorted(row, reverse=True)
        parts.append(1 / (1 + ordered.index(row[own])))  # the first of equal ones
    return math.fsum(parts) / len(parts)


def _score_cases(rng):
    given = [([[1, 0]], [0]), ([[1, 0]], [1]), ([[2, 2, 1]], [1])]
    given += [([[3, 1], [1, 3]], [0, 0]), ([[1, 2, 3], [3, 2, 1]], [2, 1])]
    given += [([[5, 4, 5, 6]] * 2, [0, 1])]
    for _ in range(5):
        Q, N = rng.randint(2, 6), rng.randint(4, 9)
        rows = [[rng.randint(-9, 9) for _ in range(N)] for _ in range(Q)]
        given.append((rows, [rng.randrange(N) for _ in range(Q)]))
    return [(torch.tensor(rows) / 10, torch.tensor(right)) for rows, right in given]


CODING = [
    Coding(
        "5.1", "weighted_pool", "the shares sum to 1 in each text, padding has none",
        _weighted_pool, _weight_cases, mistakes.WEIGHTED_POOL,
    ),
    Coding(
        "5.2", "mix_layers", "shares by softmax over all layers, for very large scores "
        "too", _mix_layers, _state_cases, mistakes.MIX_LAYERS,
    ),
    Coding(
        "5.3", "phrase_vector", "every token that shares a character with the phrase, "
        "and no other", _phrase_vector, _phrase_cases,
        mistakes.PHRASE_VECTOR + EDGES["5.3"],
    ),
    Coding(
        "5.4", "cosines", "all three faults are mended: a text's cosine is the same "
        "alone and beside others", _cosines, _search_cases, search.COSINES,
    ),
    Coding(
        "5.5", "long_vector", "each token counts once, however many windows hold it",
        _long_vector, _window_cases, mistakes.LONG_VECTOR,
    ),
    Coding(
        "5.6", "remove_common", "mean and k main directions are gone, the rest is as "
        "before", _remove_common, _vector_cases, search.REMOVE_COMMON,
        partial(same, tolerance=1e-4),
    ),
    Coding(
        "5.7", "without_duplicates", "no two kept rows are near, and each dropped one "
        "is near a kept one before it", _without_duplicates, _angle_cases,
        search.WITHOUT_DUPLICATES + EDGES["5.7"],
    ),
    Coding(
        "5.8", "mean_reciprocal_rank", "equal to sorting each row, ties included",
        _mean_reciprocal_rank, _score_cases, search.MEAN_RECIPROCAL_RANK,
    ),
]  # fmt: skip

EXERCISES = [*CODING, *QUESTIONS]
