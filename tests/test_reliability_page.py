"""docs/reliability.md: a run replaces its own section and keeps the others."""

import pytest

from tests.reliability_page import sections, with_section

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
