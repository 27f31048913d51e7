"""The one progress bar of the course."""

import sys
from collections.abc import Iterable

from tqdm import tqdm


def progress(items, what, total=None):
    """Iterate over items and show how far we are.

    items: any iterable. what: a few words that say what is being done. total: number of
    items, needed only where `len(items)` is unknown. Writes to standard output, where a
    notebook shows it in the colour of ordinary text. Returns the iterator. Raises
    TypeError where items cannot be iterated over.
    """
    if not isinstance(items, Iterable):
        raise TypeError(
            f"items is {items!r}, expected something to iterate over: for a number of "
            f"rounds try range({items!r})"
        )
    return tqdm(items, desc=what, total=total, file=sys.stdout, mininterval=0.5)
