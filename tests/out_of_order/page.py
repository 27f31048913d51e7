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


def as_page(verdicts):
    """Return the section's Markdown. verdicts: {lesson: list of verdicts}."""
    by_lesson = {stem: Counter(map(outcome, ways)) for stem, ways in verdicts.items()}
    by_lesson["all"] = sum(by_lesson.values(), Counter())
    every = [way for ways in verdicts.values() for way in ways]
    by_kind = {
        kind: Counter(outcome(way) for way in every if way["kind"] == kind)
        for kind in HOW_MANY
    }
    return _table("lesson", by_lesson) + "\n" + _table("kind of way", by_kind)


def _table(what, rows):
    lines = ["| " + " | ".join([what, "ways", *COLUMNS.values()]) + " |"]
    lines.append("|---" * (len(COLUMNS) + 2) + "|")
    for name, counts in rows.items():
        cells = [name, counts.total(), *(counts[key] for key in COLUMNS)]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"
