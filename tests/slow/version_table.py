"""The section `versions` of docs/reliability.md: a row for each set that was tried."""

from tests.benchmarks.page_parts import table
from tests.slow.version_sets import SETS, SHOWN

HEADER = ("set", "Python", *SHOWN, "small tests", "lessons", "exercises")
NOT_HERE = "not to be had here"


def merged(section, row, wanted):
    """Return the section's text with one set's new row.

    section: str, as it is. row: tuple of str as in HEADER, or (name, words). wanted:
    dict of the project's ranges; rows that were tried for other ranges are left out.
    """
    tried = f"Ranges: {_words(wanted)}."
    rows = read_rows(section) if tried in section else {}
    rows[row[0]] = row + ("",) * (len(HEADER) - len(row))
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
    """Return [{name: version}] of the rows in which nothing failed."""
    rows = read_rows(section).values()
    good = [row for row in rows if len(row) > 2 and "failed" not in " ".join(row)]
    return [dict(zip(("python", *SHOWN), row[1:], strict=False)) for row in good]


def _words(wanted):
    return ", ".join(f"{name} `{specifier}`" for name, specifier in wanted.items())
