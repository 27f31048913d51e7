"""Install each set of versions in a new environment and run tests and lessons in it.

    python -m tests.slow.version_matrix [SET ...]

Needs the package index; where pip takes torch's CUDA build, 12 GB of disk for a while.
Python is looked for on PATH and with pyenv; PYTHONS="/path/a /path/b" names others.
ENVIRONMENTS=/a/folder keeps the environments there, and takes them up again. Two runs
go on at a time, one thread each; JOBS=4 for more. PARTS="tests 06" runs
the small tests and lesson 06 again; there are "tests", "lessons" and "exercises", too.
What the runs printed lies in build/test-matrix. Each set replaces its own row of the
section `versions` of docs/reliability.md.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from course_utils.bootstrap import check_space, venv_python
from course_utils.installer import InstallError, run_pip
from tests.lesson_runs import SETTINGS
from tests.slow.version_pythons import find_python
from tests.slow.version_sets import (
    ROOT,
    SETS,
    SHOWN,
    TRAINED,
    constraints,
    ranges,
    read_project,
    small_tests,
)
from tests.slow.version_table import NOT_HERE, lessons_text, write_set

LOGS = ROOT / "build/test-matrix"
NEEDED_GB = 12
JOBS = int(os.environ.get("JOBS", "2"))
PATIENT = ("--nbval-cell-timeout=3600",)  # other runs have the machine, too
ALL_PARTS = "tests lessons exercises"
PARTS = (os.environ.get("PARTS") or ALL_PARTS).split()
VERSIONS = (
    "import json, platform; from importlib.metadata import version; "
    "print(json.dumps([platform.python_version(), *map(version, {names})]))"
)


class Environment:
    """One set's environment: what is installed, and what is run in it."""

    def __init__(self, folder, log):
        self.folder, self.log = folder, log
        self.python = venv_python(folder)

    def install(self, base, lines, needed):
        """Make it with the Python `base`; install the course, held to `lines`.

        needed: the course's requirements; where they and `lines` are those of an
        environment that was kept, there is nothing to do.
        """
        installed = self.folder / "installed.txt"
        wanted = "\n".join([*lines, "", *needed])
        if installed.exists() and installed.read_text() == wanted:
            return
        check_space(self.folder.parent, NEEDED_GB)
        subprocess.run([base, "-m", "venv", "--clear", self.folder], check=True)
        held = self.folder / "constraints.txt"
        held.write_text("\n".join(lines))
        what = ["--editable", f"{ROOT}[test]", "--constraint", str(held)]
        run_pip(["install", "--no-compile", *what], python=self.python, log=self.log)
        installed.write_text(wanted)

    def versions(self):
        """Return the versions of Python and of the packages shown (list of str)."""
        code = VERSIONS.format(names=SHOWN)
        command = [str(self.python), "-c", code]
        return json.loads(
            subprocess.run(command, capture_output=True, check=True).stdout
        )

    def pytest(self, *arguments, **settings):
        """Run pytest; returns its exit status and what it printed."""
        environment = {k: v for k, v in os.environ.items() if k not in SETTINGS}
        environment.pop("PYTHONPATH", None)
        done = subprocess.run(
            [str(self.python), "-m", "pytest", "-q", *arguments],
            cwd=ROOT,
            env=environment | {"OMP_NUM_THREADS": "1"} | settings,
            capture_output=True,
            text=True,
        )
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"\n{' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return done.returncode, done.stdout

    def small_tests(self):
        """Run tests that use a library; returns e.g. "900" or "899, 1 failed"."""
        status, said = self.pytest(*small_tests())
        count = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed)", said)}
        print(f"  small tests: {count}", flush=True)
        passed = str(count.get("passed", 0))
        return (
            passed if status == 0 else f"{passed}, {count.get('failed', 'all')} failed"
        )

    def lesson(self, number, compared):
        """Run a lesson; returns whether it passed. Outputs are compared, or not."""
        (lesson,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
        trained = number in TRAINED
        lax = ["--nbval-lax"] if trained or not compared else []
        small = {"COURSE_LESSON_PROFILE": "small"} if trained else {}
        run = ("-p", "tests.lesson_runs", *PATIENT, *lax, str(lesson.relative_to(ROOT)))
        status, _ = self.pytest(*run, **small)
        print(f"  lesson {number}: {'failed' if status else 'passed'}", flush=True)
        return status == 0

    def exercises(self):
        """Run exercises and solutions; returns e.g. "22 notebooks"."""
        folders = ("exercises", "solutions")
        status, _ = self.pytest("-p", "tests.lesson_runs", *PATIENT, *folders)
        count = sum(len(list((ROOT / name).glob("*.ipynb"))) for name in folders)
        return "failed" if status else f"{count} notebooks"

    def run(self, chosen):
        """Run what a set runs, JOBS at a time; returns its columns, None: not run."""
        numbers = [n for n in chosen.lessons if n in PARTS or "lessons" in PARTS]
        with ThreadPoolExecutor(JOBS) as pool:
            tests = pool.submit(self.small_tests) if "tests" in PARTS else None
            outcomes = pool.map(self.lesson, numbers, [chosen.compared] * len(numbers))
            again = chosen.exercises and "exercises" in PARTS
            exercises = pool.submit(self.exercises) if again else None
        return (
            tests and tests.result(),
            lessons_text(dict(zip(numbers, outcomes, strict=True)))
            if numbers
            else None,
            exercises and exercises.result(),
        )


@contextlib.contextmanager
def environments():
    """Yield the folder for environments (Path); gone afterwards, unless it is named."""
    if "ENVIRONMENTS" in os.environ:
        yield Path(os.environ["ENVIRONMENTS"])
    else:
        with tempfile.TemporaryDirectory(prefix="version-matrix-") as folder:
            yield Path(folder)


def try_set(name, base, project):
    """Install one set and run all that it runs; returns its row (tuple of str)."""
    chosen = SETS[name]
    log = LOGS / f"{name}.log"
    LOGS.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    with environments() as folder:
        environment = Environment(folder / name, log)
        lines = constraints(chosen, project)
        try:
            environment.install(base, lines, project["dependencies"])
        except InstallError as problem:
            print(problem)
            return (name, "installing failed")
        return (name, *environment.versions(), *environment.run(chosen))


def main(names):
    """Try the sets named, or all; returns the exit status."""
    unknown = sorted(set(names) - set(SETS))
    if unknown:
        print(f"There is no set '{unknown[0]}': choose among {', '.join(SETS)}.")
        return 1
    project = read_project()
    named = os.environ.get("PYTHONS", "").split()
    status = 0
    for name in names or SETS:
        base = find_python(SETS[name].python, named)
        row = try_set(name, base, project) if base else (name, NOT_HERE)
        print(row, flush=True)
        write_set(row, ranges(project))
        status |= "failed" in " ".join(filter(None, row))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
