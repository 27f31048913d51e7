"""Compare what came back with what was expected, and say where they differ.

Every function returns None where both agree, else a Difference. A tensor may have any
device and any width of its kind (float16 to float64, int8 to int64).
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import torch

from course_utils.checks.shown_values import kind, show

BOOLS = bool, np.bool_
LESS_THAN_ONE = 0.01  # so near is a whole number that was computed in floats
TOLERANCE = {torch.float16: 5e-3, torch.bfloat16: 3e-2}


@dataclass(frozen=True)
class Difference:
    """What is wrong with a result: one line, the place, and a cause if it is plain."""

    headline: str
    expected: str
    received: str
    place: str = ""
    cause: str = ""

    def inside(self, step):
        """The same difference, seen from one level further out."""
        return replace(self, place=step + self.place)


def same(received, expected, *, tolerance=1e-5, any_kind=False):
    """Compare by the type of `expected`: tensor, mapping, list, number, text.

    any_kind: accept integers, floats and bools for each other (masks). A tuple counts
    as a list, and a tensor of one number as a number; a tensor for a list does not.
    """
    options = {"tolerance": tolerance, "any_kind": any_kind}
    if received is None and expected is not None:
        return _other(received, expected, "nothing came back", "is a `return` missing?")
    if isinstance(expected, torch.Tensor):
        return _same_tensor(received, expected, **options)
    if isinstance(expected, Mapping):
        return _same_mapping(received, expected, options)
    if isinstance(expected, list | tuple):
        return _same_list(received, expected, options)
    if isinstance(expected, int | float | np.number | np.bool_):
        return _same_number(received, expected, **options)
    if isinstance(expected, str) and isinstance(received, str):
        received = str(received)  # of a subclass, as numpy's
    if type(received) is not type(expected):
        return _other_kind(received, expected)
    return None if received == expected else _other(received, expected)


def same_numbers(received, expected):
    """Compare as `same`, taking a mask of integers, floats or bools alike."""
    return same(received, expected, any_kind=True)


def same_inputs(received, expected):
    """Compare a model's inputs: ids are integers, a mask may hold bools or floats."""
    if isinstance(received, Mapping) and "attention_mask" in received:
        mask, received = received["attention_mask"], {**received}
        if isinstance(mask, torch.Tensor) and mask.dtype != torch.int64:
            received["attention_mask"] = mask.to(expected["attention_mask"].dtype)
    return same(received, expected)


def _same_tensor(received, expected, tolerance, any_kind):
    if not isinstance(received, torch.Tensor):
        return _other_kind(received, expected)
    x = received.detach().cpu()
    if x.shape != expected.shape:
        return _other_shape(x, expected)
    any_kind = any_kind and not x.is_complex()
    if not any_kind and _sort(x.dtype) != _sort(expected.dtype):
        return Difference(
            f"the numbers are of another kind: {x.dtype}",
            str(expected.dtype),
            str(x.dtype),
            cause=f"{_sort(expected.dtype)} are asked for, these are {_sort(x.dtype)}.",
        )
    tolerance = TOLERANCE.get(x.dtype, tolerance)
    x, y = x.to(torch.float64), expected.to(torch.float64)
    rtol = tolerance if expected.is_floating_point() else 0  # counts are exact
    near = torch.isclose(x, y, rtol=rtol, atol=tolerance, equal_nan=True)
    if near.all():
        return None
    place = tuple((~near).nonzero()[0].tolist())
    headline, cause = "wrong numbers", ""
    if (x.isnan() & ~y.isnan()).any():
        place = tuple((x.isnan() & ~y.isnan()).nonzero()[0].tolist())
        headline, cause = "nan (not a number) came back", "0 / 0 or inf - inf."
    shown = f": {show(y[place].item())} expected, {show(x[place].item())} received"
    return Difference(
        headline, show(expected), show(received), f"{list(place)}{shown}", cause
    )


def _same_mapping(received, expected, options):
    if not isinstance(received, Mapping):
        return _other_kind(received, expected)
    missing = [key for key in expected if key not in received]
    extra = [key for key in received if key not in expected]
    if missing or extra:
        said = f"missing {missing}" if missing else f"not asked for: {extra}"
        keys = show(list(expected)), show(list(received))
        return Difference(f"other keys than expected, {said}", *keys)
    for key in expected:
        difference = same(received[key], expected[key], **options)
        if difference:
            return difference.inside(f'["{key}"]')
    return None


def _same_list(received, expected, options):
    if not isinstance(received, list | tuple):
        return _other_kind(received, expected)
    if len(received) != len(expected):
        counts = f"{len(received)} items came back, {len(expected)} expected"
        return _other(received, expected, counts)
    for i, (ours, theirs) in enumerate(zip(received, expected, strict=True)):
        difference = same(ours, theirs, **options)
        if difference:
            whole = {"expected": show(expected), "received": show(received)}
            if difference.place or isinstance(theirs, torch.Tensor):
                whole = {}  # a nested item is shown itself
            elif type(ours) is type(theirs):
                shown = f": {show(theirs, 30)} expected, {show(ours, 30)} received"
                whole["place"] = shown
            return replace(difference, **whole).inside(f"[{i}]")
    return None


def _same_number(received, expected, tolerance, any_kind):
    if isinstance(received, torch.Tensor | np.ndarray) and received.shape == ():
        received = received.item()
    if not isinstance(received, int | float | np.number | np.bool_):
        return _other_kind(received, expected)
    if not any_kind and isinstance(expected, BOOLS) != isinstance(received, BOOLS):
        return _other_kind(received, expected)
    if received == expected or (received != received and expected != expected):
        return None  # the second is nan, which equals nothing
    if isinstance(received, int) and isinstance(expected, int):
        return _other(received, expected, "wrong number")  # of any length, exactly
    near = tolerance * (1 + abs(expected)) if np.isfinite(expected) else 0
    if isinstance(expected, int | np.integer):
        near = min(near, LESS_THAN_ONE)
    with suppress(OverflowError):  # an integer of hundreds of digits, less a float
        if abs(received - expected) <= near:
            return None
    return _other(received, expected, "wrong number")


def _other(received, expected, headline="another result than expected", cause=""):
    return Difference(headline, show(expected), show(received), cause=cause)


def _other_kind(received, expected):
    given, wanted = kind(received), kind(expected)
    cause = ""
    if isinstance(expected, torch.Tensor) and isinstance(received, np.ndarray):
        cause = "the model reads tensors: torch.from_numpy(...) makes one."
    elif isinstance(expected, torch.Tensor) and isinstance(received, list):
        cause = "torch.tensor(...) makes one of a list of equally long rows."
    elif isinstance(expected, list) and isinstance(received, torch.Tensor | np.ndarray):
        cause = "`.tolist()` makes a list of it, where all rows are equally long."
    elif isinstance(expected, list) and hasattr(received, "__next__"):
        cause = "list(...) around it makes a list."
    elif isinstance(received, tuple):
        cause = "a comma makes a tuple, and some functions return one, as max(dim=1)."
    headline = f"{given} came back, expected {wanted}"
    return Difference(headline, show(expected), show(received), cause=cause)


def _other_shape(received, expected):
    ours, theirs = tuple(received.shape), tuple(expected.shape)
    cause = ""
    if theirs == (1, *ours):
        cause = "the batch axis is missing: unsqueeze(0) adds it."
    elif [n for n in ours if n != 1] == [n for n in theirs if n != 1]:
        cause = "an axis of size 1 is missing, in excess, or in another place."
    elif sorted(ours) == sorted(theirs):
        cause = "the axes are in another order."
    return Difference("wrong shape", str(theirs), str(ours), cause=cause)


def _sort(dtype):
    if dtype == torch.bool:
        return "bools"
    if dtype.is_complex:
        return "complex numbers"
    return "floats" if dtype.is_floating_point else "integers"
