"""docs/budgets.md: a row for each lesson, replaced one at a time as a lesson is run."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs/budgets.md"
LIMIT_MB, LONG_SECONDS = 2000, 150
HEADER = (
    "| lesson | seconds | kernel, MB | JupyterLab, MB | together, MB | code cells |\n"
    "|---|---|---|---|---|---|\n"
)
ROW = re.compile(r"^\| (\d\d_\w+) \|.*\n", re.M)


def with_row(text, stem, measured, conditions):
    """Return the page's text with one lesson's new row.

    text: str, the page as it is ("" where there is none). stem: str, the lesson.
    measured: dict of seconds, cells, kernel_mb, server_mb. conditions: str, the
    machine and the limit; rows of other conditions are left out: a table never mixes.
    """
    rows = {}
    if f"\n{conditions}\n" in text:
        rows = {found[1]: found[0] for found in ROW.finditer(text)}
    rows[stem] = row(stem, measured)
    table = HEADER + "".join(rows[name] for name in sorted(rows))
    return f"""# Time and memory on a small machine

Binder grants {LIMIT_MB / 1000:.0f} GB and one core. Here every lesson ran so, one after
another, each in a kernel of its own beside a JupyterLab that had the lesson open.
The lessons chose the `small` workload by themselves. `make budgets` writes this page.

{conditions}

{table}
Memory is the most that a process held at one time, in MB (1e6 bytes). The two need not
have been highest at the same time, so *together* is an upper bound.
{_long(rows)}"""


def row(stem, measured):
    """Return a lesson's line of the table; over LONG_SECONDS the time is marked."""
    seconds = measured["seconds"]
    shown = f"{seconds} (*)" if seconds > LONG_SECONDS else f"{seconds}"
    kernel, server = measured["kernel_mb"], measured["server_mb"]
    columns = (stem, shown, kernel, server, kernel + server, measured["cells"])
    return "| " + " | ".join(map(str, columns)) + " |\n"


def _long(rows):
    if not any("(*)" in line for line in rows.values()):
        return ""
    return f"\n(*) over {LONG_SECONDS} seconds: read on while it runs.\n"
