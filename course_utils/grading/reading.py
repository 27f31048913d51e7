"""Read a submitted notebook, whatever it is, and keep nothing of it but its cells."""

import json
import os
import stat
from pathlib import Path

import nbformat

DAMAGED = "The file is damaged or cut off. Hand it in again."
CELL_TYPES = ("code", "markdown", "raw")
MOST_CELLS = 2000


class Unreadable(ValueError):
    """The file is no notebook that can be graded; the text says why."""


def read_submission(path, limits):
    """Return the notebook in the file at `path`.

    It is built anew: cells with their type, source, id and nbgrader's
    metadata, where these are well formed. Outputs and everything else stay behind.
    Raises Unreadable, which says what is wrong with the file.
    """
    raw = read_bytes(path, limits)
    if not raw.strip():
        raise Unreadable("The file is empty. Save the notebook and hand it in again.")
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable(f"{DAMAGED} (not text in UTF-8)") from None
    except (ValueError, RecursionError) as problem:
        said = " ".join(str(problem).split())[:120]
        raise Unreadable(f"{DAMAGED} (not JSON: {said})") from None
    if not isinstance(content, dict) or "nbformat" not in content:
        raise Unreadable("The file is no notebook. Hand in the .ipynb file.")
    try:
        if content["nbformat"] != 4:
            content = nbformat.convert(nbformat.from_dict(content), 4)
        cells = [_clean(cell) for cell in content["cells"]]
    except Exception as problem:
        said = f"{type(problem).__name__}: {problem}"[:120]
        raise Unreadable(f"{DAMAGED} ({said})") from None
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"The notebook has more than {MOST_CELLS} cells.")
    notebook = nbformat.v4.new_notebook(cells=_with_distinct_ids(cells))
    notebook.metadata.kernelspec = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    return notebook


def read_bytes(path, limits):
    """Return a file's bytes. Raises Unreadable for a link, a pipe, or a large file."""
    most = limits.notebook_mb * 1_000_000
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if Path(path).is_symlink():
            raise Unreadable("The file is a link to another one. Hand in the file.")
        with os.fdopen(os.open(path, flags), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise Unreadable("This is not an ordinary file.")
            if about.st_size > most:
                size = about.st_size / 1e6
                raise Unreadable(
                    f"The file has {size:.0f} MB, more than {limits.notebook_mb} MB. "
                    "Was something large printed? Clear the outputs and hand it in "
                    "again."
                )
            return file.read(most + 1)
    except OSError as problem:
        raise Unreadable(f"The file cannot be read ({problem.strerror}).") from None


def _clean(cell):
    kind, source = cell["cell_type"], cell["source"]
    if kind not in CELL_TYPES:
        raise ValueError(f"a cell of type {str(kind)[:20]!r}")
    source = "".join(source) if isinstance(source, list) else source
    if not isinstance(source, str):
        raise TypeError("a cell without text")
    source.encode("utf-8")  # lone surrogates could not be written again
    clean = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_raw_cell
    clean = nbformat.v4.new_markdown_cell if kind == "markdown" else clean
    clean = clean(source)
    if isinstance(cell.get("id"), str) and 0 < len(cell["id"]) <= 64:
        clean.id = cell["id"]
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if isinstance(mark, dict) and isinstance(mark.get("grade_id"), str):
        clean.metadata["nbgrader"] = {"grade_id": mark["grade_id"]}
    return clean


def _with_distinct_ids(cells):
    seen = set()
    for number, cell in enumerate(cells):
        if cell.id in seen:
            cell.id = f"again-{number}"
        seen.add(cell.id)
    return cells
