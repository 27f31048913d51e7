"""The figures of lesson 05: they draw what they are given, and refuse what does not
fit."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

import course_utils

pytestmark = pytest.mark.usefixtures("keep_figures")
BAND = [(0.1, 0.2, 0.3), (0.4, 0.5, 0.6)]


def panels():
    return [ax for ax in plt.gcf().axes if ax.get_visible()]


def test_scores_are_dots_with_their_intervals():
    course_utils.plot_scores(dict(zip("ab", BAND, strict=True)), "share", "Finding")
    axes = plt.gca()
    line, _, (bars,) = axes.containers[0]
    assert line.get_xdata().tolist() == [0.2, 0.5]
    ends = [segment[:, 0].tolist() for segment in bars.get_segments()]
    np.testing.assert_allclose(ends, [[0.1, 0.3], [0.4, 0.6]])
    assert [text.get_text() for text in axes.texts] == ["0.20", "0.50"]
    assert axes.get_title(loc="left") == "Finding" and axes.get_xlabel() == "share"


def test_scores_refuse_a_middle_outside_of_its_interval():
    with pytest.raises(ValueError, match=r"'a' has .* expected"):
        course_utils.plot_scores({"a": (0.5, 0.4, 0.6)}, "share", "t")


def test_senses_show_both_lines_and_chance():
    course_utils.plot_senses(["static", 0], BAND, BAND, BAND, 0.45, "Finding")
    left, right = panels()
    assert [t.get_text() for t in left.get_legend().get_texts()] == [
        "same sense",
        "another sense",
    ]
    assert right.lines[1].get_ydata()[0] == 0.45
    assert [t.get_text() for t in right.get_xticklabels()] == ["static", "0"]
    (label,) = right.texts
    assert right.get_xlim()[0] < label.xy[0] < right.get_xlim()[1]


def test_senses_need_an_interval_for_each_layer():
    with pytest.raises(ValueError, match=r"expected \(3, 3\)"):
        course_utils.plot_senses(["static", 0, 1], BAND, BAND, BAND, 0.45, "t")


@pytest.mark.parametrize("count", [1, 3, 4, 5, 8])
def test_word_maps_tell_senses_by_marker(count):
    words = "abcdefgh"[:count]
    points = {word: np.arange(6.0).reshape(3, 2) for word in words}
    kinds = {word: ["x", "y", "x"] for word in words}
    course_utils.plot_word_maps(points, kinds, "Finding")
    drawn = panels()
    assert [ax.get_title(loc="left") for ax in drawn] == list(words)
    first, second = drawn[0].collections
    assert first.get_offsets().tolist() == [[0, 1], [4, 5]]
    assert second.get_offsets().tolist() == [[2, 3]]
    assert "x" in drawn[0].get_xlabel() and "y" in drawn[0].get_xlabel()


@pytest.mark.parametrize("kinds", [["x", "y", "z"], ["x", "y"]])
def test_word_maps_refuse_a_third_sense_and_a_missing_one(kinds):
    with pytest.raises(ValueError, match="'a' has 3 points"):
        course_utils.plot_word_maps({"a": np.zeros((3, 2))}, {"a": kinds}, "t")


def test_distributions_are_shares_over_the_same_bins():
    course_utils.plot_distributions({"a": [0, 1], "b": [2, 2, 2]}, "cosine", "Finding")
    for bars in plt.gca().containers:
        assert sum(bar.get_height() for bar in bars) == pytest.approx(1)
    lefts = [[bar.get_x() for bar in bars] for bars in plt.gca().containers]
    assert lefts[0] == lefts[1]


def test_length_effect_has_a_panel_for_each_pooling():
    norms = {"mean": [1.0, 2.0], "max": [3.0, 4.0]}
    course_utils.plot_length_effect([5, 6], norms, "Finding")
    for axes, name in zip(panels(), norms, strict=True):
        drawn = axes.collections[0].get_offsets().tolist()
        assert drawn == [[5, norms[name][0]], [6, norms[name][1]]]
        assert axes.get_title(loc="left") == name and axes.get_ylim()[0] == 0


def test_review_maps_share_a_diverging_scale():
    maps = {"PCA": np.eye(2), "t-SNE": np.ones((2, 2))}
    course_utils.plot_review_maps(maps, [-3, 2], "Finding")
    scatters = [ax.collections[0] for ax in panels()[:2]]
    assert {(s.norm.vmin, s.norm.vmax) for s in scatters} == {(-4, 4)}
    assert {s.get_cmap().name for s in scatters} == {"PuOr"}
    with pytest.raises(ValueError, match="N = 3 reviews"):
        course_utils.plot_review_maps(maps, [1, 2, 3], "t")


@pytest.mark.filterwarnings("error")
def test_no_figure_warns():
    course_utils.plot_senses(range(14), BAND * 7, BAND * 7, BAND * 7, 0.5, "t")
    plt.gcf().canvas.draw()
    course_utils.plot_word_maps({"a": np.zeros((1, 2))}, {"a": ["x"]}, "t")
    plt.gcf().canvas.draw()
