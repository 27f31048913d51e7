"""Checks of lesson 03: masks, pairs, padding, truncation, windows and batches."""

from functools import cache

import torch
import torch.nn.functional as F

from course_utils.checks import lesson_03_cutting_mistakes as cutting
from course_utils.checks import lesson_03_mistakes as mistakes
from course_utils.checks.compare import Difference, same, same_inputs, same_numbers
from course_utils.checks.exercise import Coding
from course_utils.checks.lesson_03_questions import QUESTIONS
from course_utils.checks.shown_values import show
from course_utils.pretrained import load_bert

LOWEST = -1e4  # what is below this hides a score as well as -inf does
TEXTS = (
    "Boring.",
    "A gem of a movie.",
    "Who made the film?",
    "Jackson made it at home.",
    "Nobody expected so much wit from so small a film.",
    "It is overlong, and unbelievably dull; the [PAD] in the middle says it all.",
    "The plot thickens, the actors smile, and after two hours the dog saves everyone.",
)


@cache
def tokenizer():
    """Return the course's tokenizer, loaded once."""
    return load_bert()[0]


def _text(rng, low, high):
    """Draw words of the sentences above: a text of low to high words."""
    words = " ".join(TEXTS).split()
    return " ".join(rng.choices(words, k=rng.randint(low, high)))


# --- 3.1 and 3.2: masks and lengths --------------------------------------------------


def _mask_from_lengths(lengths, width):
    rows = [[int(place < n) for place in range(width)] for n in lengths.tolist()]
    return torch.tensor(rows).reshape(len(rows), width)


def _length_cases(rng):
    given = [([1], 1), ([2], 3), ([3, 1], 3), ([2, 4], 6), ([5, 5, 5], 5), ([0, 2], 2)]
    for _ in range(6):
        width = rng.randint(4, 30)
        given.append(([rng.randint(0, width) for _ in range(rng.randint(2, 8))], width))
    return [(torch.tensor(lengths), width) for lengths, width in given]


def _unpad(hidden, mask):
    kept = [[t for t, keep in enumerate(row) if keep] for row in mask.tolist()]
    return [
        hidden[b].index_select(0, torch.tensor(t).long()) for b, t in enumerate(kept)
    ]


def _hidden_cases(rng):
    masks = [[[1]], [[1, 0]], [[0, 1]], [[1, 1, 1], [1, 1, 0]], [[0, 0, 1], [1, 0, 0]]]
    masks += [[[1, 1, 1, 0, 0], [0, 1, 1, 1, 1]]]
    for _ in range(6):
        B, T = rng.randint(2, 4), rng.randint(3, 9)
        rows = [[int(t < rng.randint(1, T)) for t in range(T)] for _ in range(B)]
        masks.append([[1, *row[1:]][:: rng.choice((1, -1))] for row in rows])
    generator = torch.Generator().manual_seed(rng.randrange(2**31))
    cases = []
    for mask in masks:
        shape = len(mask), len(mask[0]), 2
        hidden = torch.randint(-9, 10, shape, generator=generator).float()
        cases.append((hidden, torch.tensor(mask)))
    return cases


# --- 3.4: a batch of pairs -----------------------------------------------------------


def _pair_inputs(firsts, seconds, tokenizer):
    return dict(tokenizer(firsts, seconds, padding=True, return_tensors="pt"))


def _pair_cases(rng):
    pairs = [(["a"], ["b"]), (["A gem."], [""]), (TEXTS[2:4], TEXTS[3:5])]
    pairs += [(TEXTS[:3], TEXTS[3:6]), (["x", "a b c"], ["a b c d", "y"])]
    for _ in range(5):
        B = rng.randint(2, 4)
        texts = [_text(rng, 1, 8) for _ in range(2 * B)]
        pairs.append((texts[:B], texts[B:]))
    return [(list(a), list(b), tokenizer()) for a, b in pairs]


# --- 3.3: the additive mask ----------------------------------------------------------


def _additive_mask(mask):
    rows = [[0.0 if keep else -torch.inf for keep in row] for row in mask.tolist()]
    return torch.tensor(rows).reshape(len(mask), 1, 1, -1)


def _compare_additive(received, expected):
    """Accept any number that a softmax turns into 0, as -inf is: finfo.min, -1e9."""
    if isinstance(received, torch.Tensor) and received.is_floating_point():
        received = torch.where(received <= LOWEST, -torch.inf, received)
    return same(received, expected)


def _mask_cases(rng):
    masks = [[[1]], [[1, 0]], [[1, 1]], [[1, 0], [1, 1]], [[1, 1, 0], [1, 0, 0]]]
    for _ in range(5):
        T = rng.randint(3, 9)
        rows = [rng.randint(1, T) for _ in range(rng.randint(2, 4))]
        masks.append([[1] * n + [0] * (T - n) for n in rows])
    return [(torch.tensor(mask),) for mask in masks]


# --- 3.5 to 3.8: padding and cutting -------------------------------------------------


def _pad_to_multiple(rows, multiple):
    together = torch.nn.utils.rnn.pad_sequence(map(torch.tensor, rows), True)  # (B, T)
    ones = [torch.ones(len(row), dtype=torch.long) for row in rows]
    mask = torch.nn.utils.rnn.pad_sequence(ones, True)
    gap = -together.shape[1] % multiple
    ids, mask = F.pad(together, (0, gap)), F.pad(mask, (0, gap))
    return {"input_ids": ids, "attention_mask": mask}


def _row_cases(rng):
    cases = [([[7]], 1), ([[7]], 2), ([[5, 6]], 2), ([[1, 2, 3], [4]], 4)]
    cases += [([[1, 0, 3], [4, 5]], 4), ([[9] * 8, [1]], 8), ([[9] * 9, [1] * 3], 8)]
    for _ in range(5):
        lengths = [rng.randint(1, 20) for _ in range(rng.randint(2, 4))]
        rows = [[rng.randint(1000, 9999) for _ in range(n)] for n in lengths]
        cases.append((rows, rng.choice((3, 8, 16))))
    return cases


def _fit_passage(question, passage, max_length, tokenizer):
    options = {"truncation": "only_second", "max_length": max_length}
    return tokenizer(question, passage, **options)["input_ids"]


def _passage_cases(rng):
    pairs = [("Who?", "He."), ("Who?", "She did it at home."), (TEXTS[2], TEXTS[3])]
    pairs += [(TEXTS[6], TEXTS[0]), (TEXTS[5], TEXTS[4])]
    pairs += [(_text(rng, 2, 6), _text(rng, 8, 30)) for _ in range(5)]
    cases = []
    for question, passage in pairs:
        taken = len(tokenizer().tokenize(question)) + 3
        for room in (2, rng.randint(3, 12)):
            cases.append((question, passage, taken + room, tokenizer()))
    return cases


def _encode_batch(texts, max_length, tokenizer):
    options = {"padding": "max_length", "truncation": True, "return_tensors": "pt"}
    inputs = tokenizer(texts, max_length=max_length, **options)
    return {name: inputs[name] for name in ("input_ids", "attention_mask")}


def _text_cases(rng):
    batches = [(["Boring."], 8), ([TEXTS[1]], 8), ([TEXTS[1]], 6), (["[PAD] a"], 5)]
    batches += [(TEXTS[:4], 7), (TEXTS, 16), (["", "a"], 4)]
    for _ in range(4):
        texts = [_text(rng, 0, 20) for _ in range(rng.randint(2, 4))]
        batches.append((texts, rng.randint(4, 24)))
    return [(list(texts), width, tokenizer()) for texts, width in batches]


def _windows(text, max_length, overlap, tokenizer):
    return tokenizer(
        text,
        truncation=True,
        max_length=max_length,
        stride=overlap,
        return_overflowing_tokens=True,
    )["input_ids"]


def _window_cases(rng):
    cases = [("", 6, 1), ("a b", 6, 1), ("a b c d", 6, 2), ("a b c d e", 6, 1)]
    cases += [("a b c d e f", 6, 2), ("a b c d e f g h", 6, 0), (TEXTS[6], 10, 3)]
    for _ in range(6):
        width = rng.randint(6, 16)
        cases.append((_text(rng, 10, 40), width, rng.randint(1, width - 4)))
    return [(*case, tokenizer()) for case in cases]


# --- 3.9: batches by budget ----------------------------------------------------------


def _budget_batches(lengths, budget):
    left = sorted((n, row) for row, n in enumerate(lengths))
    batches = []
    while left:
        fits = [k for k in range(1, len(left) + 1) if k * left[k - 1][0] <= budget]
        count = max(fits, default=1)
        batches.append([row for _, row in left[:count]])
        left = left[count:]
    return batches


def _compare_batches(received, expected):
    """Accept any order within a batch. No case leaves a choice between two rows."""
    difference = same(received, expected)
    if difference is None or not isinstance(received, list | tuple):
        return difference
    ours = [sorted(batch) if isinstance(batch, list) else batch for batch in received]
    rows = sorted(row for batch in expected for row in batch)
    if all(isinstance(batch, list) for batch in ours):
        got = sorted(row for batch in ours for row in batch)
        if got != rows:
            said = f"each number from 0 to {len(rows) - 1} must occur exactly once"
            return Difference(said, show(expected), show(received))
    return same(ours, [sorted(batch) for batch in expected]) and difference


def _budget_cases(rng):
    cases = [([3], 3), ([3], 9), ([4, 2], 4), ([2, 2], 4), ([5, 1, 3], 6)]
    cases += [([9, 1, 1], 4), ([2, 8, 2, 8], 16), ([1, 2, 3, 4, 5, 6], 12), ([], 8)]
    for _ in range(6):
        lengths = rng.sample(range(2, 60), rng.randint(5, 20))
        cases.append((lengths, rng.randint(60, 200)))
    return cases


CODING = [
    Coding(
        "3.1", "mask_from_lengths", "1 on every token, 0 on every padding place, also "
        "for empty and for full rows", _mask_from_lengths, _length_cases,
        mistakes.MASK_FROM_LENGTHS, same_numbers,
    ),
    Coding(
        "3.2", "unpad", "each text gets back its own rows, wherever the padding stands",
        _unpad, _hidden_cases, mistakes.UNPAD,
    ),
    Coding(
        "3.3", "additive_mask", "0 on the text, padding hidden, shape (B, 1, 1, T)",
        _additive_mask, _mask_cases, mistakes.ADDITIVE_MASK, _compare_additive,
    ),
    Coding(
        "3.4", "pair_inputs", "all three tensors equal the library's, an empty second "
        "text included", _pair_inputs, _pair_cases, mistakes.PAIR_INPUTS, same_inputs,
    ),
    Coding(
        "3.5", "fit_passage", "the question stays whole, the passage gives way, both "
        "[SEP] stay", _fit_passage, _passage_cases, cutting.FIT_PASSAGE,
    ),
    Coding(
        "3.6", "pad_to_multiple", "the width is the next multiple, and the mask counts "
        "places", _pad_to_multiple, _row_cases, cutting.PAD_TO_MULTIPLE, same_inputs,
    ),
    Coding(
        "3.7", "encode_batch", "both faults are mended: ids and mask equal the "
        "library's", _encode_batch, _text_cases, cutting.ENCODE_BATCH, same_inputs,
    ),
    Coding(
        "3.8", "windows", "every token is in a window, neighbours share the overlap",
        _windows, _window_cases, cutting.WINDOWS,
    ),
    Coding(
        "3.9", "budget_batches", "every text once, no batch above the budget, none "
        "smaller than need be", _budget_batches, _budget_cases, cutting.BUDGET_BATCHES,
        _compare_batches,
    ),
]  # fmt: skip

EXERCISES = [*CODING, *QUESTIONS]
