"""The figures of lesson 06: they draw what they are given, and refuse what does not
fit."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plots import features as plots

pytestmark = pytest.mark.usefixtures("keep_figures")


def title():
    return plt.gcf().axes[0].get_title(loc="left")


def test_probe_prints_scores_and_outlines_the_best():
    scores = {"mean": [0.5, 0.75], "pooler": [np.nan, 0.25]}
    plots.plot_probe(scores, "Finding", best=("mean", 1))
    axes = plt.gcf().axes[0]
    assert [text.get_text() for text in axes.texts] == [".50", ".75", ".25"]
    assert axes.patches[0].get_xy() == (0.5, -0.5) and title() == "Finding"
    with pytest.raises(ValueError, match=r"rows have \[1, 2\] values"):
        plots.plot_probe({"a": [1.0], "b": [1.0, 2.0]}, "t")


def test_confusions_show_counts_and_shares():
    plots.plot_confusions({"one": [[3, 1], [0, 0]]}, ("bad", "good"), "Finding")
    texts = [text.get_text() for text in plt.gcf().axes[0].texts]
    assert texts == ["3\n75%", "1\n25%", "0\n0%", "0\n0%"]
    with pytest.raises(ValueError, match=r"shape \(2, 2\), expected \(C, C\)"):
        plots.plot_confusions({"one": [[3, 1], [0, 0]]}, tuple("abc"), "t")


def test_intervals_are_dots_with_bars():
    plots.plot_intervals({"a": (0.5, 0.4, 0.7)}, "score", "Finding", reference=0)
    bar, dot, line = plt.gca().lines
    assert list(bar.get_xdata()) == [0.4, 0.7] and list(dot.get_xdata()) == [0.5]
    assert set(line.get_xdata()) == {0} and title() == "Finding"
    with pytest.raises(ValueError, match="low <= value <= high"):
        plots.plot_intervals({"a": (0.9, 0.4, 0.7)}, "score", "t")


def test_reliability_draws_the_diagonal_and_the_curves():
    plots.plot_reliability({"a": ([0.1, 0.9], [0.2, 0.7])}, "Finding")
    ideal, curve = plt.gca().lines
    assert list(ideal.get_xdata()) == list(ideal.get_ydata()) == [0, 1]
    assert list(curve.get_ydata()) == [0.2, 0.7] and title() == "Finding"
    with pytest.raises(ValueError, match="1 predicted and 2 observed"):
        plots.plot_reliability({"a": ([0.1], [0.2, 0.7])}, "t")


def test_learning_draws_mean_band_and_majority():
    scores = {"a": np.array([[0.5, 0.7], [0.7, 0.9]])}
    plots.plot_learning([50, 4000], scores, "Finding", majority=0.5)
    axes = plt.gca()
    assert axes.lines[0].get_ydata() == pytest.approx([0.6, 0.8])
    assert len(axes.collections) == 1 and axes.get_xscale() == "log"
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels == ["50", "4,000"] and title() == "Finding"
    with pytest.raises(ValueError, match="S = 3"):
        plots.plot_learning([1, 2, 3], scores, "t")


def test_domains_put_the_classifiers_side_by_side():
    row = {"a": (0.5, 0.4, 0.6), "b": (0.7, 0.6, 0.8)}
    plots.plot_domains({"x": row, "y": row}, "accuracy", "Finding")
    axes = plt.gca()
    assert [t.get_text() for t in axes.get_legend().get_texts()] == ["a", "b"]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["x", "y"]
    with pytest.raises(ValueError, match="same classifiers"):
        plots.plot_domains({"x": row, "y": {"a": row["a"]}}, "accuracy", "t")


@pytest.mark.filterwarnings("error")
def test_no_figure_warns():
    plots.plot_probe({"mean": [0.5] * 13, "pooler": [np.nan] * 12 + [0.4]}, "t")
    plots.plot_confusions({"a": np.eye(3, dtype=int)} | {"b": np.eye(3)}, "xyz", "t")
    plt.gcf().canvas.draw()
