"""The progress panel: which exercises of this notebook and of the course are done."""

from html import escape

from course_utils.checks.engine import exercises_of, lesson_of, lessons
from course_utils.checks.progress import progress_file, read, this_session, trouble
from course_utils.checks.result import show_both

MARKS = {"ok": "✓", "failed": "✗", "timeout": "✗", "not attempted": "○"}


def progress_panel():
    """Show which exercises of this notebook and of the course are done.

    "This notebook" are the lessons whose checks ran in this kernel. Returns nothing; a
    missing, damaged or unwritable file is said, and is no error.
    """
    lines, problem = _panel()
    text = "\n".join([*lines, *problem])
    style = "border-left:5px solid #0969da;padding:2px 0 2px 10px"
    html = "<br>".join(escape(line) for line in [*lines, *problem])
    for mark in sorted(set(MARKS.values())):  # a mark and its exercise stay on one line
        html = html.replace(f"{mark} ", f"&ensp;{mark}&nbsp;")
    show_both(text, f'<div style="{style}">{html}</div>')


def _panel():
    path = progress_file()
    done, problem = read(path) if path else ([], [])
    problem = problem + trouble
    if path is None:
        problem = ["Progress is kept only for notebooks in the folder exercises."]
    done = {*done, *(id for id, status in this_session.items() if status == "ok")}
    mine = {lesson_of(id) for id in this_session}
    lines, total, finished = [], 0, 0
    for lesson in lessons():
        ids = list(exercises_of(lesson))
        ready = [id for id in ids if id in done]
        total, finished = total + len(ids), finished + len(ready)
        if lesson in mine:
            marks = "  ".join(f"{_mark(id, done)} {id}" for id in ids)
            lines.append(f"Lesson {lesson}: {len(ready)} of {len(ids)} done")
            lines.append(marks)
    if path:
        lines.append(f"The course: {finished} of {total} done")
    lines.append("✓ done   ✗ not yet   ○ not attempted")
    return lines, problem


def _mark(id, done):
    return MARKS["ok" if id in done else this_session.get(id, "not attempted")]
