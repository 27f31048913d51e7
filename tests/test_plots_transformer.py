"""Lesson 01's figures: they draw what they are given, and refuse what does not fit."""

import matplotlib.pyplot as plt
import pytest
import torch

import course_utils

pytestmark = pytest.mark.usefixtures("keep_figures")


def texts_of(axes):
    return [text.get_text() for text in axes.texts]


def test_small_weights_show_their_numbers():
    weights = torch.tensor([[0.25, 0.75]])
    course_utils.plot_weights(weights, ["a"], ["b", "c"], "Finding", "key", "query")
    axes = plt.gcf().axes[0]
    assert texts_of(axes) == ["0.25", "0.75"]
    assert [t.get_text() for t in axes.get_xticklabels()] == ["b", "c"]
    assert axes.get_title(loc="left") == "Finding"


def test_boxes_lie_around_their_cells_and_are_named():
    boxes = {"year": ((0, 4), (16, 20)), "day": ((8, 10), (0, 2))}
    weights, rows, columns = torch.rand(10, 20), list("1987-03-03"), list("x" * 20)
    course_utils.plot_weights(weights, rows, columns, "t", "x", "y", boxes=boxes)
    axes = plt.gcf().axes[0]
    assert texts_of(axes) == ["year", "day"]
    year, _ = axes.patches
    assert (year.get_xy(), year.get_width(), year.get_height()) == ((15.5, -0.5), 4, 4)
    plt.gcf().canvas.draw()
    inside = axes.get_window_extent()
    for text in axes.texts:
        extent = text.get_window_extent()
        assert inside.x0 <= extent.x0 and extent.x1 <= inside.x1


@pytest.mark.parametrize("shape", [(2, 1), (4, 1, 2), (2,)])
def test_weights_of_another_shape_are_refused(shape):
    with pytest.raises(
        ValueError, match=r"expected \(T, S\) = \(1, 2\).*choose one he"
    ):
        course_utils.plot_weights(torch.rand(shape), ["a"], ["b", "c"], "t", "x", "y")


def test_masks_are_drawn_side_by_side():
    mask = course_utils.causal_mask(3)
    course_utils.plot_masks(
        {"causal": mask, "all": mask | True}, list("abc"), "Finding"
    )
    left, right = plt.gcf().axes
    assert left.collections[0].get_array().tolist() == mask.tolist()
    assert (left.get_title(), right.get_title()) == ("", "")
    assert left.get_title(loc="left") == "causal"
    assert plt.gcf().get_suptitle() == "Finding"


def test_masks_with_more_axes_are_refused():
    with pytest.raises(ValueError, match=r"shape \(1, 1, 1, 3\).*mask\[0, 0\]"):
        course_utils.plot_masks({"m": torch.ones(1, 1, 1, 3)}, list("abc"), "t")


def test_positions_are_drawn_across():
    encoding = course_utils.positional_encoding(5, 4)
    course_utils.plot_positions(encoding, "Finding")
    image = plt.gcf().axes[0].images[0]
    assert image.get_array().tolist() == encoding.T.tolist()
    assert image.get_clim() == (-1, 1)
    with pytest.raises(ValueError, match=r"shape \(1, 5, 4\), expected \(T, D\)"):
        course_utils.plot_positions(encoding[None], "t")


def test_families_have_their_own_links():
    course_utils.plot_families("Finding")
    encoder, decoder, both = plt.gcf().axes
    assert len(encoder.lines) == 4 * 4
    assert len(decoder.lines) == 1 + 2 + 3 + 4
    assert len(both.lines) == 9 + 6 + 9 + 3  # reads, writes, crosses, goes on


@pytest.mark.filterwarnings("error")
def test_no_figure_warns():
    course_utils.plot_families("t")
    course_utils.plot_positions(torch.zeros(2, 2), "t")
    course_utils.plot_masks({"m": torch.ones(1, 1)}, ["a"], "t")
    plt.gcf().canvas.draw()
