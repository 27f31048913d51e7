"""Every lesson on one core within 2 GB, as on Binder; the table is docs/budgets.md.

make budgets                  all lessons
make budgets TESTS=03         one of them: its row is replaced, the others are kept
"""

import platform
import subprocess
import sys
from importlib import metadata

import pytest

from tests.benchmarks.page_parts import cpu_name
from tests.slow.budget_page import LIMIT_MB, PAGE, with_row
from tests.slow.lesson_copies import LESSONS, ROOT
from tests.slow.limited_run import limited
from tests.slow.memory_limit import DATA_WORDS, GROUP_WORDS, memory_group

LIMIT = LIMIT_MB * 1_000_000
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)


def conditions(group):
    """Return what the table's figures hold for: processor, versions, the limit."""
    names = ("torch", "transformers", "jupyterlab")
    versions = [f"{name} {metadata.version(name)}" for name in names]
    limit = GROUP_WORDS if group else DATA_WORDS
    parts = [cpu_name(), "one core", f"Python {platform.python_version()}", *versions]
    return ", ".join(parts) + f".\nThe memory limit: {LIMIT_MB} MB, by {limit}."


@each_lesson
def test_a_lesson_fits_binder(lesson):
    with memory_group(LIMIT) as group:
        measured = limited(["tests.slow.limited_run", str(lesson)], LIMIT, group)
        words = conditions(group)
    assert measured["outcome"] == "whole", measured
    assert measured["profile"] == "small"
    assert measured["kernel_mb"] + measured["server_mb"] < LIMIT_MB, measured
    text = PAGE.read_text("utf-8") if PAGE.exists() else ""
    PAGE.write_text(with_row(text, lesson.stem, measured, words), "utf-8")


TOO_MUCH = """
import sys
from tests.slow.memory_limit import enter
enter(sys.argv[2] or None, int(sys.argv[1]))
bytearray(int(sys.argv[1]) + 200_000_000)
print("not limited")
"""


@pytest.mark.parametrize("how", ["group", "data"])
def test_the_limit_is_in_force(how):
    """Else the other tests would show nothing."""
    with memory_group(LIMIT) as group:
        if how == "group" and group is None:
            pytest.skip("no control group may be made here")
        given = str(group) if how == "group" else ""
        command = [sys.executable, "-c", TOO_MUCH, str(LIMIT), given]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0 and "not limited" not in done.stdout
    assert how == "group" or "MemoryError" in done.stderr
