"""Which exercises are done: kept beside the notebooks, shown by `panel.py`.

The file is `.progress.json` in the folder `exercises`, written only by a notebook that
runs there. COURSE_PROGRESS may name another file, or say "off" (as the tests do).
Losing it loses nothing else: run the check cells again.
"""

import json
import os
from pathlib import Path

from course_utils.one_at_a_time import one_at_a_time
from course_utils.pinned_files import write_atomically

NAME = ".progress.json"
LOCK_SECONDS = 10  # how long one notebook waits while another one writes
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
    ready = [id for id, status in this_session.items() if status == "ok"]
    try:
        _add(path, ready)
        trouble.clear()
    except OSError as problem:
        trouble[:] = [_sentence(path, problem)]


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
    try:
        return _add(path, ids)
    except OSError as problem:
        raise OSError(_sentence(path, problem)) from None


def _sentence(path, problem):
    waited = isinstance(problem, TimeoutError)
    reason = "another notebook is writing it" if waited else problem.strerror
    return f"{path.name} cannot be written ({reason})."


def read(path):
    """Return (ids done, lines about what is wrong with the file)."""
    try:
        return _ids(path), []
    except ValueError:
        next_step = "Run the check cells again: it is then written anew."
    except OSError as problem:
        next_step = f"It is left as it is ({problem.strerror})."
    said = f"{path.name} cannot be read, so what it held is not shown. {next_step}"
    return [], [said]


def _ids(path):
    """Return the ids done. Raises ValueError for a damaged file, OSError otherwise."""
    try:
        done = json.loads(path.read_text("utf-8"))["done"]
    except FileNotFoundError:
        return []
    except (KeyError, TypeError):
        raise ValueError("not as it was written") from None
    if not isinstance(done, list) or not all(isinstance(id, str) for id in done):
        raise ValueError("not a list of exercises")
    return done


def _add(path, ids):
    """Add ids to those that are done; returns the new ones (list).

    Two notebooks may do this at once: neither loses what the other has added. A file
    that cannot be read now is left as it is, since it may hold work.
    """
    if set(ids) <= set(read(path)[0]):
        return []
    with one_at_a_time(path.with_name(f"{path.name}.lock"), LOCK_SECONDS):
        try:
            done = _ids(path)
        except ValueError:  # damaged: there is nothing to keep
            done = []
        new = [id for id in ids if id not in done]
        write_atomically(path, json.dumps({"done": [*done, *new]}, indent=1).encode())
    return new
