"""What a check leaves as it was: random state, arguments, the notebook's variables."""

import copy
import random
from contextlib import contextmanager, suppress

import numpy as np
import torch

from course_utils.checks.shared_state import bytes_of, is_restored, restorer, traces

PLAIN = (list, dict, set, torch.Tensor, np.ndarray)
MOST_NUMBERS = 1_000_000  # larger variables are not copied
MOST_BYTES = 100_000_000  # of all models together; of further ones no weights are kept
DEEPEST_DATA = 50  # lists in lists that are compared; a list may contain itself
DEEPEST = 4  # how many functions or lists deep the variables in use are looked for


@contextmanager
def preserved(answer):
    """Put back, at the end, whatever the student's code has changed meanwhile.

    The random states of Python, NumPy and torch, torch's gradient mode, and of the
    variables that `answer` uses (also through functions of the same notebook) both
    their names and, for lists, dicts, sets, tensors, arrays, models, tokenizers and
    generators, their contents.
    """
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None
    gradients = torch.is_grad_enabled()
    spaces = {id(space): space for space in _namespaces(answer)}.values()
    names = [(space, dict(space)) for space in spaces]
    contents, restorers = _contents(answer)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])
        if cuda is not None:
            torch.cuda.set_rng_state_all(cuda)
        torch.set_grad_enabled(gradients)
        for space, before in names:
            for name in set(space) - set(before):
                del space[name]
            space.update(before)
        for value, before in contents:
            with suppress(Exception):  # such as a list that holds itself
                _restore(value, before)
        put_back(restorers)


def copy_arguments(arguments):
    """Return a deep copy of the data in a tuple; models, tokenizers and functions stay.

    Those are shared: to copy them would cost time, and `fingerprint` watches them.
    """
    return tuple(a if _is_shared(a) else copy.deepcopy(a) for a in arguments)


def restorers_of(arguments):
    """Return functions that put back the models and tokenizers that calls share."""
    return [restorer(a) for a in arguments if _is_shared(a) and is_restored(a)]


def put_back(restorers):
    """Call each of these functions; one that cannot do it stops no other."""
    for restore in restorers:
        with suppress(Exception):
            restore()


def fingerprint(value):
    """Return what tells a later change of `value`: a copy, or the traces of a model."""
    return traces(value) if _is_shared(value) else copy.deepcopy(value)


def _contents(answer):
    """Return [(variable, copy)] of plain data, and restorers of the other variables."""
    contents, restorers, room = [], [], MOST_BYTES
    for value in {id(value): value for value in _variables(answer)}.values():
        with suppress(Exception):  # what cannot be copied
            if not is_restored(value):
                shared = {id(x): x for x in _shared_in(value)}
                contents.append((value, copy.deepcopy(value, shared)))
                continue
            needed = bytes_of(value) if isinstance(value, torch.nn.Module) else 0
            restorers.append(restorer(value, needed <= room))
            room -= needed if needed <= room else 0
    return contents, restorers


def _shared_in(value, deep=0):
    """Yield the models, tokenizers and generators in a list or dict."""
    items = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list | tuple | set) and deep < DEEPEST:
        for item in items:
            if is_restored(item):
                yield item
            else:
                yield from _shared_in(item, deep + 1)


def is_changed(value, before):
    """Return whether `value` differs from its earlier fingerprint."""
    if _is_shared(value):
        return fingerprint(value) != before
    return not equal_data(value, before)


def equal_data(a, b, deep=0):
    """Return whether two values hold the same data, nan equal to nan.

    A list may contain itself: below DEEPEST_DATA only the same object is equal.
    """
    if a is b or type(a) is not type(b) or deep > DEEPEST_DATA:
        return a is b
    if isinstance(a, torch.Tensor):
        if a.shape != b.shape or a.dtype != b.dtype or a.device != b.device:
            return False
        if a.is_floating_point():
            return bool(torch.isclose(a, b, rtol=0, atol=0, equal_nan=True).all())
        return torch.equal(a, b)
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and np.array_equal(
            a, b, equal_nan=a.dtype.kind == "f"
        )
    if isinstance(a, dict):
        same_keys = list(a) == list(b)
        return same_keys and all(equal_data(a[key], b[key], deep + 1) for key in a)
    if isinstance(a, list | tuple):
        pairs = zip(a, b, strict=False)
        return len(a) == len(b) and all(equal_data(*pair, deep + 1) for pair in pairs)
    if hasattr(a, "equals"):
        return bool(a.equals(b))  # a table
    if isinstance(a, float) and a != a:
        return b != b
    try:
        return bool(a == b)
    except (TypeError, ValueError, RuntimeError):
        return a is b


def _is_shared(value):
    return callable(value) or isinstance(value, torch.nn.Module)


def _functions(answer):
    """Yield the functions of an answer: itself, or a class's methods."""
    members = vars(answer).values() if isinstance(answer, type) else [answer]
    for member in members:
        member = getattr(member, "__func__", member)
        member = getattr(member, "__wrapped__", member)
        if hasattr(member, "__code__") and hasattr(member, "__globals__"):
            yield member


def _namespaces(answer):
    for function in _functions(answer):
        if function.__globals__.get("__name__") == "__main__":
            yield function.__globals__


def _variables(answer, deep=0):
    """Yield each variable with contents that the answer's code names, once.

    Of a list or dict also the models and tokenizers that it holds.
    """
    if isinstance(answer, torch.nn.Module):
        yield answer
    seen = set()
    for function in _functions(answer):
        for name in _names(function.__code__):
            value = function.__globals__.get(name)
            if id(value) in seen:
                continue
            seen.add(id(value))
            if is_restored(value) or _is_small(value):
                yield value
                yield from _shared_in(value)
            elif hasattr(value, "__code__") and deep < DEEPEST:
                yield from _variables(value, deep + 1)


def _names(code):
    yield from code.co_names
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            yield from _names(constant)


def _is_small(value):
    if isinstance(value, torch.Tensor):
        return value.numel() <= MOST_NUMBERS
    if isinstance(value, np.ndarray):
        return value.size <= MOST_NUMBERS
    return isinstance(value, PLAIN) and len(value) <= MOST_NUMBERS // 100


def _restore(value, before):
    if equal_data(value, before):
        return
    if isinstance(value, torch.Tensor):
        with torch.no_grad():
            value.resize_(before.shape).copy_(before)
    elif isinstance(value, np.ndarray):
        value[...] = before
    elif isinstance(value, list):
        value[:] = before
    else:
        value.clear()
        value.update(before)
