"""Twenty plausible ways to run a lesson's cells out of order, drawn from a seed."""

import random
import zlib
from dataclasses import dataclass

TWICE = "a cell twice"
HOW_MANY = {
    TWICE: 4,
    "a cell again, some cells later": 4,
    "two neighbours exchanged": 3,
    "a plot skipped": 3,
    "restart, on from a section's head": 2,
    "run above, then run all": 1,
    "back to the section's head": 3,
}


@dataclass(frozen=True)
class Way:
    """An order: the first `start` cells as they stand, then those of `script`.

    kind: str, a key of HOW_MANY. start: int; restart: the kernel is new, and start 0.
    script: tuple of cell numbers.
    """

    kind: str
    start: int
    script: tuple
    restart: bool = False


def draw_ways(stem, cells, how_many=HOW_MANY):
    """Return the ways for a lesson, the same on each call: list of Way.

    stem: str, the lesson's name, which seeds the choice. cells: list of `cells.Cell`.
    A kind with fewer ways than asked gives those it has; others are drawn in place.
    """
    chance = random.Random(zlib.crc32(stem.encode()))
    possible = _all_ways(cells)
    drawn = []
    for kind, count in how_many.items():
        ways = possible[kind]
        drawn += chance.sample(ways, min(count, len(ways)))
        if kind == TWICE:  # a model trained twice over is the worst: always tried
            training = [way for way in ways if cells[way.script[0]].trains]
            if training and training[0] not in drawn:
                drawn[-1] = training[0]
    rest = [way for ways in possible.values() for way in ways if way not in drawn]
    missing = min(sum(how_many.values()) - len(drawn), len(rest))
    return sorted(drawn + chance.sample(rest, missing), key=lambda way: way.start)


def _all_ways(cells):
    n = len(cells)
    tail = {at: tuple(range(at, n)) for at in range(n + 1)}
    plots = [i for i, cell in enumerate(cells) if cell.is_plot]
    if not plots:  # a page without plots: a cell that shows something
        plots = [i for i, cell in enumerate(cells) if cell.shows and i]
    sections = _sections(cells)
    found = {
        TWICE: [Way("", c + 1, (c, *tail[c + 1])) for c in range(1, n)],
        "a cell again, some cells later": [
            Way("", at, (c, *tail[at]))
            for c in range(n)
            for at in range(c + 2, min(c + 8, n + 1))
        ],
        "two neighbours exchanged": [
            Way("", c, (c + 1, c, *tail[c + 2])) for c in range(1, n - 1)
        ],
        "a plot skipped": [Way("", c, tail[c + 1]) for c in plots if c + 1 < n],
        "restart, on from a section's head": [
            Way("", 0, (0, *tail[a]), restart=True) for a, _ in sections if a > 1
        ],
        "run above, then run all": [Way("", c, tail[0]) for c in range(2, n + 1)],
        "back to the section's head": [
            Way("", b, (*range(a, b), *tail[b])) for a, b in sections if b - a > 1
        ],
    }
    return {
        kind: [Way(kind, way.start, way.script, way.restart) for way in ways]
        for kind, ways in found.items()
    }


def _sections(cells):
    """Return (first cell, cell after the last) of each section but the imports'."""
    heads = [
        i for i in range(1, len(cells)) if cells[i].section != cells[i - 1].section
    ]
    return list(zip(heads, [*heads[1:], len(cells)], strict=True))
