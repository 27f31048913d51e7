"""Work on a disk that is full before it begins, or becomes full in its middle.

    unshare -m python -m tests.disk_faults.full_disk SPACES [WORK ...]

The disk is a small one in memory. For each work a file takes all room but what a seed
leaves: none, or a part of what the work needs. Then the room is given back, and the
work is done again. Prints one line of JSON.
"""

import json
import os
import random
import re
import sys
import tempfile
import traceback
from pathlib import Path

import torch

from course_utils import AssetError
from course_utils.take_home import WorkError
from tests.crashes.trials import fresh, run_forked
from tests.crashes.works import WORKS, warm
from tests.disk_faults.namespace import mount, unmount

SIZE = "40m"
PAGE = 4096  # bytes: what a file system in memory hands out
SAID = {
    "fetching the reviews": r"AssetError: The cache folder .* cannot be written \(No s",
    "features": r"The features were not stored, .* \(No space left on device\)",
    "save_model": r"OSError: The model cannot be saved in .* \(No space left on dev",
    "save_model by two renames": r"OSError: The model cannot be saved in .* \(No space",
    "progress": r"OSError: \.progress\.json cannot be written \(No space left on dev",
    "take_home": r"WorkError: No zip was written in the folder my_work: No space left",
    "restore": r"WorkError: Restoring stopped: No space left on device",
}  # verified.json is not missed: the file is verified again
NOTICE = re.compile(r"^(Fetching the review data|A file in the cache is dam).*\n", re.M)
LEFT = r"^\.course-part-|\.new\.|^fetch-"


def fill(disk, left):
    """Take all room on the disk but `left` bytes."""
    room = os.statvfs(disk)
    size = room.f_bavail * room.f_frsize - left
    with (disk / "filler").open("wb") as file:
        if size > 0:
            os.posix_fallocate(file.fileno(), 0, size)


def said_by(do, folder, log):
    """Do the work in a child; returns all it printed and the error it ended with."""

    def noted(folder):
        sys.stdout = log.open("w")
        try:
            do(folder)
        except (AssetError, WorkError, OSError) as problem:
            print(f"{type(problem).__name__}: {problem}")
        sys.stdout.flush()

    code, _ = run_forked(noted, folder)
    assert code == 0, f"not an error of the course ({code})"
    return log.read_text()


def needed(work, disk, folder, seed):
    """Return the bytes that the disk holds more after the work."""
    work.prepare(folder, seed)
    before = os.statvfs(disk).f_bavail
    run_forked(work.do, folder)
    return (before - os.statvfs(disk).f_bavail) * PAGE + 8 * PAGE


def trial(name, disk, folder, seed, need, log):
    """Do a work with too little room, and again with enough; returns what happened."""
    work, draw = WORKS[name], random.Random(f"full {seed}")
    work.prepare(folder, seed)
    fill(disk, 0 if seed < 2 else draw.randrange(0, need, PAGE))
    said = said_by(work.do, folder, log)
    state = work.state(folder)
    (disk / "filler").unlink()
    complaint = NOTICE.sub("", said)
    assert not complaint or re.search(SAID[name], complaint), complaint
    assert complaint or state == "new" or name == "verified.json", "nothing was said"
    again = said_by(work.do, folder, log)
    assert not NOTICE.sub("", again) and work.state(folder) == "new", again
    left = [p.name for p in folder.rglob("*") if re.search(LEFT, p.name)]
    assert not left, left
    return "said" if complaint else "done"


def run(name, spaces, disk, log):
    """Try a work with so many amounts of room; returns counts and what was lost."""
    folder, counts, lost = disk / "here", {"said": 0, "done": 0}, []
    folder.mkdir(exist_ok=True)
    needs = []
    for parity in (0, 1):
        fresh(folder)
        needs.append(needed(WORKS[name], disk, folder, parity))
    for seed in range(spaces):
        fresh(folder)
        try:
            counts[trial(name, disk, folder, seed, needs[seed % 2], log)] += 1
        except Exception:
            lost.append(f"{name}, seed {seed}: {traceback.format_exc()}")
        (disk / "filler").unlink(missing_ok=True)
    fresh(folder)
    os.chdir("/")
    return {"name": name, "trials": spaces, **counts, "lost": lost}


def main(spaces, names):
    """Try the works named, or all; prints their counts as JSON."""
    torch.set_num_threads(1)  # threads do not survive a fork
    with tempfile.TemporaryDirectory(prefix="full-disk-") as temporary:
        disk, shared = Path(temporary) / "disk", Path(temporary) / "shared"
        shared.mkdir()
        warm(shared)
        mount(disk, SIZE)
        log = shared / "said"
        print(json.dumps([run(n, int(spaces), disk, log) for n in names or WORKS]))
        unmount(disk)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
