"""`make test-crash`: full disks, and homes and folders as no laptop should have them.

The figures go to docs/reliability.md, section "disk", when all parts have run.
"""

import pytest

from tests.crashes.works import WORKS
from tests.disk_faults.namespace import need_own_mounts
from tests.disk_faults.places import FAULTS
from tests.disk_faults.uses import USES
from tests.reliability_page import write_section
from tests.slow.side_by_side import side_by_side

TIMES = 12  # that each work meets a full disk
found = {}  # what each part has measured


def test_on_a_full_disk_one_message_and_nothing_half():
    module = "tests.disk_faults.full_disk"
    found["full"] = side_by_side(module, list(WORKS), [TIMES], need_own_mounts())
    assert not any(one["lost"] for one in found["full"]), found["full"]


def test_in_odd_places_the_right_result_or_one_message():
    module = "tests.disk_faults.places"
    found["places"] = side_by_side(module, list(FAULTS), before=need_own_mounts())
    assert not any(one["lost"] for one in found["places"]), found["places"]


def test_the_figures_are_written():
    if set(found) != {"full", "places"}:
        pytest.skip("the page has the figures of the whole only")
    write_section("disk", body(**found))


def body(full, places):
    """Return the section's tables (Markdown)."""
    faults = [one for one in places if one["name"] != "nothing wrong"]
    rows = [
        "| fault | " + " | ".join(f"`{use}`" for use in USES) + " | once it is gone |",
        "| --- " * (len(USES) + 2) + "|",
    ]
    for one in faults:
        gone = ("all right" if not one["lost"] else "lost") if one["cured"] else ""
        words = " | ".join(one[use] for use in USES)
        rows.append(f"| {one['name']} | {words} | {gone} |")
    lost = sum(bool(one["lost"]) for one in faults)
    uses = [one[use] for one in faults for use in USES]
    rows += [
        "",
        f"**{len(faults)} faults: {len(faults) - lost} survived, {lost} lost**, of "
        f"{len(uses)} uses {uses.count('right')} gave the right result and "
        f"{uses.count('said')} one message.",
        "",
        "| full disk, before or in the midst of | full disks | different amounts of "
        "room | said, nothing half left | went on, result right | lost |",
        "| --- " * 6 + "|",
    ]
    for one in full:
        counts = [one[key] for key in ("name", "full", "rooms", "said", "went on")]
        rows.append(f"| {' | '.join(map(str, counts))} | {len(one['lost'])} |")
    total = sum(one["full"] for one in full)
    harmed = sum(len(one["lost"]) for one in full)
    fits = sum(one["fits"] for one in full)
    rows += [
        "",
        f"**{total} full disks: {total - harmed} survived, {harmed} lost**; with room "
        "again, the next run was whole each time it survived. Works that found room "
        f"enough after all, which are not counted: {fits}.",
    ]
    return "\n".join(rows)
