"""Start JupyterHub and its proxy on loopback, and end all of it again."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "docs/jupyterhub/jupyterhub_config.py"
OVERLAY = Path(__file__).with_name("loopback_config.py")
NODE_MODULES = ROOT / "tests/browser/node_modules/.bin"
READY = "JupyterHub is now running"


@dataclass
class Hub:
    """A running hub: where it is, how to come in, and its process."""

    address: str
    password: str
    process: psutil.Process
    homes: Path
    log: Path

    def log_text(self):
        """Return what the hub has written so far (str)."""
        return self.log.read_text("utf-8")

    def processes_of(self, student):
        """Return a student's [server, kernel, ...] as psutil.Process, oldest first."""
        found = [
            process
            for process in self.process.children(recursive=True)
            if student_of(process) == student
        ]
        return sorted(found, key=lambda process: process.create_time())

    def own_processes(self):
        """Return the hub, its proxy and its services: all that no student owns."""
        family = [self.process, *self.process.children(recursive=True)]
        return [process for process in family if student_of(process) is None]


def student_of(process):
    """Return the name of the student whom a process belongs to, or None."""
    return process.environ().get("JUPYTERHUB_USER") or None  # "" for a service


def find_proxy():
    """Return the path of configurable-http-proxy (str).

    Raises FileNotFoundError, which says how to install it.
    """
    name = "configurable-http-proxy"
    found = shutil.which(name, path=str(NODE_MODULES)) or shutil.which(name)
    if not found:
        raise FileNotFoundError(
            f"{name} is not there: install node 20 or newer and npm, then run "
            "'make test-hub', which installs it into tests/browser/node_modules."
        )
    return found


def free_ports(count):
    """Return so many ports of the loopback address that nobody listens on."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextmanager
def run_hub(folder, shared_data):
    """Run the hub of docs/jupyterhub; yields a Hub. All is ended afterwards.

    folder: Path, for the hub's database and log. shared_data: Path, what COURSE_CACHE
    is for all students; their homes are removed at the end. Raises RuntimeError with
    the hub's log where it does not come up.
    """
    ports, password = free_ports(3), secrets.token_hex(8)
    log = folder / "hub.log"
    # A short path: kernels have sockets there, whose names may have 107 characters.
    homes = Path(tempfile.mkdtemp(prefix="hub-", dir="/tmp"))
    settings = {
        "HUB_CONFIG": str(CONFIG),
        "HUB_PORTS": " ".join(map(str, ports)),
        "HUB_PROXY": find_proxy(),
        "HUB_PASSWORD": password,
        "HUB_HOMES": str(homes),
        "COURSE_CACHE": str(shared_data),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    started = subprocess.Popen(
        [sys.executable, "-m", "jupyterhub", "--config", str(OVERLAY)],
        cwd=folder,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    ready = threading.Event()
    follower = threading.Thread(target=follow, args=(started.stdout, log, ready))
    follower.start()
    process = psutil.Process(started.pid)
    try:
        ready.wait()
        if started.poll() is not None or READY not in log.read_text("utf-8"):
            raise RuntimeError(f"JupyterHub did not start:\n{log.read_text('utf-8')}")
        yield Hub(f"http://127.0.0.1:{ports[0]}", password, process, homes, log)
    finally:
        end_all(process)
        started.wait()
        follower.join()
        shutil.rmtree(homes)


def follow(lines, log, ready):
    """Write the hub's lines to a file; set `ready` when it is ready, or has ended."""
    with log.open("w", encoding="utf-8", buffering=1) as file:
        for line in lines:
            file.write(line)
            if READY in line:
                ready.set()
    ready.set()


def end_all(process, seconds=30):
    """Ask the hub to end itself and its servers; end by force what is left."""
    try:
        family = [process, *process.children(recursive=True)]
        process.terminate()
    except psutil.NoSuchProcess:
        return
    _, left = psutil.wait_procs(family, timeout=seconds)
    for one in left:
        one.kill()
    psutil.wait_procs(left)
