"""Kill a piece of work at a moment drawn from a seed, and see what is left.

    python -m tests.crashes.trials KILLS [WORK ...]

One process imports all there is and forks a child for each trial. Three kinds of
moment take turns. "call": before the n-th change of a file or a folder that Python
makes. "byte": in the middle of a write, when a file would grow beyond n bytes; this
reaches into the libraries' compiled code, too. "time": kill -9 from outside, after a
part of the time that the work usually takes. "call" and "time" are kill -9; at a
"byte" the system ends the process with a signal of its own, as abruptly. All are drawn
from the part of the work in which it changes files; where it ended first, or had
changed nothing yet, another moment is drawn, until KILLS by kill -9 have struck between
its first change and its end. Prints one line of JSON.
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
from collections import Counter
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import torch

from tests.crashes.works import WORKS, warm

CHANGES = {
    "open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.link",
    "os.truncate", "shutil.copyfile", "subprocess.Popen",
}  # fmt: skip
KINDS = ("call", "byte", "time")
FINISHED, RAISED = 0, 3
KILL = signal.SIGKILL
TWO_HOURS = 7200  # seconds
DRAWS = 10  # for each kill that is asked for, at most


@dataclass(frozen=True)
class Size:
    """How far a work reaches when nobody kills it.

    first, last: int, its calls that may change files, from the first one after which
    the folder is another. largest: bytes of the largest file that it writes. begun,
    ended: seconds until the first change, and until its end.
    """

    first: int
    last: int
    largest: int
    begun: float
    ended: float


def at_each_change(folder, look):
    """Call look(n) before the n-th call of this process that may change the folder."""
    seen = count(1)

    def note(event, arguments):
        if event in CHANGES and str(folder) in str(arguments):
            look(next(seen))

    sys.addaudithook(note)


def kill_at_call(number, folder):
    """Kill this process before its n-th change in the folder."""
    at_each_change(folder, lambda n: n == number and os.kill(os.getpid(), KILL))


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
        os.kill(pid, KILL)
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
    """Run the work twice, whole; returns its Size."""
    log = folder.with_name("changes")
    work.prepare(folder, seed)
    before = picture(folder)

    def look(n):
        now = time.perf_counter()
        with log.open("a") as file:
            file.write(f"{n} {int(picture(folder) != before)} {now}\n")

    log.write_text("")
    began = time.perf_counter()
    code, _ = run_forked(work.do, folder, lambda: at_each_change(folder, look))
    assert code == FINISHED and work.state(folder) == "new"
    calls = [line.split() for line in log.read_text().splitlines()]
    first, _, begun = next(call for call in calls if call[1] == "1")
    after = picture(folder).items() - before.items()
    written = [size for path, (size, _) in after if Path(path).is_file()]
    fresh(folder)
    work.prepare(folder, seed)
    _, ended = run_forked(work.do, folder)
    begun = min(float(begun) - began, ended)
    return Size(int(first), len(calls), max(written), begun, ended)


def fresh(folder):
    """Empty a folder."""
    os.chdir(folder.parent)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def trial(work, folder, seed, size):
    """Kill the work once; returns (when it died, the state that was left, the kind).

    size: as `measure` returned it for a seed of this parity. It died "before" its
    first change, or "during" the rest; "unhurt": it ended first, and nobody was killed.
    """
    draw = random.Random(f"crash {seed}")
    kind = KINDS[seed // 2 % len(KINDS)]
    work.prepare(folder, seed)
    before = picture(folder)
    arm, seconds = (lambda: None), None
    if kind == "call":
        number = draw.randint(size.first, size.last)
        arm = lambda: kill_at_call(number, folder)  # noqa: E731
    elif kind == "byte":
        number = draw.randrange(draw.choice([size.largest, min(size.largest, 4096)]))
        arm = lambda: kill_at_byte(number)  # noqa: E731
    else:
        seconds = draw.uniform(size.begun, size.ended)
    code, _ = run_forked(work.do, folder, arm, seconds)
    assert code in (FINISHED, -KILL, -signal.SIGXFSZ), code
    died = code != FINISHED
    changed = picture(folder) != before
    state = work.state(folder)
    assert state == "new" or died
    if not died:
        return "unhurt", state, kind
    heal(work, folder)
    return ("during" if changed else "before"), state, kind


def heal(work, folder):
    """The next run is good, and removes what the killed one left, an hour later."""
    for left in folder.rglob(".course-part-*"):
        old = time.time() - TWO_HOURS
        os.utime(left, (old, old))
    code, _ = run_forked(work.do, folder)
    assert code == FINISHED and work.state(folder) == "new"
    left = [p for p in folder.rglob("*") if ".new." in p.name or "fetch-" in p.name]
    assert not left, left


def run(name, kills, seed=0):
    """Kill -9 a work so many times in its midst; returns counts and what was lost.

    "kills" are all that died, those before the first change among them, and those
    "during" the work that died in the middle of a write, by another signal. "unhurt" is
    no kill: there the work ended first. seed: the first one; each draw takes the next.
    Raises RuntimeError where too few draws hit.
    """
    work, lost, sizes = WORKS[name], [], {}
    counts = Counter(dict.fromkeys(("before", "during", "kill -9", "unhurt"), 0))
    last = seed + DRAWS * kills
    with tempfile.TemporaryDirectory(prefix="crash-") as temporary:
        folder = Path(temporary) / "here"
        folder.mkdir()
        while counts["kill -9"] + len(lost) < kills:
            if seed == last:
                raise RuntimeError(f"{name}: {counts} after {DRAWS * kills} draws")
            try:
                if seed % 2 not in sizes:
                    sizes[seed % 2] = measure(work, folder, seed % 2)
                    fresh(folder)
                when, state, kind = trial(work, folder, seed, sizes[seed % 2])
                counts[when] += 1
                counts["kill -9"] += when == "during" and kind != "byte"
                if when != "unhurt":
                    counts[f"left {state}"] += 1
            except Exception:
                lost.append(f"{name}, seed {seed}: {traceback.format_exc()}")
            fresh(folder)
            seed += 1
        os.chdir("/")
    died = counts["before"] + counts["during"] + len(lost)
    return {"name": name, "kills": died, **counts, "lost": lost}


def main(kills, names):
    """Try the works named, or all; prints their counts as JSON."""
    torch.set_num_threads(1)  # threads do not survive a fork
    with tempfile.TemporaryDirectory(prefix="crash-shared-") as shared:
        warm(Path(shared))
        print(json.dumps([run(name, int(kills)) for name in names or WORKS]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
