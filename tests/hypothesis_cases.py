"""How many cases hypothesis draws: more with HYPOTHESIS_PROFILE=slow, and counted.

`make test-hypothesis` runs with it and with this file as a plugin of pytest, which
prints the cases by test and their sum. `make test` keeps to the small numbers.
"""

import os
import re
from itertools import chain

from hypothesis import settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")
FACTOR = {"slow": 3}.get(PROFILE, 1)
PASSED = re.compile(r"(\d+) passing")


def cases(number):
    """Return how many cases to draw where `make test` draws `number`."""
    return number * FACTOR


def use_profile():
    """Let tests that name no number of cases follow the profile, too."""
    settings.register_profile("slow", max_examples=cases(100), deadline=None)
    if PROFILE == "slow":
        settings.load_profile("slow")


def pytest_terminal_summary(terminalreporter):
    """Print how many cases each test has passed, and their sum."""
    counts = {}
    for report in chain(*terminalreporter.stats.values()):  # teardown brings them
        said = getattr(report, "_hypothesis_stats", None)
        if said:
            passed = sum(map(int, PASSED.findall(str(said))))
            counts[report.nodeid] = passed
    for name, passed in counts.items():
        terminalreporter.write_line(f"{passed:8,}  {name}")
    terminalreporter.write_line(f"{sum(counts.values()):8,}  cases in all")
