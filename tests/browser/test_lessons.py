"""Every lesson in the browser: Run All, then looked at in two widths and two themes."""

import pytest

from tests.browser.lab_page import THEMES
from tests.browser.lab_server import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
QUICK = {"00_start_here", "03_special_tokens_and_attention_masks"}
WIDTHS = (1280, 900)  # pixels, of which the list of files takes 250


EACH = [
    pytest.param(path.stem, marks=() if path.stem in QUICK else pytest.mark.slow)
    for path in NOTEBOOKS
]


def may_scroll(problem, width):
    """Whether it is a table of many columns, in a narrow window, with a scroll bar."""
    is_table = ": TABLE ends" in problem and problem.endswith("scrolled to")
    return is_table and width < 1000


@pytest.mark.parametrize("stem", EACH)
def test_run_all_then_nothing_is_wrong_in_any_width_and_theme(lab, stem):
    lab.open(f"notebooks/{stem}.ipynb")
    succeeded = lab.run_all()
    problems = {}
    for theme in THEMES:
        lab.set_theme(theme)
        for width in WIDTHS:
            lab.set_width(width)
            found = [line for line in lab.examine() if not may_scroll(line, width)]
            lab.photograph(f"{stem}-{theme}-{width}")
            if found:
                problems[theme, width] = found
    assert not problems
    assert succeeded
    assert not lab.complaints


def test_quick_notebooks_exist():
    assert {path.stem for path in NOTEBOOKS} >= QUICK
