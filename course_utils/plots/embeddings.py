"""The figures of lesson 05: scores with intervals, word senses, distances, maps."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.plots.style import DARK, LIGHT
from course_utils.value_checks import check_named

SECOND = "#c44e00"  # the second colour of the style sheet's cycle


def plot_scores(scores, xlabel, title):
    """Draw one dot with its 95 % interval for each name.

    scores: {name: (low, middle, high)}. The axis does not begin at 0. Raises ValueError
    where a middle lies outside of its interval.
    """
    check_named("scores", scores, "(low, middle, high)")
    for name, (low, middle, high) in scores.items():
        if not low <= middle <= high:
            raise ValueError(
                f"{name!r} has {(low, middle, high)}, expected (low, middle, high) "
                "in this order"
            )
    _, axes = plt.subplots(figsize=(7.2, 1.2 + 0.4 * len(scores)))
    low, middle, high = np.array(list(scores.values())).T
    places = np.arange(len(scores))
    bars = np.stack([middle - low, high - middle])
    axes.errorbar(middle, places, xerr=bars, fmt="o", color=DARK, capsize=4)
    for y, value in enumerate(middle):
        style = {"ha": "center", "fontsize": 9, "textcoords": "offset points"}
        axes.annotate(f"{value:.2f}", (value, y), (0, 6), **style)
    axes.set_yticks(places, list(scores))
    axes.set_ylim(len(scores) - 0.5, -0.7)
    axes.set(xlabel=xlabel, title=title)
    axes.grid(axis="x")
    plt.show()


def plot_senses(names, within, across, hits, chance, title):
    """Draw, for each layer, similarities and nearest neighbours with their intervals.

    names: M str or int, the layers. within, across, hits: (M, 3) float, each row low,
    middle, high: the mean cosine within and across senses, the share of occurrences
    whose nearest neighbour has their sense. chance: float, that share by chance.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.4))
    x = np.arange(len(names))
    panels = [
        (left, "same sense", within, 0),
        (left, "another sense", across, 1),
        (right, "", hits, 0),
    ]
    for axes, label, values, number in panels:
        values = np.asarray(values)
        if values.shape != (len(names), 3):
            raise ValueError(
                f"values have shape {values.shape}, expected ({len(names)}, 3): low, "
                "middle and high for each layer"
            )
        color = f"C{number}"
        axes.fill_between(x, values[:, 0], values[:, 2], color=color, alpha=0.25, lw=0)
        style = {"linestyle": ("-", "--")[number], "marker": ("o", "s")[number]}
        axes.plot(x, values[:, 1], color=color, label=label, **style)
    right.axhline(chance, color="black", linestyle=":")
    place = (len(names) - 1, chance - 0.02)
    right.annotate("chance", place, ha="right", va="top", fontsize=9)
    right.set_ylim(0, 1.02)
    left.legend(loc="lower left")
    left.set_ylabel("cosine of two occurrences")
    right.set_ylabel("neighbour has the same sense")
    for axes in (left, right):
        axes.set_xticks(x, names, rotation=90 if len(names) > 9 else 0)
        axes.set_xlabel("layer")
        axes.grid(axis="y")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def plot_word_maps(points, senses, title):
    """Draw a small map for each word, its senses told apart by marker and colour.

    points: {word: (N, 2) float}. senses: {word: N str, of two kinds}. Raises ValueError
    where a word has more than two senses, or not one sense a point.
    """
    check_named("points", points, "(N, 2) places")
    rows = -(-len(points) // 4)
    figure, grid = plt.subplots(
        rows, min(4, len(points)), figsize=(7.2, 0.5 + 2.0 * rows), squeeze=False
    )
    for axes in grid.flat[len(points) :]:
        axes.set_visible(False)
    for axes, (word, places) in zip(grid.flat, points.items(), strict=False):
        kinds = list(dict.fromkeys(senses[word]))
        if len(kinds) > 2 or len(senses[word]) != len(places):
            raise ValueError(
                f"{word!r} has {len(places)} points and the senses {senses[word]}, "
                "expected one sense a point, and two senses at most"
            )
        for kind, marker, color in zip(kinds, "o^", (DARK, SECOND), strict=False):
            chosen = np.array([sense == kind for sense in senses[word]])
            look = {"marker": marker, "color": color, "s": 28}
            axes.scatter(*np.asarray(places)[chosen].T, **look)
        signs = zip(
            "\N{BLACK CIRCLE}\N{BLACK UP-POINTING TRIANGLE}", kinds, strict=False
        )
        label = "\n".join(f"{sign} {kind}" for sign, kind in signs)
        axes.set_xlabel(label, fontsize=8)
        axes.set_title(word, fontsize=10, fontweight="normal", pad=4)
        axes.set(xticks=[], yticks=[])
        axes.margins(0.12)
        axes.spines[["top", "right"]].set_visible(True)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def plot_distributions(groups, xlabel, title):
    """Draw histograms over the same bins, each as shares of its own group.

    groups: {name: N numbers}, at most 2.
    """
    check_named("groups", groups, "numbers")
    if len(groups) > 2 or not all(np.size(group) for group in groups.values()):
        sizes = {name: np.size(group) for name, group in groups.items()}
        raise ValueError(
            f"groups have {sizes} numbers, expected at most 2 groups, none empty: more "
            "histograms hide each other, draw two at a time"
        )
    _, axes = plt.subplots()
    values = [np.asarray(group, float).ravel() for group in groups.values()]
    lowest, highest = min(v.min() for v in values), max(v.max() for v in values)
    bins = np.linspace(lowest, highest, 25)
    looks = [
        {"facecolor": DARK, "edgecolor": "white"},
        {"facecolor": LIGHT, "edgecolor": "#555555", "hatch": "//"},
    ]
    for name, group, look in zip(groups, values, looks, strict=False):
        share = np.full(len(group), 1 / len(group))
        axes.hist(group, bins, weights=share, label=name, alpha=0.85, **look)
    axes.set(xlabel=xlabel, ylabel="share of the pairs", title=title)
    axes.legend(loc="upper right")
    plt.show()


def plot_length_effect(lengths, norms, title):
    """Draw each text as a dot: its tokens, and how long its vector is.

    lengths: N int. norms: {name of the vectors: N float}, a panel each.
    """
    check_named("norms", norms, "lengths of vectors")
    for name, values in norms.items():
        if len(values) != len(lengths):
            raise ValueError(
                f"{name!r} has {len(values)} values, expected {len(lengths)}, one for "
                "each text: np.linalg.norm(vectors, axis=1)"
            )
    figure, grid = plt.subplots(1, len(norms), figsize=(7.2, 3.2), squeeze=False)
    for axes, (name, values) in zip(grid.flat, norms.items(), strict=True):
        axes.scatter(lengths, values, s=6, color=DARK, alpha=0.3, linewidths=0)
        axes.set_title(name, fontsize=10, fontweight="normal")
        axes.set_xlabel("tokens of the review")
        axes.set_ylim(0, None)
        axes.grid(axis="y")
    grid[0, 0].set_ylabel("length of its vector")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def plot_review_maps(maps, valence, title):
    """Draw maps of the same reviews side by side, coloured by valence.

    maps: {name: (N, 2) float}. valence: N float from -4 to 4. Raises ValueError where a
    map has not a point for each review.
    """
    check_named("maps", maps, "(N, 2) places")
    valence = np.asarray(valence)
    figure, grid = plt.subplots(1, len(maps), figsize=(7.2, 3.9), squeeze=False)
    for axes, (name, points) in zip(grid.flat, maps.items(), strict=True):
        if np.shape(points) != (len(valence), 2):
            raise ValueError(
                f"map {name!r} has shape {np.shape(points)}, expected (N, 2) with N = "
                f"{len(valence)} reviews"
            )
        look = {"s": 9, "cmap": "PuOr", "vmin": -4, "vmax": 4, "linewidths": 0.15}
        drawn = axes.scatter(
            *np.asarray(points).T, c=valence, edgecolors="#777", **look
        )
        axes.set_title(name, fontsize=10, fontweight="normal")
        axes.set(xticks=[], yticks=[])
        axes.spines[["top", "right"]].set_visible(True)
    label = "valence (-4 bad, 4 good)"
    figure.colorbar(drawn, ax=grid, label=label, location="bottom", shrink=0.6)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()
