"""A kernel for one submission: started, watched, and ended with all that it began.

It has the methods that nbclient asks of a kernel manager. The grader talks to it over
sockets that lie inside the sandbox, reached through /proc: nothing that the student's
code writes lands on the grader's disk.
"""

import contextlib
import itertools
import json
import os
import platform
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import write_connection_file

from course_utils.grading.limits import CRASHED, MEMORY, Limits
from course_utils.grading.sandbox import (
    COURSE,
    FOLDER,
    INBOX,
    WRITABLE,
    kernel_settings,
    sandbox_command,
)
from course_utils.pinned_files import cache_folder

WATCH_SECONDS = 0.1
START_SECONDS = 180
PORTS = dict(enumerate(("shell", "iopub", "stdin", "control", "hb"), start=1))
SEND_SECONDS = 10
LARGEST_MESSAGE = 32_000_000  # bytes; the connection that sends a larger one is cut
FIRST_UID = 1_900_000_000  # far from every real user's number
_started = itertools.count()


@dataclass(frozen=True)
class Place:
    """Where a submission is graded. stage: the course without answers. inbox: what the
    grader hands in. hidden: folders that may not be seen. unsafe: without a sandbox."""

    stage: Path
    inbox: Path
    hidden: tuple
    limits: Limits
    unsafe: bool = False


class _Client(AsyncKernelClient):
    """A client that asks the kernel's process whether it lives, not its heartbeat."""

    kernel = None

    async def _async_is_alive(self):
        return self.kernel.is_alive()

    is_alive = _async_is_alive


class WatchedKernel:
    """One kernel process. `ended` says why it was stopped: MEMORY, CRASHED or None."""

    has_kernel = True

    def __init__(self, place):
        self.place, self.ended = place, None
        self.scratch = tempfile.TemporaryDirectory(prefix="grading-unsafe-")
        start = self._start_unsafe if place.unsafe else self._start_sandboxed
        start()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    # --- start -----------------------------------------------------------------------

    def _start_sandboxed(self):
        sockets = f"{WRITABLE}/.sockets-{secrets.token_hex(4)}"
        connection = self._connection(transport="ipc", ip=f"{sockets}/k")
        settings = self._settings(sockets, FOLDER, f"{INBOX}/connection.json")
        settings["uid"] = _unused_uid() if os.geteuid() == 0 else None
        self._hand_in("connection.json", connection)
        self._hand_in("settings.json", settings)
        read_end, write_end = os.pipe()
        place = self.place
        command = sandbox_command(
            place.stage, place.inbox, place.hidden, place.limits, write_end
        )
        self.process = self._popen(
            [*command, *_inside(f"{INBOX}/settings.json")], pass_fds=[write_end]
        )
        os.close(write_end)
        with os.fdopen(read_end) as info:
            self.root = psutil.Process(json.load(info)["child-pid"])
        # the same sockets, seen from outside
        connection["ip"] = f"/proc/{self.root.pid}/root{connection['ip']}"
        self.connection = connection

    def _start_unsafe(self):
        folder = Path(self.scratch.name)
        path, connection = write_connection_file(str(folder / "connection.json"))
        settings = self._settings(str(folder), str(folder / "exercises"), path)
        path = folder / "settings.json"
        path.write_text(json.dumps(settings), "utf-8")
        environment = {**os.environ, **kernel_settings(self.place.stage, folder)}
        environment["COURSE_CACHE"] = str(cache_folder())
        environment["JPY_PARENT_PID"] = str(os.getpid())  # it ends when we do
        self.process = self._popen(_inside(str(path)), env=environment)
        self.root, self.connection = psutil.Process(self.process.pid), connection

    def _popen(self, command, **options):
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **options,
        )

    def _connection(self, **where):
        ports = {f"{name}_port": number for number, name in PORTS.items()}
        signing = {"key": secrets.token_hex(32), "signature_scheme": "hmac-sha256"}
        return {**ports, **signing, **where, "kernel_name": "python3"}

    def _settings(self, sockets, folder, connection):
        limits = self.place.limits
        fonts = Path(self.place.stage) / "fonts"
        shown = fonts if self.place.unsafe else f"{COURSE}/fonts"
        return {
            "connection": connection,
            "folder": folder,
            "sockets": sockets,
            "sandboxed": not self.place.unsafe,
            "count_processes": not self.place.unsafe and _counts_by_sandbox(),
            "uid": None,
            "cores": 2,
            "fonts": str(shown) if fonts.is_dir() else None,
            **limits.as_dict,
        }

    def _hand_in(self, name, content):
        path = Path(self.place.inbox) / name
        path.write_text(json.dumps(content), "utf-8")
        path.chmod(0o644)

    # --- what nbclient asks ----------------------------------------------------------

    def client(self):
        """Return a client whose connections refuse a message that is too large."""
        self._wait_for_sockets()
        context = zmq.asyncio.Context()
        context.MAXMSGSIZE = LARGEST_MESSAGE
        context.SNDTIMEO = SEND_SECONDS * 1000  # else it would wait for a dead kernel
        context.LINGER = 0
        context.RECONNECT_IVL = -1  # never again: what lies there then is not ours
        client = _Client(context=context)
        client.load_connection_info({**self.connection})
        client.kernel = self
        return client

    def _wait_for_sockets(self):
        end = time.monotonic() + START_SECONDS
        if self.place.unsafe:
            address = self.connection["ip"], self.connection["shell_port"]
        while time.monotonic() < end and self.is_alive():
            if self.place.unsafe:
                with contextlib.suppress(OSError), socket.create_connection(address):
                    return
            elif all(os.path.exists(f"{self.connection['ip']}-{i}") for i in PORTS):
                return
            time.sleep(0.02)

    def is_alive(self):
        """Return whether the kernel still runs."""
        return self.ended is None and self.process.poll() is None

    def interrupt_kernel(self):
        """Interrupt the cell that runs, as the stop button does."""
        with contextlib.suppress(psutil.Error, ValueError):
            self.kernel_process().send_signal(signal.SIGINT)

    def kernel_process(self):
        """Return the kernel's process, as seen from here."""
        if self.place.unsafe:
            return self.root
        first = self.root.children()
        return min(first, key=lambda child: (child.create_time(), child.pid))

    def shutdown_kernel(self, now=True):
        """End the kernel and everything that it began."""
        self.end(CRASHED)

    def cleanup_resources(self):
        """Remove what it left (with a sandbox: nothing)."""
        self.scratch.cleanup()

    def stop(self):
        """End it and wait until it is gone."""
        self.end(CRASHED)
        self._watcher.join(timeout=5)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=10)
        with contextlib.suppress(psutil.Error):
            self.root.wait(timeout=20)  # it is gone when all of its processes are
        with contextlib.suppress(OSError):
            self.scratch.cleanup()

    # --- the watch -------------------------------------------------------------------

    def end(self, reason):
        """Kill the sandbox: with its first process the system ends all the others.

        No number of a process is used that may belong to another one by now.
        """
        if self.ended is None:
            self.ended = reason
        family = self._family() if self.place.unsafe else []
        self.process.kill()
        for process in family:
            with contextlib.suppress(psutil.Error):
                process.kill()

    def _watch(self):
        most = self.place.limits.memory_mb * 1_000_000
        while self.ended is None and self.process.poll() is None:
            family = self._family()
            if len(family) > self.place.limits.processes / 2:
                self.end(CRASHED)
            elif sum(map(_resident, family)) > most < sum(map(_own_share, family)):
                self.end(MEMORY)
            time.sleep(WATCH_SECONDS)

    def _family(self):
        try:
            parent = psutil.Process(self.process.pid)
            return [parent, *parent.children(recursive=True)]
        except psutil.Error:
            return []


def _unused_uid():
    """Return a user number that no other sandbox has at this time."""
    return FIRST_UID + 8 * os.getpid() + next(_started) % 8


def _counts_by_sandbox():
    """Return whether the system's limit of processes counts those of a sandbox alone.

    For root it does, as each sandbox has a user number of its own; for others since
    Linux 5.14. Before, it would count all that the user runs: then only we count.
    """
    release = tuple(int(n) for n in re.findall(r"\d+", platform.release())[:2])
    return os.geteuid() == 0 or release >= (5, 14)


def _resident(process):
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def _own_share(process):
    """Return a process's memory, what it shares with others divided among them.

    Slower to find out than `_resident`, which counts it for each of them.
    """
    try:
        return process.memory_full_info().pss
    except (psutil.Error, AttributeError):
        return _resident(process)


def _inside(settings):
    """Return the command that starts the kernel, inside."""
    return [sys.executable, "-m", "course_utils.grading.inside", settings]
