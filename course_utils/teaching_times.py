"""Minutes of lessons and plans for docs/teaching.md: `make teaching-times`.

Reading time is counted from a lesson's words, lines of code and figures, exercise time
from the titles of the exercises, run time is copied from the pages of measurements.
"""

import re
import sys
from functools import cache
from pathlib import Path

import nbformat

from course_utils.slides import ALT_TEXT, slides_of
from course_utils.teaching_plans import DAY, EVENINGS, TERM

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "teaching.md"
MEASURED = ("tests/benchmarks/README.md", "docs/budgets.md")  # the first that has it
WORDS_A_MINUTE = 110  # dense prose with symbols, read to be understood
CODE_LINES_A_MINUTE = 15
SECONDS_A_FIGURE = 30
MINUTES_A_SLIDE = 2
OTHER_MINUTES = {"start": 20, "break": 15, "lunch": 60, "talk": 20}
OTHER_WORDS = {"start": "set-up, start page", "talk": "talk"}
BEGINS = 9 * 60  # the day, at nine o'clock
TITLE = re.compile(
    r"^### (?P<id>\d+\.[pq]?\d+) (?P<name>.+?) · (?:\w+ · )?"
    r"(?P<level>warm-up|core|stretch) · (?P<minutes>\d+) min$",
    re.M,
)


def lessons():
    """Return {number: path} of the lessons (the start page is none)."""
    found = {int(p.name[:2]): p for p in sorted((ROOT / "notebooks").glob("*.ipynb"))}
    return {number: path for number, path in found.items() if number}


def markdown_of(path):
    """Return the Markdown of a notebook as one text."""
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def reading_minutes(path):
    """Return the estimated minutes to read a lesson (int), without running it."""
    codes = [c for c in nbformat.read(path, as_version=4).cells if "outputs" in c]
    words = len(ALT_TEXT.sub("", markdown_of(path)).split())
    lines = sum(bool(line.strip()) for c in codes for line in c.source.splitlines())
    outputs = [output.get("data", {}) for c in codes for output in c.outputs]
    figures = sum("image/png" in data for data in outputs)
    minutes = words / WORDS_A_MINUTE + lines / CODE_LINES_A_MINUTE
    return round(minutes + figures * SECONDS_A_FIGURE / 60)


def talk_minutes(path):
    """Return the minutes to show a lesson's slides (int)."""
    slides = slides_of(nbformat.read(path, as_version=4))
    return len(slides) * MINUTES_A_SLIDE


@cache
def exercises():
    """Return {id: (name, level, minutes)} of all exercises, from their titles."""
    found = {}
    for path in lessons().values():
        for title in TITLE.finditer(markdown_of(ROOT / "exercises" / path.name)):
            found[title["id"]] = title["name"], title["level"], int(title["minutes"])
    return found


def run_seconds(stem):
    """Return the measured seconds of a lesson (str), a dash where there are none."""
    for name in MEASURED:
        page = ROOT / name
        text = page.read_text("utf-8") if page.exists() else ""
        row = re.search(rf"^\| {stem} \| (\d+) \|", text, re.M)
        if row:
            return row[1]
    return "-"


def minutes_of(part):
    """Return the minutes of one part of a session (int). Raises KeyError for a part
    that does not exist."""
    if part in OTHER_MINUTES:
        return OTHER_MINUTES[part]
    if isinstance(part, int):
        return talk_minutes(lessons()[part])
    return exercises()[part][2]


def in_words(part):
    """Return a part of a session as the page writes it (str)."""
    if isinstance(part, int):
        return f"slides {part:02d}"
    if part in OTHER_MINUTES:
        return OTHER_WORDS.get(part, part)
    return part


def clock(minutes):
    """Return minutes after midnight as a time of day, such as 9:05."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def table(header, rows):
    """Return a Markdown table (list of lines)."""
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(map(str, line)) + " |" for line in lines]


def lesson_table():
    """Return the table of the lessons' minutes (list of lines)."""
    rows, known = [], exercises()
    for number, path in lessons().items():
        own = [x for id, x in known.items() if id.split(".")[0] == str(number)]
        by_level = [
            sum(minutes for _, level, minutes in own if level == wanted)
            for wanted in ("warm-up", "core", "stretch")
        ]
        link = f"[{path.stem}](../notebooks/{path.name})"
        talk, seconds = talk_minutes(path), run_seconds(path.stem)
        rows.append([link, reading_minutes(path), seconds, talk, *by_level])
    header = ["lesson", "read, min", "run, s", "slides, min"]
    return table([*header, "warm-up, min", "core, min", "stretch, min"], rows)


def day_table():
    """Return the day, part by part, with times of day (list of lines)."""
    rows, now, known = [], BEGINS, exercises()
    for title, parts in DAY:
        rows.append(["", f"**{title}**", ""])
        for part in parts:
            minutes = minutes_of(part)
            words = in_words(part)
            if part in known:
                words = f"exercise {part} {known[part][0]}"
            rows.append([clock(now), words, minutes])
            now += minutes
    rows.append([clock(now), "end", ""])
    return table(["time", "what", "min"], rows)


def sessions_table(what, sessions, homework=False):
    """Return one row a session (list of lines). what: evening or week. homework: with
    the minutes that are left: reading, and the exercises not done in class."""
    rows, known = [], exercises()
    for number, (title, parts) in enumerate(sessions, 1):
        words = ", ".join(map(in_words, parts))
        row = [number, title, words, sum(map(minutes_of, parts))]
        if homework:
            taught = [part for part in parts if isinstance(part, int)]
            left = sum(reading_minutes(lessons()[lesson]) for lesson in taught)
            left += sum(
                minutes
                for id, (_, level, minutes) in known.items()
                if int(id.split(".")[0]) in taught
                and id not in parts
                and level != "stretch"
            )
            row.append(left)
        rows.append(row)
    header = [what, "subject", "in class", "min"]
    return table(header + ["at home, min"] * homework, rows)


BLOCKS = {
    "lessons": lesson_table,
    "day": day_table,
    "evenings": lambda: sessions_table("evening", EVENINGS),
    "term": lambda: sessions_table("week", TERM, homework=True),
}


def written(text):
    """Return the page's text with every block between its marks written anew.

    Raises ValueError where a mark is missing.
    """
    for name, lines in BLOCKS.items():
        start, end = (
            f"<!-- {name}: by make teaching-times -->\n",
            f"<!-- end {name} -->",
        )
        if start not in text or end not in text:
            raise ValueError(f"{PAGE.name} has no marks {start.strip()} and {end}")
        before, rest = text.split(start)
        text = before + start + "\n".join(lines()) + "\n" + end + rest.split(end)[1]
    return text


def main():
    """Write the tables into docs/teaching.md. Returns the exit status."""
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    print(f"Wrote the tables of {PAGE.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
