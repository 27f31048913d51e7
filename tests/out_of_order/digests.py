"""A short text for each value, equal where the values are equal.

Weights, gradients and modes of a model count; addresses and places on the disk do not,
nor the order of a dict or set: that of a tokenizer's vocabulary changes by itself.
"""

import functools
import hashlib
import itertools
import marshal
import random
import sys
import types
from pathlib import Path

DEEPEST = 12
PLAIN = {bool, int, float, str, type(None)}
TOKENIZER = ("model_max_length", "padding_side", "truncation_side", "name_or_path")


def digest(value):
    """Return the digest of any value (str). An object is taken by its attributes."""
    hashed = hashlib.sha256()
    _add(hashed.update, value, set(), 0)
    return hashed.hexdigest()[:16]


def surroundings():
    """Return the state outside the variables that numbers may hang on (str)."""
    parts = [random.getstate()]
    if numpy := sys.modules.get("numpy"):
        parts.append(numpy.random.get_state())
    if torch := sys.modules.get("torch"):
        parts += [torch.random.get_rng_state(), torch.is_grad_enabled()]
        parts += [torch.get_num_threads(), torch.get_default_dtype()]
    return digest(parts)


def _add(add, value, seen, depth):
    kind, own = type(value), id(value)
    add(kind.__name__.encode() + b":")
    has_parts = kind is types.CodeType
    if kind is dict:
        has_parts = not PLAIN.issuperset(map(type, value.values()))
        value = _sorted_entries(value)
    elif kind in (set, frozenset) and PLAIN.issuperset(map(type, value)):
        value = sorted(value, key=repr)
    try:
        if not has_parts:
            marshal.dumps(value, 0)  # only built-in types can be; those by value
            return add(repr(value).encode("utf-8", "surrogatepass"))
    except (ValueError, OverflowError, UnicodeEncodeError):
        pass
    if depth > DEEPEST or own in seen:
        return None
    add_inner = functools.partial(_add, add, seen=seen, depth=depth + 1)
    if isinstance(value, types.ModuleType | type):
        return add(value.__name__.encode())
    if isinstance(value, Path):
        return add(value.name.encode())
    if _is(value, "torch", "Tensor"):
        return _add_tensor(add, value)
    if _is(value, "numpy", "ndarray") and value.dtype != object:
        return add(f"{value.dtype}{value.shape}".encode() + value.tobytes())
    if _is(value, "numpy", "generic"):
        return add(repr(value).encode())
    seen.add(own)  # what holds itself would have no end
    try:
        for part in itertools.chain(*value) if kind is dict else _parts(value):
            add_inner(part)
    finally:
        seen.discard(own)
    return None


def _sorted_entries(entries):
    """Return a dict's keys and values as a list of pairs, sorted where keys can be."""
    try:
        return sorted(entries.items(), key=lambda pair: pair[0])
    except TypeError:  # keys of several types
        return [*entries.items()]


def _parts(value):
    """Yield what a value of several parts consists of."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from (key, part)
    elif isinstance(value, set | frozenset):
        yield sorted(map(digest, value))
    elif isinstance(value, list | tuple):
        yield from value
    elif isinstance(value, types.FunctionType):
        yield from (value.__code__, value.__defaults__)
        for cell in value.__closure__ or ():
            yield cell.cell_contents
    elif isinstance(value, types.CodeType):
        yield from (value.co_code, value.co_names, *value.co_consts)
    elif isinstance(value, functools.partial):
        yield from (value.func, value.args, value.keywords)
    elif _is(value, "numpy", "ndarray"):
        yield value.tolist()
    elif _is(value, "pandas", "DataFrame"):
        yield from (list(value.columns), value.index)
        for place in range(value.shape[1]):
            yield value.iloc[:, place].tolist()
    elif _is(value, "pandas", "Series") or _is(value, "pandas", "Index"):
        yield value.tolist()
    elif _is(value, "torch.nn", "Module"):
        yield from _module_parts(value)
    elif hasattr(value, "backend_tokenizer"):  # each call sets its padding anew
        yield [str(getattr(value, name, None)) for name in TOKENIZER]
    elif hasattr(value, "start_t"):  # a progress bar, which holds the time of day
        yield (value.n, value.total)
    elif hasattr(value, "__dict__"):
        yield vars(value)


def _module_parts(module):
    yield [(name, part.training) for name, part in module.named_modules()]
    yield from module.named_buffers()
    for name, weight in module.named_parameters():
        yield from (name, weight, weight.requires_grad, weight.grad)


def _add_tensor(add, tensor):
    torch = sys.modules["torch"]
    add(f"{tensor.dtype}{tuple(tensor.shape)}{tensor.device}".encode())
    if tensor.device.type == "meta" or tensor.layout != torch.strided:
        return None
    content = tensor.detach().cpu().contiguous().reshape(-1)
    return add(content.view(torch.uint8).numpy().data)


def _is(value, module, name):
    """Return whether a value is of a library's class, without importing the library."""
    library = sys.modules.get(module)
    return library is not None and isinstance(value, getattr(library, name))
