"""A section of docs/reliability.md with a row for each lesson, replaced one at a time.

A run of one lesson replaces its row and keeps the others. Rows of another machine or
of other versions are left out: a table never mixes.
"""

import re

from tests.reliability_page import PAGE, conditions, revise_section

ROW = re.compile(r"^\| (\d\d_\w+) \|.*$", re.M)


def write_row(section, stem, figures, *, header, words, page=PAGE):
    """Replace one lesson's row of a section; workers beside this one wait.

    section: str, its name. stem: str, the lesson. figures: list of what the row holds.
    header: list of str, the columns after the first. words: function of the rows,
    {stem: list of str}, returns the sentences above the table.
    """

    def revised(former):
        rows = rows_of(former) if former.endswith(conditions()) else {}
        rows[stem] = [str(figure) for figure in figures]
        lines = [["lesson", *header], ["---"] * (len(header) + 1)]
        lines += [[name, *rows[name]] for name in sorted(rows)]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"{words(rows)}\n\n{table}\n\n{conditions()}"

    revise_section(section, revised, page)


def rows_of(body):
    """Return {stem: list of str} of a section's table."""
    cells = {found[1]: found[0].split(" | ")[1:] for found in ROW.finditer(body)}
    return {
        stem: [*row[:-1], row[-1].removesuffix(" |")] for stem, row in cells.items()
    }
