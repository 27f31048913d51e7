"""The figures of lesson 10: training, starts and ends, and the no-answer threshold."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.plots.history_check import check_history
from course_utils.plots.style import DARK, LIGHT
from course_utils.value_checks import check_list, check_named, check_number


def plot_answer_training(history, score, title):
    """Draw the loss of a training (left) and a validation score (right), by step.

    history: TrainingHistory. score: str, a key of its evaluations.
    """
    check_history("history", history, score)
    losses, scores = history.losses(smooth=20)["loss"], history.evaluations()[score]
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.0), sharex=True)
    left.plot(losses.index, losses, color=DARK, marker="")
    left.set(xlabel="step", ylabel="loss, mean of 20 steps")
    right.plot(scores.index, scores, color=DARK, marker="o", clip_on=False)
    right.set(xlabel="step", ylabel=f"{score}, validation")
    for axes in (left, right):
        axes.set_ylim(bottom=0)
        axes.grid(axis="y")
    right.set_ylim(top=1)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def plot_start_end(tokens, start, end, title):
    """Draw how likely each token is to be the answer's first (up) and last (down).

    tokens: T str. start, end: T float from 0 to 1. Raises ValueError where the numbers
    of tokens and values differ.
    """
    check_list("tokens", tokens, "str", "the tokens of one window")
    T = len(tokens)
    if len(start) != T or len(end) != T:
        raise ValueError(
            f"{len(start)} starts and {len(end)} ends for T = {T} tokens, expected "
            "one of each for each token"
        )
    _, axes = plt.subplots(figsize=(max(7.2, 0.16 * T), 3.6))
    look = {"edgecolor": "black", "linewidth": 0.6}
    axes.bar(range(T), np.asarray(start), color=DARK, label="first token", **look)
    axes.bar(range(T), -np.asarray(end), color=LIGHT, label="last token", **look)
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_xticks(range(T), tokens, rotation=90, fontsize=8)
    axes.set_yticks([-1, -0.5, 0, 0.5, 1], ["1", "0.5", "0", "0.5", "1"])
    axes.set(ylim=(-1.05, 1.05), xlim=(-1, T), ylabel="probability", title=title)
    axes.tick_params(axis="x", length=0)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    plt.show()


def plot_threshold(thresholds, curves, chosen, title):
    """Draw scores over the no-answer threshold, the chosen one as a dashed line.

    thresholds: N float, rising. curves: {name: N float}. Raises ValueError where a
    curve has another length.
    """
    check_named("curves", curves)
    check_number("chosen", chosen, hint="a threshold")
    for name, values in curves.items():
        if len(values) != len(thresholds):
            raise ValueError(
                f"curve {name!r} has {len(values)} values, expected "
                f"{len(thresholds)}, one for each threshold"
            )
    _, axes = plt.subplots()
    for name, values in curves.items():
        axes.plot(thresholds, values, label=name, marker="")
    axes.axvline(chosen, color="black", linewidth=1, linestyle=(0, (4, 3)))
    axes.annotate(
        f"chosen: {chosen:.1f}",
        (chosen, 0.04),
        xytext=(5, 0),
        textcoords="offset points",
        fontsize=9,
    )
    axes.set(xlabel="threshold on the answer's score", ylabel="share", title=title)
    axes.set_ylim(0, 1.02)
    axes.grid(axis="y")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    plt.show()
