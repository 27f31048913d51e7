"""What this machine lets us use: cores, memory, bf16; and the workload that fits.

Inside a container (Binder, JupyterHub) the host's figures mislead: the limits of the
control groups are read (version 2 and 1), so that the answer is what we may really use.
"""

import contextlib
import ctypes
import gc
import os
import platform
import subprocess
from pathlib import Path

import psutil

SMALL_BELOW_CORES = 2
SMALL_BELOW_GB = 3.0
FREE = {"memory": "MemAvailable:", "swap": "SwapFree:"}
FILES_2 = ("active_file", "inactive_file", "slab_reclaimable")  # can be given up
FILES_1 = ("total_active_file", "total_inactive_file")
GROUP_FILES = (  # of what; limit; use; what of it can be given up: version 2, version 1
    ("memory", "memory.max", "memory.current", FILES_2),
    ("swap", "memory.swap.max", "memory.swap.current", ()),
    ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", FILES_1),
    ("both", "memory.memsw.limit_in_bytes", "memory.memsw.usage_in_bytes", FILES_1),
)


def usable_cores(root="/"):
    """Return how many cores this process may use (float: a quota may be 0.5).

    root: where the file system starts; tests give a folder that plays it.
    """
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    quotas = []
    for folder in _cgroup_folders(root, "cpu"):
        quota, period = _numbers(folder / "cpu.max")[:2] or (None, None)
        if quota is None:
            quota = _number(folder / "cpu.cfs_quota_us")
            period = _number(folder / "cpu.cfs_period_us")
        if quota and period and quota > 0:
            quotas.append(quota / period)
    return min([float(cores), *quotas])


def memory_limit_gb(root="/"):
    """Return how much memory this process may use, in GB (1e9 bytes)."""
    limits = [psutil.virtual_memory().total]
    for folder in _cgroup_folders(root, "memory"):
        for name in ("memory.max", "memory.limit_in_bytes"):
            limit = _number(folder / name)
            if limit and limit > 0:
                limits.append(limit)
    return min(limits) / 1e9


def memory_left(root="/"):
    """Return how many bytes this process may still take; None where that is not known.

    The least of what each control group and the machine have left, of memory and of
    swap. What a group holds as copies of files counts as left: the system gives it up
    when needed.
    """
    try:
        words = (Path(root) / "proc/meminfo").read_text().split()
        left = {
            what: [1024 * int(words[words.index(name) + 1])]
            for what, name in FREE.items()
        }
    except (OSError, ValueError):
        return None  # no Linux
    left["both"] = []
    for folder in _cgroup_folders(root, "memory"):
        for what, limit, used, files in GROUP_FILES:
            limit, used = _number(folder / limit), _number(folder / used)
            if limit is not None and used is not None:
                given_up = _given_up(folder / "memory.stat", files)
                left[what].append(limit - used + given_up)
    memory, swap = (max(0, min(left[what])) for what in FREE)
    return max(0, min([memory + swap, *left["both"]]))


def _given_up(path, names):
    """Return how many bytes a control group can give up: files can be read again."""
    try:
        words = path.read_text().split()
    except OSError:
        return 0
    return sum(int(words[words.index(name) + 1]) for name in names if name in words)


def _cgroup_folders(root, controller):
    """Yield the folders of our control groups, from our own up to the top."""
    root = Path(root)
    mount = root / "sys/fs/cgroup"
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        lines = ["0::/"]
    for line in lines:
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        if controllers == "":
            top = mount
        elif controller in controllers.split(","):
            top = mount / controller
        else:
            continue
        folder = top / path.lstrip("/")
        while folder != top and top in folder.parents:
            yield folder
            folder = folder.parent
        yield top


def _numbers(path):
    """Return the integers in a control-group file: [] where it is absent or 'max'."""
    try:
        return [int(word) for word in path.read_text().split()]
    except (OSError, ValueError):
        return []


def _number(path):
    return next(iter(_numbers(path)), None)


def has_fast_bf16(root="/"):
    """Return whether the CPU multiplies bfloat16 natively, so that bf16 is fast."""
    try:
        words = set((Path(root) / "proc/cpuinfo").read_text().split())
    except OSError:
        return platform.system() == "Darwin" and _mac_has_bf16()
    return bool(words & {"avx512_bf16", "amx_bf16", "bf16"})


def _mac_has_bf16():
    command = ["sysctl", "-n", "hw.optional.arm.FEAT_BF16"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.stdout.strip() == "1"


def release_memory():
    """Give memory back that is no longer used: models held in a circle, free blocks.

    A Trainer no longer used holds its model in a circle. And the C library keeps freed
    blocks for itself, unless asked (glibc's malloc_trim; elsewhere nothing is done).
    """
    gc.collect()
    if platform.system() == "Linux":
        with contextlib.suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)


def workload_profile():
    """Return "full", or "small" below 2 cores or 3 GB. COURSE_PROFILE overrides.

    Raises ValueError where COURSE_PROFILE is neither of the two.
    """
    chosen = os.environ.get("COURSE_PROFILE", "").strip().lower()
    if chosen in ("full", "small"):
        return chosen
    if chosen:
        raise ValueError(
            f"COURSE_PROFILE is {chosen!r}, expected 'full' or 'small': "
            "unset it to let the course choose"
        )
    too_small = usable_cores() < SMALL_BELOW_CORES or memory_limit_gb() < SMALL_BELOW_GB
    return "small" if too_small else "full"
