"""One page for each submission: what every check has found, for the student to read."""

import hashlib
import re
from html import escape
from pathlib import Path
from urllib.parse import quote

from course_utils.grading.pages import SYMBOLS, colour, page
from course_utils.grading.tables import about_the_file, sum_of
from course_utils.pinned_files import write_atomically

FOLDER = "feedback"


def feedback_path(submission):
    """Return the page's path below the results' folder, safe whatever the names are."""
    student, notebook = map(_safe, (submission.student, submission.notebook or "none"))
    return Path(FOLDER) / student / f"{notebook}.html"


def feedback_link(submission):
    """Return the page's address as seen from the summary."""
    return "/".join(map(quote, feedback_path(submission).parts))


def write_feedback(submission, marks, out):
    """Write the page of one submission."""
    target = out / feedback_path(submission)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, feedback_page(submission, marks).encode("utf-8"))


def feedback_page(submission, marks):
    """Return the page: points, then one part for each exercise."""
    points, possible = sum_of(marks)
    head = (
        f"<p>{escape(submission.student)}: <b>{points:g} of {possible:g} points</b></p>"
    )
    title = submission.notebook or "no notebook"
    return page(title, "\n".join([head, *map(_part, about_the_file(marks))]))


def _part(mark):
    name = mark.exercise or "The file:"
    head = f"{SYMBOLS[mark.status]} {name} {mark.status}"
    code = (
        f"<details><summary>Your code</summary><pre>{escape(mark.code)}</pre></details>"
        if mark.code
        else ""
    )
    return (
        f'<section style="border-color:{colour(mark.status)}">'
        f"<h3>{escape(head)} · {mark.points:g} of {mark.possible:g}</h3>"
        f"<pre>{escape(mark.message)}</pre>{code}</section>"
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
