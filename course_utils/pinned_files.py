"""Files pinned by size and sha256: verified once, written whole, kept in a cache."""

import hashlib
import json
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_dir

ROOT = Path(__file__).resolve().parent.parent
PART = ".course-part-"  # how a file is called until it is whole
HOUR = 3600  # seconds


class AssetError(RuntimeError):
    """A file of the course is missing, damaged or out of reach; the text says why."""


@dataclass(frozen=True)
class Pin:
    """What a file must be: its size in bytes and its sha256."""

    size: int
    sha256: str


def cache_folder():
    """Return the folder for fetched files: COURSE_CACHE, or the user's cache (Path).

    Where the user has no home (in some containers), it lies in the course's folder.
    """
    if chosen := os.environ.get("COURSE_CACHE"):
        return Path(chosen)
    usual = Path(user_cache_dir("bert-course", False))
    return usual if usual.is_absolute() else ROOT / ".cache/bert-course"


def matches(content, pin):
    """Return whether these bytes are the pinned file."""
    return hashlib.sha256(content).hexdigest() == pin.sha256


def damage(path, pin):
    """Return None where the file is the pinned one, else what is wrong with it (str).

    The hash is computed once: the result is remembered with the file's size and time of
    change, and computed again when either differs.
    """
    if not path.is_file():
        return f"{path.name} is missing"
    stat = path.stat()
    if stat.st_size != pin.size:
        return f"{path.name} has {stat.st_size:,} bytes, expected {pin.size:,}"
    seen = [stat.st_size, stat.st_mtime_ns, pin.sha256]
    if _remembered().get(str(path)) == seen:
        return None
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as problem:
        return f"{path.name} cannot be read ({problem.strerror})"
    if digest.hexdigest() != pin.sha256:
        return f"{path.name} was altered (its sha256 is {digest.hexdigest()[:12]}...)"
    _remember(str(path), seen)
    return None


def _remembered():
    try:
        memory = json.loads((cache_folder() / "verified.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return memory if isinstance(memory, dict) else {}


def _remember(path, seen):
    """Note a verified file. Where that is impossible, it is only verified again."""
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
        text = json.dumps({**_remembered(), path: seen}, indent=1)
        write_atomically(cache_folder() / "verified.json", text.encode())
    except OSError:
        pass


def write_atomically(path, content, mode=0o644):
    """Write bytes to path so that a reader finds the old file or the whole new one.

    mode: by default others may read the file (a class may share one cache folder).
    What killed writers left in the folder an hour ago is removed.
    """
    _remove_parts(path.parent)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=PART)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(mode)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _remove_parts(folder):
    """Remove parts that nobody writes any more, also where the clock was set back."""
    for part in folder.glob(f"{PART}*"):
        with suppress(OSError):  # another process may remove it, too
            if abs(time.time() - part.stat().st_mtime) > HOUR:
                part.unlink()
