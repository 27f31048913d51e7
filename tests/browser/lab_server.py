"""The JupyterLab of `make lab`, started for tests on a copy of the course."""

import contextlib
import os
import queue
import shlex
import shutil
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IN_THE_COPY = ("course_utils", "docs", "exercises", "notebooks", "solutions")
# What a test needs and a student does not: no second browser, a free port, no password
# on loopback, and a hold of the application, which is asked when a run has ended.
FOR_TESTS = (
    "--no-browser --allow-root --port=0 --IdentityProvider.token= "
    "--LabApp.expose_app_in_browser=True"
)
SECONDS_TO_START = 180


@contextlib.contextmanager
def serve_lab(folder):
    """Copy the course into `folder` and serve it; yields (address str, copy Path).

    The server's log is `folder/server.log`. Raises RuntimeError with the end of the log
    where the server stops or says no address.
    """
    course = copy_course(folder / "course")
    log = folder / "server.log"
    server = subprocess.Popen(
        lab_command(course),
        cwd=course,
        env=lab_settings(folder, course),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    addresses = queue.Queue()
    reader = threading.Thread(target=keep_log, args=(server.stderr, log, addresses))
    reader.start()
    try:
        address = first(addresses)
        if address is None:
            lines = log.read_text("utf-8").splitlines()[-20:]
            raise RuntimeError("JupyterLab did not start:\n" + "\n".join(lines))
        yield address, course
    finally:
        server.terminate()  # it ends its kernels, then itself
        server.wait(timeout=120)
        reader.join()
        server.stderr.close()


def copy_course(target):
    """Copy what `make lab` shows and uses to the folder `target`; returns it."""
    left_out = shutil.ignore_patterns(
        "__pycache__", ".ipynb_checkpoints", ".progress.json*"
    )
    for name in IN_THE_COPY:
        shutil.copytree(ROOT / name, target / name, ignore=left_out)
    shutil.copy(ROOT / "Makefile", target)
    return target


def lab_command(course):
    """Return the command of `make lab` in the folder `course`: a list of str.

    make itself says it (`make -n` prints and runs nothing), so that the tests and the
    students have the same options. The Python is the one that runs the tests.
    """
    printed = subprocess.run(
        ["make", "-n", "lab", f"BROWSER_OPTIONS={FOR_TESTS}"],
        cwd=course,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    lines = printed.replace("\\\n", " ").splitlines()
    (line,) = [line for line in lines if "-m jupyterlab" in line]
    return [sys.executable, *shlex.split(line)[1:]]


def lab_settings(folder, course):
    """Return the server's environment: a new user's, the copy's package, less work.

    The fetched data stay where they are. Everything that Jupyter and IPython keep for a
    user is in `folder`, and trained models are in the copy.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name == "COURSE_CACHE"
        or not name.startswith(("COURSE_", "JUPYTER", "IPYTHON"))
    }
    own = {
        name: str(folder / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "IPYTHONDIR",
        )
    }
    course_settings = {"PYTHONPATH": str(course), "PYTHONUTF8": "1"}
    return {**kept, **own, **course_settings, "COURSE_PROFILE": "small"}


def keep_log(lines, path, addresses):
    """Write the server's lines to `path`; put addresses, and None at the end."""
    with open(path, "w", encoding="utf-8", buffering=1) as log:
        for line in lines:
            log.write(line)
            if "http://127.0.0.1:" in line:
                addresses.put(line.split()[-1].split("/lab")[0])
    addresses.put(None)


def first(addresses):
    """Return the first address, None where the server has stopped or says none."""
    with contextlib.suppress(queue.Empty):
        return addresses.get(timeout=SECONDS_TO_START)
    return None
