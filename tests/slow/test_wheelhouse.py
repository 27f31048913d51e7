"""`make wheelhouse`, then the README's command with the network taken away.

Linux only: `unshare` gives each command a network namespace of its own, without any
device, not even loopback.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NO_NETWORK = ("unshare", "-rn")


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone of the last commit with a wheelhouse beside its Makefile."""
    folder = tmp_path_factory.mktemp("stick") / "bert course"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    code = (
        "import sys; from pathlib import Path; "
        "from course_utils import wheelhouse_builder as builder; "
        "print(builder.report(builder.build(target=Path(sys.argv[1]))))"
    )
    command = [sys.executable, "-c", code, str(folder / "wheelhouse")]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


def make(clone, *arguments):
    """Run make in the clone without a network; return the finished process."""
    assert shutil.which("unshare"), "needs Linux and util-linux's unshare"
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment |= {"COURSE_CACHE": str(clone.parent / "cache")}
    environment.pop("WHEELHOUSE", None)
    return subprocess.run(
        [*NO_NETWORK, "make", f"PYTHON={sys._base_executable}", *arguments],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_there_is_no_network_here():
    code = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    done = subprocess.run(
        [*NO_NETWORK, sys.executable, "-c", code], capture_output=True, text=True
    )
    assert "Network is unreachable" in done.stderr


def test_set_up_takes_everything_from_the_folder(clone):
    done = make(clone, "setup")
    assert done.returncode == 0, done.stdout + done.stderr
    table = done.stdout.splitlines()[-3:]
    assert [line.split()[-1] for line in table] == ["verified", "yes", "yes"]
    log = (clone / ".venv/setup.log").read_text("utf-8")
    _, *looked = [part.splitlines()[0] for part in log.split("Looking in ")]
    assert looked and all(line.startswith("links: ") for line in looked)
    places = {place for line in looked for place in line[len("links: ") :].split(", ")}
    assert places == {(clone / "wheelhouse").as_uri()}


def test_doctor_is_content_without_a_network(clone):
    done = make(clone, "doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("All is well.\n")
    installed = subprocess.run(
        [*clone.glob(".venv/bin/python"), "-m", "pip", "freeze"],
        capture_output=True,
        text=True,
    )
    assert not any("nvidia" in line for line in installed.stdout.splitlines())
