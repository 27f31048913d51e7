"""Checks of lesson 04: counting, pre-training batches and attention heads."""

import math
from functools import cache

import torch
import torch.nn.functional as F
from transformers import BertConfig, BertModel

from course_utils.checks import lesson_04_masking_mistakes as masking
from course_utils.checks import lesson_04_mistakes as mistakes
from course_utils.checks.edge_mistakes import EDGES
from course_utils.checks.exercise import Coding
from course_utils.checks.lesson_04_questions import QUESTIONS

SPECIAL_IDS, MASK_ID = [0, 101, 102], 103
NOT_WORDS = ("[CLS]", "[SEP]", "[PAD]")


def _generator(rng):
    return torch.Generator().manual_seed(rng.randrange(2**31))


# --- 4.1: parameters -----------------------------------------------------------------


def _count_parameters(vocab, positions, segments, D, L, wide):
    return _count_in_library(vocab, positions, segments, D, L, wide)


@cache
def _count_in_library(vocab, positions, segments, D, L, wide):
    tables = {"vocab_size": vocab, "max_position_embeddings": positions}
    sizes = {"hidden_size": D, "num_hidden_layers": L, "num_attention_heads": 1}
    config = BertConfig(
        **tables, **sizes, type_vocab_size=segments, intermediate_size=wide
    )
    with torch.device("meta"):  # shapes without numbers
        return sum(weight.numel() for weight in BertModel(config).parameters())


def _shape_cases(rng):
    cases = [(1, 1, 1, 1, 0, 1), (1, 1, 1, 1, 1, 1), (5, 3, 2, 2, 1, 3)]
    cases += [(5, 3, 2, 2, 2, 8), (30_522, 512, 2, 768, 12, 3072)]
    for _ in range(5):
        tables = rng.randint(10, 5000), rng.randint(8, 600), rng.randint(1, 4)
        cases.append(
            (*tables, rng.randint(2, 99), rng.randint(1, 4), rng.randint(2, 400))
        )
    return cases


# --- 4.2: the loss -------------------------------------------------------------------


def _masked_lm_loss(logits, labels):
    asked = int((labels != -100).sum())
    x, y = logits.double().flatten(0, 1), labels.flatten()  # (B * T, V), (B * T,)
    total = F.cross_entropy(x, y, ignore_index=-100, reduction="sum")
    return total.item() / max(asked, 1)


def _loss_cases(rng):
    generator, cases = _generator(rng), []
    given = [[[1]], [[-100]], [[1, -100]], [[-100, 2], [-100, -100]], [[-100] * 4]]
    given += [[[0, 1, 2], [3, -100, -100]]]
    for _ in range(5):
        T = rng.randint(3, 8)
        rows = [[rng.choice((-100, rng.randrange(4))) for _ in range(T)] for _ in "ab"]
        given.append([*rows, [0, 3, *rows[0][2:]]])
    for labels in given:
        shape = len(labels), len(labels[0]), 4
        logits = 2 * torch.randn(shape, generator=generator)
        cases.append((logits, torch.tensor(labels)))
    large = torch.tensor([[[1000.0, 0.0, -1000.0, 10.0]] * 3])
    return [*cases, (large, torch.tensor([[0, 1, -100]]))]


# --- 4.3: hiding tokens --------------------------------------------------------------


def _hide_batch(input_ids, dice, special_ids, mask_id):
    inputs, labels = [], []
    for row, thrown in zip(input_ids.tolist(), dice.tolist(), strict=True):
        chosen = [
            d < 0.15 and i not in special_ids for i, d in zip(row, thrown, strict=True)
        ]
        pairs = list(zip(row, chosen, strict=True))
        inputs.append([mask_id if hide else i for i, hide in pairs])
        labels.append([i if hide else -100 for i, hide in pairs])
    return torch.tensor(inputs), torch.tensor(labels)


def _batch_cases(rng):
    lengths = [[1], [2], [1, 1], [3, 1], [2, 4]]
    lengths += [
        [rng.randint(2, 12) for _ in range(rng.randint(2, 4))] for _ in range(6)
    ]
    cases = []
    for counts in lengths:
        width = max(counts) + rng.choice((2, 3))
        rows = [[101, *rng.choices(range(1000, 2000), k=n), 102] for n in counts]
        rows = [row + [0] * (width - len(row)) for row in rows]
        dice = [[rng.choice((0.02, 0.14, 0.15, 0.3, 0.9)) for _ in row] for row in rows]
        cases.append((torch.tensor(rows), torch.tensor(dice), SPECIAL_IDS, MASK_ID))
    hits = torch.tensor([[101, 1500, 102, 0], [101, 7, 8, 102]])
    everywhere = torch.full((2, 4), 0.1)
    cases.append((hits, everywhere, SPECIAL_IDS, MASK_ID))
    return [*cases, (hits, everywhere, [0], 9)]


# --- 4.4: whole words ----------------------------------------------------------------


def _hidden_places(tokens, order, budget):
    begins = [t not in NOT_WORDS and not t.startswith("##") for t in tokens]
    word_of = [sum(begins[: place + 1]) - 1 for place in range(len(tokens))]
    hidden = set()
    for number in order:
        places = {p for p, word in enumerate(word_of) if word == number}
        places = {p for p in places if tokens[p] not in NOT_WORDS}
        hidden |= places if len(hidden | places) <= budget else set()
    return sorted(hidden)


def _word_cases(rng):
    words = ["a", "gem", "un", "##believ", "##ably", "dull", ",", "di", "##sp"]
    words += ["##osa", "##ble", "fun", "over", "##long", "."]
    cases = [("a", [0], 1), ("a b", [1, 0], 1), ("un ##fair", [0], 1)]
    cases += [
        ("un ##fair a", [0, 1], 1),
        ("a un ##fair", [1, 0], 2),
        ("a b", [0, 1], 0),
    ]
    cases += [("a over ##long b c", [2, 1, 3, 0], 3), ("a [SEP] b ##c d", [1, 2, 0], 3)]
    for _ in range(7):
        start = rng.choice((0, 1, 2, 5, 6))
        pieces = (words[start:] + words)[: rng.randint(8, 20)]
        count = sum(not piece.startswith("##") for piece in pieces)
        order = rng.sample(range(count), count)
        cases.append((" ".join(pieces), order, rng.randint(2, 8)))
    padding = ["[PAD]"] * 2
    rows = [(["[CLS]", *text.split(), "[SEP]"], *rest) for text, *rest in cases]
    return [(row + padding * (len(row) % 2), *rest) for row, *rest in rows]


# --- 4.5: next sentences -------------------------------------------------------------


def _sentence_pairs(documents, is_random, picks):
    flat = [(number, s) for number, document in enumerate(documents) for s in document]
    openings = [i for i in range(len(flat) - 1) if flat[i][0] == flat[i + 1][0]]
    pairs = []
    for i, random, pick in zip(openings, is_random, picks, strict=True):
        others = [s for number, s in flat if number != flat[i][0]]
        second = others[math.floor(pick * len(others))] if random else flat[i + 1][1]
        pairs.append((flat[i][1], second, random))
    return pairs


def _document_cases(rng):
    given = [([2, 1], [0]), ([2, 1], [1]), ([1, 2], [1]), ([2, 2], [0, 1])]
    given += [([1, 3, 1], [1, 0]), ([3, 2, 1], [1, 1, 1])]
    for _ in range(5):
        sizes = [rng.randint(1, 4) for _ in range(rng.randint(2, 4))] + [3]
        given.append(
            (sizes, [rng.randint(0, 1) for _ in range(sum(sizes) - len(sizes))])
        )
    cases = []
    for sizes, flags in given:
        names = iter(f"S{n}." for n in range(sum(sizes)))
        documents = [[next(names) for _ in range(size)] for size in sizes]
        picks = [rng.randrange(1000) / 1000 for _ in flags]  # below 1
        cases.append((documents, flags, picks))
    return [*cases, ([["A.", "B."], ["C.", "D."]], [1, 1], [0.0, 0.5])]


# --- 4.6 to 4.8: heads ---------------------------------------------------------------


def _head_entropy(weights, mask):
    _, A, _, _ = weights.shape
    sums, rows = [0.0] * A, 0
    for b, t in mask.nonzero().tolist():
        rows += 1
        for a in range(A):
            shares = [p for p in weights[b, a, t].tolist() if p > 0]
            sums[a] += math.fsum(p * math.log(1 / p) for p in shares)
    return torch.tensor(sums) / rows


def _weight_cases(rng):
    generator, cases = _generator(rng), []
    given = [(1, [1]), (1, [2]), (2, [2]), (2, [1, 3]), (1, [4, 2, 1])]
    given += [(rng.randint(1, 3), [rng.randint(1, 6) for _ in "abc"]) for _ in range(5)]
    for A, lengths in given:
        T = max(lengths) + rng.randint(0, 2)
        mask = (torch.arange(T) < torch.tensor(lengths)[:, None]).long()  # (B, T)
        scores = 2 * torch.randn((len(lengths), A, T, T), generator=generator)
        scores = scores.masked_fill(mask[:, None, None] == 0, -torch.inf)
        cases.append((scores.softmax(dim=-1), mask))
    return cases


def _without_head(weight, head, heads):
    width = weight.shape[1] // heads
    columns = weight.detach().unbind(dim=1)
    return torch.stack(
        [column * (j // width != head) for j, column in enumerate(columns)], dim=1
    )


def _output_cases(rng):
    generator = _generator(rng)
    given = [(1, 0, 1), (2, 0, 2), (2, 1, 2), (4, 1, 2), (6, 1, 3), (6, 2, 3)]
    given += [(4, 0, 1)]
    for _ in range(5):
        heads, width = rng.randint(2, 5), rng.randint(2, 6)
        given.append((heads * width, rng.randrange(heads), heads))
    draw = torch.randn
    return [(draw((D, D), generator=generator), head, A) for D, head, A in given]


def _rollout(attentions):
    """Follow each token of the last layer down, one layer at a time."""
    A, T = attentions.shape[1:3]
    rows = []
    for token in range(T):
        share = [float(place == token) for place in range(T)]
        for layer in attentions.double().flip(0):
            looks = [
                sum(layer[:, t, s].tolist()) / A for t in range(T) for s in range(T)
            ]
            share = [
                share[s] / 2 + sum(share[t] * looks[t * T + s] for t in range(T)) / 2
                for s in range(T)
            ]
        rows.append(share)
    return torch.tensor(rows)


def _map_cases(rng):
    generator = _generator(rng)
    shapes = [(1, 1, 1), (1, 1, 2), (1, 2, 2), (2, 1, 2), (3, 2, 2), (2, 2, 3)]
    shapes += [
        (rng.randint(2, 3), rng.randint(1, 3), rng.randint(3, 4)) for _ in "abcd"
    ]
    cases = []
    for L, A, T in shapes:
        scores = 2 * torch.randn((L, A, T, T), generator=generator)
        cases.append((scores.softmax(dim=-1),))
    return cases


CODING = [
    Coding(
        "4.1", "count_parameters", "equal to the library's BertModel, BERT-base and a "
        "model without layers included", _count_parameters, _shape_cases,
        mistakes.COUNT_PARAMETERS,
    ),
    Coding(
        "4.2", "masked_lm_loss", "only asked places count, large logits stay finite, "
        "no question costs 0", _masked_lm_loss, _loss_cases, masking.MASKED_LM_LOSS,
    ),
    Coding(
        "4.3", "hide_batch", "all three faults are mended: every row is hidden, no "
        "special token is, and only hidden ones are asked", _hide_batch, _batch_cases,
        masking.HIDE_BATCH,
    ),
    Coding(
        "4.4", "hidden_places", "whole words only, in the given order, never above the "
        "budget", _hidden_places, _word_cases, masking.HIDDEN_PLACES,
    ),
    Coding(
        "4.5", "sentence_pairs", "pairs stay inside a document, strangers come from "
        "outside, labels fit", _sentence_pairs, _document_cases,
        masking.SENTENCE_PAIRS + EDGES["4.5"],
    ),
    Coding(
        "4.6", "head_entropy", "equal to a sum over single rows; padding and weights "
        "of 0 do no harm", _head_entropy, _weight_cases, mistakes.HEAD_ENTROPY,
    ),
    Coding(
        "4.7", "without_head", "the head's columns are 0, the others as before, the "
        "original untouched", _without_head, _output_cases, mistakes.WITHOUT_HEAD,
    ),
    Coding(
        "4.8", "rollout", "equal to following each token down through the layers",
        _rollout, _map_cases, mistakes.ROLLOUT,
    ),
]  # fmt: skip

EXERCISES = [*CODING, *QUESTIONS]
