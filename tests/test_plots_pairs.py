"""The figures of lesson 08: they draw what they are given, and refuse what does not
fit."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.stats import binomtest

from course_utils.plots import pairs as plots
from course_utils.training_history import TrainingHistory

pytestmark = pytest.mark.usefixtures("keep_figures")


def title():
    return plt.gcf().axes[0].get_title(loc="left")


def history(steps=20):
    record = TrainingHistory("accuracy")
    for step in range(1, steps + 1):
        record.add_step(step, 1.1 - step / 100, 1e-4, 16)
        if step % 5 == 0:
            record.add_scores(step, {"accuracy": step / 40})
    return record


def test_segments_name_every_token_once():
    plots.plot_segments(["[CLS]", "a", "[SEP]", "b"], [0, 0, 0, 1], "Finding")
    texts = [text.get_text() for text in plt.gca().texts]
    assert texts == ["[CLS]", "0", "a", "0", "[SEP]", "0", "b", "1"]
    assert title() == "Finding"
    with pytest.raises(ValueError, match="2 tokens and 1 segment ids"):
        plots.plot_segments(["a", "b"], [0], "t")


def test_training_shows_loss_accuracy_and_chance():
    plots.plot_learning_to_compare(history(), 1 / 3, "Finding", smooth=1)
    left, right = plt.gcf().axes
    assert left.lines[0].get_ydata()[0] == pytest.approx(1.09)
    assert left.lines[1].get_ydata()[0] == pytest.approx(np.log(3))
    assert list(right.lines[0].get_ydata()) == [0.125, 0.25, 0.375, 0.5]
    assert title() == "Finding"


def test_families_are_sorted_by_accuracy():
    right = {"hard": np.array([True, False]), "easy": np.array([True] * 5)}
    plots.plot_by_family(right, "Finding")
    labels = [label.get_text() for label in plt.gca().get_yticklabels()]
    assert labels == ["easy (5)", "hard (2)"] and title() == "Finding"
    with pytest.raises(ValueError, match="no pairs of 'none'"):
        plots.plot_by_family({"none": np.array([], bool)}, "t")


@pytest.mark.parametrize(("hits", "n"), [(0, 7), (5, 9), (48, 48)])
def test_the_interval_is_wilsons(hits, n):
    low, high = plots.wilson(np.arange(n) < hits)
    expected = binomtest(hits, n).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-4)


@pytest.mark.filterwarnings("error")
def test_no_figure_warns():
    plots.plot_segments(["token"] * 40, [0] * 20 + [1] * 20, "t")
    plots.plot_learning_to_compare(history(), 1 / 3, "t")
    plots.plot_by_family({f"family {i}": np.arange(9) < i for i in range(10)}, "t")
    plt.gcf().canvas.draw()
