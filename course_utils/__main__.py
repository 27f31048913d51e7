"""Commands for the terminal: `python -m course_utils fetch` and `... doctor`."""

import argparse
import sys

from course_utils import assets, doctor


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


def main():
    """Read the command line and run the command. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course_utils", description=__doc__)
    commands = {"fetch": fetch, "doctor": doctor.main}
    parser.add_argument("command", choices=commands, help="what to do")
    return commands[parser.parse_args().command]()


if __name__ == "__main__":
    sys.exit(main())
