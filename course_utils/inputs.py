"""BERT's three input tensors, built by hand.

Lesson 03 develops these functions; a test holds the notebook and this module to the
same code. They follow Devlin et al. 2019, section 3:
[CLS] text [SEP] pair [SEP] [PAD] ...
"""

import torch

from course_utils import text_checks
from course_utils.call_guard import guarded


def truncate_pair(first, second, room):
    """Cut the longer list until both fit into `room` tokens; then cut in turn.

    first, second: lists of str, left as they are. Returns two lists. This is the
    library's `truncation="longest_first"`: an odd last place goes to the longer list,
    and to the second if both are equally long.
    """
    if len(first) + len(second) <= room:
        return first, second
    small = min(len(first), len(second), room // 2)
    if len(first) > len(second):
        return first[: room - small], second[:small]
    return first[:small], second[: room - small]


def add_special_tokens(first, second=None):
    """Return the tokens with [CLS] and [SEP], and the segment (0 or 1) of each.

    first, second: lists of str. Returns two lists of equal length.
    """
    tokens = ["[CLS]", *first, "[SEP]"]
    segments = [0] * len(tokens)
    if second is not None:
        tokens += [*second, "[SEP]"]
        segments += [1] * (len(second) + 1)
    return tokens, segments


def pad(tokens, segments, max_length):
    """Fill both lists up to max_length, and return them with the attention mask."""
    padding = max_length - len(tokens)
    mask = [1] * len(tokens) + [0] * padding
    return tokens + ["[PAD]"] * padding, segments + [0] * padding, mask


def prepare_inputs(text, pair=None, *, tokenizer, max_length):
    """Build BERT's inputs for one text or a pair, truncated and padded to max_length.

    text, pair: str. max_length: T, the special tokens included. Returns a dict of
    input_ids, token_type_ids and attention_mask, each (1, T) int64. An empty pair is a
    pair, as in the library's call with lists. Raises TypeError for anything but one str
    and one int, ValueError where T leaves no room or exceeds what the model reads.
    """
    for given in [text] if pair is None else [text, pair]:
        if not isinstance(given, str):
            kind = type(given).__name__
            raise TypeError(f"expected one text (str), got a {kind}: {given!r}")
    if not isinstance(max_length, int):
        raise TypeError(f"expected max_length as an int, got {max_length!r}")
    room, limit = max_length - (2 if pair is None else 3), tokenizer.model_max_length
    if room < 1 or max_length > limit:
        raise ValueError(f"max_length={max_length}: too small for a text, or > {limit}")

    first = tokenizer.tokenize(text, verbose=False)
    second = tokenizer.tokenize(pair or "", verbose=False)
    first, second = truncate_pair(first, second, room)
    tokens, segments = add_special_tokens(first, None if pair is None else second)
    tokens, segments, mask = pad(tokens, segments, max_length)
    ids = tokenizer.convert_tokens_to_ids(tokens)
    return {
        "input_ids": torch.tensor([ids]),  # (1, T)
        "token_type_ids": torch.tensor([segments]),  # (1, T)
        "attention_mask": torch.tensor([mask]),  # (1, T)
    }


prepare_inputs = guarded(prepare_inputs, text_checks.check_input_request)
