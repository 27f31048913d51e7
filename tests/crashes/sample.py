"""A few of all trials in one process, for `make test`: python -m tests.crashes.sample

With mounts of its own (see disk_faults/namespace.py) and the word "disk" it tries a
full disk, too. Prints one line of JSON: a list of counts and of what was lost.
"""

import json
import sys
import tempfile
from pathlib import Path

import torch

from tests.crashes import races, trials
from tests.crashes.works import warm
from tests.disk_faults import full_disk
from tests.disk_faults.namespace import mount, unmount

SEED = 1  # there is a former state; killed before a change of a file
KILLED = ("fetching the reviews", "features", "save_model", "progress")
FULL = ("save_model",)
RACED = ("one saves, the other loads", "both finish an exercise")


def main(words):
    """Run the sample; prints what came out as JSON."""
    torch.set_num_threads(1)  # threads do not survive a fork
    with tempfile.TemporaryDirectory(prefix="sample-") as shared:
        warm(Path(shared))
        found = [trials.run(name, 1, SEED) for name in KILLED]
        found += [races.run(name, 1) for name in RACED]
        if "disk" in words:
            disk = Path(shared) / "disk"
            mount(disk, full_disk.SIZE)
            said = Path(shared) / "said"
            for name in FULL:
                found.append(full_disk.run(name, 1, disk, said))
            unmount(disk)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
