"""The figures of lesson 11: the family's sizes, work against size, fewer bits."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from course_utils.plots.style import DARK, LIGHT
from course_utils.value_checks import check_named


def plot_family(sizes, title):
    """Draw each model's parameters as a bar: the token table, and all the rest.

    sizes: a DataFrame as `family_sizes` returns it, in any order. The bars are grouped
    by kind and sorted by size. Raises ValueError where a column is missing.
    """
    needed = ["kind", "year", "parameters", "token table"]
    missing = [column for column in needed if column not in sizes]
    if missing:
        raise ValueError(f"sizes has no column {missing[0]!r}, expected {needed}")
    kinds = list(dict.fromkeys(sizes["kind"]))
    figure, grid = plt.subplots(
        len(kinds),
        1,
        sharex=True,
        squeeze=False,
        figsize=(7.2, 1.2 + 0.27 * len(sizes)),
        height_ratios=[(sizes["kind"] == kind).sum() + 0.6 for kind in kinds],
    )
    most = sizes["parameters"].max() / 1e6
    for axes, kind in zip(grid[:, 0], kinds, strict=True):
        part = sizes[sizes["kind"] == kind].sort_values("parameters")
        names = [f"{name} ({year})" for name, year in part["year"].items()]
        table = part["token table"].to_numpy(float) / 1e6
        rest = part["parameters"].to_numpy(float) / 1e6 - table
        look = {"edgecolor": "#555555", "height": 0.75}
        axes.barh(names, table, label="token table", color=LIGHT, hatch="//", **look)
        axes.barh(names, rest, left=table, label="all the rest", color=DARK, **look)
        for y, total in enumerate(table + rest):
            axes.text(total, y, f"  {total:.0f} M", va="center", fontsize=8)
        place = {"ha": "right", "va": "center", "transform": axes.transAxes}
        axes.text(0.99, 0.5, kind, fontweight="bold", **place)
        axes.tick_params(axis="y", length=0, labelsize=8.5)
        axes.set_ylim(len(part) - 0.4, -0.6)
        axes.set_xlim(0, most * 1.12)
    grid[0, 0].legend(loc="upper right")
    grid[-1, 0].set_xlabel("parameters (millions)")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def plot_work(points, title):
    """Draw work per token against parameters, both on logarithmic axes, with names.

    points: {model: (parameters, operations per token)}, all above 0. A name stands on
    the left of its point where another one is near on the right.
    """
    check_named("points", points, "(parameters, work)")
    for name, pair in points.items():
        if len(pair) != 2 or min(pair) <= 0:
            raise ValueError(
                f"{name!r} has {tuple(pair)}, expected (parameters, operations a "
                "token), both above 0: the axes are logarithmic"
            )
    _, axes = plt.subplots(figsize=(7.2, 3.8))
    for name, (parameters, work) in points.items():
        marker = "s" if name.startswith("ALBERT") else "o"
        axes.plot(parameters / 1e6, work / 1e6, marker, color=DARK)
        crowded = any(
            1 < other / parameters < 2.2 and 1 / 1.4 < height / work < 1.4
            for other, height in points.values()
        )
        side = {"xytext": (-6, -3), "ha": "right"} if crowded else {"xytext": (6, -3)}
        style = {"textcoords": "offset points", "fontsize": 9}
        axes.annotate(name, (parameters / 1e6, work / 1e6), **side, **style)
    ticks = [5, 10, 20, 50, 100, 200, 500]
    axes.set(xscale="log", yscale="log", title=title)
    axes.set_xticks(ticks, ticks)
    axes.set_xlim(3.5, 800)
    axes.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    axes.minorticks_off()
    axes.set_xlabel("parameters (millions): what is stored")
    axes.set_ylabel("operations a token (millions)")
    axes.grid()
    plt.show()


def plot_bits(bits, agreement, error, title):
    """Draw what is left of a model's answers, and how far they move, over the bits.

    bits: N int, falling. agreement: N float from 0 to 1, the share of answers that
    stay. error: N float, mean distance of the logits. Raises ValueError for other
    lengths.
    """
    if not len(bits) == len(agreement) == len(error):
        raise ValueError(
            f"{len(bits)} bits, {len(agreement)} agreements and {len(error)} errors, "
            "expected as many of each"
        )
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.2))
    places = np.arange(len(bits))
    left.plot(places, agreement, "o-", color=DARK, clip_on=False)
    left.set(ylabel="share of answers that stay", ylim=(0.3, 1.02))
    left.axhline(0.5, color="black", linestyle=":", linewidth=1)
    left.text(0, 0.51, "coin", fontsize=8)
    right.plot(places, error, "s-", color="#c44e00", clip_on=False)
    right.set(ylabel="mean shift of a logit", yscale="log")
    right.yaxis.set_major_locator(LogLocator(subs=(1, 3)))
    right.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    right.yaxis.set_minor_formatter(NullFormatter())
    for axes in (left, right):
        axes.set_xticks(places, bits)
        axes.set_xlabel("bits for a weight")
        axes.grid(axis="y")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()
