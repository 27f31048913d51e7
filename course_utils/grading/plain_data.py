"""Values as JSON and back: data only, so that whoever reads it runs nothing.

What the student's process sends is read with this and never with pickle. Numbers, text,
lists, dicts, sets, tensors and arrays keep their types; a mapping of any class comes
back as a dict; everything else comes back as an Opaque with the name of its type.
"""

import base64
import math
from collections.abc import Mapping

import numpy as np
import torch

DEEPEST = 40
LARGEST_INT = 2**63
STUDENTS_OWN = ("builtins", "__main__", "itertools", "collections", "types")


class Opaque:
    """A value that cannot be sent. library: whether its type comes from a library."""

    library = False


class NotPlain(ValueError):
    """What was received is not what `encode` makes."""


# --- write ---------------------------------------------------------------------------


def encode(value, depth=0):
    """Return a value as what json can write."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if value is ...:
        return ["ellipsis"]
    if depth > DEEPEST:
        return ["opaque", "deeply nested " + type(value).__name__, False]
    if isinstance(value, np.generic | np.ndarray):
        return _encode_array(value)
    if isinstance(value, int):
        return int(value) if abs(value) < LARGEST_INT else ["int", hex(value)]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else ["float", repr(float(value))]
    if isinstance(value, complex):
        return ["complex", encode(value.real), encode(value.imag)]
    if isinstance(value, bytes | bytearray):
        return ["bytes", _text(value)]
    if isinstance(value, torch.Tensor):
        return _encode_tensor(value)
    if isinstance(value, torch.dtype):
        return ["dtype", str(value).removeprefix("torch.")]
    if isinstance(value, range):
        return ["range", value.start, value.stop, value.step]
    if isinstance(value, Mapping):
        pairs = list(value.items())
        return [
            "dict",
            [[encode(k, depth + 1), encode(v, depth + 1)] for k, v in pairs],
        ]
    for kind, name in ((list, "list"), (tuple, "tuple"), (set | frozenset, "set")):
        if isinstance(value, kind):
            return [name, [encode(item, depth + 1) for item in value]]
    return _opaque(value)


def _opaque(value):
    module = type(value).__module__.split(".")[0]
    return ["opaque", type(value).__name__, module not in STUDENTS_OWN]


def _encode_tensor(tensor):
    plain = tensor.detach().cpu()
    plain = plain.to_dense() if plain.layout is not torch.strided else plain
    plain = plain.resolve_conj().resolve_neg().contiguous()
    if plain.is_quantized:
        return _opaque(tensor)
    raw = plain.reshape(-1).view(torch.uint8).numpy().tobytes()
    dtype = str(plain.dtype).removeprefix("torch.")
    return ["tensor", dtype, list(plain.shape), _text(raw), bool(tensor.requires_grad)]


def _encode_array(array):
    kind = "array" if isinstance(array, np.ndarray) else "number"
    plain = np.asarray(array)
    if plain.dtype.hasobject or plain.dtype.names:
        return _opaque(array)
    return [kind, plain.dtype.str, list(plain.shape), _text(plain.tobytes())]


def _text(raw):
    return base64.b64encode(raw).decode("ascii")


# --- read ----------------------------------------------------------------------------


def decode(sent, depth=0):
    """Return the value that `encode` wrote. Raises NotPlain for anything else."""
    if sent is None or isinstance(sent, bool | int | float | str):
        return sent
    if not isinstance(sent, list) or not sent or not isinstance(sent[0], str):
        raise NotPlain("neither a number, nor text, nor a marked list")
    if depth > DEEPEST + 2:
        raise NotPlain("nested too deeply")
    name, *rest = sent
    if name not in READERS:
        raise NotPlain(f"unknown mark {name[:40]!r}")
    try:
        return READERS[name](depth, *rest)
    except NotPlain:
        raise
    except (TypeError, ValueError, OverflowError, RuntimeError) as problem:
        raise NotPlain(f"a damaged {name}: {type(problem).__name__}") from None


def _items(depth, sent):
    if not isinstance(sent, list):
        raise NotPlain("a list was expected")
    return [decode(item, depth + 1) for item in sent]


def _read_dict(depth, sent):
    return {decode(k, depth + 1): decode(v, depth + 1) for k, v in sent}


def _read_tensor(depth, name, shape, raw, requires_grad):
    dtype = getattr(torch, name if isinstance(name, str) else "", None)
    if not isinstance(dtype, torch.dtype):
        raise NotPlain("not a dtype")
    data = bytearray(base64.b64decode(raw, validate=True))
    _check_size(shape, dtype.itemsize, data)
    if not data:
        tensor = torch.empty(shape, dtype=dtype)
    else:
        tensor = torch.frombuffer(data, dtype=torch.uint8).view(dtype).reshape(shape)
    return tensor.requires_grad_() if requires_grad is True else tensor


def _read_array(depth, name, shape, raw):
    dtype = np.dtype(str(name))
    if dtype.hasobject or dtype.names or dtype.kind not in "biufcUSmM":
        raise NotPlain("not a dtype")
    data = base64.b64decode(raw, validate=True)
    _check_size(shape, dtype.itemsize, data)
    return np.frombuffer(data, dtype=dtype).reshape(shape).copy()


def _check_size(shape, itemsize, data):
    if not isinstance(shape, list) or len(shape) > 32:
        raise NotPlain("not a shape")
    if not all(type(n) is int and n >= 0 for n in shape):
        raise NotPlain("not a shape")
    if math.prod(shape) * itemsize != len(data):
        raise NotPlain("another number of bytes than the shape says")


def _read_dtype(depth, name):
    dtype = getattr(torch, str(name), None)
    if not isinstance(dtype, torch.dtype):
        raise NotPlain("not a dtype")
    return dtype


def _read_opaque(depth, name, library):
    kind = type(str(name)[:60].replace("\0", ""), (Opaque,), {})
    value = kind()
    value.library = library is True
    return value


READERS = {
    "ellipsis": lambda depth: ...,
    "int": lambda depth, text: int(str(text)[:100_000], 16),
    "float": lambda depth, text: float(text),
    "complex": lambda depth, a, b: complex(decode(a), decode(b)),
    "bytes": lambda depth, text: base64.b64decode(text, validate=True),
    "list": _items,
    "tuple": lambda depth, sent: tuple(_items(depth, sent)),
    "set": lambda depth, sent: set(_items(depth, sent)),
    "range": lambda depth, *ends: range(*ends),
    "dict": _read_dict,
    "tensor": _read_tensor,
    "array": _read_array,
    "number": lambda depth, *parts: _read_array(depth, *parts)[()],
    "dtype": _read_dtype,
    "opaque": _read_opaque,
}


def holds_library_object(value):
    """Return whether a value is, or holds, an object of a library that was not sent."""
    if isinstance(value, Opaque):
        return value.library
    if isinstance(value, dict):
        return any(map(holds_library_object, value.values()))
    return isinstance(value, list | tuple) and any(map(holds_library_object, value))
