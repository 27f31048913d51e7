"""Hold a process and its children to an amount of memory, by the kernel.

A control group where we may make one (Linux, as root or with a group of our own): it
counts all processes together, and ends one when they need more. Elsewhere RLIMIT_DATA,
which counts the data of each process on its own: an allocation beyond it fails.
"""

import contextlib
import os
import resource
import signal
from pathlib import Path

import psutil

CGROUPS = Path("/sys/fs/cgroup")
GROUP_WORDS = "a control group for all processes together"
DATA_WORDS = "RLIMIT_DATA for each process"


@contextlib.contextmanager
def memory_group(limit):
    """Make a control group of `limit` bytes below our own; yields its folder (Path).

    Yields None where that is not allowed. What is left in the group is ended.
    """
    made = _make_group(limit)
    try:
        yield made
    finally:
        if made is not None:
            _remove_group(made)


def enter(group, limit):
    """Put this process into the group; where there is none, limit its data."""
    if group is None:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    else:
        (Path(group) / "cgroup.procs").write_text(str(os.getpid()))


def _make_group(limit):
    """Return the folder of a new group, None where we may not make one."""
    for line in _lines("/proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers == "memory":
            top, name = CGROUPS / "memory", "memory.limit_in_bytes"
        elif controllers == "" and not (CGROUPS / "memory").exists():
            top, name = CGROUPS, "memory.max"
        else:
            continue
        folder = top / path.lstrip("/") / f"bert-course-{os.getpid()}"
        with contextlib.suppress(OSError):
            folder.mkdir()
            try:
                (folder / name).write_text(str(limit))
                return folder
            except OSError:  # version 2: a group with processes shares out nothing
                folder.rmdir()
    return None


def _remove_group(folder):
    left = [int(pid) for pid in _lines(folder / "cgroup.procs")]
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.wait_procs([psutil.Process(pid) for pid in left], timeout=30)
    folder.rmdir()


def _lines(path):
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
