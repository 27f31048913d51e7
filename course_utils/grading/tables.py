"""Marks as a table: grades.csv, and the numbers that the summary is made of."""

import csv
import io
from collections import Counter, defaultdict

from course_utils.pinned_files import write_atomically

COLUMNS = ("student", "notebook", "exercise", "points", "status")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(graded, path):
    """Write one row an exercise. graded: a list of (Submission, marks)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for submission, marks in graded:
        who = [_harmless(submission.student), _harmless(submission.notebook)]
        for mark in marks:
            writer.writerow([*who, mark.exercise, f"{mark.points:g}", mark.status])
    write_atomically(path, text.getvalue().encode("utf-8"))


def _harmless(text):
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def totals(graded):
    """Return {(student, notebook): (points, possible points)}."""
    return {
        (submission.student, submission.notebook): (
            sum(mark.points for mark in marks),
            sum(mark.possible for mark in marks),
        )
        for submission, marks in graded
    }


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
