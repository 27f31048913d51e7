"""The summary for the instructor: totals, a histogram, and what needs a look."""

from html import escape

from course_utils.grading.feedback import feedback_link
from course_utils.grading.limits import (
    CRASHED,
    MEMORY,
    NEEDS_A_LOOK,
    RESTORED,
    STATUSES,
    TIMEOUT,
    UNREADABLE,
)
from course_utils.grading.pages import Link, page, table
from course_utils.grading.tables import (
    about_the_file,
    counts_by_exercise,
    histogram,
    sum_of,
)
from course_utils.pinned_files import write_atomically

TO_SEE = (UNREADABLE, NEEDS_A_LOOK, RESTORED, TIMEOUT, MEMORY, CRASHED)
WIDTH, HEIGHT, MARGIN = 640, 200, 24


def write_summary(graded, path, unsafe=False, left_out=()):
    """Write the page.

    graded: a list of (Submission, marks). left_out: names of what was not read.
    """
    text = summary_page(graded, unsafe, left_out)
    write_atomically(path, text.encode("utf-8"))


def summary_page(graded, unsafe=False, left_out=()):
    """Return the page."""
    students = {submission.student for submission, _ in graded}
    head = f"<p>{len(students)} students, {_notebooks(graded)} notebooks.</p>"
    if left_out:
        head += f"<p><b>{escape(_not_read(left_out))}</b></p>"
    if unsafe:
        head += (
            "<p><b>Graded with --unsafe:</b> the students' code could read the "
            "solutions and change these pages.</p>"
        )
    parts = [
        head,
        _histograms(graded),
        "<h2>To look at</h2>",
        _to_see(graded),
        "<h2>Students</h2>",
        _students(graded),
        "<h2>Exercises</h2>",
        _exercises(graded),
    ]
    return page("Grades", "\n".join(parts))


def _notebooks(graded):
    """Return the number of files: a student's folder without one counts as none."""
    return sum(submission.path is not None for submission, _ in graded)


def _not_read(names):
    return f"Not read, as neither a folder nor a notebook: {', '.join(names)}"


def summary_text(graded, left_out=()):
    """Return the summary's main lines as text, for the terminal."""
    shares = _shares(graded)
    lines = [f"{_notebooks(graded)} notebooks graded"]
    if shares:
        lines[0] += f", {sum(shares) / len(shares):.0%} of the points on average"
        most = max(histogram(shares))
        for number, count in enumerate(histogram(shares)):
            bar = "#" * round(30 * count / most)
            lines.append(
                f"{10 * number:>4} to {10 * number + 10:>3} % {count:>4} {bar}"
            )
    files = exercises = 0
    for _, mark in _marks_to_see(graded):
        files, exercises = files + (not mark.exercise), exercises + bool(mark.exercise)
    if files or exercises:
        found = f"files or folders {files}, exercises {exercises}"
        lines.append(f"To look at in summary.html: {found}")
    if left_out:
        lines.append(_not_read(left_out))
    return "\n".join(lines)


def _shares(graded):
    sums = [sum_of(marks) for _, marks in graded]
    return [points / most for points, most in sums if most]


def _histograms(graded):
    """Return a histogram for each notebook: an SVG, with the same numbers as text."""
    parts = []
    for notebook in sorted({s.notebook for s, _ in graded}):
        some = [(s, marks) for s, marks in graded if s.notebook == notebook]
        shares = _shares(some)
        if shares:
            mean = f"{sum(shares) / len(shares):.0%}"
            title = f"{notebook}: {mean} of the points on average"
            parts.append(f"<h2>{escape(title)}</h2>{_svg(histogram(shares))}")
    return "\n".join(parts)


def _svg(counts):
    most, step = max(counts), WIDTH / len(counts)
    said = ", ".join(
        f"{count} from {10 * i} to {10 * i + 10} %" for i, count in enumerate(counts)
    )
    parts = []
    for i, count in enumerate(counts):
        height = (HEIGHT - 2 * MARGIN) * count / most
        x, y = i * step, HEIGHT - MARGIN - height
        parts.append(
            f'<rect x="{x + 2:.0f}" y="{y:.0f}" width="{step - 4:.0f}" '
            f'height="{height:.0f}" fill="#0969da"/>'
            f'<text x="{x + step / 2:.0f}" y="{y - 4:.0f}">{count or ""}</text>'
            f'<text x="{x + step / 2:.0f}" y="{HEIGHT - 6}">'
            f"{10 * i}-{10 * i + 10}</text>"
        )
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" '
        f'aria-label="Notebooks by share of the points: {said}" fill="currentColor" '
        f'font-size="12" text-anchor="middle">{"".join(parts)}</svg>'
        "<figcaption>Number of notebooks, by per cent of the points</figcaption>"
        "</figure>"
    )


def _marks_to_see(graded):
    """Return a list of (Submission, mark): one for a file that could not be judged."""
    return [
        (submission, mark)
        for submission, marks in graded
        for mark in about_the_file(marks)
        if mark.status in TO_SEE
    ]


def _to_see(graded):
    rows = [
        (
            Link(submission.student, feedback_link(submission)),
            submission.notebook,
            mark.exercise or ("the file" if submission.path else ""),
            mark.status,
            mark.message.strip().splitlines()[0][:120] if mark.message.strip() else "",
        )
        for submission, mark in _marks_to_see(graded)
    ]
    if not rows:
        return "<p>Nothing: every answer was right, wrong, or not attempted.</p>"
    return table(("student", "notebook", "exercise", "status", "why"), rows)


def _exercises(graded):
    counts = counts_by_exercise(graded)
    used = [status for status in STATUSES if any(c[status] for c in counts.values())]
    rows = [(id, *(c[status] or "" for status in used)) for id, c in counts.items()]
    return table(("exercise", *used), rows, range(1, len(used) + 1))


def _students(graded):
    """Return a row for each notebook, and for all those of a student with several."""
    by_student = {}
    for submission, marks in graded:
        by_student.setdefault(submission.student, []).append((submission, marks))
    rows = []
    for student, some in by_student.items():
        for submission, marks in some:
            link = Link(student, feedback_link(submission))
            rows.append((link, submission.notebook, *_points(marks)))
        if len(some) > 1:
            together = [mark for _, marks in some for mark in marks]
            rows.append((student, f"all {len(some)}", *_points(together)))
    return table(("student", "notebook", "points", "of", "share"), rows, (2, 3, 4))


def _points(marks):
    points, most = sum_of(marks)
    return f"{points:g}", f"{most:g}", f"{points / most:.0%}" if most else ""
