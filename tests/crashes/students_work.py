"""What a student has done: progress of the exercises, work taken home and back."""

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

from course_utils.bring_back import read_work, restore
from course_utils.checks import progress
from course_utils.checks.result import Result
from course_utils.take_home import take_home

PAGE, OTHER = "exercises/03_masks.ipynb", "notebooks/03_masks.ipynb"


def prepare_progress(folder, seed):
    os.environ["COURSE_PROGRESS"] = str(folder / ".progress.json")
    progress.this_session.clear()
    progress.add(folder / ".progress.json", [f"1.{n}" for n in range(1, seed % 5 + 1)])
    (folder / "before").write_text(json.dumps(progress.read(folder / ".progress.json")))


def do_progress(folder):
    progress.note(Result("3.1", "ok"))
    if progress.trouble:  # what the panel shows
        raise OSError(progress.trouble[0])


def state_of_progress(folder):
    before, _ = json.loads((folder / "before").read_text())
    done, wrong = progress.read(folder / ".progress.json")
    assert not wrong and done in (before, [*before, "3.1"]), (done, wrong)
    return "old" if done == before else "new"


# --- work taken home and brought back ------------------------------------------------


def notebook(text):
    """Return the bytes of a notebook with one cell."""
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}
    whole = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole).encode()


def answer(seed):
    """Return a text that a zip cannot make much shorter, as pictures are (str)."""
    return random.Random(f"answer {seed}").randbytes(20_000).hex()


def prepare_course(folder, seed):
    """A small course with its history; two notebooks are changed."""
    for page in (PAGE, OTHER, "solutions/03_masks.ipynb"):
        (folder / page).parent.mkdir()
        (folder / page).write_bytes(notebook("as given"))
    who = ["-c", "user.name=A", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "given"]):
        subprocess.run(
            ["git", "-C", folder, *who, *words], check=True, capture_output=True
        )
    for page in (PAGE, OTHER):
        (folder / page).write_bytes(notebook(answer(seed)))
    os.environ["COURSE_PROGRESS"] = str(folder / "exercises/.progress.json")
    progress.add(Path(os.environ["COURSE_PROGRESS"]), ["3.1"])
    os.chdir(folder)


def do_take_home(folder):
    os.chdir(folder)
    take_home()


def state_of_zip(folder):
    zips = sorted((folder / "my_work").glob("*.zip"))
    for path in zips:
        pages, done, _ = read_work(path)
        mine = (folder / PAGE).read_bytes()
        assert {PAGE, OTHER} <= set(pages) and pages[PAGE] == mine and done == ["3.1"]
    return "new" if zips else "old"


def prepare_restore(folder, seed):
    """The work of another session as a zip, and other answers in this one."""
    prepare_course(folder, seed)
    shutil.move(take_home().zip_file, folder / "home.zip")
    for page in (PAGE, OTHER):
        (folder / page).write_bytes(notebook("answers of this session" * 3000))
    Path(os.environ["COURSE_PROGRESS"]).write_text('{"done": ["3.2"]}')


def do_restore(folder):
    os.chdir(folder)
    restore("home.zip")


def state_of_restore(folder):
    """Nothing is lost: what was here is here, or in my_work/aside_1 (2, 3, ...)."""
    brought = read_work(folder / "home.zip")[0]
    found = set()
    for page in (PAGE, OTHER):
        here = (folder / page).read_bytes()
        new = here == brought[page]
        mine = notebook("answers of this session" * 3000)
        asides = [p.read_bytes() for p in folder.glob(f"my_work/aside_*/{page}")]
        assert new or here == mine, f"{page} is half"
        assert here == mine or mine in asides, f"{page} is lost"
        assert all(aside == mine for aside in asides), "a copy put aside is half"
        found.add("new" if new else "old")
    done, wrong = progress.read(Path(os.environ["COURSE_PROGRESS"]))
    assert not wrong and done in (["3.2"], ["3.2", "3.1"]), (done, wrong)
    found.add("new" if "3.1" in done else "old")
    return found.pop() if len(found) == 1 else "part"
