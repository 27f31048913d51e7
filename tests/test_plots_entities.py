"""The figures of lesson 09: they draw what they are given, and refuse what does not
fit."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plots import entities as plots

pytestmark = pytest.mark.usefixtures("keep_figures")
PIECES = ["[CLS]", "bi", "##an", "met", "[SEP]"]
WORD_IDS = [None, 0, 0, 1, None]
LABELS = [-100, "B-PER", -100, "O", -100]


def shown(axes):
    return [text.get_text() for text in axes.texts]


def test_alignment_draws_words_pieces_and_labels():
    plots.plot_alignment(["Bian", "met"], PIECES, WORD_IDS, LABELS, "Finding")
    axes = plt.gca()
    assert sorted(shown(axes)) == sorted(
        ["Bian", "met", *PIECES, "B-PER", "O", "-100", "-100", "-100"]
    )
    assert axes.get_title(loc="left") == "Finding"
    widths = {
        text.get_text(): patch.get_width()
        for text, patch in zip(axes.texts, axes.patches, strict=True)
    }
    assert widths["Bian"] > widths["bi"] + widths["##an"] - 1e-9


def test_alignment_refuses_rows_of_different_length():
    with pytest.raises(ValueError, match="5 pieces, 5 word numbers and 4 labels"):
        plots.plot_alignment(["Bian", "met"], PIECES, WORD_IDS, LABELS[:4], "t")


def test_confusions_show_counts_and_leave_the_empty_corner():
    table = np.arange(9).reshape(3, 3)
    plots.plot_type_confusions({"a": table, "b": table}, ("PER", "LOC"), "Finding")
    first, second = plt.gcf().axes[:2]
    assert shown(first) == shown(second) == [str(i) for i in range(8)]
    assert [x.get_text() for x in first.get_xticklabels()] == ["PER", "LOC", "missed"]
    with pytest.raises(ValueError, match=r"shape \(3, 3\), expected \(C \+ 1"):
        plots.plot_type_confusions({"a": table}, ("PER",), "t")


@pytest.mark.filterwarnings("error")
def test_no_figure_warns():
    plots.plot_alignment(["Bian", "met"], PIECES, WORD_IDS, LABELS, "t")
    plots.plot_type_confusions({"a": np.zeros((2, 2), int)}, ("PER",), "t")
    plt.gcf().canvas.draw()
