"""Build the web book: python docs/book/build.py [FOLDER]. `make book` runs this.

A warning of Sphinx is an error. What only changed is built anew.
"""

import sys
from pathlib import Path

from sphinx.cmd.build import build_main

ROOT = Path(__file__).resolve().parent.parent.parent


def build(folder):
    """Build the book into a folder, its working files beside it.

    folder: path, made if need be; index.html is the first page. Returns 0 if all is
    well.
    """
    folder = Path(folder).resolve()
    working_files = folder.parent / f"{folder.name}-doctrees"
    strict = ["-W", "--keep-going", "--quiet", "--jobs", "2"]
    places = ["-c", str(ROOT / "docs/book"), "-d", str(working_files)]
    return build_main([*strict, *places, "-b", "html", str(ROOT), str(folder)])


def main(arguments):
    """Build, and say where the book is. Returns the exit status."""
    folder = Path(arguments[0] if arguments else ROOT / "build/book")
    status = build(folder)
    if status == 0:
        print(f"The book is ready: open {folder / 'index.html'} in a browser.")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
