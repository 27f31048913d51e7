"""File systems of a test's own: mounted where nobody else sees them.

Linux lets a process have its own table of mounts: root with `unshare -m`, others with
a user namespace, where the system allows one. What is mounted there goes with it.
"""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

AS_ROOT, AS_USER = ("unshare", "-m"), ("unshare", "-rm")


@cache
def own_mounts():
    """Return the words that run a command with mounts of its own, None: impossible."""
    if not shutil.which("unshare"):
        return None
    words = AS_ROOT if os.geteuid() == 0 else AS_USER
    probe = [*words, "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"]
    done = subprocess.run(probe, capture_output=True)
    return words if done.returncode == 0 else None


def need_own_mounts():
    """Skip a test where nothing may be mounted; return the words (tuple)."""
    words = own_mounts()
    if words is None:
        pytest.skip("no right to mount: needs Linux, root or user namespaces")
    return words


def mount(folder, size="24m", options="rw"):
    """Mount an empty file system of this size on the folder (Path)."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={size},{options}", "none", folder]
    subprocess.run(words, check=True)


def remount(folder, options):
    """Change a mounted file system: "ro" or "rw"."""
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


def unmount(folder):
    """Take a mounted file system away, and what was on it."""
    subprocess.run(["umount", folder], check=True)


def unmount_below(folder):
    """Take away all that is mounted below a folder, whose path has no spaces."""
    lines = Path("/proc/self/mounts").read_text().splitlines()
    for place in [line.split()[1] for line in lines]:
        if place.startswith(f"{folder}/"):
            unmount(place.replace("\\040", " "))
