"""Values as short text for messages: the same on every run, never longer than a line.

Nothing of the student's is called: an unknown object is shown by its type only.
"""

import numpy as np
import torch

LINE = 88
FEW = 32  # numbers that are shown one by one


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
    name = type(value).__name__
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"


def _text(value):
    if isinstance(value, torch.Tensor):
        return _numbers(value.detach().cpu(), "tensor", _dtype(value.dtype))
    if isinstance(value, np.ndarray):
        return _numbers(value, "array", str(value.dtype))
    if isinstance(value, bool | int | str | type(None) | type(...)):
        return repr(value)
    if isinstance(value, float | np.number):
        return f"{value:.5g}"
    if isinstance(value, list | tuple):
        opening, closing = "[]" if isinstance(value, list) else "()"
        shown = ", ".join(_text(item) for item in value[:FEW])
        more = f", ... {len(value)} items" if len(value) > FEW else ""
        return f"{opening}{shown}{more}{closing}"
    if hasattr(value, "keys") and hasattr(value, "items"):
        items = list(value.items())[:FEW]
        return "{" + ", ".join(f"{_text(k)}: {_text(v)}" for k, v in items) + "}"
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
