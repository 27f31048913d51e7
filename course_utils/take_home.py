"""Take your work home: the changed notebooks and what is done, as one zip file.

For a session that will end: Binder keeps nothing. `bring_back.py` reads the zip.
"""

import io
import json
import os
import re
import subprocess
import zipfile
from dataclasses import dataclass
from html import escape
from itertools import count
from pathlib import Path
from urllib.parse import quote

from course_utils.checks import progress
from course_utils.one_at_a_time import one_at_a_time
from course_utils.pinned_files import write_atomically

FOLDERS = ("notebooks", "exercises", "solutions")
WORK = "my_work"  # git ignores this folder: zips, and what a restore put aside
PAGE = re.compile(rf"({'|'.join(FOLDERS)})/(?!\.)[^/\\:\x00-\x1f]+\.ipynb")
LOCK_SECONDS = 60  # how long one session waits while another one saves or restores
RELEASED, DONE = "released.json", "done.json"  # in the zip, beside the notebooks


class WorkError(RuntimeError):
    """Work cannot be saved or restored; the text says why and what to do."""


@dataclass(frozen=True)
class SavedWork:
    """What `take_home` did: a sentence, and in a notebook a link to the zip."""

    sentence: str
    zip_file: Path | None = None

    def __repr__(self):
        return self.sentence

    def _repr_html_(self):
        link = ""
        if self.zip_file is not None:
            address = quote(Path(os.path.relpath(self.zip_file)).as_posix())
            name = escape(self.zip_file.name)
            link = f' <a href="{escape(address)}" download>Download {name}</a>'
        return f"<p>{escape(self.sentence)}{link}</p>"


def course_folder():
    """Return the course's folder, found from the current one (Path).

    Raises WorkError where neither this folder nor the one above is the course's.
    """
    for folder in (Path.cwd(), Path.cwd().parent):
        if (folder / "notebooks").is_dir() and (folder / "exercises").is_dir():
            return folder
    raise WorkError(
        f"There is no course around the folder {Path.cwd().name!r}: it has no folders "
        "'notebooks' and 'exercises'. Go into the course's folder first. On Colab, "
        "download a notebook by its menu instead: File, Download."
    )


def course_pages(folder):
    """Return {name: git's id} of the notebooks as the course gave them out.

    {} where git cannot say: not installed, or the course came without its history.
    """
    listed = _git(folder, ["ls-tree", "-z", "HEAD", *(f"{name}/" for name in FOLDERS)])
    rows = [row.split("\t", 1) for row in (listed or "").split("\0") if row]
    return {name: about.split()[2] for about, name in rows if PAGE.fullmatch(name)}


def changed_pages(folder):
    """Return {name: bytes} of the notebooks that are not as the course gave them out.

    New ones are among them. Where git cannot say what has changed: every notebook.
    """
    paths = [
        path for name in FOLDERS for path in sorted((folder / name).glob("*.ipynb"))
    ]
    names = [f"{path.parent.name}/{path.name}" for path in paths]
    names = [name for name in names if PAGE.fullmatch(name)]
    given = course_pages(folder)
    ids = _git(folder, ["hash-object", "--stdin-paths"], "\n".join(names)) or ""
    found = dict(zip(names, ids.split(), strict=False))
    return {
        name: (folder / name).read_bytes()
        for name in names
        if name not in given or found.get(name) != given[name]
    }


def _git(folder, words, text=""):
    """Return what git prints, None where it fails or is not there."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            input=text,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    except (OSError, subprocess.CalledProcessError, UnicodeError):
        return None
    return done.stdout


def take_home():
    """Save changed notebooks and what is done in the folder my_work, as one zip.

    Returns a SavedWork, which a notebook shows with a link. A zip that is there already
    is never overwritten. Raises WorkError where a file cannot be read or written.
    """
    try:
        folder = course_folder()
    except WorkError as problem:  # the start page goes on, on Colab, too
        return SavedWork(str(problem))
    try:
        return _saved(folder)
    except OSError as problem:
        raise WorkError(
            f"No zip was written in the folder {WORK}: {problem.strerror or problem}. "
            "Your notebooks are as they were. Free some space there, or download each "
            "notebook by its menu instead: File, Download."
        ) from None


def _saved(folder):
    pages = changed_pages(folder)
    kept_in = progress.progress_file(folder / "exercises")
    done, wrong = progress.read(kept_in) if kept_in else ([], [])
    if not pages and not done:
        return SavedWork(" ".join(["Nothing to take home yet: no change.", *wrong]))
    content = _zipped(pages, done, course_pages(folder))
    (folder / WORK).mkdir(exist_ok=True)
    with alone_in(folder / WORK):
        path = _free_place(folder / WORK, content)
    sentence = f"Saved {_count(pages, 'notebook')} and {_count(done, 'done exercise')}."
    return SavedWork(" ".join([sentence, *wrong]), path)


def alone_in(folder):
    """Let one session at a time save or restore (a context manager)."""
    return one_at_a_time(folder / ".lock", LOCK_SECONDS)


def _count(things, name):
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"


def _zipped(pages, done, given):
    """Return the zip's bytes; the same work gives the same bytes."""
    released = {name: given[name] for name in pages if name in given}
    entries = {
        RELEASED: json.dumps(released, indent=1).encode(),
        DONE: json.dumps(done, indent=1).encode(),
        **pages,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name)  # dated 1980: no clock in the file
            file.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _free_place(folder, content):
    """Write my_work.zip, or the first of my_work_2.zip ... that is free (Path)."""
    for number in count(1):
        path = folder / (f"{WORK}.zip" if number == 1 else f"{WORK}_{number}.zip")
        if not path.exists():
            write_atomically(path, content)
            return path
        if path.is_file() and path.read_bytes() == content:
            return path
