"""The section `versions` of docs/reliability.md: a row for each set that was tried."""

import re

from tests.benchmarks.page_parts import cpu_name, table
from tests.reliability_page import PAGE, revise_section
from tests.slow.version_sets import SETS, SHOWN

HEADER = ("set", "Python", *SHOWN, "small tests", "lessons", "exercises")
NOT_HERE, NOT_RUN = "not to be had here", "not run"
LAST_VERSION, LESSONS = HEADER.index("small tests"), HEADER.index("lessons")


def write_set(row, wanted, page=PAGE):
    """Write one set's row into the page. row, wanted: as for `merged`."""

    def revised(section):
        return f"{merged(section, row, wanted)}\n\n*Measured on: {cpu_name()}.*"

    revise_section("versions", revised, page)


def merged(section, row, wanted):
    """Return the section's text with one set's new row.

    section: str, as it is. row: tuple of str as in HEADER, or (name, words); None for
    what was not run now. That of a row with the same versions is kept, and its lessons
    that were not run again. wanted: dict of the project's ranges; rows that were tried
    for other ranges are left out.
    """
    tried = f"Ranges: {_words(wanted)}."
    rows = read_rows(section) if tried in section else {}
    was = rows.get(row[0], ())
    if was[:LAST_VERSION] != row[:LAST_VERSION]:
        was = (NOT_RUN,) * len(HEADER)
    new = [was[i] if part is None else part for i, part in enumerate(row)]
    if len(row) == len(HEADER):
        new[LESSONS] = _joined(was[LESSONS], new[LESSONS])
    rows[row[0]] = (*new, *[""] * (len(HEADER) - len(row)))
    ordered = [rows[name] for name in SETS if name in rows]
    return f"{table(HEADER, ordered)}\n\n{tried}"


def read_rows(section):
    """Return {set: tuple of its columns} of the section's table."""
    rows = [
        tuple(part.strip() for part in line.strip("| ").split(" | "))
        for line in section.splitlines()
        if line.startswith("| ")
    ]
    return {row[0]: row for row in rows if row[0] in SETS}


def versions_tried(section):
    """Return [{name: version}] of the rows whose tests and lessons ran, and passed."""
    rows = [row for row in read_rows(section).values() if len(row) == len(HEADER)]
    ran = [row for row in rows if NOT_RUN not in row[LAST_VERSION:-1]]
    good = [row for row in ran if "failed" not in " ".join(row)]
    return [dict(zip(("python", *SHOWN), row[1:], strict=False)) for row in good]


def lessons_text(outcomes):
    """Return the column of {number: whether it passed}, such as "00 01, failed: 02"."""
    passed = " ".join(sorted(number for number in outcomes if outcomes[number]))
    failed = " ".join(sorted(number for number in outcomes if not outcomes[number]))
    parts = [passed, failed and f"failed: {failed}"]
    return ", ".join(filter(None, parts)) or NOT_RUN


def _joined(was, now):
    """Return the column of lessons, some of which were run again."""
    outcomes = {}
    for text in (was, now):
        passed, _, failed = text.partition("failed:")
        outcomes |= {number: True for number in re.findall(r"\d+", passed)}
        outcomes |= {number: False for number in re.findall(r"\d+", failed)}
    return lessons_text(outcomes)


def _words(wanted):
    return ", ".join(f"{name} `{specifier}`" for name, specifier in wanted.items())
