"""The figures of lesson 01: weights, masks, positions, the three families."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.plots.style import DARK, LIGHT
from course_utils.value_checks import check_named

BOX = {"fill": False, "edgecolor": "#c44e00", "linewidth": 2}
FAMILIES = {
    "encoder-only (BERT)": (("reads both ways", 4, None),),
    "decoder-only (GPT)": (("sees no later token", 4, "causal"),),
    "encoder-decoder (T5)": (("encoder", 3, None), ("decoder", 3, "causal")),
}


def plot_weights(weights, rows, columns, title, xlabel, ylabel, boxes=None):
    """Draw attention weights as a heat map, one query a row, one key a column.

    weights: (T, S) float. rows: T str. columns: S str (or one str, a letter a label).
    Numbers are printed into the cells where there are at most 64. boxes: {name: ((first
    row, end), (first column, end))}, drawn as named outlines. Raises ValueError
    where the labels do not fit.
    """
    weights = np.asarray(weights)
    if weights.shape != (len(rows), len(columns)):
        raise ValueError(
            f"weights have shape {weights.shape}, expected (T, S) = "
            f"{(len(rows), len(columns))} for these rows and columns: choose one head, "
            "or average over the heads"
        )
    size = (7.2, min(5.0, 1.2 + 0.34 * len(rows)))
    figure, axes = plt.subplots(figsize=size)
    picture = axes.imshow(weights, vmin=0, aspect="auto")
    if weights.size <= 64:
        middle = 0.6 * weights.max()
        for (y, x), weight in np.ndenumerate(weights):
            ink = "white" if weight > middle else "black"
            axes.text(x, y, f"{weight:.2f}", ha="center", va="center", color=ink)
    for name, ((top, bottom), (left, right)) in (boxes or {}).items():
        corner = (left - 0.5, top - 0.5)
        axes.add_patch(plt.Rectangle(corner, right - left, bottom - top, **BOX))
        beside, ha = right - 0.35, "left"
        if right > len(columns) - 5:  # no room to the right of it
            beside, ha = left - 0.65, "right"
        axes.text(beside, (top + bottom - 1) / 2, name, color=BOX["edgecolor"],
                  ha=ha, va="center", fontweight="bold")  # fmt: skip
    axes.set_xticks(range(len(columns)), list(columns))
    axes.set_yticks(range(len(rows)), list(rows))
    axes.tick_params(length=0)
    axes.set(xlabel=xlabel, ylabel=ylabel, title=title)
    figure.colorbar(picture, ax=axes, label="attention weight")
    plt.show()


def plot_masks(masks, tokens, title):
    """Draw masks side by side: a dark cell may be looked at, an empty one not.

    masks: {name: (T, T) bool}, row = the token that looks. tokens: T str. Raises
    ValueError where a mask is not (T, T).
    """
    check_named("masks", masks, "mask")
    T = len(tokens)
    figure, axes = plt.subplots(1, len(masks), figsize=(7.2, 3.5), squeeze=False)
    for ax, (name, mask) in zip(axes[0], masks.items(), strict=True):
        mask = np.asarray(mask)
        if mask.shape != (T, T):
            raise ValueError(
                f"mask {name!r} has shape {mask.shape}, expected (T, T) = {(T, T)} for "
                f"the {T} tokens: take one text, mask[0, 0], and expand it to (T, T)"
            )
        ax.pcolormesh(mask, vmin=0, vmax=1.4, edgecolors="#888888", linewidth=0.5)
        ax.invert_yaxis()
        ax.set_aspect("equal")
        ax.set_title(name, fontsize=10, fontweight="normal")
        ax.set_xticks(np.arange(T) + 0.5, tokens, rotation=90)
        ax.set_yticks(np.arange(T) + 0.5, tokens if ax is axes[0, 0] else [""] * T)
        ax.tick_params(length=0)
        ax.set_xlabel("may be looked at")
    axes[0, 0].set_ylabel("looks")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def plot_positions(encoding, title):
    """Draw positional encodings as a heat map. encoding: (T, D) float in [-1, 1]."""
    encoding = np.asarray(encoding)
    if encoding.ndim != 2:
        raise ValueError(
            f"encoding has shape {encoding.shape}, expected (T, D): one text, no batch"
        )
    figure, axes = plt.subplots()
    picture = axes.imshow(encoding.T, cmap="PuOr", vmin=-1, vmax=1, aspect="auto")
    axes.set(xlabel="position t (tokens)", ylabel="dimension (0 to D - 1)", title=title)
    figure.colorbar(picture, ax=axes, label="value added")
    plt.show()


def plot_families(title):
    """Draw who may look at whom in the three families of transformers.

    Each panel has the tokens read (below) and the vectors made of them (above); a line
    says that the upper one may look at the lower one.
    """
    figure, axes = plt.subplots(1, 3, figsize=(7.2, 3.0), width_ratios=(4, 4, 7))
    for ax, (family, parts) in zip(axes, FAMILIES.items(), strict=True):
        start = 0
        for name, T, kind in parts:
            xs = start + np.arange(T)
            for t in range(T):
                for seen in range(t + 1 if kind == "causal" else T):
                    ax.plot([xs[seen], xs[t]], [0, 1], color=DARK, **LINE)
                if start:  # cross-attention: every place looks at the whole encoder
                    for seen in range(start - 1):
                        ax.plot([seen, xs[t]], [1, 1.9], color="#c44e00", **CROSS)
                    ax.plot([xs[t], xs[t]], [1, 1.9], color=DARK, **LINE)
            heights = (0, 1, 1.9) if start else (0, 1)
            for height in heights:
                fill = LIGHT if height == 0 else DARK
                ax.scatter(xs, [height] * T, s=90, color=fill, edgecolors="k", zorder=3)
            ax.text(xs.mean(), -0.28, name, ha="center", va="top", fontsize=9)
            start += T + 1
        if len(parts) > 1:
            ax.text(0, 1.75, "cross-attention", color="#c44e00", fontsize=9)
        ax.set_title(family, fontsize=10, fontweight="normal")
        ax.set(xlim=(-0.5, start - 1.5), ylim=(-0.6, 2.2))
        ax.set_axis_off()
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


LINE = {"linewidth": 1.2, "linestyle": "-", "marker": "", "alpha": 0.8}
CROSS = {"linewidth": 0.9, "linestyle": "--", "marker": "", "alpha": 0.8}
