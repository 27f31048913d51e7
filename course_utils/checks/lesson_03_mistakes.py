"""Plausible wrong answers to the exercises of lesson 03, each with its cause."""

import torch

from course_utils.checks.exercise import Mistake

# --- 3.1 mask_from_lengths -----------------------------------------------------------


MASK_FROM_LENGTHS = (
    Mistake(
        "one place too many. Places count from 0, so a text of 3 tokens ends at place "
        "2: compare with <, not <=.",
        lambda lengths, width: torch.arange(width) <= lengths[:, None],
    ),
    Mistake(
        "one place too few. The places start at 0, not at 1, when compared with <.",
        lambda lengths, width: torch.arange(1, width + 1) < lengths[:, None],
    ),
    Mistake(
        "the mask is inverted: 1 stands for a token of the text, 0 for padding.",
        lambda lengths, width: torch.arange(width) >= lengths[:, None],
    ),
    Mistake(
        "the axes are exchanged: rows are texts (B), columns are places (T). It is "
        "lengths that needs the new axis: lengths.unsqueeze(1).",
        lambda lengths, width: torch.arange(width)[:, None] < lengths,
    ),
    Mistake(
        "lengths (B,) is compared with the places (T,) one by one: it needs an axis of "
        "its own, lengths.unsqueeze(1).",
        lambda lengths, width: torch.arange(width) < lengths,
    ),
    Mistake(
        "the width is ignored: the mask is as wide as the longest text, not `width`.",
        lambda lengths, width: torch.arange(int(lengths.max())) < lengths[:, None],
    ),
    Mistake(
        "the padding stands on the left: in BERT's rows the text comes first.",
        lambda lengths, width: torch.arange(width) >= width - lengths[:, None],
    ),
)

# --- 3.2 unpad -----------------------------------------------------------------------

UNPAD = (
    Mistake(
        "the first n rows are taken, as if padding always stood on the right. Ask the "
        "mask which rows are real.",
        lambda hidden, mask: [
            h[: int(m.sum())] for h, m in zip(hidden, mask, strict=True)
        ],
    ),
    Mistake(
        "the mask is used as row numbers: with integers, h[m] picks rows 0 and 1. Make "
        "it bool first: h[m.bool()].",
        lambda hidden, mask: [h[m.long()] for h, m in zip(hidden, mask, strict=True)],
    ),
    Mistake(
        "padding is set to 0, but still there: rows must be taken out, not zeroed.",
        lambda hidden, mask: list(hidden * mask.unsqueeze(-1)),
    ),
    Mistake(
        "the mask is inverted: the padding is kept and the text thrown away.",
        lambda hidden, mask: [h[m == 0] for h, m in zip(hidden, mask, strict=True)],
    ),
    Mistake(
        "all texts are in one tensor, and where one ends is lost: index row by row.",
        lambda hidden, mask: hidden[mask.bool()],
    ),
    Mistake(
        "the last real token of each text is missing: a slice ends before its end.",
        lambda hidden, mask: [
            h[m.bool()][:-1] for h, m in zip(hidden, mask, strict=True)
        ],
    ),
)

# --- 3.4 pair_inputs -----------------------------------------------------------------


def _pairs(firsts, seconds, tokenizer, **slip):
    """Build a batch of pairs with one slip."""
    rows, width = [], 0
    cls, sep = tokenizer.cls_token_id, tokenizer.sep_token_id
    for first, second in zip(firsts, seconds, strict=True):
        a, b = (
            tokenizer.convert_tokens_to_ids(tokenizer.tokenize(text))
            for text in (first, second)
        )
        left = [cls, *a, *([] if slip.get("no_middle_sep") else [sep])]
        right = [*([cls] if slip.get("second_cls") else []), *b]
        right += [] if slip.get("no_last_sep") else [sep]
        ones = len(right) + slip.get("sep_in_one", 0)
        segments = [0] * (len(left) + len(right) - ones) + [1] * ones
        segments = [0] * len(segments) if slip.get("zeros") else segments
        segments = [kind + slip.get("first_segment", 0) for kind in segments]
        rows.append((left + right, segments))
        width = max(width, len(left + right))
    width = slip.get("width", width)
    ids, kinds, masks = [], [], []
    for row, segments in rows:
        gap = width - len(row)
        ids.append(row + [0] * gap)
        kinds.append(segments + [slip.get("padding_segment", 0)] * gap)
        masks.append([1] * len(row) + [slip.get("padding_mask", 0)] * gap)
    return {
        "input_ids": torch.tensor(ids),
        "token_type_ids": torch.tensor(kinds),
        "attention_mask": torch.tensor(masks),
    }


def _slip(**slip):
    return lambda firsts, seconds, tokenizer: _pairs(firsts, seconds, tokenizer, **slip)


PAIR_INPUTS = (
    Mistake(
        "the first [SEP] is counted to segment 1: it still belongs to segment 0.",
        _slip(sep_in_one=1),
    ),
    Mistake("padding has segment 1: it gets 0.", _slip(padding_segment=1)),
    Mistake("all segments are 0: the second text and its [SEP] get 1.", _slip(zeros=1)),
    Mistake("the [SEP] between the two texts is missing.", _slip(no_middle_sep=1)),
    Mistake("the [SEP] at the end is missing.", _slip(no_last_sep=1)),
    Mistake(
        "there is a second [CLS]: a row has one, at its start.", _slip(second_cls=1)
    ),
    Mistake("the mask is 1 on padding: it gets 0.", _slip(padding_mask=1)),
    Mistake(
        "the rows are padded to 512: pad to the longest of this batch.",
        _slip(width=512),
    ),
    Mistake(
        "the segments are counted from 1: the first text has segment 0, the second 1.",
        _slip(first_segment=1),
    ),
)

# --- 3.3 additive_mask ---------------------------------------------------------------


def _hide(where):
    return torch.zeros(where.shape).masked_fill(where, -torch.inf)


ADDITIVE_MASK = (
    Mistake(
        "0 * -inf is nan, so multiplying cannot work: write -inf only where the mask "
        "is 0, with masked_fill or torch.where.",
        lambda mask: ((1 - mask.float()) * -torch.inf)[:, None, None],
    ),
    Mistake(
        "the wrong sign: +inf gives padding all the attention. It must be -inf.",
        lambda mask: -_hide(mask == 0)[:, None, None],
    ),
    Mistake(
        "the mask is inverted: -inf stands on the text, 0 on the padding.",
        lambda mask: _hide(mask != 0)[:, None, None],
    ),
    Mistake(
        "the 0/1 mask is added as it is: 1 more for the text hides nothing.",
        lambda mask: mask[:, None, None].float(),
    ),
    Mistake(
        "1 - mask is added: padding gets a higher score, and no score is hidden.",
        lambda mask: 1 - mask[:, None, None].float(),
    ),
    Mistake(
        "the number on padding is not low enough: exp(-10) still gives it a weight. "
        "Take -inf, or torch.finfo(torch.float32).min.",
        lambda mask: (mask[:, None, None].float() - 1) * 10,
        lambda received, expected, mask: (
            received.is_floating_point()
            and torch.equal(received < 0, expected < 0)
            and received.isfinite().all()
        ),
    ),
    Mistake(
        "two axes of size 1 are missing: (B, T) must become (B, 1, 1, T) to fit the "
        "scores (B, A, T, T).",
        lambda mask: _hide(mask == 0),
    ),
    Mistake(
        "the places stand on the axis of the token that looks: (B, 1, T, 1) blanks "
        "whole rows. Hidden are columns: (B, 1, 1, T).",
        lambda mask: _hide(mask == 0)[:, None, :, None],
    ),
)
