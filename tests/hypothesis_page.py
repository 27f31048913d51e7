"""A pytest plugin: how many cases hypothesis drew, for docs/reliability.md.

`make test-hypothesis` loads it. It prints the cases of each test; where the whole run
of the slow profile passed, it writes those of each file to the page.
"""

import re
from collections import Counter
from itertools import chain

import pytest

from tests.benchmarks.page_parts import table
from tests.hypothesis_cases import PROFILE
from tests.reliability_page import write_section

PASSED = re.compile(r"(\d+) passing")


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    counts = {}
    for report in chain(*terminalreporter.stats.values()):  # teardown brings them
        said = getattr(report, "_hypothesis_stats", None)
        if said:
            counts[report.nodeid] = sum(map(int, PASSED.findall(str(said))))
    for name, passed in counts.items():
        terminalreporter.write_line(f"{passed:8,}  {name}")
    terminalreporter.write_line(f"{sum(counts.values()):8,}  cases in all")
    whole = PROFILE == "slow" and not config.option.keyword
    if whole and exitstatus == pytest.ExitCode.OK:
        write_section("hypothesis", cases_table(counts))


def cases_table(counts):
    """Return the page's table (str) of {test: cases}: a row for each file, the sum."""
    files = Counter()
    for name, number in counts.items():
        files[name.split("::")[0]] += number
    rows = [(f"`{path}`", f"{files[path]:,}") for path in sorted(files)]
    rows.append(("together", f"{files.total():,}"))
    return table(("hostile input in", "cases, all passed"), rows)
