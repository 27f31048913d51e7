"""docs/reliability.md: a run replaces its own section, and each promise has figures."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from filelock import FileLock, Timeout

from tests.reliability_page import (
    PAGE,
    lock_path,
    revise_section,
    sections,
    with_section,
    write_section,
)

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


def test_who_reads_and_writes_the_page_is_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(TWO)

    def revised(former):
        with pytest.raises(Timeout):
            FileLock(lock_path(page)).acquire(blocking=False)
        return former + ", and new"

    revise_section("first", revised, page)
    assert sections(page.read_text())["first"] == "old, and new"
    with FileLock(lock_path(page)).acquire(blocking=False):
        pass  # it is free again


def test_of_many_writers_none_is_lost(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(TWO)

    def write(number):
        if number == 0:
            write_section("second", "measured", page)
        revise_section("first", lambda former: f"{former}\n{number}", page)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(40)))
    kept = sections(page.read_text())
    assert sorted(map(int, kept["first"].split()[1:])) == list(range(40))
    assert kept["second"].startswith("measured\n\n*Measured on: ")


def test_another_page_has_another_lock(tmp_path):
    """Two checkouts do not wait for each other, two names of one page do."""
    assert lock_path(tmp_path / "a/page.md") != lock_path(tmp_path / "b/page.md")
    (tmp_path / "link").symlink_to(tmp_path)
    assert lock_path(tmp_path / "link/page.md") == lock_path(tmp_path / "page.md")


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
