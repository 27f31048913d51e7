"""Run a copy of a lesson under changed conditions, and read what it shows."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PROGRESS = re.compile(r"[^\n]*\|\s*\d+/\d+ \[[^\n]*\]")


def run_copy(lesson, folder, prefix=(), **settings):
    """Run a copy of `lesson` in `folder`; return the executed notebook.

    prefix: a command that runs the run, such as ("unshare", "-rn"). settings: changed
    environment variables. Raises AssertionError with the output where a cell fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    copy = shutil.copy(lesson, folder)
    command = [*prefix, sys.executable, "-m", "course_utils.publish", str(copy)]
    done = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return nbformat.read(copy, as_version=4)


def shown_text(notebook):
    """Return {cell id: text} of all cells whose output nbval compares.

    The text is "" where a cell shows none, or only a picture, which is not compared.
    """
    return {
        cell.id: "\n".join(_texts(cell))
        for cell in notebook.cells
        if cell.cell_type == "code"
        and "nbval-ignore-output" not in cell.metadata.get("tags", [])
    }


def _texts(cell):
    for output in cell.outputs:
        if "text" in output:
            yield PROGRESS.sub("PROGRESS", output.text)
        elif "text/plain" in output.get("data", {}):
            yield output.data["text/plain"]
