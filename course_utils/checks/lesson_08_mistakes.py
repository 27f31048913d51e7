"""Plausible wrong answers to 8.1, 8.2 and 8.5: inputs and a matrix, with causes."""

import torch
from torch.nn.utils.rnn import pad_sequence

from course_utils.checks.exercise import Mistake

# --- 8.1 segments_of -----------------------------------------------------------------


def _closed(input_ids, sep_id, dim=1):
    """Return how many [SEP] stand before or at each place."""
    return (input_ids == sep_id).cumsum(dim=dim)


def _before(input_ids, sep_id, dim=1):
    return _closed(input_ids, sep_id, dim) - (input_ids == sep_id).long()


SEGMENTS_OF = (
    Mistake(
        "the first [SEP] is counted to segment 1, and the last one to segment 0: a "
        "[SEP] closes its own text. Count the [SEP] *before* a place, not up to it.",
        lambda ids, sep: (_closed(ids, sep) == 1).long(),
    ),
    Mistake(
        "the first [SEP] is counted to segment 1: it still belongs to segment 0.",
        lambda ids, sep: ((_closed(ids, sep) == 1) | (_before(ids, sep) == 1)).long(),
    ),
    Mistake(
        "padding has segment 1: after the second [SEP] comes 0 again.",
        lambda ids, sep: (_before(ids, sep) >= 1).long(),
    ),
    Mistake(
        "padding has segment 2: there are two segments, 0 and 1, and padding gets 0.",
        _before,
    ),
    Mistake(
        "the last [SEP] has segment 0: it closes the second text and belongs to it.",
        lambda ids, sep: ((_before(ids, sep) == 1) & (ids != sep)).long(),
    ),
    Mistake(
        "the counting runs over the batch (dim 0), not along the row: use dim=1.",
        lambda ids, sep: (_before(ids, sep, 0) == 1).long(),
    ),
    Mistake(
        "[SEP] is taken to be 102, whatever `sep_id` says: other models have others.",
        lambda ids, sep: (_before(ids, 102) == 1).long(),
    ),
    Mistake(
        "all segments are 0: the second text and its [SEP] get 1.",
        lambda ids, sep: torch.zeros_like(ids),
    ),
    Mistake(
        "the second half of the row gets 1: texts differ in length, so look for [SEP].",
        lambda ids, sep: (
            (torch.arange(ids.shape[1]) >= ids.shape[1] // 2).long().expand(ids.shape)
        ),
    ),
)

# --- 8.2 encode_rows -----------------------------------------------------------------


def _by_library(premises, hypotheses, max_length, tokenizer, **options):
    given = {"padding": True, "truncation": "only_first", "return_tensors": "pt"}
    pairs = (list(premises), list(hypotheses))
    return dict(tokenizer(*pairs, max_length=max_length, **given | options))


def _as_one_text(premises, hypotheses, max_length, tokenizer):
    pairs = zip(premises, hypotheses, strict=True)
    texts = [f"{premise} [SEP] {hypothesis}" for premise, hypothesis in pairs]
    options = {"padding": True, "truncation": True, "return_tensors": "pt"}
    return dict(tokenizer(texts, max_length=max_length, **options))


def _segments_by_hand(premises, hypotheses, max_length, tokenizer):
    inputs = _as_one_text(premises, hypotheses, max_length, tokenizer)
    ids, sep = inputs["input_ids"], tokenizer.sep_token_id
    return inputs | {"token_type_ids": (_before(ids, sep) == 1).long()}


def _without_segments(*given):
    inputs = _by_library(*given)
    return inputs | {"token_type_ids": torch.zeros_like(inputs["input_ids"])}


def _swapped(premises, hypotheses, max_length, tokenizer):
    options = {"truncation": "only_second"}
    return _by_library(hypotheses, premises, max_length, tokenizer, **options)


def _start_cut(premises, hypotheses, max_length, tokenizer):
    names = ("input_ids", "token_type_ids", "attention_mask")
    rows = {name: [] for name in names}
    for pair in zip(premises, hypotheses, strict=True):
        inputs = tokenizer(*pair)
        gone = max(len(inputs["input_ids"]) - max_length, 0)
        for name, kept in rows.items():
            row = torch.tensor(inputs[name])
            kept.append(torch.cat([row[:1], row[1 + gone :]]))
    return {name: pad_sequence(kept, True) for name, kept in rows.items()}


ENCODE_ROWS = (
    Mistake(
        "both faults are still there: one text has one segment, and its end is cut, "
        "which is the hypothesis. Give the tokenizer two texts.",
        _as_one_text,
    ),
    Mistake(
        "the end of the row is cut, which is the hypothesis: it is the premise that "
        "must give way.",
        _segments_by_hand,
    ),
    Mistake(
        "all segments are 0: the model cannot tell by them which text is which.",
        _without_segments,
    ),
    Mistake(
        "the longer text is cut first (longest_first): a long hypothesis loses its "
        "end. Only the premise may be cut.",
        lambda *given: _by_library(*given, truncation="longest_first"),
    ),
    Mistake(
        "the premise loses its beginning: its end should go, as in training.",
        _start_cut,
    ),
    Mistake(
        "the rows are padded to max_length: pad to the longest of this batch.",
        lambda *given: _by_library(*given, padding="max_length"),
    ),
    Mistake(
        "the hypothesis stands first: the relation has a direction, and the order of "
        "training must be kept.",
        _swapped,
    ),
    Mistake(
        "nothing is cut: rows are longer than max_length.",
        lambda *given: _by_library(*given, truncation=False),
    ),
)

# --- 8.5 precision_recall ------------------------------------------------------------


def _divided(matrix, *sums):
    right = matrix.diagonal().double()
    return torch.stack([right / total.clamp(min=1) for total in sums], dim=1)


PRECISION_RECALL = (
    Mistake(
        "precision and recall are exchanged: a column holds what was predicted as a "
        "class, a row what truly is one.",
        lambda m: _divided(m, m.sum(dim=1), m.sum(dim=0)),
    ),
    Mistake(
        "0 / 0: a class that is never predicted, or never there, gets 0. Divide by at "
        "least 1.",
        lambda m: torch.stack(
            [m.diagonal() / m.sum(dim=0), m.diagonal() / m.sum(dim=1)], dim=1
        ),
    ),
    Mistake(
        "the counts are divided by the number of all pairs: precision divides by the "
        "class's column, recall by its row.",
        lambda m: _divided(m, m.sum(), m.sum()),
    ),
    Mistake(
        "the axes are in another order: one row for each class, (C, 2).",
        lambda m: _divided(m, m.sum(dim=0), m.sum(dim=1)).T,
    ),
    Mistake(
        "both columns are recall: precision divides by the column's sum.",
        lambda m: _divided(m, m.sum(dim=1), m.sum(dim=1)),
    ),
    Mistake(
        "the diagonal is left out of the sums: what is right counts there, too.",
        lambda m: _divided(m, m.sum(dim=0) - m.diagonal(), m.sum(dim=1) - m.diagonal()),
    ),
)
