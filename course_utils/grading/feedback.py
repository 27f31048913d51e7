"""One page for each submission: what every check has found, for the student to read."""

import hashlib
import re
from html import escape
from pathlib import Path
from urllib.parse import quote

from course_utils.grading.limits import RESTORED
from course_utils.grading.pages import SYMBOLS, colour, page
from course_utils.grading.tables import about_the_file, sum_of
from course_utils.pinned_files import write_atomically

FOLDER = "feedback"
NOTHING_TO_DO = "You need not do anything about the check cell: your points count."


def feedback_path(submission):
    """Return the page's path below the results' folder, safe whatever the names are."""
    student, notebook = map(_safe, (submission.student, submission.notebook or "none"))
    return Path(FOLDER) / student / f"{notebook}.html"


def feedback_link(submission):
    """Return the page's address as seen from the summary."""
    return "/".join(map(quote, feedback_path(submission).parts))


def write_feedback(submission, marks, out, titles=None):
    """Write the page of one submission. titles: {exercise: title}."""
    target = out / feedback_path(submission)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = feedback_page(submission, marks, titles)
    write_atomically(target, text.encode("utf-8"))


def feedback_page(submission, marks, titles=None):
    """Return the page: points, then one part for each exercise, under its title."""
    points, possible = sum_of(marks)
    head = (
        f"<p>{escape(submission.student)}: <b>{points:g} of {possible:g} points</b></p>"
    )
    whole = "The file:" if submission.path else "No notebook:"
    parts = [_part(mark, titles or {}, whole) for mark in about_the_file(marks)]
    return page(submission.notebook or "no notebook", "\n".join([head, *parts]))


def _part(mark, titles, whole):
    name = mark.exercise or whole
    if mark.exercise in titles:
        name += f" {titles[mark.exercise]} ·"
    head = f"{SYMBOLS[mark.status]} {name} {mark.status}"
    code = (
        f"<details><summary>Your code</summary><pre>{escape(mark.code)}</pre></details>"
        if mark.code
        else ""
    )
    message = mark.message
    if message == f"{mark.exercise} {mark.status}":  # the heading says it
        message = ""
    if mark.status == RESTORED:
        first, _, rest = message.partition("\n")
        message = f"{first}\n{NOTHING_TO_DO}\n{rest}"
    said = f"<pre>{escape(message)}</pre>" if message else ""
    return (
        f'<section style="border-color:{colour(mark.status)}">'
        f"<h3>{escape(head)} · {mark.points:g} of {mark.possible:g}</h3>"
        f"{said}{code}</section>"
    )


def _safe(name):
    """Return a name for a file or folder; one that had to be altered gets a mark.

    The mark differs between any two names, so that no page replaces another.
    """
    clean = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", name).strip(". ")[:100]
    if clean == name:
        return name
    mark = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{clean}-{mark}"
