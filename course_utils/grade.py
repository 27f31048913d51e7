"""Grade a folder: `python -m course_utils.grade submissions/ --out grades/`

Each notebook runs in a sandbox of its own; the course's checks, in a process that it
cannot reach, decide. Written are grades.csv, totals.csv, summary.html and
feedback/STUDENT/NOTEBOOK.html. Run it again after an interruption: what is graded
already is kept.
"""

import argparse
import sys
from pathlib import Path

try:
    from course_utils.grading.batch import CannotGrade, grade_folder
except ModuleNotFoundError as problem:
    if (problem.name or "").startswith("course_utils"):
        raise
    raise ModuleNotFoundError(
        f"{problem}: grading needs more libraries. Try: make setup EXTRAS=instructor"
    ) from None
from course_utils.grading.feedback import write_feedback
from course_utils.grading.limits import Limits
from course_utils.grading.released import exercise_titles
from course_utils.grading.submissions import not_read
from course_utils.grading.summary import summary_text, write_summary
from course_utils.grading.tables import write_csv, write_totals


def main(arguments=None):
    """Read the command line and grade. Returns the exit status."""
    options = _parser().parse_args(arguments)
    limits = Limits(
        seconds=options.seconds,
        cell_seconds=options.cell_seconds,
        memory_mb=options.memory_mb,
    )
    if options.unsafe:
        print("--unsafe: students' code runs without a sandbox, with all your rights.")
    try:
        graded = grade_folder(
            options.submissions,
            options.out,
            limits=limits,
            jobs=options.jobs,
            unsafe=options.unsafe,
            again=options.again,
        )
    except CannotGrade as problem:
        print(f"Nothing was graded: {problem}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted; the same command goes on from here.", file=sys.stderr)
        return 130
    out = Path(options.out)
    write_csv(graded, out / "grades.csv")
    write_totals(graded, out / "totals.csv")
    titles = exercise_titles()
    for submission, marks in graded:
        write_feedback(submission, marks, out, titles)
    left_out = not_read(options.submissions)
    write_summary(graded, out / "summary.html", options.unsafe, left_out)
    print(summary_text(graded, left_out))
    names = ("grades.csv", "totals.csv", "summary.html", "feedback")
    print("Written:", ", ".join(str(out / name) for name in names))
    return 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m course_utils.grade",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add, usual = parser.add_argument, Limits()
    add("submissions", help="a folder for each student, or all notebooks in one folder")
    add("--out", required=True, help="the folder for the results")
    add("--jobs", type=_positive, help="how many at once (one a core)")
    add("--again", action="store_true", help="grade also what is graded already")
    add("--unsafe", action="store_true", help="without a sandbox: it may do anything")
    for name, about in (
        ("seconds", "for a whole notebook"),
        ("cell-seconds", "for one cell"),
        ("memory-mb", "for one notebook, all its processes together"),
    ):
        default = getattr(usual, name.replace("-", "_"))
        add(f"--{name}", type=_positive, default=default, help=f"{about} ({default})")
    return parser


def _positive(text):
    number = int(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


if __name__ == "__main__":
    sys.exit(main())
