"""Kill a piece of work at a moment drawn from a seed, and see what is left.

    python -m tests.crashes.trials SEEDS [WORK ...]

One process imports all there is and forks a child for each trial. Three kinds of
moment take turns. "call": before the n-th change of a file or a folder that Python
makes. "byte": in the middle of a write, when a file would grow beyond n bytes; this
reaches into the libraries' compiled code, too. "time": kill -9 from outside, after a
part of the time that the work usually takes. Prints one line of JSON.
"""

import json
import os
import random
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

import torch

from tests.crashes.works import WORKS, warm

CHANGES = {
    "open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.link",
    "os.truncate", "shutil.copyfile", "subprocess.Popen",
}  # fmt: skip
KINDS = ("call", "byte", "time")
FINISHED, RAISED = 0, 3
TWO_HOURS = 7200  # seconds


def kill_at_call(number, folder):
    """Kill this process before its n-th change in the folder."""
    seen = 0

    def count(event, arguments):
        nonlocal seen
        if event in CHANGES and str(folder) in str(arguments):
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def kill_at_byte(number):
    """Let the system end this process when a file would grow beyond n bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))


def run_forked(do, folder, arm=lambda: None, seconds=None):
    """Do the work in a forked child; returns (its exit code, seconds it took).

    arm: called in the child before. seconds: kill it after these; None: wait for it.
    """
    began = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        status = RAISED
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            arm()
            do(folder)
            status = FINISHED
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    if seconds is not None:
        ended = os.pidfd_open(pid)
        select.select([ended], [], [], seconds)
        os.kill(pid, signal.SIGKILL)
        os.close(ended)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code, time.perf_counter() - began


def picture(folder):
    """Return what lies in a folder: {path: (size, time of change)}."""
    return {
        str(path): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.name != "index"  # git looks again at what it knows
    }


def measure(work, folder, seed):
    """Run the work once, whole; returns (changes, largest file, seconds)."""
    log = folder.with_name("changes")
    work.prepare(folder, seed)

    def count():
        seen = [0]

        def note(event, arguments):
            if event in CHANGES and str(folder) in str(arguments):
                seen[0] += 1
                os.pwrite(file, f"{seen[0]:9}".encode(), 0)

        file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        sys.addaudithook(note)

    code, _ = run_forked(work.do, folder, count)
    assert code == FINISHED and work.state(folder) == "new"
    largest = max(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    fresh(folder)
    work.prepare(folder, seed)
    _, seconds = run_forked(work.do, folder)
    return int(log.read_text()), largest, seconds


def fresh(folder):
    """Empty a folder."""
    os.chdir(folder.parent)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def trial(work, folder, seed, size):
    """Kill the work once; returns (when it died, the state that was left).

    size: as `measure` returned it for a seed of this parity.
    """
    draw = random.Random(f"crash {seed}")
    changes, largest, usual = size
    kind = KINDS[seed // 2 % len(KINDS)]
    work.prepare(folder, seed)
    before = picture(folder)
    arm, seconds = (lambda: None), None
    if kind == "call":
        number = draw.randint(1, changes)
        arm = lambda: kill_at_call(number, folder)  # noqa: E731
    elif kind == "byte":
        number = draw.choice([draw.randrange(largest), draw.randrange(4096)])
        arm = lambda: kill_at_byte(number)  # noqa: E731
    else:
        seconds = draw.uniform(0, 1.1 * usual)
    code, _ = run_forked(work.do, folder, arm, seconds)
    assert code in (FINISHED, -signal.SIGKILL, -signal.SIGXFSZ), code
    died = code != FINISHED
    when = "after" if not died else "during"
    if died and picture(folder) == before:
        when = "before"
    state = work.state(folder)
    assert state == "new" or died
    heal(work, folder)
    return when, state


def heal(work, folder):
    """The next run is good, and removes what the killed one left, an hour later."""
    for left in folder.rglob(".course-part-*"):
        old = time.time() - TWO_HOURS
        os.utime(left, (old, old))
    code, _ = run_forked(work.do, folder)
    assert code == FINISHED and work.state(folder) == "new"
    left = [p for p in folder.rglob("*") if ".new." in p.name or "fetch-" in p.name]
    assert not left, left


def run(name, seeds):
    """Try a work with each of the seeds; returns counts and what was lost (dict)."""
    work, counts, lost = WORKS[name], {}, []
    with tempfile.TemporaryDirectory(prefix="crash-") as temporary:
        folder = Path(temporary) / "here"
        folder.mkdir()
        sizes = {}
        for parity in {seed % 2 for seed in seeds}:
            sizes[parity] = measure(work, folder, parity)
            fresh(folder)
        for seed in seeds:
            try:
                when, state = trial(work, folder, seed, sizes[seed % 2])
                for key in (when, f"left {state}"):
                    counts[key] = counts.get(key, 0) + 1
            except Exception:
                lost.append(f"{name}, seed {seed}: {traceback.format_exc()}")
            fresh(folder)
        os.chdir("/")
    return {"name": name, "trials": len(seeds), **counts, "lost": lost}


def main(seeds, names):
    """Try the works named, or all; prints their counts as JSON."""
    torch.set_num_threads(1)  # threads do not survive a fork
    with tempfile.TemporaryDirectory(prefix="crash-shared-") as shared:
        warm(Path(shared))
        print(json.dumps([run(name, range(int(seeds))) for name in names or WORKS]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
