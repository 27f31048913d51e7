"""Killed, twice at once, on a full disk: what was saved is whole, old or new.

A sample in one process; `make test-crash` tries hundreds and writes the figures.
"""

import json
import os
import subprocess
import sys

import pytest

from tests.crashes.sample import FULL, KILLED, RACED
from tests.disk_faults.namespace import own_mounts

SETTINGS = {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")
def test_a_sample_of_kills_pairs_and_full_disks_loses_nothing():
    mounts = own_mounts()
    words = ([*mounts], ["disk"]) if mounts else ([], [])
    command = [*words[0], sys.executable, "-m", "tests.crashes.sample", *words[1]]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **SETTINGS}
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    full = FULL if mounts else ()
    assert len(found) == len(KILLED) + len(RACED) + len(full)
    assert not any(one["lost"] for one in found), found
    kills = [one for one in found if "trials" in one and "said" not in one]
    assert sum(one.get("during", 0) + one.get("before", 0) for one in kills) == len(
        KILLED
    )
    assert sum(one["said"] for one in found if "said" in one) == len(full)
