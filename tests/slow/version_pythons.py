"""Find the Pythons of this machine: those named, those on PATH, those of pyenv."""

import os
import shutil
import subprocess
from pathlib import Path

CAN_MAKE = "import sys, ensurepip, venv; print('%d.%d' % sys.version_info[:2])"


def find_python(minor, named=()):
    """Return the path of a Python that can make environments (str), or None.

    minor: str, such as "3.10". named: paths to try first.
    """
    for candidate in [*named, *_on_path(minor), *_of_pyenv(minor)]:
        if _version(candidate) == minor:
            return str(candidate)
    return None


def _on_path(minor):
    found = shutil.which(f"python{minor}")
    return [found] if found else []


def _of_pyenv(minor):
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return sorted(root.glob(f"versions/{minor}.*/bin/python{minor}"), reverse=True)


def _version(python):
    """Return "3.10" of an interpreter; None where it does not start or lacks venv."""
    try:
        done = subprocess.run(
            [str(python), "-c", CAN_MAKE], capture_output=True, text=True
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
