"""The figures of lesson 09: labels on pieces, names confused, scores by label."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.plots.style import DARK, EMPTY, LIGHT
from course_utils.value_checks import check_named

IGNORED = -100


def plot_alignment(words, pieces, word_ids, labels, title):
    """Draw words above their pieces, and each piece's label below.

    words: W str. pieces: T str. word_ids: T numbers of words, None for special tokens.
    labels: T str, or -100 where nothing is learned. Raises ValueError where the last
    three are not as many.
    """
    if not len(pieces) == len(word_ids) == len(labels):
        raise ValueError(
            f"{len(pieces)} pieces, {len(word_ids)} word numbers and {len(labels)} "
            "labels, expected T of each"
        )
    widths = [max(len(p), len(str(x)), 4) for p, x in zip(pieces, labels, strict=True)]
    edges = np.cumsum([0, *widths]).astype(float)
    _, axes = plt.subplots(figsize=(7.2, 1.9))
    for i, (piece, label) in enumerate(zip(pieces, labels, strict=True)):
        place = edges[i], edges[i + 1]
        draw_box(axes, *place, 1, piece, LIGHT if word_ids[i] is not None else EMPTY)
        ignored = label == IGNORED
        ink = "#595959" if ignored else "white"
        draw_box(axes, *place, 0, str(label), EMPTY if ignored else DARK, ink)
    for number, word in enumerate(words):
        own = [i for i, found in enumerate(word_ids) if found == number]
        if own:
            draw_box(axes, edges[own[0]], edges[own[-1] + 1], 2, word, EMPTY)
    axes.set(xlim=(0, edges[-1]), ylim=(-0.05, 3.05), title=title)
    axes.set_yticks([0.5, 1.5, 2.5], ["label", "piece", "word"])
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    plt.show()


def draw_box(axes, left, right, bottom, text, fill, ink="black"):
    """Draw a box of height 1 with a text in its middle."""
    place, width = (left + 0.1, bottom + 0.06), right - left - 0.2
    look = {"facecolor": fill, "edgecolor": "#808080", "linewidth": 0.8}
    axes.add_patch(plt.Rectangle(place, width, 0.88, **look))
    middle = (left + right) / 2, bottom + 0.5
    axes.text(*middle, text, ha="center", va="center", color=ink, fontsize=7.5)


def plot_type_confusions(tables, labels, title):
    """Draw which label became which, side by side: counts, shaded by share of the row.

    tables: {data set: (C + 1, C + 1) int}, as `count_type_confusions` gives them.
    labels: C str. Raises ValueError where a table is not (C + 1, C + 1).
    """
    check_named("tables", tables, "table")
    rows, columns = [*labels, "no name"], [*labels, "missed"]
    size = len(rows)
    figure, grid = plt.subplots(1, len(tables), figsize=(7.2, 3.5), squeeze=False)
    for axes, (name, table) in zip(grid[0], tables.items(), strict=True):
        table = np.asarray(table)
        if table.shape != (size, size):
            raise ValueError(
                f"the table of {name!r} has shape {table.shape}, expected "
                f"(C + 1, C + 1) = {(size, size)} for the labels {tuple(labels)}"
            )
        shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
        shares[-1] = 0  # of what is no name there is no whole to take a share of
        picture = axes.imshow(shares, vmin=0, vmax=1)
        for (y, x), count in np.ndenumerate(table):
            if (y, x) != (size - 1, size - 1):
                ink = "white" if shares[y, x] > 0.6 else "black"
                axes.text(x, y, count, ha="center", va="center", color=ink, fontsize=9)
        axes.set_title(name, fontsize=10, fontweight="normal", pad=5)
        axes.set_xticks(range(size), columns, rotation=35, ha="right")
        axes.set_yticks(range(size), rows)
        axes.tick_params(length=0)
        axes.set(xlabel="predicted", ylabel="true" if axes is grid[0][0] else None)
    figure.colorbar(picture, ax=grid, label="share of the row", shrink=0.8)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()
