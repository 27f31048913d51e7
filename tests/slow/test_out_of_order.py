"""Each lesson with its cells in twenty other orders: right, or a clear error.

make test-order                  all lessons; writes a section of docs/reliability.md
make test-order TESTS=03         one of them
"""

import json
import os
import subprocess
import sys

import pytest

from tests.lesson_runs import SETTINGS
from tests.out_of_order.page import as_page
from tests.reliability_page import write_section
from tests.slow.lesson_copies import LESSONS, ROOT

CONDITIONS = {
    "COURSE_PROFILE": "small",
    "COURSE_PROGRESS": "off",
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",  # a process with threads is not to be forked
    "PYTHONHASHSEED": "0",
    "TOKENIZERS_PARALLELISM": "false",
}


@pytest.fixture(scope="module")
def verdicts():
    """What became of each way, by lesson; where all were tried, the page is written."""
    found = {}
    yield found
    if len(found) == len(LESSONS):
        write_section("order", as_page(found))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_no_order_gives_a_wrong_number_silently(lesson, tmp_path, verdicts):
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
    ways = json.loads(done.stdout.splitlines()[-1])["ways"]
    verdicts[lesson.stem] = ways
    assert len(ways) == 20
    assert [way for way in ways if way["wrong"]] == []
