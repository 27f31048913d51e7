"""Checks of plain values: texts, counts, shares, lists of equal length, rows of data.

Each function returns None where all fits. Otherwise it raises TypeError for a value of
the wrong kind, or ValueError for one that makes no sense; the message says what was
given, what was expected, and what to try.
"""

import math
from collections.abc import Iterable, Mapping
from numbers import Integral, Real


def shown(value, longest=40):
    """Return how a value is named in a message: its type and its beginning."""
    text = repr(value)
    return f"a {type(value).__name__} ({text[:longest]}{'...' * (len(text) > longest)})"


def check_text(text, **_):
    """Check one text, a str. The words are those of lessons 02 and 03."""
    if not isinstance(text, str):
        hint = "call it once for each text"
        if isinstance(text, tuple):
            hint = "normalize returns (text, places): take the first"
        raise TypeError(
            f"expected one text (str), got a {type(text).__name__}: {str(text)[:40]}. "
            f"For several texts {hint}"
        )


def check_str(name, value, hint):
    """Check that a named value is a str."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {shown(value)}, expected a str: {hint}")


def check_whole(name, value, least=1, hint="try len(tokens)"):
    """Check an int (of Python or NumPy) of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} is {shown(value)}, expected an int: {hint}")
    if value < least:
        raise ValueError(f"{name} is {value}, expected {least} or more: {hint}")


def check_number(name, value, low=-math.inf, high=math.inf, hint="is it nan?"):
    """Check a number from low to high; nan is none."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} is {shown(value)}, expected a number: {hint}")
    if not low <= value <= high:
        raise ValueError(f"{name} is {value}, expected {low} to {high}: {hint}")


def check_share(name, value):
    """Check a share from 0 to 1."""
    check_number(name, value, 0, 1, "a share, not a percentage: try 0.1")


def check_list(name, value, of, hint):
    """Check that a value is a list or another sequence, and no str or mapping."""
    lacking = not isinstance(value, Iterable) or not hasattr(value, "__len__")
    if lacking or isinstance(value, str | bytes | Mapping):
        raise TypeError(f"{name} is {shown(value)}, expected a list of {of}: {hint}")


def check_equal_lengths(hint, **columns):
    """Check that the named lists have equal lengths."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        said = " and ".join(f"{n} {name}" for name, n in lengths.items())
        raise ValueError(f"there are {said}, expected as many of each: {hint}")


def check_rows(name, rows, keys, hint):
    """Check a list of dicts, each with the keys."""
    check_list(name, rows, "dicts", hint)
    for place, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise TypeError(
                f"{name}[{place}] is {shown(row)}, expected a dict with "
                f"{', '.join(keys)}: {hint}"
            )
        for key in keys:
            if key not in row:
                raise ValueError(
                    f"{name}[{place}] has {list(row)}, expected {', '.join(keys)} "
                    f"({key!r} is missing): {hint}"
                )


def check_named(name, given, of="values"):
    """Check a dict of named things to be drawn, with at least one in it."""
    if not isinstance(given, Mapping):
        raise TypeError(
            f"{name} is {shown(given)}, expected a dict {{name: {of}}}: the names "
            f"become labels, try {{'mine': {name}}}"
        )
    if not given:
        raise ValueError(
            f"{name} is empty, expected at least one {{name: {of}}}: was the cell "
            "that fills it run?"
        )
