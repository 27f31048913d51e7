"""Put a new folder in the place of an old one, so that there always is one."""

import ctypes
import os
import shutil
from pathlib import Path

FORMER = ".former"
HERE = -100  # AT_FDCWD: names are meant as they are
EXCHANGE = 2  # RENAME_EXCHANGE of Linux: both names change places in one step


def former_folder(target):
    """Return where the old folder lies while it cannot be exchanged in one step."""
    return target.with_name(f".{target.name}{FORMER}")


def put_in_place(new, target):
    """Put the folder `new` in the place of `target`, and remove the old one.

    Both are Paths in the same folder. On Linux the two change places in one step, so
    that a reader finds the old folder or the new one. Elsewhere it takes two renames:
    killed between them, the old folder is left as `former_folder(target)`.
    """
    former = former_folder(target)
    if not (target.exists() and _exchange(new, target)):
        if target.exists():
            shutil.rmtree(former, ignore_errors=True)
            target.rename(former)
        new.rename(target)
    for old in (new, former):
        shutil.rmtree(old, ignore_errors=True)


def put_back(target):
    """Bring back the old folder where an exchange was cut between its two renames."""
    if not target.exists() and former_folder(target).exists():
        former_folder(target).rename(target)


def folder_state(path):
    """Return what changes when another folder takes this place; None: no folder."""
    try:
        about = Path(path).stat()
    except (OSError, TypeError, ValueError):
        return None
    return about.st_dev, about.st_ino, about.st_mtime_ns, about.st_ctime_ns


def _exchange(one, other):
    """Let two names change places in one step. Returns whether that was possible."""
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):  # not Linux, or an old one
        return False
    names = os.fsencode(one), os.fsencode(other)
    return rename(HERE, names[0], HERE, names[1], EXCHANGE) == 0
