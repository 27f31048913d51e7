"""Batches for fine-tuning: examples of like length together, padded to the longest.

Lesson 07 develops these functions; a test holds the notebook and this module to the
same code.
"""

import random

import torch

from course_utils import batch_checks
from course_utils.call_guard import guarded

PAD_TO_MULTIPLE = 8  # few widths: bf16 kernels are kept in memory for each shape
WINDOW = 20  # batches whose examples are sorted together
NO_LABEL = -100  # what cross-entropy leaves out


def grouped_batches(lengths, batch_size, seed, together=1):
    """Return lists of indices, each index once: like lengths together, else at random.

    lengths: token counts. The indices are shuffled, each window of `WINDOW` batches is
    sorted by length and cut, and the batches are shuffled again. together: int, so many
    neighbours always stay in one batch (lesson 08: the three premises of a hypothesis).
    """
    chance, N = random.Random(seed), len(lengths)
    runs = [range(i, min(i + together, N)) for i in range(0, N, together)]
    order = chance.sample(runs, len(runs))
    size, batches = max(1, batch_size // together), []
    for start in range(0, len(order), WINDOW * size):
        window = order[start : start + WINDOW * size]
        window.sort(key=lambda run: -max(lengths[i] for i in run))
        for first in range(0, len(window), size):
            batches.append([i for run in window[first : first + size] for i in run])
    chance.shuffle(batches)
    return batches


def pad_rows(rows, filler):
    """Return the rows as one tensor (B, T) int64, filled up to the longest's width."""
    longest = max(len(row) for row in rows)
    T = -(-longest // PAD_TO_MULTIPLE) * PAD_TO_MULTIPLE
    return torch.tensor([list(row) + [filler] * (T - len(row)) for row in rows])


def collate(examples, pad_id=0, device="cpu"):
    """Turn a list of B examples into the tensors of one batch.

    examples: dicts with input_ids, token_type_ids and what the model takes as labels:
        an int, or a list with one int a token. Returns a dict of int64 tensors: (B, T)
        for lists, (B,) for ints, and attention_mask (B, T). Padded labels are -100.
    """
    fillers = {"input_ids": pad_id, "labels": NO_LABEL}
    batch = {}
    for key, value in examples[0].items():
        column = [example[key] for example in examples]
        is_row = isinstance(value, list)
        batch[key] = pad_rows(column, fillers.get(key, 0)) if is_row else column
    ones = [[1] * len(example["input_ids"]) for example in examples]
    batch["attention_mask"] = pad_rows(ones, 0)  # (B, T)
    return {key: torch.as_tensor(value).to(device) for key, value in batch.items()}


grouped_batches = guarded(grouped_batches, batch_checks.check_grouping)
collate = guarded(collate, batch_checks.check_batch_request)
