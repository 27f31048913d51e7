"""The ranges of versions are exactly those that `make test-matrix` has tried."""

import stat
import sys

import pytest
from packaging.specifiers import SpecifierSet

from tests.reliability_page import PAGE, sections
from tests.slow.version_pythons import find_python
from tests.slow.version_sets import (
    LEFT_OUT,
    ROOT,
    SETS,
    SHOWN,
    VersionSet,
    constraints,
    is_lower_end,
    is_upper_end,
    ranges,
    read_project,
    small_tests,
)
from tests.slow.version_table import merged, read_rows, versions_tried, write_set

RANGES = {"python": ">=3.10,<3.14", "torch": ">=2.9,<2.16"}
ROW = ("3.10.13", "2.9.0", "4.57.1", "1.5.0", "4.2.0", "900", "00 01", "not run")
PROJECT = {
    "dependencies": ["torch>=2.9,<2.16", "model==0.1.0"],
    "optional-dependencies": {"test": ["nbval>=0.11,<0.12"], "book": ["sphinx>=8"]},
}


@pytest.mark.parametrize("name", ["python", *SHOWN])
def test_both_ends_of_a_range_were_tried(name):
    """Narrow the range in pyproject.toml, or run `make test-matrix`."""
    specifier = ranges(read_project())[name]
    tested = versions_tried(sections(PAGE.read_text("utf-8"))["versions"])
    versions = [row[name] for row in tested]
    if name == "python":  # ranges of Python are of minor versions
        versions = [".".join(version.split(".")[:2]) for version in versions]
    assert any(is_lower_end(version, specifier) for version in versions), versions
    assert any(is_upper_end(version, specifier) for version in versions), versions
    assert all(specifier.contains(version) for version in versions), versions


def test_each_python_and_both_ends_of_transformers_4_and_5_are_in_a_set():
    assert {chosen.python for chosen in SETS.values()} == {
        "3.10", "3.11", "3.12", "3.13",
    }  # fmt: skip
    for chosen in SETS.values():
        assert constraints(chosen, read_project()) or chosen == SETS["newest"]


def test_the_newest_versions_run_every_lesson():
    lessons = sorted(path.name[:2] for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert list(SETS["newest"].lessons) == lessons


@pytest.mark.parametrize(
    ("version", "lower", "upper"),
    [("2.9.0", True, False), ("2.9.1", False, False), ("2.15.1+cpu", False, True)],
)
def test_the_ends_of_a_range(version, lower, upper):
    specifier = SpecifierSet(">=2.9,<2.16")
    assert is_lower_end(version, specifier) is lower
    assert is_upper_end(version, specifier) is upper


def test_a_wide_range_is_not_proved_by_its_newest_version():
    assert not is_upper_end("1.9.1", SpecifierSet(">=1.5,<2"))
    assert is_upper_end("1.9.1", SpecifierSet(">=1.5,<1.10"))


def test_the_oldest_set_is_read_from_the_project():
    oldest = VersionSet("3.10", lowest=True)
    assert constraints(oldest, PROJECT) == ["torch==2.9", "model==0.1.0", "nbval==0.11"]
    assert constraints(VersionSet("3.13"), PROJECT) == []


def test_a_pin_outside_the_range_is_refused():
    chosen = VersionSet("3.11", pins={"torch": "2.16.0"})
    with pytest.raises(ValueError, match=r"torch 2\.16\.0, expected one of"):
        constraints(chosen, PROJECT)


def test_a_row_replaces_its_own_and_keeps_those_of_the_same_ranges():
    first = merged("", ("oldest", *ROW), RANGES)
    both = merged(first, ("newest", *ROW[:-1], "24 notebooks"), RANGES)
    assert list(read_rows(both)) == ["oldest", "newest"]
    assert read_rows(both)["newest"][-1] == "24 notebooks"
    again = merged(both, ("oldest", "not to be had here"), RANGES)
    assert read_rows(again)["oldest"][:2] == ("oldest", "not to be had here")
    assert read_rows(again)["newest"] == read_rows(both)["newest"]
    other = merged(both, ("newest", *ROW), RANGES | {"torch": ">=2.9,<2.17"})
    assert list(read_rows(other)) == ["newest"]


def test_a_set_writes_its_row_and_no_other_section(tmp_path):
    page = tmp_path / "page.md"
    section = "<!-- measured: {} -->\n\nkept\n\n<!-- end -->\n"
    page.write_text(section.format("versions") + section.format("order"))
    for name in ("oldest", "newest"):
        write_set((name, *ROW), RANGES, page)
    written = sections(page.read_text())
    assert list(read_rows(written["versions"])) == ["oldest", "newest"]
    assert "*Measured on: " in written["versions"] and written["order"] == "kept"


def test_a_part_that_is_run_again_replaces_its_own_column():
    first = merged("", ("newest", *ROW), RANGES)
    part = ("newest", *ROW[:5], "901", None, None)
    both = merged(first, part, RANGES)
    assert read_rows(both)["newest"] == ("newest", *ROW[:5], "901", *ROW[6:])
    other = ("newest", "3.13.1", *part[2:])  # of other versions nothing is kept
    section = merged(first, other, RANGES)
    assert read_rows(section)["newest"][6:] == ("901", "not run", "not run")
    assert versions_tried(section) == []


def test_a_lesson_that_is_run_again_keeps_the_others():
    first = merged("", ("newest", *ROW[:6], "00 02, failed: 01 03", "not run"), RANGES)
    again = merged(first, ("newest", *ROW[:5], None, "01, failed: 02", None), RANGES)
    assert read_rows(again)["newest"][7] == "00 01, failed: 02 03"
    assert versions_tried(again) == []


def test_what_failed_or_could_not_be_had_was_not_tried():
    section = merged("", ("oldest", *ROW), RANGES)
    assert [row["torch"] for row in versions_tried(section)] == ["2.9.0"]
    failed = (*ROW[:6], "00, failed: 01", "not run")
    for row in (failed, ("not to be had here",), ("installing failed",)):
        assert versions_tried(merged(section, ("oldest", *row), RANGES)) == []


def test_a_python_is_found_where_it_is_named_and_must_start(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    minor = "{}.{}".format(*sys.version_info)
    assert find_python(minor) is None
    assert find_python(minor, [tmp_path / "nothing", sys.executable]) == sys.executable
    assert find_python("2.0", [sys.executable]) is None
    kept = tmp_path / f"versions/{minor}.9/bin/python{minor}"
    kept.parent.mkdir(parents=True)
    kept.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    kept.chmod(kept.stat().st_mode | stat.S_IXUSR)
    assert find_python(minor) == str(kept)


def test_small_tests_are_those_that_use_a_library():
    chosen = small_tests()
    assert "tests/test_bert.py" in chosen and "tests/test_links.py" not in chosen
    for name in LEFT_OUT:
        assert (ROOT / f"tests/test_{name}.py").exists(), name
        assert f"tests/test_{name}.py" not in chosen
