"""Killed, twice at once, on a full disk: what was saved is whole, old or new.

A sample in one process; `make test-crash` tries hundreds and writes the figures.
"""

import json
import os
import subprocess
import sys

import pytest

from tests.crashes import trials
from tests.crashes.sample import FULL, KILLED, RACED
from tests.disk_faults import full_disk
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
    kills = [one["during"] for one in found if "during" in one]
    assert kills == [1] * len(KILLED)
    assert sum(one["said"] for one in found if "said" in one) == len(full)


def test_only_those_that_died_are_kills(monkeypatch):
    """A work that ended before its kill is no trial: another moment is drawn."""
    whens = ["unhurt", "before", "during", "unhurt", "during", "during"]
    kinds = ["call", "call", "byte", "byte", "time", "call"]
    drawn = iter(zip(whens, ["old"] * 6, kinds, strict=True))
    monkeypatch.setattr(trials, "measure", lambda *_: None)
    monkeypatch.setattr(trials, "trial", lambda *_: next(drawn))
    monkeypatch.chdir("/")
    found = trials.run("features", 2)
    assert (found["kills"], found["during"], found["before"]) == (4, 3, 1)
    assert (found["kill -9"], found["unhurt"], found["lost"]) == (2, 2, [])
    assert next(drawn, None) is None


def test_a_work_that_nobody_can_kill_is_not_tried_for_ever(monkeypatch):
    monkeypatch.setattr(trials, "measure", lambda *_: None)
    monkeypatch.setattr(trials, "trial", lambda *_: ("unhurt", "new", "call"))
    monkeypatch.chdir("/")
    with pytest.raises(
        RuntimeError, match=r"features: .*'unhurt': 20.* after 20 draws"
    ):
        trials.run("features", 2)


def test_a_disk_with_room_enough_is_no_full_disk(tmp_path, monkeypatch):
    drawn = iter([("fits", 8), ("said", 0), ("went on", 4), ("fits", 9), ("said", 4)])
    monkeypatch.setattr(full_disk, "trial", lambda *_: next(drawn))
    monkeypatch.chdir("/")
    found = full_disk.run("features", 3, tmp_path, tmp_path / "log")
    assert (found["full"], found["said"], found["went on"]) == (3, 2, 1)
    assert (found["fits"], found["rooms"], found["lost"]) == (2, 2, [])
    assert next(drawn, None) is None
