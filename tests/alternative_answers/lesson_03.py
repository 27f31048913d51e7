"""Other correct ways to solve the exercises of lesson 03."""

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence


def mask_by_triangle(lengths, width):
    return torch.ones(width + 1, width).tril(-1)[lengths]


def mask_of_bools(lengths, width):
    return torch.arange(width).expand(len(lengths), -1).lt(lengths[:, None])


def mask_row_by_row(lengths, width):
    mask = torch.zeros(len(lengths), width, dtype=torch.int32)
    for row, n in zip(mask, lengths.tolist(), strict=True):
        row[:n] = 1
    return mask


def unpad_by_split(hidden, mask):
    return list(hidden[mask.bool()].split(mask.sum(dim=1).tolist()))


def unpad_by_index(hidden, mask):
    return tuple(
        h[m.nonzero()[:, 0]].double() for h, m in zip(hidden, mask, strict=True)
    )


def additive_by_log(mask):
    return mask[:, None, None].double().log()


def additive_by_lowest(mask):
    lowest = torch.finfo(torch.float32).min
    return (1 - mask[:, None, None, :].float()) * lowest


def additive_by_where(mask):
    return torch.where(mask.bool(), 0.0, -1e9).view(len(mask), 1, 1, -1)


def pairs_by_library(firsts, seconds, tokenizer):
    return tokenizer(firsts, seconds, padding="longest", return_tensors="pt")


def pairs_by_pad_sequence(firsts, seconds, tokenizer):
    ids, segments = [], []
    for a, b in zip(firsts, seconds, strict=True):
        a, b = tokenizer(a)["input_ids"], tokenizer(b)["input_ids"][1:]
        ids.append(torch.tensor(a + b))
        segments.append(torch.tensor([0] * len(a) + [1] * len(b)))
    lengths = torch.tensor([len(row) for row in ids])
    return {
        "input_ids": pad_sequence(ids, batch_first=True),
        "token_type_ids": pad_sequence(segments, batch_first=True).int(),
        "attention_mask": (torch.arange(lengths.max()) < lengths[:, None]).int(),
    }


def fit_by_dropping(question, passage, max_length, tokenizer):
    first = tokenizer(question)["input_ids"]
    second = tokenizer(passage, add_special_tokens=False)["input_ids"]
    while len(first) + len(second) + 1 > max_length:
        second.pop()
    return [*first, *second, tokenizer.sep_token_id]


def multiple_by_counting_up(rows, multiple):
    width = multiple
    while width < max(map(len, rows)):
        width += multiple
    ids = np.zeros((len(rows), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for b, row in enumerate(rows):
        ids[b, : len(row)], mask[b, : len(row)] = row, 1
    return {
        "input_ids": torch.from_numpy(ids),
        "attention_mask": torch.from_numpy(mask),
    }


def encode_by_library(texts, max_length, tokenizer):
    rows = [
        tokenizer(text, truncation=True, max_length=max_length)["input_ids"]
        for text in texts
    ]
    ids = torch.zeros(len(rows), max_length, dtype=torch.int64)
    mask = ids.clone()
    for b, row in enumerate(rows):
        ids[b, : len(row)] = torch.tensor(row)
        mask[b, : len(row)] = 1
    return {"attention_mask": mask, "input_ids": ids}


def windows_by_range(text, max_length, overlap, tokenizer):
    pieces = tokenizer.convert_tokens_to_ids(tokenizer.tokenize(text))
    step = max_length - 2 - overlap
    starts = range(0, max(len(pieces) - overlap, 1), step)
    return [
        tokenizer.build_inputs_with_special_tokens(pieces[s : s + max_length - 2])
        if hasattr(tokenizer, "build_inputs_with_special_tokens")
        else [101, *pieces[s : s + max_length - 2], 102]
        for s in starts
    ]


def batches_by_recursion(lengths, budget, rows=None):
    if rows is None:
        rows = np.argsort(np.array(lengths, dtype=int), kind="stable").tolist()
    if not rows:
        return []
    count = 1
    while count < len(rows) and (count + 1) * lengths[rows[count]] <= budget:
        count += 1
    rest = batches_by_recursion(lengths, budget, rows[count:])
    return [rows[:count][::-1], *rest]


RIGHT = {
    "3.1": [mask_by_triangle, mask_of_bools, mask_row_by_row],
    "3.2": [unpad_by_split, unpad_by_index],
    "3.3": [additive_by_log, additive_by_lowest, additive_by_where],
    "3.4": [pairs_by_library, pairs_by_pad_sequence],
    "3.5": [fit_by_dropping],
    "3.6": [multiple_by_counting_up],
    "3.7": [encode_by_library],
    "3.8": [windows_by_range],
    "3.9": [batches_by_recursion],
}
