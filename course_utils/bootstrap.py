"""Create .venv and install the course into it: `make setup` runs this.

    python3 -m course_utils.bootstrap [EXTRA ...]     (extras: test, book, ...)

It runs on the system's own Python before anything is installed: standard library only,
and the syntax of Python 3.6, so that an old Python gets a sentence, not a SyntaxError.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from course_utils.installer import InstallError, run_pip

ROOT = Path(__file__).resolve().parent.parent
OLDEST, TOO_NEW = (3, 10), (3, 14)
SPACE_NEEDED_GB = 3.0
EXTRAS = {"test", "instructor", "book", "hub"}


def check_python(version, executable):
    """Raise InstallError unless version, e.g. (3, 11), is one the course runs on."""
    if not OLDEST <= tuple(version[:2]) < TOO_NEW:
        found = "{}.{}".format(*version)
        raise InstallError(
            f"The course needs Python 3.10 to 3.13, but '{executable}' is {found}: "
            "install one of these and run 'make setup PYTHON=python3.11' (or its path)."
        )


def check_space(folder, needed_gb=SPACE_NEEDED_GB):
    """Raise InstallError unless the disk of `folder` has `needed_gb` gigabytes free."""
    free_gb = shutil.disk_usage(str(folder)).free / 1e9
    if free_gb < needed_gb:
        raise InstallError(
            f"The disk is nearly full: set-up needs {needed_gb:.1f} GB and finds "
            f"{free_gb:.1f} GB. Free some space and run the same command again."
        )


def venv_python(venv):
    """Return the path of the interpreter in a virtual environment."""
    if os.name == "nt":
        return venv / "Scripts" / "python.exe"
    return venv / "bin" / "python"


def works(python):
    """Return whether this interpreter starts and has pip."""
    try:
        done = subprocess.run(
            [str(python), "-c", "import pip"],
            capture_output=True,
        )
    except OSError:
        return False
    return done.returncode == 0


def python_of(venv):
    """Return the version, such as (3, 11), that a virtual environment was made with."""
    try:
        settings = (venv / "pyvenv.cfg").read_text()
    except OSError:
        return None
    major, minor = re.search(r"version\s*=\s*(\d+)\.(\d+)", settings).groups()
    return int(major), int(minor)


def create_venv(venv):
    """Create the environment, anew if an interrupted set-up left a broken one."""
    print("Creating the environment in .venv ...", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode == 0:
        return
    if "ensurepip" in done.stdout:
        raise InstallError(
            "This Python cannot create environments: on Debian or Ubuntu install the "
            "package python3-venv, then run the same command again."
        )
    if "ermission denied" in done.stdout or "Read-only" in done.stdout:
        raise InstallError(
            "The course folder cannot be written: copy it to a folder of your own and "
            "run the same command there."
        )
    if "No space left" in done.stdout:
        raise InstallError("The disk is full: free 3 GB and run the same command.")
    raise InstallError("The environment was not created: " + done.stdout.strip())


def quiet_jupyterlab(venv):
    """Let this environment's JupyterLab start without asking about news and updates."""
    settings = {"fetchNews": "false", "checkForUpdates": False}
    overrides = {"@jupyterlab/apputils-extension:notification": settings}
    folder = venv / "share" / "jupyter" / "lab" / "settings"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "overrides.json").write_text(json.dumps(overrides, indent=2))


def check_extras(extras):
    """Raise InstallError for an extra that pyproject.toml does not have."""
    unknown = sorted(set(extras) - EXTRAS)
    if unknown:
        raise InstallError(
            f"There is no extra '{unknown[0]}': choose among "
            f"{', '.join(sorted(EXTRAS))}."
        )


def wanted_state(extras):
    """What a finished set-up depends on; when it changes, pip runs again."""
    pyproject = (ROOT / "pyproject.toml").read_bytes()
    return {
        "pyproject": hashlib.sha256(pyproject).hexdigest(),
        "folder": str(ROOT),
        "extras": sorted(extras),
    }


def read_state(stamp):
    """Return what the last finished set-up noted, or an empty state."""
    try:
        return json.loads(stamp.read_text())
    except (OSError, ValueError):
        return {}


def install(extras):
    """Bring .venv to the wanted state; return its interpreter. Quick when it is."""
    venv = ROOT / ".venv"
    stamp = venv / "course-setup.json"
    python = venv_python(venv)
    done = read_state(stamp)
    extras = set(extras)
    if done.get("folder") == str(ROOT):  # an extra once installed stays up to date
        extras |= set(done.get("extras", []))
    usable = works(python) and done.get("folder", str(ROOT)) == str(ROOT)
    if "PYTHON" in os.environ:  # make puts it there where the user chose one
        usable = usable and python_of(venv) == sys.version_info[:2]
    if usable and done == wanted_state(extras):
        return python
    check_space(ROOT)
    if not usable:
        create_venv(venv)
    chosen = "[{}]".format(",".join(sorted(extras))) if extras else ""
    print(
        "Installing the course and its libraries (minutes, once; near the end it is "
        "silent for a minute or two) ...",
        flush=True,
    )
    run_pip(
        ["install", "--editable", str(ROOT) + chosen],
        python=python,
        show=True,
        log=venv / "setup.log",
    )
    stamp.write_text(json.dumps(wanted_state(extras)))
    return python


def main(extras):
    """Install, then fetch and verify the assets. Returns the exit status."""
    try:
        check_extras(extras)
        if "PYTHON" in os.environ or not works(venv_python(ROOT / ".venv")):
            check_python(sys.version_info, sys.executable)  # else .venv has its own
        python = install(extras)
        quiet_jupyterlab(ROOT / ".venv")
    except InstallError as problem:
        print(f"\nSet-up stopped. {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        print(
            f"\nSet-up stopped. The course folder cannot be used ({problem.strerror}): "
            "copy it to a folder of your own, on a disk with 3 GB free.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print(
            "\nSet-up interrupted; the same command goes on from here.", file=sys.stderr
        )
        return 130
    command = [str(python), "-m", "course_utils", "fetch"]
    return subprocess.run(command, cwd=str(ROOT)).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
