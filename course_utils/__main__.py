"""Commands for the terminal: `python -m course_utils fetch`, `doctor` and others.

fetch: the model and the data. doctor: is the computer ready? take-home: save changed
notebooks and what is done as a zip. restore FILE: bring them back from it.
"""

import argparse
import sys

from course_utils import assets, doctor
from course_utils.take_home import WorkError, course_folder, take_home


def fetch():
    """Fetch and verify the model and the data, then say what lies where."""
    try:
        assets.fetch_model()
        assets.fetch_reviews()
    except assets.AssetError as problem:
        print(f"\nSet-up stopped. {problem}", file=sys.stderr)
        return 1
    rows = [("what", "where", "size", "verified"), *assets.asset_rows()]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
    return 0


def take_work_home():
    """Save changed notebooks and what is done; say where the zip lies."""
    course_folder()
    saved = take_home()
    print(saved)
    if saved.zip_file is not None:
        print(saved.zip_file)


def main():
    """Read the command line and run the command. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course_utils", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("fetch", "doctor", "take-home"):
        commands.add_parser(name)
    commands.add_parser("restore").add_argument("file", help="a zip of take-home")
    chosen = parser.parse_args()
    if chosen.command in ("fetch", "doctor"):
        return {"fetch": fetch, "doctor": doctor.main}[chosen.command]()
    try:
        if chosen.command == "take-home":
            take_work_home()
        else:
            from course_utils.bring_back import restore  # the checks load torch

            print(restore(chosen.file))
    except (WorkError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
