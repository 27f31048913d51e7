"""Run one lesson on one core within a memory limit, beside an idle JupyterLab.

    python -m tests.slow.limited_run LESSON LIMIT [GROUP]

LIMIT: bytes. GROUP: the folder of a control group; left out, the data of each process
is limited. Prints one line of JSON: the outcome ("whole"; "stopped" by the course's
message; "killed" by the system); for a whole run seconds, cells, peaks in MB and the
profile, else the cell (counted from 0, as in the file).
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError, DeadKernelError

from tests.lesson_runs import SETTINGS, peak_memory_mb
from tests.slow.lesson_run import run_lesson
from tests.slow.memory_limit import enter

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "limited"
# The course's own words: what a training says, and what the start page says.
STOPS = (
    ("MemoryError", "MB are left"),
    ("AssertionError", "Do what the column 'to do'"),
)
SERVER_SECONDS = 120
PROFILE = "import course_utils; print(course_utils.workload_profile())"


@contextlib.contextmanager
def jupyterlab(lesson):
    """Start JupyterLab on loopback, open its page and the lesson; yields its pid."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        f"--ServerApp.root_dir={ROOT}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.allow_root=True",
        f"--IdentityProvider.token={TOKEN}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", *options]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=ROOT, **quiet)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/api/status", server)
        _read(f"{address}/lab")
        _read(f"{address}/api/contents/notebooks/{lesson.name}")
        yield server.pid
    finally:
        server.terminate()
        server.wait()


def _wait_for(address, server):
    end = time.monotonic() + SERVER_SECONDS
    while True:
        try:
            return _read(address)
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.2)


def _read(address):
    request = urllib.request.Request(
        address, headers={"Authorization": f"token {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=SERVER_SECONDS) as answer:
        return answer.read()


def limited(words, limit, group, **settings):
    """Run a module under the limit; returns the JSON that it printed last, or fails.

    words: list of str, the module and its arguments. limit: bytes. group: Path or None,
    as `memory_group` gives it. settings: environment variables of the run.
    """
    environment = {k: v for k, v in os.environ.items() if k not in SETTINGS}
    environment |= {"COURSE_PROGRESS": "off", **settings}
    command = [sys.executable, "-m", *words, str(limit)]
    command += [str(group)] if group else []
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.returncode}\n{done.stdout}{done.stderr}"
    return json.loads(done.stdout.splitlines()[-1])


def main(lesson, limit, group=None):
    """Run the lesson under the limits and print what was measured."""
    enter(group, int(limit))
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})  # any, for two runs
    print(json.dumps(measured(Path(lesson).resolve())))


def measured(path):
    """Return the outcome of a run beside JupyterLab, and its figures (dict)."""
    with jupyterlab(path) as server:
        try:
            seconds, kernel_mb, profile = run_lesson(path, asked=PROFILE)
        except DeadKernelError as problem:
            return {"outcome": "killed", "cell": problem.cell_index}
        except CellExecutionError as problem:
            said = problem.ename, problem.evalue
            if not any(said[0] == name and words in said[1] for name, words in STOPS):
                raise
            return {"outcome": "stopped", "cell": problem.cell_index}
        return {
            "outcome": "whole",
            "seconds": round(seconds),
            "cells": sum(c.cell_type == "code" for c in nbformat.read(path, 4).cells),
            "kernel_mb": round(kernel_mb),
            "server_mb": round(peak_memory_mb(server)),
            "profile": profile,
        }


if __name__ == "__main__":
    main(*sys.argv[1:])
