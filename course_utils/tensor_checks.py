"""Checks of what is handed to attention and to the transformer: errors for students.

Each function returns None where all fits, and otherwise raises TypeError (not a tensor,
or numbers of the wrong kind) or ValueError (a shape that does not fit). The message
says what was given, what was expected, and what to try.
"""

import torch


def check_attention_inputs(query, key, value, mask=None):
    """Check what scaled dot-product attention is given.

    query: (..., T, K) float, key: (..., S, K) float, value: (..., S, any) float. mask:
    bool, broadcastable to (..., T, S), with a True in every row.
    """
    for name, x in (("query", query), ("key", key), ("value", value)):
        check_float(name, x)
        if x.dim() < 2:
            raise ValueError(
                f"{name} has shape {tuple(x.shape)}, expected (..., T, K), tokens by "
                f"numbers: for one token try {name}.unsqueeze(0)"
            )
    if query.shape[-1] != key.shape[-1]:
        raise ValueError(
            f"query has K = {query.shape[-1]} numbers a token, key has "
            f"{key.shape[-1]}, expected equal: project both to the same K first"
        )
    if key.shape[-2] != value.shape[-2]:
        raise ValueError(
            f"there are {key.shape[-2]} keys and {value.shape[-2]} values, expected "
            "one value for each key: take both from the same tokens"
        )
    try:
        torch.broadcast_shapes(query.shape[:-2], key.shape[:-2], value.shape[:-2])
    except RuntimeError:
        raise ValueError(
            f"query {tuple(query.shape)}, key {tuple(key.shape)} and value "
            f"{tuple(value.shape)} have different batch axes, expected equal ones: was "
            "one of them transposed, or taken from another batch?"
        ) from None
    if mask is not None:
        _check_mask(mask, query, key)


def check_hidden(D, **tensors):
    """Check hidden states: each of `tensors` must be (B, T, D) float, B the same."""
    for name, x in tensors.items():
        check_float(name, x)
        shape = tuple(x.shape)
        if x.dim() == 2:
            raise ValueError(
                f"{name} has shape {shape}, expected (B, T, D) with D = {D}: add the "
                f"batch axis with {name}.unsqueeze(0)"
            )
        if x.dim() != 3 or shape[-1] != D:
            raise ValueError(
                f"{name} has shape {shape}, expected (B, T, D) with D = {D}: is it "
                "from another model, or already split into heads?"
            )
    if len({len(x) for x in tensors.values()}) > 1:
        batches = {name: len(x) for name, x in tensors.items()}
        raise ValueError(f"batch sizes are {batches}, expected one for all")


def check_heads(D, A):
    """Check that D numbers can be cut into A heads of equal size."""
    for name, number in (("D", D), ("A", A)):
        if isinstance(number, bool) or not isinstance(number, int):
            kind = type(number).__name__
            raise TypeError(f"{name} is {number!r} ({kind}), expected an int")
    if A < 1 or D < 1 or D % A:
        heads = [a for a in range(1, D + 1) if D % a == 0]
        raise ValueError(
            f"D = {D} cannot be cut into A = {A} heads of equal size, expected an A "
            f"that divides D: try one of {heads}"
        )


def check_integers(name, given):
    """Raise TypeError where `given` is not a tensor of integers."""
    if not isinstance(given, torch.Tensor):
        raise TypeError(
            f"{name} is a {type(given).__name__}, expected a tensor (B, T) of "
            "integers: try torch.tensor([ids]) or tokenizer(..., return_tensors='pt')"
        )
    if given.dtype not in (torch.int64, torch.int32):
        raise TypeError(
            f"{name} has dtype {given.dtype}, expected torch.int64: were vectors or "
            f"probabilities given in its place? If not, try {name}.long()"
        )


def check_ids(name, ids, size):
    """Check token ids: (B, T) int64 or int32 tensor, each from 0 to size - 1."""
    check_integers(name, ids)
    if ids.dim() != 2 or ids.numel() == 0:
        raise ValueError(
            f"{name} has shape {tuple(ids.shape)}, expected (B, T) with at least one "
            f"text and one token: for one text try {name}.unsqueeze(0)"
        )
    low, high = ids.min().item(), ids.max().item()
    if low < 0 or high >= size:
        raise ValueError(
            f"{name} has ids from {low} to {high}, expected 0 to {size - 1}: the "
            "embedding table has no other row. Was another vocabulary used?"
        )


def check_float(name, x):
    if not torch.is_tensor(x):
        raise TypeError(
            f"{name} is a {type(x).__name__}, expected a float tensor: try torch.tensor"
        )
    if not x.is_floating_point():
        raise TypeError(
            f"{name} has the type {x.dtype}, expected floats: are these ids? Look up "
            "their vectors in an embedding table first"
        )


def _check_mask(mask, query, key):
    if not torch.is_tensor(mask) or mask.dtype != torch.bool:
        kind = mask.dtype if torch.is_tensor(mask) else f"a {type(mask).__name__}"
        raise TypeError(
            f"mask is {kind}, expected a bool tensor, True where a query may look: "
            "try mask.bool()"
        )
    batch = torch.broadcast_shapes(query.shape[:-2], key.shape[:-2])
    scores = (*batch, query.shape[-2], key.shape[-2])
    if mask.dim() > len(scores) or any(
        m not in (1, s) for m, s in zip(mask.shape[::-1], scores[::-1], strict=False)
    ):
        raise ValueError(
            f"mask has shape {tuple(mask.shape)}, expected one that fits the scores "
            f"{scores}: a padding mask (B, S) becomes mask[:, None, None, :]"
        )
    if not mask.any(dim=-1).all():
        raise ValueError(
            "a row of the mask is all False, expected at least one True: a query that "
            "may look nowhere has no softmax (0 / 0 is nan). Is a text only padding?"
        )
