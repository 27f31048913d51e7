"""The figures of lesson 08: a pair's segments, training, families."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.plots.history_check import check_history
from course_utils.plots.style import DARK, LIGHT
from course_utils.value_checks import check_named

TOKENS_IN_A_ROW = 12


def plot_segments(tokens, segments, title):
    """Draw the tokens of a pair, the segment id below each; dark cells are segment 1.

    tokens: T str. segments: T ints, 0 or 1. Raises ValueError where the lengths differ.
    """
    if len(tokens) != len(segments):
        raise ValueError(
            f"{len(tokens)} tokens and {len(segments)} segment ids, expected one id "
            "for each token"
        )
    rows = -(-len(tokens) // TOKENS_IN_A_ROW)
    _, axes = plt.subplots(figsize=(7.2, 0.7 + 0.55 * rows))
    for place, (token, segment) in enumerate(zip(tokens, segments, strict=True)):
        y, x = divmod(place, TOKENS_IN_A_ROW)
        face, ink = (DARK, "white") if segment else (LIGHT, "black")
        box = plt.Rectangle((x, y), 1, 0.9, facecolor=face, edgecolor="white")
        axes.add_patch(box)
        style = {"ha": "center", "va": "center", "color": ink}
        axes.text(x + 0.5, y + 0.32, token, fontsize=8, **style)
        axes.text(x + 0.5, y + 0.7, segment, fontsize=8, **style)
    axes.set(xlim=(0, TOKENS_IN_A_ROW), ylim=(rows, 0), title=title)
    axes.axis("off")
    plt.show()


def plot_learning_to_compare(history, chance, title, smooth=50):
    """Draw the loss of each step, smoothed, and the validation accuracy, side by side.

    history: a TrainingHistory whose `watch` is "accuracy". chance: float, the accuracy
    of guessing; its loss is that of equal probabilities. smooth: int, steps.
    """
    check_history("history", history, "accuracy")
    losses, scores = history.losses(smooth)["loss"], history.evaluations()["accuracy"]
    _, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.0))
    left.plot(losses.index, losses, marker="", color=DARK)
    left.axhline(-np.log(chance), color="black", linestyle=":", linewidth=1)
    left.set(xlabel="step", ylabel=f"loss, mean of {smooth} steps", title=title)
    left.set_ylim(bottom=0)
    right.plot(scores.index, scores, color=DARK)
    right.axhline(chance, color="black", linestyle=":", linewidth=1)
    right.annotate("chance", (scores.index[-1], chance), ha="right", va="bottom")
    right.set(xlabel="step", ylabel="validation accuracy", ylim=(0, 1.02))
    right.set_xlim(left=0)
    for axes in (left, right):
        axes.grid(axis="y")
    plt.show()


def plot_by_family(right, title):
    """Draw the accuracy of each family with its interval, best first.

    right: {family: (n,) bool}, whether each pair was judged rightly. The intervals are
    Wilson's, 95 %. Raises ValueError for a family without pairs.
    """
    check_named("right", right, "hits")
    empty = [family for family, hits in right.items() if not len(hits)]
    if empty:
        raise ValueError(f"no pairs of {empty[0]!r}, expected at least one a family")
    rows = {name: (np.mean(hits), *wilson(hits)) for name, hits in right.items()}
    rows = dict(sorted(rows.items(), key=lambda item: -item[1][0]))
    _, axes = plt.subplots(figsize=(7.2, 0.9 + 0.19 * len(rows)))
    for y, (value, low, high) in enumerate(rows.values()):
        axes.plot([low, high], [y, y], "-", marker="", color="#888888", linewidth=1.2)
        axes.plot(value, y, "o", color=DARK, markersize=4.5)
    names = [f"{name} ({len(right[name])})" for name in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=7.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.axvline(1 / 3, color="black", linestyle=":", linewidth=1)
    axes.set(xlabel="accuracy, 95 % interval (dotted: chance)", xlim=(-0.02, 1.02))
    axes.set_title(title)
    axes.grid(axis="x")
    plt.show()


def wilson(hits, z=1.96):
    """Return (low, high) of Wilson's interval for a share, also near 0 and 1.

    hits: (n,) bool. Wilson 1927.
    """
    n, share = len(hits), float(np.mean(hits))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return middle - reach, middle + reach
