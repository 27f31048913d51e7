"""docs/reliability.md: a run replaces its own section, and each promise has figures."""

import pytest

from tests.reliability_page import PAGE, sections, with_section

TWO = """# Page

Words of the first.

<!-- measured: first -->

old

<!-- end -->

<!-- measured: second -->

kept

<!-- end -->
"""


def test_one_section_is_replaced_and_the_rest_is_kept():
    text = with_section(TWO, "first", "| a |\n|---|\n| \\1 |")
    assert sections(text) == {"first": "| a |\n|---|\n| \\1 |", "second": "kept"}
    assert text.startswith(
        "# Page\n\nWords of the first.\n\n<!-- measured: first -->\n\n"
    )
    assert with_section(text, "first", "old") == TWO


def test_a_section_that_the_page_lacks_is_named():
    with pytest.raises(ValueError, match=r"no section 'third': \['first', 'second'\]"):
        with_section(TWO, "third", "lost")


NOT_RUN_WHOLE = {"order", "versions"}


def test_every_promise_has_its_figures_or_says_that_it_has_none():
    measured = sections(PAGE.read_text("utf-8"))
    assert set(measured) == {
        "calls", "crashes", "determinism", "disk", "hypothesis", "memory", "network",
        "order", "seeds", "versions",
    }  # fmt: skip
    without = {name for name, body in measured.items() if "Measured on" not in body}
    assert without == NOT_RUN_WHOLE
    for name in without:
        assert "Not run whole yet" in measured[name]
