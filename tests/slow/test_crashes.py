"""`make test-crash`: kill -9 at moments drawn from seeds, and two kernels at once.

The figures go to docs/reliability.md, section "crashes", when all parts have run.
"""

import contextlib
import queue
import random
import sys

import pytest
from jupyter_client.manager import start_new_kernel

from tests.crashes.races import RACES
from tests.crashes.trials import KINDS
from tests.crashes.works import WORKS
from tests.reliability_page import write_section
from tests.slow.side_by_side import side_by_side

# Kill -9 of each work in its midst: both former states, all kinds of moments.
FETCHED_AND_SAVED, STUDENTS_WORK = [*WORKS][:5], [*WORKS][5:]
KILLS = ((FETCHED_AND_SAVED, 41), (STUDENTS_WORK, 18))
ASKED = 200  # of what is fetched, cached and saved
PAIRS = 12  # of each race
KERNELS = 3
SAVING = """
from tests.crashes.saved_models import save_version
save_version(0)
print("begun", flush=True)
while True:
    save_version(1)
    save_version(0)
"""
LOADING = """
from course_utils import saved_folder
from tests.crashes.saved_models import STEM, version_in
print("whole", version_in(saved_folder(STEM)))
"""
found = {}  # what each part has measured

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="needs Linux"
)


def test_killed_at_any_moment_the_old_or_the_new_is_whole():
    found["kills"] = []
    for works, kills in KILLS:
        found["kills"] += side_by_side("tests.crashes.trials", works, [kills])
    assert not any(one["lost"] for one in found["kills"]), found["kills"]
    fetched_and_saved = found["kills"][: len(FETCHED_AND_SAVED)]
    assert sum(one["kill -9"] for one in fetched_and_saved) >= ASKED


def test_two_kernels_at_once_lose_nothing():
    found["pairs"] = side_by_side("tests.crashes.races", list(RACES), [PAIRS])
    assert not any(one["lost"] for one in found["pairs"]), found["pairs"]


def test_a_kernel_killed_while_it_saves_leaves_a_model_for_the_next(
    tmp_path, monkeypatch
):
    """A real kernel, as JupyterLab starts it, killed by the system and restarted."""
    monkeypatch.setenv("COURSE_ARTIFACTS", str(tmp_path))
    draw, seen = random.Random("kernels"), []
    manager, client = start_new_kernel()
    try:
        for _ in range(KERNELS):
            client.execute(SAVING)
            wait_for_text(client)
            with contextlib.suppress(queue.Empty):
                client.get_iopub_msg(timeout=draw.uniform(0, 1))
            manager.restart_kernel(now=True)  # SIGKILL
            client.wait_for_ready()
            client.execute(LOADING)
            seen.append(wait_for_text(client))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    found["kernels"] = seen
    assert all(text.startswith("whole ") for text in seen), seen


def wait_for_text(client):
    """Return the next text that the kernel prints, or its error."""
    while True:
        message = client.get_iopub_msg(timeout=300)
        if message["msg_type"] == "stream":
            return message["content"]["text"]
        if message["msg_type"] == "error":
            return message["content"]["evalue"]


def test_the_figures_are_written():
    if set(found) != {"kills", "pairs", "kernels"}:
        pytest.skip("the page has the figures of the whole only")
    write_section("crashes", body(**found))


def body(kills, pairs, kernels):
    """Return the section's tables (Markdown)."""
    died = sum(one["kills"] for one in kills)
    midst = sum(one["during"] for one in kills)
    by_kill = sum(one["kill -9"] for one in kills)
    unhurt = sum(one["unhurt"] for one in kills)
    lost = sum(len(one["lost"]) for one in kills)
    keys = ("kills", "before", "during", "kill -9")
    keys += ("left old", "left part", "left new")
    rows = [
        "| killed work | kills | before its first change | in the midst | by kill -9 | "
        "old state left | some files new, all whole | new state left | lost |",
        "| --- " * 9 + "|",
    ]
    for one in kills:
        counts = [one["name"], *(one.get(key, 0) for key in keys), len(one["lost"])]
        rows.append("| " + " | ".join(map(str, counts)) + " |")
    rows += [
        "",
        f"**{died} kills: {died - lost} survived, {lost} lost.** {midst} of them "
        "struck in the midst, between the first change and the end of the work: "
        f"{by_kill} by kill -9. Where the work ended first, nothing was killed: "
        f"{unhurt} such draws are not counted. Moments of {len(KINDS)} kinds took "
        "turns: kill -9 before a change of a file, kill -9 after a part of the usual "
        "time, and in the middle of a write, where the system ends the process by a "
        "limit on the size of files. Real kernels killed "
        f"while they saved, and restarted: {len(kernels)}, with a whole model "
        f"{sum(text.startswith('whole') for text in kernels)}.",
        "",
        "| two kernels at once | pairs | lost |",
        "| --- | --- | --- |",
    ]
    rows += [f"| {p['name']} | {p['pairs']} | {len(p['lost'])} |" for p in pairs]
    total, harmed = (
        sum(p["pairs"] for p in pairs),
        sum(len(p["lost"]) for p in pairs),
    )
    loads = sum(p["loads"] for p in pairs)
    rows += [
        "",
        f"**{total} pairs: {total - harmed} survived, {harmed} lost.** {loads} models "
        "were loaded while another kernel saved or right after it.",
    ]
    return "\n".join(rows)
