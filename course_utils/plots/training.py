"""The figures of lesson 07: schedule, training curves, rates, overfitting, seeds."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils.plots.history_check import check_history
from course_utils.value_checks import check_named


def plot_schedule(rates, title):
    """Draw learning rates over the steps. rates: {name: N float}, one for each step."""
    check_named("rates", rates)
    _, axes = plt.subplots(figsize=(7.2, 2.8))
    for name, values in rates.items():
        axes.plot(range(1, len(values) + 1), values, marker="", label=name)
    axes.set(xlabel="step", ylabel="learning rate", title=title)
    axes.ticklabel_format(axis="y", style="sci", scilimits=(0, 0))
    axes.grid(axis="y")
    axes.legend()
    plt.show()


def plot_training(history, title, smooth=20):
    """Draw the loss of each step, and the watched score of each evaluation.

    history: TrainingHistory with at least one evaluation. smooth: over how many steps
    the loss is averaged. Raises ValueError where there is no evaluation.
    """
    check_history("history", history)
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.2))
    steps, evaluations = history.losses(smooth), history.evaluations()
    left.plot(steps.index, steps["loss"], marker="", label="training, smoothed")
    if "loss" in evaluations:
        left.plot(evaluations.index, evaluations["loss"], label="validation")
    left.set(xlabel="step", ylabel="loss")
    left.legend()
    scores = evaluations[history.watch]
    right.plot(scores.index, scores, label=f"validation {history.watch}")
    right.plot(
        history.best["step"],
        history.best[history.watch],
        marker="*",
        markersize=15,
        linestyle="none",
        color="black",
        label="best, kept",
    )
    right.margins(y=0.2)
    right.set(xlabel="step", ylabel=f"validation {history.watch}")
    right.legend(loc="lower right")
    for axes in (left, right):
        axes.grid(axis="y")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def plot_rates(rates, accuracy, distance, chance, title):
    """Draw accuracy and distance from the start over the learning rate, side by side.

    rates: R float, on a logarithmic axis. accuracy, distance: R float each; a distance
    that is no number is left out. chance: float, drawn as a line. Raises ValueError
    where the lengths differ.
    """
    if not len(rates) == len(accuracy) == len(distance):
        raise ValueError(
            f"{len(rates)} rates, {len(accuracy)} accuracies, {len(distance)} "
            "distances, expected as many of each"
        )
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.2))
    left.plot(rates, accuracy)
    left.axhline(chance, color="black", linestyle=":", linewidth=1.5)
    left.text(rates[0], chance, "majority class", va="bottom", fontsize=9)
    left.set(ylabel="validation accuracy")
    right.plot(rates, distance, color="#c44e00", linestyle="--", marker="s")
    right.set_yscale("log")
    right.set(ylabel="distance / length at the start")
    for axes in (left, right):
        axes.set_xscale("log")
        axes.set_xticks(rates, [f"{rate:.0e}" for rate in rates])
        axes.minorticks_off()
        axes.set_xlabel("learning rate")
        axes.grid(axis="y")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def plot_overfitting(epochs, losses, best, title):
    """Draw losses over the epochs, and a line where the best weights are.

    epochs: E numbers. losses: {name: E float}. best: the epoch to be marked. Raises
    ValueError where a row does not fit.
    """
    check_named("losses", losses)
    _, axes = plt.subplots()
    for name, values in losses.items():
        if len(values) != len(epochs):
            raise ValueError(
                f"{name!r} has {len(values)} values, expected {len(epochs)}, one for "
                "each epoch"
            )
        axes.plot(epochs, values, label=name)
    axes.axvline(best, color="black", linewidth=1, linestyle=":", marker="")
    top = 1.12 * axes.get_ylim()[1]
    side = "left" if best < np.mean(epochs) else "right"
    label = " early stopping keeps these "
    axes.text(best, top, label, va="top", ha=side, fontsize=9)
    axes.set_xticks(epochs)
    axes.set_ylim(0, top)
    axes.set(xlabel="passes over the texts", ylabel="loss", title=title)
    axes.grid(axis="y")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    plt.show()


def plot_seeds(scores, title):
    """Draw one dot for each seed and a bar at their mean: a row a variant, a panel a
    measure.

    scores: {measure: {variant: S float}}, the same variants and S in each. Raises
    ValueError where they differ.
    """
    check_named("scores", scores, "{variant: scores}")
    shapes = {
        m: [(v, len(row)) for v, row in rows.items()] for m, rows in scores.items()
    }
    first = next(iter(shapes.values()))
    if (
        any(shape != first for shape in shapes.values())
        or len(dict.fromkeys(length for _, length in first)) != 1
    ):
        raise ValueError(
            f"each measure needs the same variants, each as many seeds: {shapes}"
        )
    size = (7.2, 1.5 + 0.4 * len(first))
    figure, grid = plt.subplots(
        1, len(scores), figsize=size, sharey=True, squeeze=False
    )
    for axes, (measure, rows) in zip(grid[0], scores.items(), strict=True):
        for y, row in enumerate(rows.values()):
            axes.plot(row, [y] * len(row), "o", color="#0072b2", linestyle="none")
            bar = {"color": "black", "markersize": 18, "markeredgewidth": 2}
            axes.plot(np.mean(row), y, "|", linestyle="none", **bar)
        axes.set_yticks(range(len(rows)), list(rows))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.grid(axis="x")
        axes.set_xlabel(measure)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()
