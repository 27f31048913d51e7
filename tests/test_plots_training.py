"""The figures of lesson 07: they draw what they are given, and refuse what does not
fit."""

import matplotlib.pyplot as plt
import pytest

from course_utils.plots import training as plots
from course_utils.training_history import TrainingHistory

pytestmark = pytest.mark.usefixtures("keep_figures")


def filled():
    history = TrainingHistory("accuracy")
    for step in range(1, 7):
        history.add_step(step, 1 / step, 1e-4, 8)
    history.add_scores(3, {"accuracy": 0.8, "loss": 0.5})
    history.add_scores(6, {"accuracy": 0.7, "loss": 0.6})
    return history


def test_schedule_draws_a_line_for_each_name():
    plots.plot_schedule({"a": [0, 1e-4], "b": [1e-4, 0]}, "Finding")
    axes = plt.gca()
    assert [list(line.get_xdata()) for line in axes.lines] == [[1, 2], [1, 2]]
    assert axes.get_title(loc="left") == "Finding"


def test_training_draws_both_losses_and_marks_the_best():
    plots.plot_training(filled(), "Finding", smooth=2)
    left, right = plt.gcf().axes
    assert list(left.lines[0].get_ydata())[:2] == pytest.approx([1.0, 0.75])
    assert list(left.lines[1].get_ydata()) == [0.5, 0.6]
    assert (right.lines[1].get_xdata()[0], right.lines[1].get_ydata()[0]) == (3, 0.8)
    with pytest.raises(ValueError, match="holds no evaluation"):
        plots.plot_training(TrainingHistory("accuracy"), "t")


def test_rates_stand_on_logarithmic_axes():
    plots.plot_rates([1e-6, 1e-2], [0.5, 0.8], [0.001, 1.5], 0.5, "Finding")
    left, right = plt.gcf().axes
    assert left.get_xscale() == right.get_xscale() == right.get_yscale() == "log"
    assert [t.get_text() for t in left.get_xticklabels()] == ["1e-06", "1e-02"]
    assert plt.gcf().get_suptitle() == "Finding"
    with pytest.raises(ValueError, match="2 rates, 1 accuracies"):
        plots.plot_rates([1, 2], [1], [1, 2], 0.5, "t")


def test_overfitting_marks_the_epoch_that_is_kept():
    plots.plot_overfitting([1, 2], {"training": [0.7, 0.1]}, 1, "Finding")
    curve, mark = plt.gca().lines
    assert list(curve.get_ydata()) == [0.7, 0.1] and set(mark.get_xdata()) == {1}
    with pytest.raises(ValueError, match="'a' has 1 values, expected 2"):
        plots.plot_overfitting([1, 2], {"a": [0.1]}, 1, "t")


def test_seeds_are_dots_and_a_bar_at_their_mean():
    scores = {"accuracy": {"a": [0.5, 0.7], "b": [0.6, 0.6]}}
    plots.plot_seeds(scores | {"loss": {"a": [1, 2], "b": [3, 4]}}, "Finding")
    left, right = plt.gcf().axes
    dots, bar = left.lines[:2]
    assert list(dots.get_xdata()) == [0.5, 0.7]
    assert bar.get_xdata() == pytest.approx([0.6])
    assert [t.get_text() for t in left.get_yticklabels()] == ["a", "b"]
    assert (left.get_xlabel(), right.get_xlabel()) == ("accuracy", "loss")
    for wrong in ({"a": [1]}, {"a": [1, 2], "b": [1]}):
        with pytest.raises(ValueError, match="as many seeds"):
            plots.plot_seeds(scores | {"loss": wrong}, "t")


@pytest.mark.filterwarnings(
    "error",
    "ignore:.*deprecated::(matplotlib|pyparsing)",  # between the two
)
def test_no_figure_warns():
    plots.plot_training(filled(), "t")
    plots.plot_rates([1e-6, 1e-2], [0.5, 0.8], [0.001, 1.5], 0.5, "t")
    plots.plot_overfitting([1, 2], {"training": [0.7, 0.1]}, 1, "t")
    for number in plt.get_fignums():
        plt.figure(number).canvas.draw()
