"""What the measured sections of docs/reliability.md must hold, read from their figures.

A section that is there, but of a run of a part, or of one that lost something, does not
keep the promise above it.
"""

import re

from tests.lesson_runs import STARTUP
from tests.slow.version_sets import SETS
from tests.slow.version_table import read_rows

NOTEBOOKS = STARTUP.parents[1] / "notebooks"
LESSONS = [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
DRAWING = [stem for stem in LESSONS if stem[:2] not in ("00", "02", "03")]
LEAST = {  # of what was tried, as a sentence of the section counts it
    "calls": {"explained": 370},
    "crashes": {"kills": 200, "pairs": 90},
    "disk": {"faults": 13, "full disks": 90},
}
ORDERS, RUNS, CASES, NETWORK_FAULTS = 20, 5, 10_000, 75


def lacking(name, body):
    """Return what a section lacks, in words (list of str); [] where it is whole.

    name: str, as in `<!-- measured: name -->`. body: str, Markdown.
    """
    rows = read_tables(body)
    return [*lost(body, rows), *too_few(name, body), *BY_SECTION[name](rows, body)]


def read_tables(body):
    """Return the rows of all tables: {column: text}, the first one as "", too."""
    rows, columns = [], None
    for line in body.splitlines():
        cells = [cell.strip() for cell in line.strip()[1:-1].split("|")]
        if not line.startswith("|"):
            columns = None
        elif columns is None:
            columns = cells
        elif set("".join(cells)) - set("-: "):
            rows.append({**dict(zip(columns, cells, strict=True)), "": cells[0]})
    return rows


def number(text):
    """Return an int of a text with thousands' commas; 0 where there is none."""
    found = re.search(r"\d[\d,]*", text)
    return int(found[0].replace(",", "")) if found else 0


def lost(body, rows):
    """Say where a sentence or a column `lost` is not 0."""
    said = re.findall(r"([\d,]+) lost\b|\b[Ll]ost: ([\d,]+)", body)
    said += [(row["lost"], "") for row in rows if "lost" in row]
    return [f"lost: {one or other}" for one, other in said if number(one or other)]


def too_few(name, body):
    """Say which counts of LEAST are missing, too small or not all survived."""
    missing = []
    for what, least in LEAST.get(name, {}).items():
        found = re.search(rf"([\d,]+) (?:of ([\d,]+) )?{what}(?:: ([\d,]+))?", body)
        counts = [number(count) for count in found.groups() if count] if found else [0]
        if counts[0] < least or len(counts) < 2 or len(set(counts)) > 1:
            missing.append(f"{what}: {counts}, expected {least} or more, all survived")
    return missing


def without_row(rows, wanted):
    """Say which lessons have no row."""
    present = {row[""] for row in rows}
    return [f"no row of {stem}" for stem in wanted if stem not in present]


def not_zero(rows, ending):
    """Say where a column whose name ends so is not 0, or is missing."""
    missing = []
    for row in (row for row in rows if row[""] in LESSONS):
        named = {name: row[name] for name in row if name.endswith(ending)}
        missing += [f"{row['']}, {name}: {n}" for name, n in named.items() if n != "0"]
        missing += [f"{row['']} has no column {ending!r}"] * (not named)
    return missing


def determinism(rows, body):
    return [*without_row(rows, LESSONS), *not_zero(rows, "differ")]


def order(rows, body):
    few = [row for row in rows if row[""] in LESSONS and number(row["ways"]) < ORDERS]
    missing = [*without_row(rows, LESSONS), *not_zero(rows, "silently wrong")]
    return missing + [f"{row['']}: {row['ways']} ways" for row in few]


def seeds(rows, body):
    """Beside the lesson as it stands, each has so many runs that there are RUNS."""
    missing = [*without_row(rows, DRAWING), *not_zero(rows, "claims that failed")]
    for row in rows:
        (tried,) = [row[name] for name in row if name.startswith("seeds")]
        checked = number(row["claims checked with each"])
        if len(set(tried.split())) < RUNS - 1 or not checked:
            missing.append(f"{row['']}: seeds {tried}, {checked} claims")
    return missing


def memory(rows, body):
    promised = [(row[""], row["1,500 MB"].strip("()")) for row in rows]
    missing = without_row(rows, LESSONS)
    return missing + [f"{stem}: {end}" for stem, end in promised if end != "whole"]


def network(rows, body):
    bad = [
        row[""] for row in rows if (row["survived"], row["healed"]) != ("yes", "yes")
    ]
    few = len(rows) < NETWORK_FAULTS
    return [f"not survived: {name}" for name in bad] + [f"{len(rows)} faults"] * few


def hypothesis(rows, body):
    total = sum(number(row["cases, all passed"]) for row in rows[-1:])  # together
    return [f"{total} cases, expected {CASES} or more"] * (total < CASES)


def versions(rows, body):
    by_set = {row[""]: row for row in rows if row[""] in read_rows(body)}
    missing = [f"no row of {name}" for name in SETS if name not in by_set]
    for name, row in by_set.items():
        never = set(SETS[name].lessons) - set(re.findall(r"\d\d", row["lessons"]))
        missing += [f"{name} did not run lessons {sorted(never)}"] * bool(never)
        missing += [f"failed: {name}"] * ("failed" in " ".join(row.values()))
    return missing


def nothing_else(rows, body):
    """The counts of LEAST say all."""
    return []


BY_SECTION = {
    "calls": nothing_else,
    "crashes": nothing_else,
    "determinism": determinism,
    "disk": nothing_else,
    "hypothesis": hypothesis,
    "memory": memory,
    "network": network,
    "order": order,
    "seeds": seeds,
    "versions": versions,
}
