"""Which exercises are done: kept beside the notebooks, shown by `panel.py`.

The file is `.progress.json` in the folder `exercises`, written only by a notebook that
runs there. COURSE_PROGRESS may name another file, or say "off" (as the tests do).
Losing it loses nothing else: run the check cells again.
"""

import json
import os
import tempfile
from pathlib import Path

NAME = ".progress.json"
COUNTED = ("ok", "failed", "timeout", "not attempted")
this_session = {}  # id: status, of the checks that ran in this kernel
trouble = []  # why the last attempt to write failed, as lines for the panel


def note(result):
    """Remember a result; write the file when an exercise is done for the first time."""
    if result.status not in COUNTED:
        return
    this_session[result.exercise] = result.status
    path = progress_file()
    if path is None or result.status != "ok":
        return
    done, _ = read(path)
    ready = [id for id, status in this_session.items() if status == "ok"]
    new = [id for id in ready if id not in done]
    if new:
        _write(path, [*done, *new])


def progress_file(here=None):
    """Return the file that progress is kept in, None where it is not kept.

    here: Path, the folder of the notebook; left out, the current one.
    """
    said = os.environ.get("COURSE_PROGRESS")
    if said:
        return None if said == "off" else Path(said)
    here = here or Path.cwd()
    return here / NAME if here.name == "exercises" else None


def add(path, ids):
    """Note exercises that were done elsewhere. Returns those that are new (list).

    Raises OSError where the file cannot be written.
    """
    done, _ = read(path)
    new = [id for id in ids if id not in done]
    if new:
        _write(path, [*done, *new])
        if trouble:
            raise OSError(trouble[0])
    return new


def read(path):
    """Return (ids done, lines about what is wrong with the file)."""
    try:
        done = json.loads(path.read_text("utf-8"))["done"]
        if not isinstance(done, list) or not all(isinstance(id, str) for id in done):
            raise ValueError("not a list of exercises")
    except FileNotFoundError:
        return [], []
    except (OSError, ValueError, KeyError, TypeError):
        return [], [
            f"{path.name} cannot be read, so what it held is not shown. Run the check "
            "cells again: it is then written anew."
        ]
    return done, []


def _write(path, done):
    """Write the file whole or not at all. Nothing is raised: the panel says so."""
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=NAME)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"done": done}, file, indent=1)
        os.replace(temporary, path)
        trouble.clear()
    except OSError as problem:
        trouble[:] = [f"{path.name} cannot be written ({problem.strerror})."]
        if temporary:
            Path(temporary).unlink(missing_ok=True)
