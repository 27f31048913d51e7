"""docs/reliability.md is written by one run at a time, each in its own checkout."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from filelock import FileLock, Timeout

from tests.reliability_page import lock_path, revise_section, sections, write_section

TWO = """<!-- measured: first -->

old

<!-- end -->

<!-- measured: second -->

kept

<!-- end -->
"""


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
