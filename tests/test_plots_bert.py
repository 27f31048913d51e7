"""The figures of lesson 04: they draw what they are given, and refuse what does not
fit."""

import matplotlib.pyplot as plt
import pytest
import torch

import course_utils

pytestmark = pytest.mark.usefixtures("keep_figures")


def test_parameter_parts_stack_and_say_their_shares():
    counts = {"a": {"x": 3_000_000, "y": 1_000_000}, "b": {"x": 1000, "y": 0}}
    course_utils.plot_parameter_parts(counts, title="Finding")
    axes = plt.gca()
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["75%", "25%", "  4 M", "  0 M"]
    assert [patch.get_width() for patch in axes.patches] == [3, 0.001, 1, 0]
    assert axes.get_title(loc="left") == "Finding"


def test_parameter_parts_must_agree():
    with pytest.raises(ValueError, match="same parts"):
        course_utils.plot_parameter_parts({"a": {"x": 1}, "b": {"y": 1}}, "t")


@pytest.mark.parametrize("count", [1, 2, 5, 6])
def test_heads_share_one_scale(count):
    maps = [torch.rand(3, 3) for _ in range(count)]
    names = [f"head {i}" for i in range(count)]
    course_utils.plot_heads(maps, list("abc"), names, title="Finding")
    drawn = [ax for ax in plt.gcf().axes if ax.images]
    assert [ax.get_title(loc="left") for ax in drawn] == names
    assert len({(ax.images[0].norm.vmin, ax.images[0].norm.vmax) for ax in drawn}) == 1
    assert drawn[0].images[0].get_array().tolist() == maps[0].tolist()


def test_gallery_titles_do_not_overlap():
    titles = ["previous token\nlayer 12, head 12"] * 6
    course_utils.plot_heads([torch.rand(9, 9)] * 6, list("abcdefghi"), titles, "F")
    figure = plt.gcf()
    figure.canvas.draw()
    boxes = [ax._left_title.get_window_extent() for ax in figure.axes[:6]]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_heads_refuse_a_map_that_is_not_of_these_tokens():
    with pytest.raises(ValueError, match=r"shape \(4, 3, 3\), expected.*\(3, 3\)"):
        course_utils.plot_heads([torch.rand(4, 3, 3)], list("abc"), [""], "t")


def test_loss_shows_the_entropy_as_a_line():
    course_utils.plot_masked_lm_loss({0: 7.0, 100: 5.0}, 5.84, "Finding")
    loss, line = plt.gca().lines
    assert loss.get_ydata().tolist() == [7.0, 5.0]
    assert set(line.get_ydata()) == {5.84} and line.get_linestyle() == "--"


def test_moved_writes_0_where_nothing_moved():
    left, right = torch.tensor([[0.0, 1.0]]), torch.tensor([[0.0, 0.0]])
    course_utils.plot_moved(left, right, ["a", "b"], 1, ("one", "two"), "Finding")
    first, second = plt.gcf().axes[:2]
    assert len(first.texts) == 1 and len(second.texts) == 2
    assert first.lines[0].get_xdata()[0] == 0.5
    with pytest.raises(ValueError, match="T = 3 tokens"):
        course_utils.plot_moved(left, right, list("abc"), 1, ("one", "two"), "t")


@pytest.mark.filterwarnings("error")
def test_no_figure_warns():
    course_utils.plot_heads([torch.eye(2)] * 4, list("ab"), list("wxyz"), "t")
    plt.gcf().canvas.draw()
