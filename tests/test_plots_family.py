"""The figures of lesson 11: they draw what they are given, and refuse what does not
fit."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from course_utils.plots import family as plots

pytestmark = pytest.mark.usefixtures("keep_figures")


@pytest.fixture
def sizes():
    columns = ["kind", "year", "parameters", "token table"]
    rows = [("encoder", 2018, 3e6, 1e6), ("encoder", 2019, 2e6, 1e6)]
    rows += [("decoder", 2020, 4e6, 1e6)]
    return pd.DataFrame(rows, columns=columns, index=["a", "b", "c"])


def test_family_is_grouped_by_kind_and_sorted_by_size(sizes):
    plots.plot_family(sizes, "Finding")
    encoders, decoders = plt.gcf().axes
    assert [t.get_text() for t in encoders.get_yticklabels()] == [
        "b (2019)",
        "a (2018)",
    ]
    assert [bar.get_width() for bar in encoders.patches] == [1, 1, 1, 2]
    assert [text.get_text().strip() for text in decoders.texts] == ["4 M", "decoder"]
    assert plt.gcf().get_suptitle() == "Finding"
    with pytest.raises(ValueError, match="no column 'token table'"):
        plots.plot_family(sizes.drop(columns="token table"), "t")


def test_work_names_each_point():
    plots.plot_work({"ALBERT": (12e6, 175e6), "b": (110e6, 175e6)}, "Finding")
    axes = plt.gca()
    assert [text.get_text() for text in axes.texts] == ["ALBERT", "b"]
    assert [line.get_xdata()[0] for line in axes.lines] == [12, 110]
    assert axes.get_title(loc="left") == "Finding" and axes.get_xscale() == "log"
    with pytest.raises(ValueError, match="both above 0"):
        plots.plot_work({"a": (0, 1)}, "t")


def test_bits_draw_both_curves():
    plots.plot_bits([8, 2], [1.0, 0.5], [0.01, 1.0], "Finding")
    left, right = plt.gcf().axes
    assert list(left.lines[0].get_ydata()) == [1.0, 0.5]
    assert list(right.lines[0].get_ydata()) == [0.01, 1.0]
    assert [t.get_text() for t in left.get_xticklabels()] == ["8", "2"]
    with pytest.raises(ValueError, match="2 bits, 1 agreements"):
        plots.plot_bits([8, 2], [1.0], [0.1, 0.2], "t")


@pytest.mark.filterwarnings("error")
def test_no_figure_warns(sizes):
    plots.plot_family(sizes, "t")
    plots.plot_work({"a": (1e7, 1e8)}, "t")
    plots.plot_bits([8, 4], [1, 0.9], [0.1, 0.2], "t")
    plt.gcf().canvas.draw()
