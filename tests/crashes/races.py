"""Two kernels at once: both start from a barrier, each after a few spins of its own.

    python -m tests.crashes.races SEEDS [RACE ...]

Prints one line of JSON: for each race the pairs that ran, and what was lost.
"""

import json
import os
import random
import sys
import tempfile
import traceback
from pathlib import Path

import torch

from course_utils.bring_back import read_work, restore
from course_utils.checks import progress
from course_utils.features import read_features
from course_utils.pinned_files import Pin, damage
from course_utils.take_home import take_home
from tests.crashes import cached_files, saved_models, students_work
from tests.crashes.trials import fresh
from tests.crashes.works import WORKS, warm

MOST_SPINS = 200_000  # some milliseconds
PAGE = students_work.PAGE


def together(folder, seed, *jobs):
    """Run each job in a forked child, all from one barrier; returns what they print.

    jobs: functions of the folder. Raises AssertionError where one of them fails.
    """
    draw = random.Random(f"race {seed}")
    spins = [draw.randrange(MOST_SPINS) for _ in jobs]
    gate, opened = os.pipe()
    children = []
    for number, job in enumerate(jobs):
        said = folder.with_name(f"said {number}")
        pid = os.fork()
        if pid == 0:
            status = 3
            try:
                os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
                os.close(opened)
                os.read(gate, 1)  # until the parent closes the other end
                for _ in range(spins[number]):
                    pass
                job(folder)
                sys.stdout.flush()
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        children.append((pid, said))
    os.close(gate)
    os.close(opened)
    codes = [os.waitpid(pid, 0)[1] for pid, _ in children]
    assert not any(codes), codes
    return [said.read_text() for _, said in children]


def two_fetch(folder, seed):
    """One fetches, the other waits for it."""
    work = WORKS["fetching the reviews"]
    work.prepare(folder, seed)
    said = together(folder, seed, work.do, work.do)
    assert "".join(said).count("Fetching") == 1, said
    assert work.state(folder) == "new"


def two_verify(folder, seed):
    """Each may have noted its file; the notes are whole."""
    os.environ["COURSE_CACHE"] = str(folder)
    for name in ("one", "two"):
        (folder / name).write_bytes(name.encode() * 1000)

    def verify(name):
        path = folder / name
        pin = Pin(3000, cached_files.sha256(path))
        return lambda _: check(damage(path, pin) is None)

    together(folder, seed, verify("one"), verify("two"))
    noted = set(json.loads((folder / "verified.json").read_text()))
    both = {str(folder / "one"), str(folder / "two")}
    assert noted and noted <= both


def check(condition):
    assert condition


def two_compute_features(folder, seed):
    work = WORKS["features"]
    together(folder, seed, work.do, work.do)
    (kept,) = (folder / "f").iterdir()
    read_features(kept, cached_files.true_features().shape)


def two_save(folder, seed):
    """The folder holds the one model or the other, whole."""
    WORKS["save_model"].prepare(folder, seed)
    jobs = [lambda _, n=n: saved_models.save_version(n) for n in (0, 1)]
    together(folder, seed, *jobs)
    saved = folder / saved_models.STEM
    number = saved_models.version_in(saved)
    assert (saved / "README.md").read_text() == f"version {number}"
    left = [path.name for path in folder.iterdir() if path.is_dir()]
    assert left == [saved_models.STEM], left


def one_saves_while_another_reads(folder, seed):
    """Whatever is loaded is the old model or the new one, never half of each."""
    WORKS["save_model"].prepare(folder, 1)
    ended = folder / "ended"

    def save(_):
        for number in (1, 0, 0, 1):
            saved_models.save_version(number)
        ended.touch()

    def read(_):
        last = False
        while not last:
            last = ended.exists()
            number = saved_models.version_in(
                saved_models.saved_folder(saved_models.STEM)
            )
            print(number)

    loads = together(folder, seed, save, read)[1].split()
    assert loads[-1] == "1"
    return len(loads)


def two_finish_exercises(folder, seed):
    """Neither notebook loses what the other has noted."""
    WORKS["progress"].prepare(folder, seed)
    path = folder / ".progress.json"
    jobs = [lambda _, id=id: progress.add(path, [id]) for id in ("3.1", "4.1")]
    together(folder, seed, *jobs)
    assert {"3.1", "4.1"} <= set(progress.read(path)[0])


def two_take_work_home(folder, seed):
    """Each has a zip of its own work."""
    WORKS["take_home"].prepare(folder, seed)

    def other(_):
        os.environ["COURSE_PROGRESS"] = str(folder / "other.json")
        progress.add(folder / "other.json", ["4.1"])
        take_home()

    together(folder, seed, WORKS["take_home"].do, other)
    found = [read_work(path)[1] for path in sorted(folder.glob("my_work/*.zip"))]
    assert sorted(found) == [["3.1"], ["4.1"]], found


def two_bring_work_back(folder, seed):
    """What each of them replaces is put aside."""
    WORKS["restore"].prepare(folder, seed)
    mine = (folder / PAGE).read_bytes()
    (folder / PAGE).write_bytes(students_work.notebook("a third answer"))
    os.rename(take_home().zip_file, folder / "third.zip")
    (folder / PAGE).write_bytes(mine)
    together(
        folder, seed, lambda _: restore("home.zip"), lambda _: restore("third.zip")
    )
    kept = {path.read_bytes() for path in folder.glob(f"my_work/aside_*/{PAGE}")}
    kept.add((folder / PAGE).read_bytes())
    zips = [read_work(folder / f"{name}.zip")[0] for name in ("home", "third")]
    assert kept == {mine, *(pages[PAGE] for pages in zips)}


RACES = {
    "both fetch the reviews": two_fetch,
    "both verify a file": two_verify,
    "both compute the same features": two_compute_features,
    "both save a model of one name": two_save,
    "one saves, the other loads": one_saves_while_another_reads,
    "both finish an exercise": two_finish_exercises,
    "both take work home": two_take_work_home,
    "both bring work back": two_bring_work_back,
}


def run(name, seeds):
    """Run a race with so many seeds; returns the counts and what was lost (dict)."""
    lost, loads = [], 0
    with tempfile.TemporaryDirectory(prefix="race-") as temporary:
        folder = Path(temporary) / "here"
        for seed in range(seeds):
            folder.mkdir(exist_ok=True)
            fresh(folder)
            try:
                loads += RACES[name](folder, seed) or 0
            except Exception:
                lost.append(f"{name}, seed {seed}: {traceback.format_exc()}")
        os.chdir("/")
    return {"name": name, "pairs": seeds, "loads": loads, "lost": lost}


def main(seeds, names):
    """Run the races named, or all; prints their counts as JSON."""
    torch.set_num_threads(1)  # threads do not survive a fork
    with tempfile.TemporaryDirectory(prefix="race-shared-") as shared:
        warm(Path(shared))
        print(json.dumps([run(name, int(seeds)) for name in names or RACES]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
