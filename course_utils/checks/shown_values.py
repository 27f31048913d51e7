"""Values as short text for messages: the same on every run, never longer than a line.

Nothing of the student's is called: an unknown object is shown by its type only.
"""

from collections.abc import Mapping
from itertools import islice

import numpy as np
import torch

LINE = 88
FEW = 32  # numbers that are shown one by one
DEEPEST = 8  # lists in lists that are written out; a list may contain itself
LONGEST = 10**40  # whole numbers from here on are named by their length


def show(value, limit=LINE):
    """Return `value` as text of at most about `limit` characters."""
    text = _text(value)
    return text if len(text) <= limit else text[: limit - 4] + " ..."


def kind(value):
    """Return what sort of thing a value is: "a tensor", "None", "a list"."""
    if value is None:
        return "None"
    if isinstance(value, torch.Tensor):
        return "a tensor"
    if isinstance(value, np.ndarray):
        return "a numpy array"
    name = type(value).__name__.rstrip("_")  # numpy 1 calls its bool "bool_"
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"


def _text(value, depth=0):
    if isinstance(value, torch.Tensor):
        dense = value.detach().cpu().to_dense()
        return _numbers(dense, "tensor", _dtype(value.dtype))
    if isinstance(value, np.ndarray):
        return _numbers(value, "array", str(value.dtype))
    if type(value) is int and abs(value) >= LONGEST:
        return f"an int of about {value.bit_length() * 0.30103:.0f} digits"
    if isinstance(value, bool | int | str | type(None) | type(...)):
        return repr(value)
    if isinstance(value, float | np.number):
        return f"{value:.5g}"
    if depth == DEEPEST:
        return "..."
    if isinstance(value, list | tuple):
        opening, closing = "[]" if isinstance(value, list) else "()"
        shown = ", ".join(_text(item, depth + 1) for item in value[:FEW])
        more = f", ... {len(value)} items" if len(value) > FEW else ""
        return f"{opening}{shown}{more}{closing}"
    if isinstance(value, Mapping):
        items = ((_text(k, depth + 1), _text(v, depth + 1)) for k, v in value.items())
        return "{" + ", ".join(f"{k}: {v}" for k, v in islice(items, FEW)) + "}"
    return kind(value)


def _numbers(x, name, dtype):
    shape = tuple(x.shape)
    if x.size if isinstance(x, np.ndarray) else x.numel():
        few = (x.size if isinstance(x, np.ndarray) else x.numel()) <= FEW
        if few:
            return f"{name}({_nested(x.tolist())})"
        first = ", ".join(_nested(n) for n in x.reshape(-1)[:4].tolist())
        return f"{name} {shape} {dtype}, begins {first}"
    return f"{name}([]) of shape {shape}"


def _nested(x):
    if isinstance(x, list):
        return "[" + ", ".join(map(_nested, x)) + "]"
    return f"{x:.5g}" if isinstance(x, float) else str(x)


def _dtype(dtype):
    return str(dtype).removeprefix("torch.")
