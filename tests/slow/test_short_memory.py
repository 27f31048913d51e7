"""Every lesson on one core with little memory: whole, stopped by a message, or killed.

make test-limits                 all lessons, two side by side
make test-limits TESTS=07        one of them: its row of docs/reliability.md is replaced

Kernel and JupyterLab together have the limit, as in a container. A lesson that is whole
under one limit is not run under the larger ones. At 1,500 MB each must be whole. Below,
a training that lacks only a little may still be killed: the page says where.
"""

import pytest

from tests.slow.lesson_copies import LESSONS
from tests.slow.lesson_table import write_row
from tests.slow.limited_run import limited
from tests.slow.memory_limit import memory_group

LIMITS_MB = (700, 1000, 1500)
PROMISED_MB = 1500  # from here on each lesson is whole
HEADER = [f"{limit:,} MB" for limit in LIMITS_MB]


def words(rows):
    """Return the sentences above the table."""
    outcomes = [cell.split()[0] for row in rows.values() for cell in row]
    count = {name: outcomes.count(name) for name in ("whole", "stopped", "killed")}
    shown = ", ".join(f"{name} {number}" for name, number in count.items())
    return (
        f"Lessons: {len(rows)} of {len(LESSONS)}, each under {len(HEADER)} limits, on "
        f"one core, with the `small` workload.\nOutcomes: {shown}. *Cell* counts a "
        "lesson's cells from 0."
    )


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_whole_from_1500_mb_on(lesson):
    found = {}
    for limit in LIMITS_MB:
        with memory_group(limit * 1_000_000) as group:
            if group is None:
                pytest.skip("no control group may be made here")
            command = ["tests.slow.limited_run", str(lesson)]
            found[limit] = limited(command, limit * 1_000_000, group)
        if found[limit]["outcome"] == "whole":
            break
    shown = [shown_as(found.get(limit, {"outcome": "whole"})) for limit in LIMITS_MB]
    write_row("memory", lesson.stem, shown, header=HEADER, words=words)
    assert found.get(PROMISED_MB, {"outcome": "whole"})["outcome"] == "whole", found


def shown_as(run):
    """Return an outcome for the table: "whole", or "killed in cell 35"."""
    return f"{run['outcome']} in cell {run['cell']}" if "cell" in run else "whole"
