"""The figures of lesson 10: they draw what they are given, and refuse what does not
fit."""

import matplotlib.pyplot as plt
import pytest

from course_utils.plots import answers as plots
from course_utils.training_history import TrainingHistory

pytestmark = pytest.mark.usefixtures("keep_figures")


def test_training_draws_loss_and_score():
    history = TrainingHistory("exact match")
    for step in (1, 2, 3):
        history.add_step(step, 4.0 / step, 1e-4, 16)
    history.add_scores(2, {"exact match": 0.5})
    history.add_scores(3, {"exact match": 0.75})
    plots.plot_answer_training(history, "exact match", "Finding")
    left, right = plt.gcf().axes
    assert list(left.lines[0].get_xdata()) == [1, 2, 3]
    assert list(right.lines[0].get_ydata()) == [0.5, 0.75]
    assert plt.gcf().get_suptitle() == "Finding"


def test_starts_point_up_and_ends_down():
    plots.plot_start_end(["in", "lyon"], [0.1, 0.9], [0.2, 0.8], "Finding")
    heights = [bar.get_height() for bar in plt.gca().patches]
    assert heights == pytest.approx([0.1, 0.9, -0.2, -0.8])
    assert [t.get_text() for t in plt.gca().get_xticklabels()] == ["in", "lyon"]
    with pytest.raises(ValueError, match="1 starts and 2 ends for T = 2"):
        plots.plot_start_end(["in", "lyon"], [0.1], [0.2, 0.8], "t")


def test_threshold_marks_the_chosen_one():
    plots.plot_threshold([0, 1, 2], {"right": [0.5, 0.7, 0.6]}, 1, "Finding")
    curve, line = plt.gca().lines
    assert list(curve.get_ydata()) == [0.5, 0.7, 0.6] and set(line.get_xdata()) == {1}
    assert plt.gca().get_title(loc="left") == "Finding"
    with pytest.raises(ValueError, match="has 1 values, expected 2"):
        plots.plot_threshold([0, 1], {"right": [0.5]}, 1, "t")


@pytest.mark.filterwarnings("error")
def test_no_figure_warns():
    words = ["token"] * 80
    plots.plot_start_end(words, [0.5] * 80, [0.5] * 80, "A longer title " * 3)
    plt.gcf().canvas.draw()
