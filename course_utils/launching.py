"""Start several processes of a module on this machine, as a cluster's launcher would.

They talk over the loopback address only. Nothing waits for ever: after a time limit all
of them are ended.
"""

import contextlib
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import psutil

from course_utils.machine import memory_left
from course_utils.value_checks import check_number, check_str, check_whole

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
LAUNCHER_MB, PROCESS_MB = 150, 350  # at least: what each has in memory for itself
LAUNCHERS_LINE = re.compile(r"[WEI]\d{4} .*torch/distributed/elastic/")


class LaunchError(RuntimeError):
    """The processes did not come to their end; the message has their last lines."""


def loopback_problem():
    """Return None where two processes here may talk over loopback, else why not (str).

    A connection to oneself is tried; some sandboxes refuse it.
    """
    try:
        with socket.socket() as server, socket.socket() as client:
            server.bind((LOOPBACK, 0))
            server.listen(1)
            client.settimeout(5)
            client.connect(server.getsockname())
    except OSError as problem:
        return f"this machine lets no two processes connect ({problem.strerror})"
    return None


def room_problem(processes):
    """Return None where so many more processes fit in memory, else why not (str).

    processes: int. Each imports torch and transformers anew. Where it is not known how
    much memory is left, None is returned.
    """
    needed, left = LAUNCHER_MB + processes * PROCESS_MB, memory_left()
    if left is None or left >= needed * 1e6:
        return None
    return (
        f"{processes} more processes need {needed:,} MB of memory or more, and "
        f"{left / 1e6:,.0f} MB are left"
    )


def launch(module, *arguments, processes=2, seconds=180):
    """Run `python -m module arguments` in several processes; returns what they print.

    module: str, such as "course_utils.distributed_training". arguments: of its command
        line. seconds: after which all are ended.

    Raises LaunchError where loopback is refused, memory is too little, a process fails
    or time is up.
    """
    check_str("module", module, "its name, 'course_utils.distributed_training'")
    check_whole("processes", processes, 1, "try 2")
    check_number("seconds", seconds, 0, hint="how long it may take, such as 180")
    if problem := loopback_problem():
        raise LaunchError(f"{problem}: run it where sockets are allowed")
    if problem := room_problem(processes):
        raise LaunchError(f"{problem}: shut other notebooks down, or take fewer")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--local-addr", LOOPBACK, "--nproc-per-node", str(processes)]
    command += ["-m", module, *map(str, arguments)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        printed, noise = process.communicate(timeout=seconds)
    except BaseException as problem:
        noise = end(process)
        if isinstance(problem, subprocess.TimeoutExpired):
            raise LaunchError(
                f"{processes} processes of {module} were ended after {seconds} s: is "
                "the machine busy, or does one wait for another that has stopped?\n"
                f"{last_lines(noise)}"
            ) from None
        raise
    if process.returncode:
        raise LaunchError(f"{module} failed:\n{last_lines(noise)}")
    return printed


def environment():
    """Return the environment of the processes: one thread each, loopback, no GPU.

    On Windows torch has no libuv. GLOO_SOCKET_IFNAME names the loopback's interface,
    which gloo would otherwise look for by the machine's name.
    """
    given = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    given["CUDA_VISIBLE_DEVICES"] = ""
    given["PYTHONPATH"] = os.pathsep.join(
        part for part in (str(ROOT), os.environ.get("PYTHONPATH")) if part
    )
    names = {"linux": "lo", "darwin": "lo0"}
    if sys.platform in names:
        given["GLOO_SOCKET_IFNAME"] = names[sys.platform]
    if sys.platform == "win32":
        given["USE_LIBUV"] = "0"
    return given


def end(process):
    """End a process and all that it has started; returns what it wrote to stderr."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid).children(recursive=True)
        for member in [psutil.Process(process.pid), *family]:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
    return process.communicate()[1]


def last_lines(text, count=12):
    """Return the last lines that the processes wrote, without the launcher's report."""
    lines = [line for line in text.splitlines() if line.strip()]
    report = (n for n, line in enumerate(lines) if LAUNCHERS_LINE.match(line))
    own = lines[: next(report, None)] or lines
    return "\n".join(own[-count:])
