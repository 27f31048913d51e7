"""Texts to vectors, fast on a CPU: length-sorted batches of about equal token counts.

Lesson 05 develops these functions; a test holds the notebook and this module to the
same code.
"""

import os
import warnings
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence

from course_utils import score_checks
from course_utils.call_guard import guarded
from course_utils.machine import has_fast_bf16
from course_utils.model_checks import check_module
from course_utils.pooling import POOLINGS, pool
from course_utils.pretrained import load_bert
from course_utils.progress_bar import progress as progress_bar

PRECISIONS = ("float32", "bfloat16", "auto")


def length_batches(lengths, batch_tokens):
    """Return lists of indices, longest first, each padded to at most batch_tokens.

    lengths: token counts. A text longer than batch_tokens gets a batch of its own.
    """
    batches = []
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        width = lengths[batches[-1][0]] if batches else 0
        if batches and width * (len(batches[-1]) + 1) <= batch_tokens:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches


def tokenize_texts(texts, tokenizer):
    """Return the ids of each text, cut to what the model reads, with a warning."""
    limit, ids = tokenizer.model_max_length, []
    for start in range(0, len(texts), 500):  # in parts, which saves memory
        ids += tokenizer(texts[start : start + 500], verbose=False)["input_ids"]
    too_long = sum(len(row) > limit for row in ids)
    if too_long:
        warnings.warn(
            f"{too_long} of {len(ids)} texts exceed {limit} tokens: only their "
            f"beginning is read. Split them to keep the rest.",
            stacklevel=4,
        )
    return [row if len(row) <= limit else row[: limit - 1] + row[-1:] for row in ids]


def unit(vectors):
    """Scale each vector to length 1; zeros stay. vectors: (..., D) -> (..., D)."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)  # (..., 1)
    return vectors / length.clip(1e-12)


def run_batches(texts, bert, batch_tokens, precision, progress):
    """Yield (indices, hidden states, mask) for length-sorted batches of texts.

    texts: list of str. bert: (tokenizer, model). precision: "float32" or "bfloat16".
    hidden states: a tuple of L + 1 tensors (B, T, D). mask: (B, T) int64, 0/1.
    Use it under `evaluating(model)`.
    """
    tokenizer, model = bert
    rows = [torch.tensor(row) for row in tokenize_texts(texts, tokenizer)]
    batches = length_batches([len(row) for row in rows], batch_tokens)
    for batch in progress_bar(batches, "Embedding") if progress else batches:
        ids = pad_sequence([rows[i] for i in batch], batch_first=True)  # (B, T)
        lengths = torch.tensor([len(rows[i]) for i in batch])
        mask = torch.arange(ids.shape[1]) < lengths[:, None]  # (B, T)
        ids, mask = ids.to(model.device), mask.long().to(model.device)
        reduced = precision == "bfloat16"
        with torch.autocast(model.device.type, torch.bfloat16, enabled=reduced):
            output = model(ids, attention_mask=mask, output_hidden_states=True)
        yield batch, output.hidden_states, mask


def embed(
    texts,
    *,
    pooling="mean",
    layer=-1,
    batch_tokens=1024,
    normalize=False,
    progress=True,
    precision="float32",
    bert=None,
):
    """Return one vector a text, in the order given: (N, D) numpy float32.

    texts: a list (or other sequence) of N str. An empty list gives (0, D); an empty
        text is the mean of [CLS] and [SEP]. Beyond the model's 512 tokens a text is
        cut, and a UserWarning says how many were.
    pooling: "mean", "max", "cls", or "pooler" (last layer only).
    layer: 0 is the embedding layer, 1..L the blocks, -1 the last.
    batch_tokens: how many tokens, padding counted, go through the model at once.
    normalize: scale each vector to length 1, so that a dot product is the cosine.
    progress: show a bar.
    precision: "float32", "bfloat16" (cosine to float32 above 0.999), or "auto", which
        is bfloat16 where the CPU multiplies it natively.
    bert: (tokenizer, model), by default those of `load_bert()`, loaded once.

    Raises TypeError or ValueError, which say what was given and what was expected.
    """
    bert = bert or default_bert(os.environ.get("COURSE_MODEL"))
    model = bert[1]
    texts = check_texts(texts)
    layer, precision = check_choices(pooling, layer, batch_tokens, precision, model)
    vectors = np.empty((len(texts), model.config.hidden_size), np.float32)  # (N, D)
    with evaluating(model):
        batches = run_batches(texts, bert, batch_tokens, precision, progress)
        for rows, states, mask in batches:
            pooled = pool(states[layer].float(), mask, pooling, model.pooler)  # (B, D)
            vectors[rows] = pooled.cpu().numpy()
    return unit(vectors) if normalize else vectors


@contextmanager
def evaluating(model):
    """Switch dropout and gradients off for a while, then leave the model as it was."""
    was_training = model.training
    model.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        model.train(was_training)


def check_texts(texts):
    """Return texts as a list of str. Raises TypeError or ValueError otherwise."""
    if isinstance(texts, str | bytes) or not hasattr(texts, "__iter__"):
        raise TypeError(
            f"texts is a {type(texts).__name__} ({str(texts)[:40]!r}), expected a list "
            "of str: try embed([text])"
        )
    texts = list(texts)
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(
                f"texts[{place}] is a {type(text).__name__} ({str(text)[:40]!r}), "
                "expected str: is a value missing (None, nan), or are these ids?"
            )
        if not text.isascii() and any("\ud800" <= ch <= "\udfff" for ch in text):
            raise ValueError(
                f"texts[{place}] holds half a character (a lone surrogate), expected "
                "whole ones: read the file with encoding='utf-8'"
            )
    return texts


def check_choices(pooling, layer, batch_tokens, precision, model):
    """Return the layer counted from 0 and the precision that "auto" stands for.

    Raises TypeError or ValueError, which say what was given and what was expected.
    """
    check_module("bert[1]", model)
    last = model.config.num_hidden_layers
    if pooling not in POOLINGS:
        raise ValueError(f"pooling is {pooling!r}, expected one of {POOLINGS}")
    if precision not in PRECISIONS:
        raise ValueError(f"precision is {precision!r}, expected one of {PRECISIONS}")
    if isinstance(layer, bool) or not isinstance(layer, int | np.integer):
        raise TypeError(f"layer is {layer!r}, expected an int: try layer=-1, the last")
    if not -last - 1 <= layer <= last:
        raise ValueError(f"layer is {layer}, expected 0 to {last}, or -1, the last")
    if isinstance(batch_tokens, bool) or not isinstance(batch_tokens, int | np.integer):
        raise TypeError(
            f"batch_tokens is {batch_tokens!r}, expected an int such as 1024"
        )
    if batch_tokens < 1:
        raise ValueError(
            f"batch_tokens is {batch_tokens}, expected 1 or more: try 1024"
        )
    layer = layer if layer >= 0 else last + 1 + layer
    if pooling == "pooler" and (layer != last or model.pooler is None):
        raise ValueError(
            f"pooling='pooler' with layer={layer}: the pooler was trained upon the "
            f"last layer ({last}) only, and some models have none; try pooling='cls'"
        )
    if precision == "auto":
        precision = "bfloat16" if has_fast_bf16() else "float32"
    return int(layer), precision


@lru_cache(maxsize=1)
def default_bert(course_model):
    """Load the course's model once; anew where COURSE_MODEL has changed."""
    return load_bert()


unit = guarded(unit, score_checks.check_vectors)
