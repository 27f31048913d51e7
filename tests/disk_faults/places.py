"""Homes and folders as no laptop should have them; run with mounts of its own.

    unshare -m python -m tests.disk_faults.places [FAULT ...]

Each fault is made, every use of `uses.py` is tried, the fault is taken away where that
can be done, and every use is tried again. Prints one line of JSON.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from tests.crashes import cached_files
from tests.crashes.students_work import prepare_course
from tests.crashes.trials import run_forked
from tests.disk_faults import uses
from tests.disk_faults.full_disk import fill
from tests.disk_faults.namespace import mount, remount, unmount_below

ROOT = Path(__file__).resolve().parents[2]
CACHE = ("load_reviews", "cached_features")
YEAR = 365 * 24 * 3600  # seconds
NOWHERE = "/proc/no home"  # no folder can be made there
NO_NAME = (
    "setpriv", "--reuid", "54321", "--clear-groups", "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
)  # fmt: skip


@dataclass
class Place:
    """Where a run takes place: settings by name, and how its fault is taken away."""

    settings: dict
    says: tuple = ()  # the uses that end with a message of the course
    cure: object = None  # a function; None: the fault stays
    fresh: tuple | None = None  # words before a new Python; None: a fork is enough
    without: tuple = ()  # settings that are taken away


def usual(folder):
    """Return settings of a run in which nothing is wrong; makes its course."""
    course = folder / "course"
    course.mkdir(parents=True)
    prepare_course(course, 1)
    os.chdir("/")
    home = folder / "home"
    home.mkdir()
    return {
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "COURSE_CACHE": str(folder / "cache"),
        "COURSE_ARTIFACTS": str(folder / "artifacts"),
        "COURSE_PROGRESS": str(course / "exercises/.progress.json"),
        "FAULT_COURSE": str(course),
        "FAULT_ARCHIVE": str(cached_files.archive()),
    }


def default_places(settings):
    """Leave the cache to the home folder."""
    return {k: v for k, v in settings.items() if k != "COURSE_CACHE"}


def nothing_wrong(folder):
    return Place(usual(folder))


def home_read_only(folder):
    settings = usual(folder)
    home = Path(settings["HOME"])
    mount(home, options="ro")
    settings = default_places(settings) | {"COURSE_ARTIFACTS": str(home / "a")}
    return Place(
        settings, (*CACHE, "save_model"), lambda: remount(home, "rw"), fresh=()
    )


def home_on_full_disk(folder):
    settings = usual(folder)
    home = Path(settings["HOME"])
    mount(home)
    fill(home, 0)
    settings = default_places(settings) | {"COURSE_ARTIFACTS": str(home / "a")}
    return Place(settings, (*CACHE, "save_model"), (home / "filler").unlink, fresh=())


def home_that_cannot_be_made(folder):
    settings = default_places(usual(folder)) | {"HOME": NOWHERE}
    return Place(settings, CACHE, fresh=())


def no_home_and_no_user(folder):
    """HOME unset, and nobody of this number in the list of users."""
    settings = default_places(usual(folder))
    shutil.copytree(ROOT / "course_utils", folder / "copy/course_utils")
    shutil.copytree(ROOT / "tests", folder / "copy/tests")
    settings["PYTHONPATH"] = str(folder / "copy")
    return Place(settings, fresh=NO_NAME, without=("HOME",))


def odd_letters(folder):
    """Spaces, accents and Chinese in every path, and a locale that knows none."""
    settings = usual(folder / "Émile's Übung (3) 学生")
    return Place(default_places(settings) | {"LC_ALL": "C"}, fresh=())


def long_path(folder):
    return Place(
        usual(folder / "/".join(["forty letters, and then forty more letters"] * 6))
    )


def cache_read_only(folder):
    """Filled by the teacher, and shared: reviews are read, features not stored."""
    settings = usual(folder)
    cache = Path(settings["COURSE_CACHE"])
    mount(cache)
    for name in cached_files.assets.REVIEW_FILES:
        shutil.copy(cached_files.assets.fetch_reviews() / name, cache)
    remount(cache, "ro")
    return Place(settings, ("cached_features",), lambda: remount(cache, "rw"))


def cache_is_a_file(folder):
    settings = usual(folder)
    cache = Path(settings["COURSE_CACHE"])
    cache.write_text("a file")
    return Place(settings, CACHE, cache.unlink)


def artifacts_read_only(folder):
    settings = usual(folder)
    artifacts = Path(settings["COURSE_ARTIFACTS"])
    mount(artifacts, options="ro")
    return Place(settings, ("save_model",), lambda: remount(artifacts, "rw"))


def course_read_only(folder):
    settings = usual(folder)
    course = Path(settings["FAULT_COURSE"])
    shutil.copytree(course, folder / "course again")
    mount(course)
    shutil.copytree(folder / "course again", course, dirs_exist_ok=True)
    (course / "exercises/.progress.json").unlink()
    remount(course, "ro")
    says = ("progress_panel", "take_home")
    return Place(settings, says, lambda: remount(course, "rw"))


def cache_on_another_disk(folder):
    settings = usual(folder)
    for name in ("COURSE_CACHE", "COURSE_ARTIFACTS"):
        mount(Path(settings[name]))
    return Place(settings)


def temporary_folder_full(folder):
    temporary = folder / "temporary"
    mount(temporary, "1m")
    fill(temporary, 0)
    return Place(usual(folder) | {"TMPDIR": str(temporary)}, fresh=())


def clock_set_back(folder):
    """All files are dated a year ahead, those of killed writers among them."""
    settings = usual(folder)
    os.environ.update(settings)
    uses.use_all()
    ahead = time.time() + YEAR
    (folder / "cache/.course-part-left").touch()
    for path in folder.rglob("*"):
        os.utime(path, (ahead, ahead))
    return Place(settings)


FAULTS = {
    "nothing wrong": nothing_wrong,
    "home read-only": home_read_only,
    "home on a full disk": home_on_full_disk,
    "a home that cannot be made": home_that_cannot_be_made,
    "no home, no user of this number": no_home_and_no_user,
    "spaces, accents, Chinese in all paths": odd_letters,
    "a path of more than 250 letters": long_path,
    "cache filled and read-only": cache_read_only,
    "a file in the cache's place": cache_is_a_file,
    "models' folder read-only": artifacts_read_only,
    "course's folder read-only": course_read_only,
    "cache and models on another disk": cache_on_another_disk,
    "temporary folder full": temporary_folder_full,
    "clock set back a year": clock_set_back,
}


def tried(place, folder):
    """Try every use there; returns {use: (word, text)}, and what else was printed."""
    settings = {k: v for k, v in os.environ.items() if k not in place.without}
    settings |= place.settings
    if place.fresh is None:
        report = folder / "report.json"

        def child(_):
            os.environ.update(place.settings)
            report.write_text(json.dumps(uses.use_all()))

        code, _ = run_forked(child, folder)
        assert code == 0, code
        return json.loads(report.read_text()), ""
    command = [*place.fresh, sys.executable, "-m", "tests.disk_faults.uses"]
    done = subprocess.run(
        command, env=settings, capture_output=True, text=True, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def run(name, folder):
    """Try one fault; returns its outcomes, and what was not as promised (dict)."""
    folder.mkdir()
    place = FAULTS[name](folder)
    first, noise = tried(place, folder)
    wrong = [f"noise: {noise}"] if noise else []
    for use, (word, text) in first.items():
        if word != ("said" if use in place.says else "right"):
            wrong.append(f"{use}: {word} {text}")
    if place.cure:
        place.cure()
        again, _ = tried(place, folder)
        wrong += [f"again, {use}: {one}" for use, one in again.items() if one[1]]
    stray = [
        path for path in folder.rglob("*") if path.name in ("~", ".course-part-left")
    ]
    wrong += [f"stray: {stray}"] if stray else []
    words = {use: word for use, (word, _) in first.items()}
    return {"name": name, **words, "cured": bool(place.cure), "lost": wrong}


def main(names):
    """Try the faults named, or all; prints what came out as JSON."""
    torch.set_num_threads(1)  # threads do not survive a fork
    os.environ.pop("XDG_CACHE_HOME", None)
    with tempfile.TemporaryDirectory(prefix="places-") as temporary:
        work = Path(temporary)
        work.chmod(0o755)
        os.environ["CRASH_SHARED"] = temporary
        cached_files.archive()
        empty = work / "users"
        empty.touch()
        subprocess.run(["mount", "--bind", empty, "/etc/passwd"], check=True)
        found = [
            run(name, work / str(number)) for number, name in enumerate(names or FAULTS)
        ]
        unmount_below(work)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
