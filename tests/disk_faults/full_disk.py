"""Work on a disk that is full before it begins, or becomes full in its middle.

    unshare -m python -m tests.disk_faults.full_disk TIMES [WORK ...]

The disk is a small one in memory. For each work a file takes all room but what a seed
leaves: none, or a part of what the work takes at its most. Then the room is given back,
and the work is done again. Where it met no full disk after all, another amount of room
is drawn, until it has met one TIMES times. Prints one line of JSON.
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
from tests.crashes.trials import FINISHED, at_each_change, fresh, run_forked
from tests.crashes.works import WORKS, warm
from tests.disk_faults.namespace import mount, unmount

SIZE = "40m"
DRAWS = 4  # for each full disk that is asked for, at most
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


def room_on(disk):
    """Return the bytes that are free on a disk."""
    about = os.statvfs(disk)
    return about.f_bavail * about.f_frsize


def fill(disk, left):
    """Take all room on the disk but `left` bytes."""
    size = room_on(disk) - left
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


def needed(work, disk, folder, log):
    """Do the work with room enough; return what it took at its most, in bytes.

    log: Path of a file on another disk.
    """
    before = room_on(disk)

    def look(_):
        with log.open("a") as file:
            file.write(f"{room_on(disk)}\n")

    log.write_text("")
    code, _ = run_forked(work.do, folder, lambda: at_each_change(folder, look))
    assert code == FINISHED
    least = min([room_on(disk), *map(int, log.read_text().split())])
    return before - least


def trial(name, disk, folder, seed, log):
    """Do a work with too little room, and again with enough.

    Returns (what happened, the bytes of room that were left). "said": one message.
    "went on": the right result, and nothing was kept. "fits": the room was enough.
    """
    work, draw = WORKS[name], random.Random(f"full {seed}")
    work.prepare(folder, seed)
    need = needed(work, disk, folder, log)
    fresh(folder)
    work.prepare(folder, seed)
    left = 0 if seed < 2 else draw.randrange(0, need, os.statvfs(disk).f_frsize)
    fill(disk, left)
    said = said_by(work.do, folder, log)
    state = work.state(folder)
    (disk / "filler").unlink()
    complaint = NOTICE.sub("", said)
    assert not complaint or re.search(SAID[name], complaint), complaint
    assert complaint or state == "new" or name == "verified.json", "nothing was said"
    again = said_by(work.do, folder, log)
    assert not NOTICE.sub("", again) and work.state(folder) == "new", again
    stray = [p.name for p in folder.rglob("*") if re.search(LEFT, p.name)]
    assert not stray, stray
    if complaint:
        return "said", left
    return ("fits" if state == "new" else "went on"), left


def run(name, times, disk, log):
    """Let a work meet so many full disks; returns counts and what was lost (dict).

    "rooms": how many different amounts of room there were. "fits" is no full disk: the
    work had room enough. Raises RuntimeError where too few draws leave too little.
    """
    folder, lost, rooms, seed = disk / "here", [], set(), 0
    counts = {"said": 0, "went on": 0, "fits": 0}
    folder.mkdir(exist_ok=True)
    while counts["said"] + counts["went on"] + len(lost) < times:
        if seed == DRAWS * times:
            raise RuntimeError(f"{name}: {counts} after {DRAWS * times} draws")
        fresh(folder)
        try:
            what, left = trial(name, disk, folder, seed, log)
            counts[what] += 1
            if what != "fits":
                rooms.add(left)
        except Exception:
            lost.append(f"{name}, seed {seed}: {traceback.format_exc()}")
        (disk / "filler").unlink(missing_ok=True)
        seed += 1
    fresh(folder)
    os.chdir("/")
    return {"name": name, "full": times, **counts, "rooms": len(rooms), "lost": lost}


def main(times, names):
    """Try the works named, or all; prints their counts as JSON."""
    torch.set_num_threads(1)  # threads do not survive a fork
    with tempfile.TemporaryDirectory(prefix="full-disk-") as temporary:
        disk, shared = Path(temporary) / "disk", Path(temporary) / "shared"
        shared.mkdir()
        warm(shared)
        mount(disk, SIZE)
        log = shared / "said"
        print(json.dumps([run(n, int(times), disk, log) for n in names or WORKS]))
        unmount(disk)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
