"""The figures of lesson 03: a padded batch, attention under a mask, padding's cost."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import PowerNorm

from course_utils.plots.style import DARK, EMPTY, LIGHT
from course_utils.value_checks import check_list, check_named, check_whole


def plot_token_grid(rows, title):
    """Draw a padded batch, one text a row, one token a cell.

    rows: B lists of T tokens (str), equally long. Special tokens are dark, words light,
    padding is an empty cell with a dot. Raises ValueError where the lengths differ.
    """
    check_list("rows", rows, "rows of tokens", "for one text try [tokens]")
    if len({len(row) for row in rows}) != 1:
        lengths = [len(row) for row in rows]
        raise ValueError(f"rows have {lengths} tokens, expected one equal length")
    B, T = len(rows), len(rows[0])
    longest = max(len(token) for row in rows for token in row)
    cell_points = 72 * 6.6 / T  # the axes are about 6.6 inches wide
    font_size = min(9, cell_points / longest / 0.65)  # a letter is about 0.65 em
    _, axes = plt.subplots(figsize=(7.2, 0.6 + 0.36 * B))
    for y, row in enumerate(rows):
        for x, token in enumerate(row):
            padding, special = token == "[PAD]", token in ("[CLS]", "[SEP]")
            face = EMPTY if padding else DARK if special else LIGHT
            box = plt.Rectangle((x, y), 1, 1, facecolor=face, edgecolor="#888888")
            axes.add_patch(box)
            label = "\N{MIDDLE DOT}" if padding else token
            ink = "white" if special else "black"
            style = {"ha": "center", "va": "center", "fontsize": font_size}
            axes.text(x + 0.5, y + 0.5, label, color=ink, **style)
    axes.set(xlim=(0, T), ylim=(B, 0), xlabel="position (tokens)", title=title)
    axes.set_xticks(np.arange(T) + 0.5, range(T))
    axes.set_yticks(np.arange(B) + 0.5, [f"text {y}" for y in range(B)])
    axes.tick_params(length=0)
    plt.show()


def plot_attention_pair(left, right, tokens, text_length, titles, title):
    """Draw two attention maps of the same tokens side by side, on one colour scale.

    left, right: (T, T) float, row = the token that looks, column = looked at.
    tokens: T str. text_length: how many of them are text; a line marks where padding
    begins. titles: one for each map. title: for the whole figure. Colour grows with the
    square root of the weight, so that small weights show. Raises ValueError where a map
    is not (T, T).
    """
    maps = [np.asarray(left), np.asarray(right)]
    T = len(tokens)
    for weights in maps:
        if weights.shape != (T, T):
            raise ValueError(
                f"an attention map has shape {weights.shape}, expected (T, T) = "
                f"{(T, T)} for the {T} tokens: average over the heads first"
            )
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 4.1), sharey=True)
    scale = PowerNorm(0.5, vmin=0, vmax=max(weights.max() for weights in maps))
    for ax, weights, name in zip(axes, maps, titles, strict=True):
        picture = ax.imshow(weights, norm=scale)
        if text_length < T:
            ax.axvline(text_length - 0.5, color="#c44e00", linestyle="--")
        ax.set_title(name, fontsize=10, fontweight="normal")
        ax.set_xticks(range(T), tokens, rotation=90)
        ax.set_yticks(range(T), tokens)
        ax.set_xlabel("token looked at")
    axes[0].set_ylabel("token that looks")
    ticks = [0, 0.02, 0.1, 0.2, 0.4, 0.6, 0.8]
    figure.colorbar(picture, ax=axes, label="attention weight", shrink=0.7, ticks=ticks)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def plot_padding_cost(real, padding, title):
    """Draw real tokens and padding as stacked bars, one bar a strategy.

    real: int, the tokens of the texts. padding: {strategy: padding tokens}.
    """
    check_named("padding", padding, "number")
    check_whole("real", real, 1, "tokens of the texts")
    _, axes = plt.subplots(figsize=(7.2, 0.9 + 0.5 * len(padding)))
    names, wasted = list(padding), np.array(list(padding.values()))
    axes.barh(names, real, color=DARK, label="tokens of the texts")
    hatched = {"color": LIGHT, "edgecolor": "#888888", "hatch": "//"}
    axes.barh(names, wasted, left=real, label="padding", **hatched)
    for y, count in enumerate(wasted):
        share = f"{count / (real + count):.1%} padding"
        axes.text(real + count, y, "  " + share, va="center", fontsize=9)
    axes.invert_yaxis()
    axes.set_xlim(0, (real + wasted.max()) * 1.25)
    axes.set(xlabel="positions computed", title=title)
    axes.locator_params(axis="x", nbins=5)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.legend(loc="lower right")
    plt.show()
