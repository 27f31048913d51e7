"""Read the lists of names, words and sentence patterns that lie beside this module.

They are plain text, so that anyone can widen the newsroom by adding a line. Of every
list of wordings the last fifth (at least one) is kept for the test split.
"""

from functools import cache
from importlib.resources import files

SPLITS = ("train", "validation", "test")


def check_request(count, split, seed):
    """Raise TypeError or ValueError for a count, split or seed that means nothing."""
    for name, value in (("count", count), ("seed", seed)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(
                f"{name} is a {type(value).__name__} ({value!r}), expected an int: "
                f"try {name}=0"
            )
        if value < 0:
            raise ValueError(
                f"{name} is {value}, expected 0 or more: try {name}={-value}"
            )
    if split not in SPLITS:
        raise ValueError(
            f"split is {split!r}, expected one of {', '.join(SPLITS)}: "
            "perhaps it is misspelt? try split='train'"
        )


@cache
def read_lines(name):
    """Return the lines of a text file of this package, without blanks and comments."""
    text = (files(__package__) / name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("//"))


@cache
def read_lists(name):
    """Return {key: (item, ...)} of a file with lines `key: item | item | item`.

    A line that begins with `|` goes on with the list above it. Raises ValueError for an
    item that a list holds twice.
    """
    lists, key = {}, None
    for line in read_lines(name):
        if not line.startswith("|"):
            key, _, line = line.partition(":")
        items = [item.strip() for item in line.split("|")]
        lists.setdefault(key.strip(), []).extend(item for item in items if item)
    for key, items in lists.items():
        if twice := {x for x in items if items.count(x) > 1 and "{" not in x}:
            raise ValueError(f"{name}: {key} holds {sorted(twice)} twice: remove one")
    return {key: tuple(items) for key, items in lists.items()}


def for_split(wordings, split):
    """Return the [(index, wording)] that a split may use. wordings: sequence.

    Test has the last fifth, at least one; train and validation have the others. A list
    of one belongs to every split.
    """
    numbered = list(enumerate(wordings))
    if len(numbered) < 2:
        return numbered
    held_out = max(1, len(numbered) // 5)
    return numbered[-held_out:] if split == "test" else numbered[:-held_out]
