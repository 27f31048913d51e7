"""Run pip, and turn its failures into one sentence that a student understands.

pip itself would wait 15 s for each answer, ask six times, and pause as long as a server
says. Here it gives up after a few seconds without a byte. It may take its time while
bytes arrive, and is started again as long as that brings something.

Used before the course is installed, too: standard library and the syntax of
Python 3.6 only.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

from course_utils.wheelhouse import WheelhouseError, find_wheelhouse, pip_environment

SILENT_SECONDS = 6  # two indexes that hang, one after the other, stay below 15 s
PIP_SETTINGS = {
    "PIP_TIMEOUT": str(SILENT_SECONDS),
    "PIP_RETRIES": "0",
    "PIP_RESUME_RETRIES": "1",
}
SOON_SECONDS, MOST_TRIES = 4, 20
UNREACHABLE = (
    "The package index cannot be reached: check the network connection and run "
    "the same command again (what was already downloaded is kept)."
)
ALTERED = (
    "A downloaded file is not the one that the course was tested with: it was "
    "altered or cut short on the way. Run the same command again; if it happens "
    "twice, use another network."
)
CAUSES = [
    (
        r"No space left on device|Errno 28\b|not enough space on the disk",
        "The disk is full: free about 3 GB and run the same command again.",
    ),
    (
        r"Read-only file system|Permission denied|Errno 13\b|Errno 30\b",
        "A folder cannot be written: run the command in a folder of your own, "
        "without sudo.",
    ),
    (
        r"DO NOT MATCH THE HASHES|Expected sha256|BadZipFile|Wheel .* is invalid|"
        r"not a (zip|gzip) file|invalid wheel|EOFError",
        ALTERED,
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError",
        "The network replaces secure certificates (a proxy or a log-in page): open a "
        "web page to log in, or set PIP_CERT to your organisation's certificate file.",
    ),
    (
        r"429 Client Error|HTTP error 429|Too Many Requests",
        "The package index says that it is asked too often from here (status 429): a "
        "class shares one address. Wait some minutes and run the same command again.",
    ),
    (
        r"\b5\d\d Server Error|HTTP error 5\d\d|too many 5\d\d error responses",
        "The package index is ill (it answers with a status from 500 on); your network "
        "is not the cause. Wait some minutes and run the same command again.",
    ),
    (
        r"\b40[13] Client Error|HTTP error 40[13]|Exceeded \d+ redirects",
        "The package index does not let you in. Likely cause: a network that wants a "
        "log-in (open a web page to see), or a wrong address in pip's settings: "
        "'pip config list' shows them.",
    ),
    (
        r"name resolution|Name or service not known|getaddrinfo failed|"
        r"NewConnectionError|NameResolutionError|Network is unreachable|"
        r"Connection refused|Max retries|ProxyError|ConnectTimeout|ReadTimeout|"
        r"timed out|Connection aborted|Connection broken|Connection reset|"
        r"IncompleteRead|incomplete-download",
        UNREACHABLE,
    ),
    (
        r"No module named pip",
        "This Python has no pip: run 'python -m ensurepip', or start again with "
        "'make setup'.",
    ),
]
NOTHING_FOUND = (
    r"from versions: none",
    "The package index cannot be reached, or it has nothing for this Python and "
    "system, or a log-in page answers in its place: check the network connection (open "
    "a web page) and run the same command again.",
)
NOT_FOUND = re.compile(r"No matching distribution found|from versions:")


class InstallError(RuntimeError):
    """Something could not be installed or fetched; the text says why, in a sentence."""


def explain(output, log=""):
    """Return one sentence for a failed pip.

    output: str, what it printed. log: str, the end of its log, asked where the output
    does not tell: why an index gave nothing, and what a pip that pip starts, to build a
    package, has said, stand only there.
    """
    for causes in (CAUSES, [NOTHING_FOUND]):
        for text in (output, log):
            for pattern, sentence in causes:
                if re.search(pattern, text):
                    return sentence
    errors = [line for line in output.splitlines() if "error" in line.lower()]
    last = (errors or output.strip().splitlines() or ["no message"])[-1].strip()
    return "pip failed for a reason that the course does not know: " + last


def read_end(log, start=0, characters=20000):
    """Return the end of a log file, none of it before byte `start`; "" without one."""
    try:
        with open(str(log), "rb") as file:
            file.seek(start)
            return file.read().decode("utf-8", "replace")[-characters:]
    except OSError:
        return ""


def run_pip(arguments, python=sys.executable, show=False, log=None, network=False):
    """Run `pip ARGUMENTS` with the given python.

    show: let pip's progress through to the terminal; its errors are kept back.
    log: a file that receives everything, for the cases nobody foresaw.
    network: ask the network even where there is a wheelhouse.
    Raises InstallError with one sentence.
    """
    try:
        wheelhouse = None if network else find_wheelhouse()
    except WheelhouseError as problem:
        raise InstallError(str(problem)) from None
    command = [str(python), "-m", "pip", *arguments]
    command += ["--disable-pip-version-check", "--no-input"]
    with _log_file(log) as file:
        command += ["--log", file]
        if wheelhouse:
            failure = _run_once(command, show, file, pip_environment(wheelhouse))
        else:
            failure = _run_while_it_helps(command, show, file)
    if failure is None:
        return
    sentence, said, _ = failure
    if wheelhouse and NOT_FOUND.search(said):
        sentence = (
            f"The wheelhouse '{wheelhouse}' lacks a package that the course "
            "needs: make it anew with the same EXTRAS ('make wheelhouse', where "
            "there is a network), or say 'make setup WHEELHOUSE=' to use one."
        )
    if log:
        sentence += f"\n  (Everything pip said is in {log}.)"
    raise InstallError(sentence)


@contextmanager
def _log_file(log):
    if log:
        yield str(log)
        return
    with tempfile.TemporaryDirectory(prefix="pip-log-") as folder:
        yield os.path.join(folder, "pip.log")


def network_environment():
    """Return the environment for a pip that gives up soon; the user's settings win."""
    chosen = dict(os.environ)
    if "PIP_DEFAULT_TIMEOUT" in chosen:  # another name of the same setting
        chosen.setdefault("PIP_TIMEOUT", chosen["PIP_DEFAULT_TIMEOUT"])
    return {**PIP_SETTINGS, **chosen}


def _run_while_it_helps(command, show, log):
    """Run pip, again where an attempt got on, or failed at once: a slip of the network.

    Returns as `_run_once` does. pip may have kept a file that arrived
    altered: then it is run once more without what it has kept.
    """
    environment = network_environment()
    since = time.monotonic()
    for _ in range(MOST_TRIES):
        failure = _run_once(command, show, log, environment)
        if failure is None:
            return None
        sentence, _, files = failure
        if sentence == ALTERED and "PIP_NO_CACHE_DIR" not in environment:
            environment["PIP_NO_CACHE_DIR"] = "1"
            continue
        if sentence != UNREACHABLE:
            return failure
        if files > 1:  # all but the last are whole, and kept
            since = time.monotonic()
        elif time.monotonic() - since > SOON_SECONDS:
            return failure
        time.sleep(1)
    return failure


def _run_once(command, show, log, environment):
    """Run pip. Returns None where it succeeded, else what went wrong: a sentence, what
    pip said (str), and how many files it had begun to download (int)."""
    start = os.path.getsize(log) if os.path.exists(log) else 0
    done = subprocess.run(
        command,
        stdout=None if show else subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    if done.returncode == 0:
        return None
    said, written = (done.stdout or "") + done.stderr, read_end(log, start)
    files = len(re.findall(r"Downloading \S+ \(", written))
    return explain(said, written), said + written, files
