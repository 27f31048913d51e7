"""Bring back work that `take_home` saved. Nothing that is there is lost.

The zip comes from outside, so all of it is examined before anything is written. Only
notebooks in the course's folders are taken from it, under names that lead nowhere else.
"""

import json
import os
import zipfile
import zlib
from itertools import count
from pathlib import Path

from course_utils.checks import progress
from course_utils.checks.engine import exercises_of, lessons
from course_utils.pinned_files import write_atomically
from course_utils.take_home import (
    DONE,
    FOLDERS,
    PAGE,
    RELEASED,
    WORK,
    WorkError,
    alone_in,
    course_folder,
    course_pages,
)

START = "notebooks/00_start_here.ipynb"  # open while it restores
MOST_ENTRIES, MOST_BYTES = 500, 200_000_000
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
    OSError, ValueError, LookupError,
)  # fmt: skip


def restore(zip_name):
    """Bring back the work in a zip that `take_home` made. Returns a report (str).

    zip_name: str or Path, looked for here, in the course's folder, and in those in it.
    A notebook that is there and differs is first copied to my_work/aside_1 (2, 3, ...);
    what was done is added to what is done. Raises WorkError where the zip is missing,
    damaged, too large or holds anything else: then nothing has been written.
    """
    folder = course_folder()
    pages, done, released = read_work(_find(zip_name, folder))
    _refuse_odd_places(folder, pages)
    current, lines = course_pages(folder), []
    try:
        (folder / WORK).mkdir(exist_ok=True)
        with alone_in(folder / WORK):
            aside = _new_aside(folder)
            for name, content in pages.items():
                said = _place(folder, name, content, aside)
                if name in released and current.get(name) != released[name]:
                    said += "; the course has another version of it now"
                lines.append(f"{name}: {said}")
            lines.append(_add_done(folder, done))
    except OSError as problem:
        raise WorkError(
            f"Restoring stopped: {problem.strerror or problem}. Notebooks brought back "
            "until then: " + (", ".join(lines) or "none") + ". Nothing was lost. Free "
            "some space, or make the folder writable, and restore again."
        ) from None
    return "\n".join(lines)


def read_work(path):
    """Return (pages {name: bytes}, ids done, released {name: git's id}) of a zip.

    path: Path. Raises WorkError where it is no zip of `take_home`.
    """
    try:
        with zipfile.ZipFile(path) as file:
            entries = file.infolist()
            _refuse_odd_entries(path, entries)
            contents = {entry.filename: _content(file, entry) for entry in entries}
        released = json.loads(contents.pop(RELEASED, b"{}"))
        done = json.loads(contents.pop(DONE, b"[]"))
        if not isinstance(released, dict) or not isinstance(done, list):
            raise ValueError("its lists are not as take_home writes them")
    except WorkError:
        raise
    except (*UNREADABLE, RecursionError) as problem:
        raise WorkError(
            f"{path.name} cannot be read as a zip of take_home ({problem}). Nothing "
            "was changed. Upload it again: it may have been cut off on the way."
        ) from None
    for name, content in contents.items():
        if not _is_notebook(content):
            raise WorkError(
                f"{name} in {path.name} is not a notebook: it is damaged, or was made "
                "by hand. Nothing was changed. Take the work home once more."
            )
    return contents, done, released


def _refuse_odd_entries(path, entries):
    """Raise WorkError for names, numbers and sizes of another's making."""
    for entry in entries:
        known = entry.filename in (RELEASED, DONE) or PAGE.fullmatch(entry.filename)
        if not known:
            raise WorkError(
                f"{path.name} holds {entry.filename!r}, expected notebooks in the "
                f"folders {', '.join(FOLDERS)} only. Nothing was changed. Give the zip "
                "that take_home made, as it was, not packed again."
            )
    if len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise WorkError(f"{path.name} holds a name twice. Nothing was changed.")
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or size > MOST_BYTES:
        raise WorkError(
            f"{path.name} holds {len(entries)} files and {size / 1e6:.0f} MB, "
            f"expected at most {MOST_ENTRIES} and {MOST_BYTES / 1e6:.0f} MB. Nothing "
            "was changed."
        )


def _content(file, entry):
    """Return an entry's bytes, no more than it says it has, however it was packed."""
    with file.open(entry) as opened:
        return opened.read(entry.file_size + 1)


def _is_notebook(content):
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(notebook, dict) and isinstance(notebook.get("cells"), list)


def _find(zip_name, folder):
    places = [Path(), folder, *(folder / name for name in (*FOLDERS, WORK))]
    for place in places:
        path = place / zip_name
        if os.path.isfile(path):  # False, too, where it may not be looked at
            return path
    raise WorkError(
        f"There is no file {str(zip_name)!r} in the course's folder. Upload it with "
        "the file browser (the arrow that points up), and write its name as it is "
        "there."
    )


def _refuse_odd_places(folder, pages):
    """Raise WorkError where a notebook would land outside, or on a folder."""
    for name in pages:
        path = folder / name
        if path.parent.resolve() != folder.resolve() / path.parent.name:
            raise WorkError(
                f"The folder {path.parent.name} is a link to another place, so "
                f"{name} is not brought back. Nothing was changed. Remove the link."
            )
        if path.is_dir():
            raise WorkError(
                f"{name} is a folder here, so the notebook of that name has no place. "
                "Nothing was changed. Rename the folder."
            )


def _new_aside(folder):
    """Return a folder that is not there yet: my_work/aside_1, or the next (Path)."""
    numbered = (folder / WORK / f"aside_{number}" for number in count(1))
    return next(path for path in numbered if not path.exists())


def _place(folder, name, content, aside):
    """Write one notebook, keep what it replaces, and return what was done (str)."""
    path = folder / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, content)
        return "brought back"
    there = path.read_bytes()
    if there == content:
        return "the same already"
    kept = aside / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    if name == START:
        write_atomically(kept, content)
        return f"you are on this page, so yours is in {kept.relative_to(folder)}"
    write_atomically(kept, there)
    write_atomically(path, content)
    return f"brought back; what was here is in {kept.relative_to(folder)}"


def _add_done(folder, done):
    """Add the exercises that this course has, and return what was done (str)."""
    path = progress.progress_file(folder / "exercises")
    if path is None:
        return "What is done is not kept here (COURSE_PROGRESS is off)."
    known = {id for lesson in lessons() for id in exercises_of(lesson)}
    new = progress.add(path, [id for id in done if isinstance(id, str) and id in known])
    return f"Done exercises brought back: {len(new)} new."
