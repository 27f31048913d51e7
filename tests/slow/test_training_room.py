"""A training is refused only where the system would have ended it (Linux)."""

import os
import signal
import subprocess
import sys

import pytest

from tests.slow.lesson_copies import ROOT
from tests.slow.memory_limit import memory_group

STOPPED_MB, WHOLE_MB, NEAR_MB = 150, 650, 20  # beyond what the imports take
KILLED = -signal.SIGKILL


def outcome(how, megabytes):
    """Return "whole", "stopped" or "killed" for a training under a limit."""
    limit = megabytes * 1_000_000
    with memory_group(limit) as group:
        if group is None:
            pytest.skip("no control group may be made here")
        words = ["tests.slow.short_training", how, str(limit), str(group)]
        command = [sys.executable, "-m", *words]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True
        )
    assert done.returncode in (0, KILLED), done.stderr
    said = done.stdout.splitlines()[-1:]
    return said[0].split()[0] if done.returncode == 0 else "killed"


def test_what_is_refused_would_have_been_killed():
    stopped, more = STOPPED_MB, WHOLE_MB
    assert outcome("checked", more) == "whole"
    assert outcome("checked", stopped) == "stopped"
    while more - stopped > NEAR_MB:
        middle = (stopped + more) // 2
        is_refused = outcome("checked", middle) == "stopped"
        stopped, more = (middle, more) if is_refused else (stopped, middle)
    assert outcome("unchecked", stopped) == "killed"
    while outcome("checked", more) == "killed":  # where the estimate is too low
        more += NEAR_MB
    print(f"refused up to {stopped} MB, whole from {more} MB")
    assert more - stopped < 150
