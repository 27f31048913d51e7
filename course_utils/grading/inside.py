"""Start the kernel inside the sandbox: set the limits, give up every right, then run.

    python -m course_utils.grading.inside SETTINGS.json

It is the only code that runs there before the student's. SETTINGS: connection (the
kernel's connection file), folder (where the notebook runs), sockets (a folder for
them), sandboxed, count_processes, uid (or null), memory_mb, disk_mb, processes,
seconds, cores, fonts (a folder with matplotlib's list of fonts, which takes seconds to
make, or null).
"""

import json
import os
import shutil
import sys
from pathlib import Path


def main(settings):
    """Limit this process and become the kernel."""
    set_limits(settings)
    if settings["uid"] is not None:
        become(settings["uid"])
    for folder in (os.environ["HOME"], settings["folder"], settings["sockets"]):
        Path(folder).mkdir(parents=True, exist_ok=True)
    if settings["fonts"]:
        target = Path(os.environ["MPLCONFIGDIR"])
        shutil.copytree(settings["fonts"], target, dirs_exist_ok=True)
    os.chdir(settings["folder"])
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(
        [
            *("-f", settings["connection"]),
            "--HistoryManager.hist_file=:memory:",
            "--IPKernelApp.outstream_class=course_utils.grading.printing.BoundedStream",
        ]
    )


def set_limits(settings):
    """Set the limits of this process and its children, as far as the system has them.

    RLIMIT_DATA bounds what one process allocates. RLIMIT_NPROC counts processes and
    threads of the user in this sandbox; the system never applies it to root.
    """
    try:
        import resource
    except ImportError:  # Windows, reached only with --unsafe
        return
    megabyte = 1_000_000
    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_DATA": settings["memory_mb"] * megabyte,
        "RLIMIT_FSIZE": settings["disk_mb"] * megabyte,
        "RLIMIT_NOFILE": 1024,
        "RLIMIT_CPU": int(settings["seconds"] * settings["cores"]) + 1,
    }
    if settings["count_processes"]:
        wanted["RLIMIT_NPROC"] = settings["processes"]
    for name, most in wanted.items():
        if hasattr(resource, name):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            if hard != resource.RLIM_INFINITY:
                most = min(most, hard)
            try:
                resource.setrlimit(kind, (most, most))
            except (OSError, ValueError):
                if settings["sandboxed"]:
                    raise


def become(uid):
    """Become a user who owns nothing on this machine."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text("utf-8")))
