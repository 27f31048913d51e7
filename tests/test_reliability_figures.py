"""Each promise of docs/reliability.md has its figures: of a whole run, nothing lost."""

import pytest

from tests.reliability_claims import BY_SECTION, DRAWING, LESSONS, lacking
from tests.reliability_page import PAGE, sections
from tests.slow.version_sets import SETS

MEASURED = sections(PAGE.read_text("utf-8"))


def table(columns, *rows):
    """Return a Markdown table of lists of what its cells hold."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


WHOLE = {
    "calls": "141 functions and classes; 372 of 372 explained.",
    "crashes": "**240 kills: 240 survived, 0 lost.** 9 real ones.\n\n"
    "**96 pairs: 96 survived, 0 lost.**\n" + table(["work", "lost"], ["a", 0]),
    "determinism": table(
        ["lesson", "cells compared", "with one thread, differ"],
        *([stem, 30, 0] for stem in LESSONS),
    ),
    "disk": "**13 faults: 13 survived, 0 lost**\n"
    "**96 full disks: 96 survived, 0 lost**",
    "hypothesis": table(["input in", "cases, all passed"], ["together", "21,660"]),
    "memory": table(
        ["lesson", "700 MB", "1,500 MB"],
        *([stem, "killed in cell 4", "(whole)"] for stem in LESSONS),
    ),
    "network": "Faults tried: 75. Survived and healed: 75. Lost: 0.\n"
    + table(["fault", "survived", "healed"], *([n, "yes", "yes"] for n in range(75))),
    "order": table(
        ["lesson", "ways", "silently wrong"], *([stem, 20, 0] for stem in LESSONS)
    ),
    "seeds": table(
        ["lesson", "seeds", "claims checked with each", "claims that failed"],
        *([stem, "1 2 3 4", 24, 0] for stem in DRAWING),
    ),
    "versions": table(
        ["set", "Python", "lessons"],
        *([name, "3.10.1", " ".join(SETS[name].lessons)] for name in SETS),
    ),
}
SPOILT = [
    ("calls", "372 of", "371 of"),
    ("calls", "372 of 372", "120 of 120"),
    ("crashes", "240 kills: 240", "168 kills: 168"),
    ("crashes", "240 survived, 0 lost", "237 survived, 3 lost"),
    ("crashes", "| a | 0 |", "| a | 1 |"),
    ("crashes", "96 pairs", "96 others"),
    ("determinism", "| 30 | 0 |", "| 30 | 1 |"),
    ("determinism", f"| {LESSONS[3]} |", "| another |"),
    ("determinism", "thread, differ", "thread"),
    ("disk", "13 faults: 13 survived, 0", "13 faults: 12 survived, 1"),
    ("hypothesis", "21,660", "9,999"),
    ("memory", "(whole)", "killed in cell 3"),
    ("memory", LESSONS[-1], "another"),
    ("network", "| 74 | yes | yes |\n", ""),
    ("network", "| 74 | yes | yes |", "| 74 | yes | no |"),
    ("network", "Lost: 0", "Lost: 1"),
    ("order", "| 20 | 0 |", "| 20 | 15 |"),
    ("order", "| 20 | 0 |", "| 19 | 0 |"),
    ("order", LESSONS[0], "another"),
    ("seeds", "1 2 3 4", "1 2"),
    ("seeds", "| 24 | 0 |", "| 24 | 2 |"),
    ("seeds", "| 24 | 0 |", "| 0 | 0 |"),
    ("seeds", DRAWING[0], "another"),
    ("versions", "| newest |", "| another |"),
    ("versions", " 05 ", " "),
    ("versions", "00 01", "00, failed: 01"),
]


def test_the_page_has_these_promises():
    assert set(MEASURED) == set(BY_SECTION) == set(WHOLE)


@pytest.mark.parametrize("name", BY_SECTION)
def test_every_promise_has_the_figures_of_a_whole_run(name):
    assert "Measured on" in MEASURED[name]
    assert lacking(name, MEASURED[name]) == []


@pytest.mark.parametrize("name", BY_SECTION)
def test_whole_figures_lack_nothing(name):
    assert lacking(name, WHOLE[name]) == []


@pytest.mark.parametrize(("name", "was", "now"), SPOILT)
def test_a_part_or_a_loss_is_noticed(name, was, now):
    assert was in WHOLE[name]
    assert lacking(name, WHOLE[name].replace(was, now))


@pytest.mark.parametrize("name", BY_SECTION)
def test_an_empty_section_lacks_its_figures(name):
    assert lacking(name, "")
