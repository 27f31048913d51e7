"""The figures of lesson 04: parameters by part, attention heads, vectors that move."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import PowerNorm

from course_utils.plots.style import DARK, EMPTY, LIGHT
from course_utils.value_checks import check_equal_lengths, check_list, check_named

PARTS = [  # colour and hatch of each part, told apart in grey, too
    {"color": DARK},
    {"color": LIGHT, "hatch": "//"},
    {"color": "#7fa8cf"},
    {"color": EMPTY, "hatch": ".."},
]


def plot_parameter_parts(counts, title):
    """Draw parameters as stacked bars, one bar a model, one piece a part.

    counts: {model: {part: int}}, the same parts (at most 4) in each. Each piece that
    has room says its share. Raises ValueError where the parts differ.
    """
    check_named("counts", counts, "{part: number}")
    parts = list(next(iter(counts.values())))
    if any(list(given) != parts for given in counts.values()) or len(parts) > 4:
        raise ValueError(f"each model needs the same parts, at most 4: {parts}")
    _, axes = plt.subplots(figsize=(7.2, 1.3 + 0.5 * len(counts)))
    names = list(counts)
    values = np.array([list(counts[name].values()) for name in names]) / 1e6  # (M, P)
    left = np.zeros(len(names))
    for part, column, look in zip(parts, values.T, PARTS, strict=False):
        axes.barh(names, column, left=left, label=part, edgecolor="#555555", **look)
        for y, (value, start) in enumerate(zip(column, left, strict=True)):
            if value > 0.06 * values.sum(axis=1).max():
                ink = "white" if look["color"] == DARK else "black"
                box = {"facecolor": look["color"], "edgecolor": "none", "pad": 1.5}
                label = f"{value / values[y].sum():.0%}"
                style = {"ha": "center", "va": "center", "fontsize": 9, "bbox": box}
                axes.text(start + value / 2, y, label, color=ink, **style)
        left += column
    for y, total in enumerate(left):
        axes.text(total, y, f"  {total:.0f} M", va="center", fontsize=9)
    axes.invert_yaxis()
    axes.set_xlim(0, left.max() * 1.12)
    axes.set(xlabel="parameters (millions)", title=title)
    axes.legend(loc="upper right")
    plt.show()


def plot_heads(maps, tokens, titles, title):
    """Draw attention maps of the same tokens, three in a row, on one colour scale.

    maps: a list of (T, T) float, row = the token that looks, column = looked at.
    tokens: T str. titles: one for each map. Colour grows with the square root of the
    weight, so that small weights show. Raises ValueError where a map is not (T, T).
    """
    check_list("maps", maps, "maps (T, T)", "for one map try [map]")
    check_equal_lengths("one title for each map", maps=maps, titles=titles)
    maps = [check_map(weights, tokens) for weights in maps]
    rows, columns = -(-len(maps) // 3), min(3, len(maps))
    size = (7.2, 0.8 + 2.3 * rows) if columns > 1 else (5.4, 4.6)
    figure, grid = plt.subplots(
        rows, columns, figsize=size, sharex=True, sharey=True, squeeze=False
    )
    for ax in grid.flat[len(maps) :]:
        ax.set_visible(False)
    scale = PowerNorm(0.5, vmin=0, vmax=1)
    small = {"fontsize": 7 if columns > 1 else 9}
    for ax, weights, name in zip(grid.flat, maps, titles, strict=False):
        picture = ax.imshow(weights, norm=scale)
        ax.set_title(name, fontsize=9, fontweight="normal", pad=4)
        ax.set_xticks(range(len(tokens)), tokens, rotation=90, **small)
        ax.set_yticks(range(len(tokens)), tokens, **small)
        ax.tick_params(length=0)
    figure.supxlabel("token looked at", fontsize=10)
    figure.supylabel("token that looks", fontsize=10)
    ticks = [0, 0.05, 0.2, 0.5, 1]
    figure.colorbar(picture, ax=grid, label="attention weight", shrink=0.7, ticks=ticks)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def check_map(weights, tokens):
    """Return the map as an array; raise ValueError where it is not (T, T)."""
    weights, T = np.asarray(weights), len(tokens)
    if weights.shape != (T, T):
        raise ValueError(
            f"an attention map has shape {weights.shape}, expected (T, T) = {(T, T)} "
            f"for the {T} tokens: choose one text and one head, attentions[layer][0, "
            "head]"
        )
    return weights


def plot_masked_lm_loss(losses, entropy, title):
    """Draw the validation loss over the steps, and the unigram entropy as a line.

    losses: {step: float}, in nats. entropy: float, the same unit. The axis does not
    begin at 0: the subject is the distance to the line.
    """
    check_named("losses", losses, "loss")
    _, axes = plt.subplots()
    axes.plot(list(losses), list(losses.values()), label="validation loss")
    style = {"color": "black", "linestyle": "--"}
    label = f"unigram entropy, {entropy:.2f}: frequencies, no context"
    axes.axhline(entropy, label=label, **style)
    axes.set(xlabel="training steps", ylabel="loss (nats)", title=title)
    axes.grid(axis="y")
    axes.legend()
    plt.show()


def plot_moved(left, right, tokens, changed, titles, title):
    """Draw how far each vector moved, side by side: layers up, tokens along.

    left, right: (L + 1, T) float, 0 = did not move. tokens: T str. changed: int, the
    position of the changed word, marked by a line before it. White means exactly 0.
    """
    maps = [np.asarray(left), np.asarray(right)]
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.4), sharey=True)
    top = max(moved.max() for moved in maps)
    for ax, moved, name in zip(axes, maps, titles, strict=True):
        if moved.shape[1] != len(tokens):
            raise ValueError(
                f"distances have shape {moved.shape}, expected (L + 1, T) with T = "
                f"{len(tokens)} tokens"
            )
        picture = ax.imshow(moved, norm=PowerNorm(0.5, vmin=0, vmax=top), aspect="auto")
        for y, x in zip(*np.nonzero(moved == 0), strict=True):
            ax.text(x, y, "0", ha="center", va="center", fontsize=7, color="#555555")
        ax.axvline(changed - 0.5, color="#c44e00", linestyle="--")
        ax.set_title(name, fontsize=10, fontweight="normal")
        ax.set_xticks(range(len(tokens)), tokens, rotation=90)
        ax.set_xlabel("token")
        ax.invert_yaxis()
    axes[0].set_yticks(range(len(left)))
    axes[0].set_ylabel("layer (0 = embeddings)")
    figure.colorbar(picture, ax=axes, label="distance moved", shrink=0.8)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()
