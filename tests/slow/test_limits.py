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
from tests.slow.limits_page import HEADER, LIMITS_MB, shown_outcomes, words
from tests.slow.memory_limit import memory_group

PROMISED_MB = 1500  # from here on each lesson is whole


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
    row = shown_outcomes(found)
    write_row("memory", lesson.stem, row, header=HEADER, words=words)
    assert found.get(PROMISED_MB, {"outcome": "whole"})["outcome"] == "whole", found
