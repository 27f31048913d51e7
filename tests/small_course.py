"""A small course and its files, for tests of work that is taken home and back."""

import io
import json
import subprocess
import zipfile

LESSON, EXERCISE = "notebooks/03_masks.ipynb", "exercises/03_masks.ipynb"
START = "notebooks/00_start_here.ipynb"


def notebook(text):
    """Return the bytes of a notebook with one cell."""
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}
    whole = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole).encode()


def git(folder, *words):
    who = ("-c", "user.name=A", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True)


def work_in(folder, text="my answer", done=("3.1", "3.2")):
    (folder / EXERCISE).write_bytes(notebook(text))
    (folder / "exercises/.progress.json").write_text(json.dumps({"done": done}))


def files_of(folder):
    paths = [path for path in folder.rglob("*") if ".git/" not in path.as_posix()]
    return {path: path.read_bytes() for path in paths if path.is_file()}


def zip_of(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in entries:
            file.writestr(name, content)
    return buffer.getvalue()
