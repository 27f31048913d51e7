"""The memory section of docs/reliability.md: what each lesson did under each limit."""

from tests.slow.lesson_copies import LESSONS

LIMITS_MB = (700, 1000, 1500)
HEADER = [f"{limit:,} MB" for limit in LIMITS_MB]
OUTCOMES = ("whole", "stopped", "killed")
NOT_RUN = "(whole)"  # it was whole under a smaller limit


def shown_outcomes(found):
    """Return a lesson's row of the table, such as ["killed in cell 35", "whole", ...].

    found: {limit in MB: dict with the outcome and, unless it is whole, the cell}; a
    limit is missing where the lesson was whole under a smaller one.
    """
    return [
        shown_as(found[limit]) if limit in found else NOT_RUN for limit in LIMITS_MB
    ]


def shown_as(run):
    """Return an outcome for the table: "whole", or "killed in cell 35"."""
    return f"{run['outcome']} in cell {run['cell']}" if "cell" in run else "whole"


def words(rows):
    """Return the sentences above the table. Only what was run is counted.

    rows: {stem: list of str}, as `shown_outcomes` gives them.
    """
    outcomes = [cell.split()[0] for row in rows.values() for cell in row]
    count = {name: outcomes.count(name) for name in OUTCOMES}
    shown = ", ".join(f"{name} {number}" for name, number in count.items())
    return (
        f"Lessons: {len(rows)} of {len(LESSONS)}, on one core, with the `small` "
        f"workload. Runs: {sum(count.values())}.\nOutcomes: {shown}. {NOT_RUN}: not "
        "run, for it was whole with less.\n*Cell* counts a lesson's cells from 0."
    )
