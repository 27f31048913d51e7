"""The figures: they draw what they are given, and refuse what does not fit."""

import matplotlib.pyplot as plt
import pytest
import torch

import course_utils

pytestmark = pytest.mark.usefixtures("keep_figures")


def texts_of(axes):
    return [text.get_text() for text in axes.texts]


def test_style_is_the_courses():
    assert plt.rcParams["image.cmap"] == "Blues"
    assert plt.rcParams["figure.constrained_layout.use"]


def test_token_grid_shows_every_token():
    rows = [["[CLS]", "gem", "[SEP]"], ["[CLS]", "[SEP]", "[PAD]"]]
    course_utils.plot_token_grid(rows, title="A third is padding")
    axes = plt.gca()
    dot = "\N{MIDDLE DOT}"
    assert texts_of(axes) == ["[CLS]", "gem", "[SEP]", "[CLS]", "[SEP]", dot]
    assert axes.get_title(loc="left") == "A third is padding"
    assert axes.get_xlabel() == "position (tokens)"


@pytest.mark.parametrize("longest", [1, 8, 30])
def test_token_grid_text_fits_its_cell(longest):
    course_utils.plot_token_grid([["w" * longest] * 10] * 2, title="Fits")
    figure, axes = plt.gcf(), plt.gca()
    figure.canvas.draw()
    cell = axes.transData.transform([(0, 0), (1, 0)])
    width = cell[1][0] - cell[0][0]
    for text in axes.texts:
        assert text.get_window_extent().width < width * 1.3  # w is the widest letter


def test_token_grid_refuses_ragged_rows():
    with pytest.raises(ValueError, match=r"rows have \[1, 2\] tokens, expected one eq"):
        course_utils.plot_token_grid([["a"], ["a", "b"]], title="Ragged")


def test_attention_pair_shares_one_scale_and_marks_padding():
    left, right = torch.rand(3, 3), torch.rand(3, 3)
    course_utils.plot_attention_pair(
        left, right, ["[CLS]", "a", "[PAD]"], 2, ("no mask", "mask"), "Finding"
    )
    first, second = plt.gcf().axes[:2]
    assert first.images[0].norm is second.images[0].norm
    assert first.images[0].get_array().tolist() == left.tolist()
    assert first.lines[0].get_xdata()[0] == 1.5
    assert [t.get_text() for t in first.get_xticklabels()] == ["[CLS]", "a", "[PAD]"]


def test_attention_pair_refuses_maps_with_heads():
    with pytest.raises(ValueError, match=r"shape \(12, 3, 3\).*average over the heads"):
        course_utils.plot_attention_pair(
            torch.rand(12, 3, 3), torch.rand(3, 3), list("abc"), 3, ("", ""), ""
        )


def test_lines_are_told_apart_without_colour():
    course_utils.plot_lines([1, 2], {"a": [1, 2], "b": [2, 1]}, "x", "y", "Finding")
    one, two = plt.gca().lines
    assert one.get_linestyle() != two.get_linestyle()
    assert one.get_marker() != two.get_marker()
    assert one.get_ydata().tolist() == [1, 2]


def test_lines_of_another_length_are_refused():
    with pytest.raises(ValueError, match=r"line 'b' has 1 values, expected 2"):
        course_utils.plot_lines([1, 2], {"a": [1, 2], "b": [1]}, "x", "y", "t")


def test_padding_cost_names_the_shares():
    course_utils.plot_padding_cost(100, {"static": 300, "sorted": 0}, "Finding")
    assert texts_of(plt.gca()) == ["  75.0% padding", "  0.0% padding"]
    widths = [patch.get_width() for patch in plt.gca().patches]
    assert widths == [100, 100, 300, 0]


@pytest.mark.filterwarnings("error")
def test_no_figure_warns():
    course_utils.plot_token_grid([["[CLS]", "数"]], title="x")
    course_utils.plot_lines([1], {"a": [1]}, "x", "y", "t")
    plt.gcf().canvas.draw()
