"""Marks as tables: grades.csv, totals.csv, and the numbers of the summary."""

import csv
import io
from collections import Counter, defaultdict

from course_utils.grading.limits import Mark
from course_utils.pinned_files import write_atomically

COLUMNS = ("student", "notebook", "exercise", "points", "status", "possible")
TOTALS = ("student", "notebook", "points", "possible")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(graded, path):
    """Write one row an exercise. graded: a list of (Submission, marks)."""
    rows = []
    for submission, marks in graded:
        for mark in marks:
            points, possible = f"{mark.points:g}", f"{mark.possible:g}"
            of_mark = (mark.exercise, points, mark.status, possible)
            rows.append((*_who(submission), *of_mark))
    _write(COLUMNS, rows, path)


def write_totals(graded, path):
    """Write one row a notebook, for a gradebook. graded: as for write_csv."""
    rows = [
        (*_who(submission), f"{points:g}", f"{possible:g}")
        for submission, marks in graded
        for points, possible in [sum_of(marks)]
    ]
    _write(TOTALS, rows, path)


def _write(head, rows, path):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    write_atomically(path, text.getvalue().encode("utf-8"))


def _who(submission):
    return _harmless(submission.student), _harmless(submission.notebook)


def _harmless(text):
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def sum_of(marks):
    """Return (points, possible points)."""
    return sum(mark.points for mark in marks), sum(mark.possible for mark in marks)


def about_the_file(marks):
    """Return one mark for the whole file where no exercise of it could be judged.

    Then all have the same message, and no code. Otherwise the marks as they are.
    """
    same = {(mark.status, mark.message, mark.code) for mark in marks}
    if len(marks) < 2 or len(same) > 1 or marks[0].code:
        return marks
    points, possible = sum_of(marks)
    return [Mark("", marks[0].status, points, possible, marks[0].message)]


def counts_by_exercise(graded):
    """Return {exercise: Counter of statuses}, in the order of the notebooks."""
    counts = defaultdict(Counter)
    for _, marks in graded:
        for mark in marks:
            if mark.exercise:
                counts[mark.exercise][mark.status] += 1
    return dict(counts)


def histogram(shares, bins=10):
    """Count shares between 0 and 1 in bins of equal width, 1 in the last: a list."""
    counts = [0] * bins
    for share in shares:
        counts[min(int(share * bins), bins - 1)] += 1
    return counts
