"""A pytest plugin: how many wrong calls were explained, for docs/reliability.md.

`make test-hypothesis` loads it for tests/test_wrong_calls.py and writes the page where
all have passed.
"""

import pytest

from tests.benchmarks.page_parts import table
from tests.reliability_page import write_section
from tests.wrong_calls import CALLS, MODULES

TEST = "test_a_wrong_call_is_explained"


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    reports = terminalreporter.stats.get("passed", [])
    explained = sum(TEST in report.nodeid for report in reports)
    if exitstatus == pytest.ExitCode.OK and not config.option.keyword:
        write_section("calls", calls_table(explained))


def calls_table(explained):
    """Return the page's table (str): calls by subject, and how many were explained."""
    rows = [(m.__name__.split(".")[-1], len(m.CALLS)) for m in MODULES]
    rows.append(("together", len(CALLS)))
    functions = len({name for name, *_ in CALLS})
    said = f"{functions} functions and classes; {explained} of {len(CALLS)} explained."
    return f"{said}\n\n{table(('subject', 'wrong calls'), rows)}"
