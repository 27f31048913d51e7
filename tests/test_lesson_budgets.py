"""`make bench` fails where a lesson grew by half, and its page only goes down."""

import pytest

from tests.benchmarks import lesson_budgets as budgets
from tests.lesson_runs import SETTINGS
from tests.slow.lesson_copies import LESSONS

pytest_plugins = "pytester"
NOTEBOOK = """{"cells": [{"cell_type": "code", "execution_count": 1, "id": "a",
"metadata": {}, "outputs": [], "source": "x = 1"}], "metadata": {"kernelspec":
{"display_name": "Python 3", "language": "python", "name": "python3"}},
"nbformat": 4, "nbformat_minor": 5}"""


def test_the_page_is_read_as_it_was_written():
    measured = {"01_a": (30.4, 120.2, 700), "02_b": (9, 33, 500)}
    rows, over = budgets.compare(measured, {})
    assert not over
    assert budgets.read_budgets(budgets.page_text(rows)) == {
        "01_a": (120, 700),
        "02_b": (33, 500),
    }


@pytest.mark.parametrize("now", [(151, 700), (100, 1051)])
def test_half_as_much_again_is_over(now):
    _, over = budgets.compare({"01_a": (30, *now)}, {"01_a": (100, 700)})
    assert len(over) == 1 and over[0].startswith("01_a took ")
    assert f"{max(now) if now[0] == 100 else 151}" in over[0]


def test_just_below_passes_and_does_not_raise_the_budget():
    rows, over = budgets.compare({"01_a": (30, 149, 1049)}, {"01_a": (100, 700)})
    assert not over and rows == [("01_a", "30", "149", "1049", "100", "700")]


def test_every_lesson_has_a_row():
    rows = budgets.read_rows(budgets.PAGE.read_text("utf-8"))
    assert [row[0] for row in rows] == [path.stem for path in LESSONS]


def test_memory_that_is_not_known_keeps_the_least_and_the_products_count():
    rows, over = budgets.compare({"01_a": (30, 160, None)}, {"01_a": (100, 700)})
    assert len(over) == 1 and "160 products" in over[0]
    assert rows == [("01_a", "30", "160", "-", "100", "700")]
    assert budgets.read_budgets(budgets.page_text(rows)) == {"01_a": (100, 700)}


def test_memory_that_was_never_known_is_a_dash_until_it_is():
    rows, over = budgets.compare({"01_a": (30, 90, None)}, {})
    before = budgets.read_budgets(budgets.page_text(rows))
    assert not over and before == {"01_a": (90, None)}
    rows, over = budgets.compare({"01_a": (30, 91, 640)}, before)
    assert not over and rows == [("01_a", "30", "91", "640", "90", "640")]


def test_a_row_that_cannot_be_read_back_is_not_written():
    rows, _ = budgets.compare({"01_a": (30, 90, float("nan"))}, {})
    with pytest.raises(ValueError, match=r"01_a.*nan.*cannot be read back"):
        budgets.page_text(rows)


def test_a_lower_figure_becomes_the_budget():
    rows, _ = budgets.compare({"01_a": (30, 90, 690)}, {"01_a": (100, 700)})
    assert rows[0][4:] == ("90", "690")


@pytest.mark.parametrize("least, fails", [(10_000_000, False), (0.0001, True)])
def test_a_run_over_its_budget_fails_and_leaves_the_page(
    pytester, monkeypatch, least, fails
):
    for name in ("IPYTHONDIR", "COURSE_NETWORK_LOG", "COURSE_PROGRESS", *SETTINGS):
        monkeypatch.setenv(name, "")  # the plugin sets them: put back after the test
    page = pytester.path / "LESSONS.md"
    other = "| 02_b | 7 | 7 | 7 | 6 | 5 |\n"  # was not run: its row stays
    before = f"| 01_a | 1 | 1 | 1 | {least:f} | 9999 |\n{other}"
    page.write_text(before)
    monkeypatch.setattr(budgets, "PAGE", page)
    (pytester.path / "notebooks").mkdir()
    (pytester.path / "notebooks/01_a.ipynb").write_text(NOTEBOOK)
    plugins = ["-p", "tests.lesson_runs", "-p", "tests.benchmarks.lesson_budgets"]
    done = pytester.runpytest_inprocess("--nbval", "-q", *plugins, "notebooks")
    done.stdout.fnmatch_lines(["*budgets of the lessons*"])
    assert (done.ret != 0) == fails
    assert ("OVER BUDGET: 01_a took" in done.stdout.str()) == fails
    assert (page.read_text() == before) == fails
    assert other in page.read_text()
