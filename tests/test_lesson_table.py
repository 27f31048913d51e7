"""A section with a row for each lesson: a run replaces its own row only."""

import pytest

from tests import reliability_page
from tests.slow import lesson_table
from tests.slow.lesson_table import rows_of, write_row

TEXT = "# Page\n\n<!-- measured: seeds -->\n\n<!-- end -->\n"


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A page of its own, and a function that says on which machine we are."""

    def now_on(machine):
        for module in (reliability_page, lesson_table):
            monkeypatch.setattr(
                module, "conditions", lambda: f"*Measured on: {machine}.*"
            )

    now_on("one")
    path = tmp_path / "page.md"
    path.write_text(TEXT)
    return path, now_on


def add(page, stem, *figures):
    """Write a row, and return all rows of the page."""
    header = ["failed", "checked"]
    write_row("seeds", stem, figures, header=header, words=total, page=page)
    return rows_of(page.read_text())


def total(rows):
    """Return the sentence above the table."""
    return f"Failed: {sum(int(row[0]) for row in rows.values())}."


def test_rows_are_replaced_and_the_sum_is_of_all(page):
    path, _ = page
    add(path, "07_words", 3, 9)
    add(path, "05_letters", 1, 8)
    assert "Failed: 4." in path.read_text()
    assert add(path, "07_words", 0, 9) == {
        "05_letters": ["1", "8"],
        "07_words": ["0", "9"],
    }
    text = path.read_text()
    assert "Failed: 1." in text and "| lesson | failed | checked |\n" in text
    assert text.index("05_letters") < text.index("07_words")


def test_another_machine_starts_another_table(page):
    path, now_on = page
    add(path, "05_letters", 1, 8)
    now_on("two")
    assert add(path, "07_words", 0, 9) == {"07_words": ["0", "9"]}
    assert "Measured on: two" in path.read_text()
