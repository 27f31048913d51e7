"""The figures of lesson 06: probe, confusions, intervals, calibration, curves."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.plots.style import DARK
from course_utils.value_checks import check_named

BOX = {"fill": False, "edgecolor": "#c44e00", "linewidth": 2.5}


def plot_probe(scores, title, best=None):
    """Draw one score for each pooling (row) and layer (column), with the numbers.

    scores: {pooling: L + 1 float}, nan where a pooling has no such layer. best:
    (pooling, layer) to be outlined. Raises ValueError where the rows differ in length.
    """
    check_named("scores", scores)
    lengths = {len(row) for row in scores.values()}
    if len(lengths) != 1:
        raise ValueError(
            f"the rows have {sorted(lengths)} values, expected as many in each: one "
            "for each layer, nan where there is none"
        )
    table = np.array(list(scores.values()), dtype=float)  # (P, L + 1)
    wide = table.shape[1] > 8
    figure, axes = plt.subplots(figsize=(7.2, 1.4 + 0.45 * len(table)))
    picture = axes.imshow(table, aspect="auto")
    middle = np.nanmin(table) + 0.6 * (np.nanmax(table) - np.nanmin(table))
    for (y, x), score in np.ndenumerate(table):
        if not np.isnan(score):
            style = {"ha": "center", "va": "center", "fontsize": 7 if wide else 9}
            ink = "white" if score > middle else "black"
            axes.text(x, y, f"{score:.2f}".lstrip("0"), color=ink, **style)
    if best is not None:
        corner = (best[1] - 0.5, list(scores).index(best[0]) - 0.5)
        axes.add_patch(plt.Rectangle(corner, 1, 1, **BOX, clip_on=False))
    axes.set_xticks(range(table.shape[1]))
    axes.set_yticks(range(len(table)), list(scores))
    axes.tick_params(length=0)
    axes.set(xlabel="layer (0 = embeddings)", ylabel="pooling", title=title)
    figure.colorbar(picture, ax=axes, label="accuracy")
    plt.show()


def plot_confusions(matrices, names, title):
    """Draw confusion matrices side by side: counts, shaded by the share of the row.

    matrices: {classifier: (C, C) int}, row = true class, column = predicted. names: C
    str. Raises ValueError where a matrix is not (C, C).
    """
    check_named("matrices", matrices, "matrix")
    C = len(names)
    size = (7.2, 3.0 if len(matrices) > 1 else 3.4)
    figure, grid = plt.subplots(1, len(matrices), figsize=size, squeeze=False)
    for ax, (classifier, matrix) in zip(grid[0], matrices.items(), strict=True):
        matrix = np.asarray(matrix)
        if matrix.shape != (C, C):
            raise ValueError(
                f"the matrix of {classifier!r} has shape {matrix.shape}, expected "
                f"(C, C) = {(C, C)} for the classes {tuple(names)}"
            )
        shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
        picture = ax.imshow(shares, vmin=0, vmax=1)
        for (y, x), count in np.ndenumerate(matrix):
            ink = "white" if shares[y, x] > 0.6 else "black"
            label = f"{count}\n{shares[y, x]:.0%}"
            ax.text(x, y, label, ha="center", va="center", color=ink, fontsize=9)
        ax.set_title(classifier, fontsize=10, fontweight="normal", pad=5)
        ax.set_xticks(range(C), names)
        ax.set_yticks(range(C), names)
        ax.tick_params(length=0)
        ax.set(xlabel="predicted", ylabel="true")
    figure.colorbar(picture, ax=grid, label="share of the true class", shrink=0.8)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def plot_intervals(rows, xlabel, title, reference=None):
    """Draw one dot with its interval for each row.

    rows: {name: (value, low, high)}. reference: a value for a dashed line, such as 0
    for a difference. Raises ValueError where a value is outside its interval.
    """
    check_named("rows", rows, "(value, low, high)")
    _, axes = plt.subplots(figsize=(7.2, 1.2 + 0.4 * len(rows)))
    for y, (name, (value, low, high)) in enumerate(rows.items()):
        if not low <= value <= high:
            raise ValueError(
                f"{name!r} has ({value}, {low}, {high}), expected (value, low, high) "
                "with low <= value <= high"
            )
        axes.plot([low, high], [y, y], "-", marker="|", color=DARK, markersize=10)
        axes.plot(value, y, "o", color=DARK, linestyle="none")
    if reference is not None:
        axes.axvline(reference, color="black", linestyle="--", linewidth=1)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(axis="x")
    axes.set(xlabel=xlabel, title=title)
    plt.show()


def plot_reliability(curves, title):
    """Draw how often predictions of each probability come true; the diagonal is ideal.

    curves: {classifier: (predicted, observed)}, B numbers each, one for each bin.
    """
    check_named("curves", curves, "(predicted, observed)")
    _, axes = plt.subplots(figsize=(5.4, 4.2))
    axes.plot([0, 1], [0, 1], color="#888888", linewidth=1, marker="", label="ideal")
    for name, (predicted, observed) in curves.items():
        if len(predicted) != len(observed):
            raise ValueError(
                f"{name!r} has {len(predicted)} predicted and {len(observed)} observed "
                "values, expected one of each for each bin"
            )
        axes.plot(predicted, observed, label=name)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), title=title)
    axes.set(
        xlabel="predicted probability of positive", ylabel="share that is positive"
    )
    axes.grid()
    axes.legend(loc="upper left")
    plt.show()


def plot_learning(sizes, scores, title, majority=None):
    """Draw learning curves: the mean of the subsets, and a band from least to most.

    sizes: S numbers of labels, on a logarithmic axis. scores: {name: (J, S) float},
    one row a subset. majority: float, drawn as a line where given. Raises ValueError
    where a table does not fit the sizes.
    """
    check_named("scores", scores, "table")
    _, axes = plt.subplots()
    for name, table in scores.items():
        table = np.asarray(table)
        if table.ndim != 2 or table.shape[1] != len(sizes):
            raise ValueError(
                f"{name!r} has shape {table.shape}, expected (J, S) with S = "
                f"{len(sizes)}, one column a size"
            )
        (line,) = axes.plot(sizes, table.mean(axis=0), label=name)
        band = {"color": line.get_color(), "alpha": 0.2, "linewidth": 0}
        axes.fill_between(sizes, table.min(axis=0), table.max(axis=0), **band)
    if majority is not None:
        style = {"color": "black", "linestyle": ":", "marker": ""}
        axes.plot(sizes, [majority] * len(sizes), label="majority class", **style)
    axes.set_xscale("log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.grid(axis="y")
    axes.set(xlabel="labels", ylabel="accuracy", title=title)
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    plt.show()


def plot_domains(table, xlabel, title):
    """Draw the scores of several classifiers on several data sets, with intervals.

    table: {data set: {classifier: (value, low, high)}}, the same classifiers (at most
    5) in each. Raises ValueError where they differ.
    """
    check_named("table", table, "{classifier: interval}")
    names = list(next(iter(table.values())))
    if any(list(row) != names for row in table.values()) or len(names) > 5:
        raise ValueError(
            f"each data set needs the same classifiers, at most 5: {names}"
        )
    _, axes = plt.subplots(figsize=(7.2, 1.2 + 0.62 * len(table)))
    looks = list(plt.rcParams["axes.prop_cycle"])
    for place, name in enumerate(names):
        y = np.arange(len(table)) + 0.2 * (place - (len(names) - 1) / 2)
        value, low, high = np.array([row[name] for row in table.values()]).T
        look = looks[place] | {"linestyle": "none", "label": name}
        axes.errorbar(value, y, xerr=[value - low, high - value], capsize=3, **look)
    axes.set_yticks(range(len(table)), list(table))
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.grid(axis="x")
    axes.set(xlabel=xlabel, title=title)
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    plt.show()
