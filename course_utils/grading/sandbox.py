"""The command that puts a kernel into a sandbox of bubblewrap: what it may see.

It sees Python and its libraries, the model, the reviews, and a copy of the course
without its answers, all read-only; and one writable folder in memory, of limited size.
It has no network, no process of the machine but its own, and an empty environment.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from course_utils.assets import REVIEW_FILES
from course_utils.pinned_files import cache_folder

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parent
SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/usr")
SETTINGS = ("ld.so.cache", "localtime", "fonts", "alternatives", "nsswitch.conf")
COURSE, INBOX, WRITABLE = "/course", "/inbox", "/tmp"
FOLDER = f"{WRITABLE}/exercises"  # where the notebook runs


def sandbox_problem():
    """Return None where the sandbox works here, else a sentence that says why not."""
    program = shutil.which("bwrap")
    if program is None:
        return (
            "bubblewrap (bwrap) is not installed: on Debian or Ubuntu, "
            "apt-get install bubblewrap"
        )
    view = [*system_view(), *writable(WRITABLE, 16), *pythons_below(WRITABLE)]
    trial = [*isolation(program), *view, sys.executable, "-c", "print(1)"]
    try:
        done = subprocess.run(trial, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return f"bubblewrap does not work here ({problem})"
    if done.stdout.strip() != "1":
        said = " ".join(done.stderr.split())[:300]
        return f"bubblewrap does not work here ({said or done.returncode})"
    return None


def sandbox_command(stage, inbox, hidden, limits, info):
    """Return the command, up to the program to be run inside.

    stage: folder with the copy of the course. inbox: folder of what the grader hands
    in. hidden: folders that must not be seen, should they lie in one that is. info: a
    file descriptor to which bwrap writes the number of its child.
    """
    return [
        *isolation(shutil.which("bwrap"), info),
        *system_view(hidden),
        *("--ro-bind", str(stage), COURSE),
        *("--ro-bind", str(inbox), INBOX),
        *writable("/dev/shm", max(limits.disk_mb // 4, 1)),
        *writable(WRITABLE, limits.disk_mb),
        *pythons_below(WRITABLE),
        *("--dir", f"{WRITABLE}/cache"),
        *reviews_view(),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", WRITABLE),
        *settings_of_environment(limits),
    ]


def isolation(program, info=None):
    """Return the options that cut it off: namespaces, rights, terminal, environment.

    Root needs no user namespace, and keeps the two rights with which `inside` becomes
    another user; anybody else gets a namespace in which they are nobody.
    """
    namespaces = ["pid", "net", "ipc", "uts"]
    options = [f"--unshare-{name}" for name in namespaces] + ["--unshare-cgroup-try"]
    if os.geteuid() == 0:
        options += ["--cap-drop", "ALL"]
        options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        options += ["--unshare-user"]
    options += ["--die-with-parent", "--new-session", "--hostname", "grading"]
    if info is not None:
        options += ["--info-fd", str(info)]
    return [program, *options, "--clearenv"]


def system_view(hidden=()):
    """Return the options that show the system's libraries and this Python."""
    options = ["--proc", "/proc", "--dev", "/dev"]
    for folder in SYSTEM:
        if os.path.islink(folder):
            options += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            options += ["--ro-bind", folder, folder]
    options += ["--perms", "0755", "--dir", "/etc"]
    for name in SETTINGS:
        options += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    options += pythons_below("/")
    pythons = _python_folders()
    answers = [ROOT / "solutions", ROOT / "tests", ROOT / ".git", PACKAGE]
    for folder in {Path(path).resolve() for path in (*answers, *hidden)}:
        seen = [*map(Path, SYSTEM), *pythons]
        if folder.is_dir() and any(folder.is_relative_to(path) for path in seen):
            options += ["--tmpfs", str(folder)]
            for python in pythons:  # an environment inside of what is hidden
                if python.is_relative_to(folder):
                    options += ["--ro-bind", str(python), str(python)]
    return options


def pythons_below(top):
    """Return the options that show those folders of this Python that lie in `top`.

    Once more after a mount on `top`, which hides what lies below.
    """
    options = []
    for folder in _python_folders():
        if not folder.is_relative_to(top):
            continue
        for parent in reversed(folder.parents[:-1]):  # bwrap would make them 0700
            if parent != Path(top):
                options += ["--perms", "0755", "--dir", str(parent)]
        options += ["--ro-bind", str(folder), str(folder)]
    return options


def _python_folders():
    """Return the folders of this Python: its environment, and what that is made of.

    The shorter path first: another may lie in it.
    """
    names = [sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix]
    names += [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    names += [str(Path(sys.executable).resolve().parent.parent)]
    folders = {Path(name) for name in names}
    system = [Path(folder) for folder in SYSTEM]
    found = [
        folder
        for folder in folders
        if not any(folder.is_relative_to(path) for path in system)
    ]
    return sorted(found, key=lambda path: len(path.parts))


def writable(folder, megabytes):
    """Return the options for a writable folder in memory, of limited size."""
    size = str(megabytes * 1_000_000)
    return ["--perms", "1777", "--size", size, "--tmpfs", folder]


def reviews_view():
    """Return the options that show the review data in a cache of the sandbox's own."""
    options = []
    for name in (*REVIEW_FILES, "verified.json"):
        options += [
            "--ro-bind-try",
            str(cache_folder() / name),
            f"{WRITABLE}/cache/{name}",
        ]
    return options


def settings_of_environment(limits):
    """Return the options for the environment's variables inside."""
    pairs = kernel_settings(COURSE, WRITABLE)
    pairs |= {"PATH": os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin"))}
    pairs |= {"LANG": "C.UTF-8", "USER": "student", "LOGNAME": "student"}
    return [part for pair in pairs.items() for part in ("--setenv", *pair)]


def kernel_settings(course, writable):
    """Return the environment's variables that the kernel needs, sandbox or not."""
    return {
        "PYTHONPATH": str(course),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "HOME": f"{writable}/home",
        "MPLCONFIGDIR": f"{writable}/home/matplotlib",
        "IPYTHONDIR": f"{writable}/home/ipython",
        "COURSE_CACHE": f"{writable}/cache",
        "COURSE_ARTIFACTS": f"{writable}/artifacts",
        "COURSE_PROGRESS": "off",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        "TOKENIZERS_PARALLELISM": "false",
    }
