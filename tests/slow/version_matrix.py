"""Install each set of versions in a new environment and run tests and lessons in it.

    python -m tests.slow.version_matrix [SET ...]

Needs the package index; where pip takes torch's CUDA build, 12 GB of disk for a while.
Python is looked for on PATH and with pyenv; PYTHONS="/path/a /path/b" names others.
What the runs printed lies in build/test-matrix. Each set replaces its own row of the
section `versions` of docs/reliability.md.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from course_utils.bootstrap import check_space, venv_python
from course_utils.installer import InstallError, run_pip
from tests.benchmarks.page_parts import cpu_name
from tests.lesson_runs import SETTINGS
from tests.reliability_page import PAGE, sections, with_section
from tests.slow.version_pythons import find_python
from tests.slow.version_sets import (
    NOT_OF_VERSIONS,
    ROOT,
    SETS,
    SHOWN,
    TRAINED,
    constraints,
    ranges,
    read_project,
)
from tests.slow.version_table import NOT_HERE, merged

LOGS = ROOT / "build/test-matrix"
NEEDED_GB = 12
TWO_AT_A_TIME = ("-n", "2", "-p", "tests.one_thread")
VERSIONS = (
    "import json, platform; from importlib.metadata import version; "
    "print(json.dumps([platform.python_version(), *map(version, {names})]))"
)


class Environment:
    """One set's environment: what is installed, and what is run in it."""

    def __init__(self, folder, log):
        self.folder, self.log = folder, log
        self.python = venv_python(folder)

    def install(self, base, lines):
        """Make it with the Python `base`; install the course, held to `lines`."""
        check_space(self.folder.parent, NEEDED_GB)
        subprocess.run([base, "-m", "venv", str(self.folder)], check=True)
        held = self.folder / "constraints.txt"
        held.write_text("\n".join(lines))
        what = [
            "--no-compile",
            "--editable",
            f"{ROOT}[test]",
            "--constraint",
            str(held),
        ]
        run_pip(["install", *what], python=self.python, log=self.log)

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
            env=environment | settings,
            capture_output=True,
            text=True,
        )
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"\n{' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return done.returncode, done.stdout

    def small_tests(self):
        """Run tests of the course's code; returns e.g. "900" or "899, 1 failed"."""
        left_out = [f"--ignore=tests/test_{name}.py" for name in NOT_OF_VERSIONS]
        status, said = self.pytest(*TWO_AT_A_TIME, *left_out, "tests")
        count = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed)", said)}
        passed = str(count.get("passed", 0))
        return (
            passed if status == 0 else f"{passed}, {count.get('failed', 'all')} failed"
        )

    def lessons(self, chosen):
        """Run the set's lessons; returns the numbers of those that passed."""
        passed, failed = [], []
        for number in chosen.lessons:
            (lesson,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
            trained = number in TRAINED
            lax = ["--nbval-lax"] if trained or not chosen.compared else []
            small = {"COURSE_LESSON_PROFILE": "small"} if trained else {}
            run = ("-p", "tests.lesson_runs", *lax, str(lesson.relative_to(ROOT)))
            status, _ = self.pytest(*run, **small)
            (failed if status else passed).append(number)
        return " ".join(passed) + (f", failed: {' '.join(failed)}" if failed else "")

    def exercises(self):
        """Run exercises and solutions; returns e.g. "22 notebooks"."""
        folders = ("exercises", "solutions")
        run = ("--dist", "loadfile", "-p", "tests.lesson_runs", *folders)
        status, _ = self.pytest(*TWO_AT_A_TIME, *run)
        count = sum(len(list((ROOT / name).glob("*.ipynb"))) for name in folders)
        return "failed" if status else f"{count} notebooks"


def try_set(name, base, lines):
    """Install one set and run all that it runs; returns its row (tuple of str)."""
    chosen = SETS[name]
    log = LOGS / f"{name}.log"
    LOGS.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    with tempfile.TemporaryDirectory(prefix="version-matrix-") as folder:
        environment = Environment(Path(folder) / "env", log)
        try:
            environment.install(base, lines)
        except InstallError as problem:
            print(problem)
            return (name, "installing failed")
        done = (environment.small_tests(), environment.lessons(chosen))
        exercises = environment.exercises() if chosen.exercises else "not run"
        return (name, *environment.versions(), *done, exercises)


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
        lines = constraints(SETS[name], project)
        base = find_python(SETS[name].python, named)
        row = try_set(name, base, lines) if base else (name, NOT_HERE)
        print(" | ".join(row), flush=True)
        page = PAGE.read_text("utf-8")
        section = merged(sections(page)["versions"], row, ranges(project))
        section += f"\n\n*Measured on: {cpu_name()}.*"
        PAGE.write_text(with_section(page, "versions", section), "utf-8")
        status |= "failed" in " ".join(row)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
