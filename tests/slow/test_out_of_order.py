"""Each lesson with its cells in twenty other orders: right, or a clear error.

make test-order                  all lessons; writes a section of docs/reliability.md
make test-order TESTS=03         one of them

What each lesson gave is kept in build/test-order. The section is written where all
lessons have been played since they, the runner or the machine last changed.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lesson_runs import SETTINGS
from tests.out_of_order import shorter
from tests.out_of_order.page import as_page
from tests.out_of_order.shorter import DECLARED, SHORTER, VARYING
from tests.reliability_page import conditions, write_section
from tests.slow.lesson_copies import LESSONS, ROOT

CONDITIONS = {
    "COURSE_PROFILE": "small",
    "COURSE_PROGRESS": "off",
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",  # a process with threads is not to be forked
    "PYTHONHASHSEED": "0",
    "TOKENIZERS_PARALLELISM": "false",
}


KEPT = ROOT / "build/test-order"


def state_of(lesson):
    """Return a text that changes with a lesson, the course, the runner, the machine."""
    sources = {*(ROOT / "course_utils").rglob("*.py"), lesson}
    sources |= {*(ROOT / "tests/out_of_order").glob("*.py")} - {Path(shorter.__file__)}
    of_lesson = [table.get(lesson.stem) for table in (SHORTER, VARYING)]
    hashed = hashlib.sha256(f"{conditions()}{of_lesson}{DECLARED}".encode())
    for path in sorted(sources):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()


@pytest.fixture(scope="module", autouse=True)
def page():
    """Write the page at the end, where each lesson's figures are there and of now."""
    yield
    files = [KEPT / f"{lesson.stem}.json" for lesson in LESSONS]
    found = [json.loads(path.read_text()) for path in files if path.exists()]
    if [said.pop("state") for said in found] == [*map(state_of, LESSONS)]:
        stems = [lesson.stem for lesson in LESSONS]
        write_section("order", as_page(dict(zip(stems, found, strict=True))))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_no_order_gives_a_wrong_number_silently(lesson, tmp_path):
    kept = {k: v for k, v in os.environ.items() if k not in SETTINGS}
    command = [sys.executable, "-m", "tests.out_of_order.play", str(lesson)]
    done = subprocess.run(
        [*command, str(tmp_path)],
        cwd=ROOT,
        env=kept | CONDITIONS,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout.splitlines()[-1]) | {"state": state_of(lesson)}
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{lesson.stem}.json").write_text(json.dumps(said, indent=1))
    assert len(said["ways"]) == 20
    assert [way for way in said["ways"] if way["wrong"]] == []
    assert said["differs"] == [], "not the same in two runs, and not in VARYING"
