"""The figures of lesson 02: they draw what they are given."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import course_utils

pytestmark = pytest.mark.usefixtures("keep_figures")


def texts_of(axes):
    return [text.get_text().strip() for text in axes.texts]


def test_ways_to_cut_have_a_panel_for_each_column():
    table = pd.DataFrame({"size": [100, 30_522], "unknown": [0.0, 9.7]}, ["a", "b"])
    course_utils.plot_ways_to_cut(table, title="Finding")
    left, right = plt.gcf().axes
    assert texts_of(left) == ["100", "30,522"] and texts_of(right) == ["0.0", "9.7"]
    assert [p.get_width() for p in left.patches] == [100, 30_522]
    assert plt.gcf().get_suptitle() == "Finding"


def test_anatomy_shows_numbers_and_shares():
    course_utils.plot_anatomy({"words": 3, "pieces": 1}, title="Finding")
    assert texts_of(plt.gca()) == ["3 (75.0%)", "1 (25.0%)"]


def test_growth_draws_curves_and_a_level():
    curves = {"coverage": {"own": [0.1, 0.2]}, "length": {"own": [3, 2]}}
    levels = {"coverage": 0.9, "length": 1.1}
    course_utils.plot_growth([10, 20], curves, levels, title="Finding")
    left, right = plt.gcf().axes
    assert [line.get_ydata()[-1] for line in left.lines] == [0.2, 0.9]
    assert [line.get_ydata()[-1] for line in right.lines] == [2, 1.1]


def test_growth_refuses_other_lengths():
    with pytest.raises(ValueError, match=r"'own' has 1 values, expected 2"):
        course_utils.plot_growth([1, 2], {"m": {"own": [1]}}, {"m": 1}, title="t")


def test_spans_show_characters_and_pieces():
    spans = [("caf", 0, 3), ("##e", 3, 4)]
    course_utils.plot_spans("Caf\xe9 ", spans, title="Finding")
    assert texts_of(plt.gca()) == ["caf", "##e", "C", "a", "f", "\xe9", ""]
    assert len(plt.gca().patches) == 5
