"""What the runs in other orders found, as tables for docs/reliability.md."""

from collections import Counter

from tests.out_of_order.ways import HOW_MANY

COLUMNS = {
    "same": "same numbers",
    "name": "a name is missing",
    "message": "the course's message",
    "check": "an assertion of the lesson",
    "other": "a library's error",
    "wrong": "silently wrong",
}


def outcome(way):
    """Return what became of a way: a key of COLUMNS."""
    return "wrong" if way["wrong"] else way.get("error", "same")


def as_page(found):
    """Return the section's Markdown. found: {lesson: dict of `try_ways`}."""
    by_lesson = {
        stem: Counter(map(outcome, said["ways"])) for stem, said in found.items()
    }
    by_lesson["all"] = sum(by_lesson.values(), Counter())
    every = [way for said in found.values() for way in said["ways"]]
    by_kind = {
        kind: Counter(outcome(way) for way in every if way["kind"] == kind)
        for kind in HOW_MANY
    }
    tables = [_table("lesson", by_lesson), _table("kind of way", by_kind)]
    return "\n".join([*tables, _compared(found)])


def _compared(found):
    """Return how many texts and values were compared, and which were not."""
    compared = sum(said["compared"] for said in found.values())
    left_out = [
        f"{stem[:2]} `{name}`"
        for stem, said in found.items()
        for name in said["not compared"]
    ]
    return (
        f"Texts and values of the cells that were compared: {compared:,}. "
        f"Not compared: {len(left_out)}{': ' * bool(left_out)}{', '.join(left_out)}.\n"
    )


def _table(what, rows):
    lines = ["| " + " | ".join([what, "ways", *COLUMNS.values()]) + " |"]
    lines.append("|---" * (len(COLUMNS) + 2) + "|")
    for name, counts in rows.items():
        cells = [name, counts.total(), *(counts[key] for key in COLUMNS)]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"
