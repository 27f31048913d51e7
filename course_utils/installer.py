"""Run pip, and turn its failures into one sentence that a student understands.

Used before the course is installed, too: standard library and the syntax of
Python 3.6 only.
"""

import re
import subprocess
import sys

from course_utils.wheelhouse import WheelhouseError, find_wheelhouse, pip_environment

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
        r"DO NOT MATCH THE HASHES|Expected sha256",
        "A downloaded file is not the one that the course was tested with: it was "
        "altered or cut short on the way. Run the same command again; if it happens "
        "twice, use another network.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError",
        "The network replaces secure certificates (a proxy or a log-in page): open a "
        "web page to log in, or set PIP_CERT to your organisation's certificate file.",
    ),
    (
        r"name resolution|Name or service not known|getaddrinfo failed|"
        r"NewConnectionError|NameResolutionError|Network is unreachable|"
        r"Connection refused|Max retries|ProxyError|ConnectTimeout|ReadTimeout|"
        r"[Cc]onnection.*timed out|Connection aborted",
        "The package index cannot be reached: check the network connection and run "
        "the same command again (what was already downloaded is kept).",
    ),
    (
        r"from versions: none",
        "The package index cannot be reached, or it has nothing for this Python and "
        "system: check the network connection and run the same command again.",
    ),
    (
        r"No module named pip",
        "This Python has no pip: run 'python -m ensurepip', or start again with "
        "'make setup'.",
    ),
]
NOT_FOUND = re.compile(r"No matching distribution found|from versions:")


class InstallError(RuntimeError):
    """Something could not be installed or fetched; the text says why, in a sentence."""


def explain(output, log=""):
    """Return one sentence for a failed pip.

    output: str, what it printed. log: str, the end of its log, asked where the output
    does not tell: a pip that pip starts, to build a package, speaks only there.
    """
    for text in (output, log):
        for pattern, sentence in CAUSES:
            if re.search(pattern, text):
                return sentence
    errors = [line for line in output.splitlines() if "error" in line.lower()]
    last = (errors or output.strip().splitlines() or ["no message"])[-1].strip()
    return "pip failed for a reason that the course does not know: " + last


def read_end(log, characters=20000):
    """Return the end of a log file, "" where there is none."""
    try:
        with open(str(log), encoding="utf-8", errors="replace") as file:
            return file.read()[-characters:]
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
    if log:
        command += ["--log", str(log)]
    done = subprocess.run(
        command,
        stdout=None if show else subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=pip_environment(wheelhouse) if wheelhouse else None,
    )
    if done.returncode != 0:
        said, written = (done.stdout or "") + done.stderr, read_end(log) if log else ""
        sentence = explain(said, written)
        if wheelhouse and NOT_FOUND.search(said + written):
            sentence = (
                f"The wheelhouse '{wheelhouse}' lacks a package that the course "
                "needs: make it anew with the same EXTRAS ('make wheelhouse', where "
                "there is a network), or say 'make setup WHEELHOUSE=' to use one."
            )
        if log:
            sentence += f"\n  (Everything pip said is in {log}.)"
        raise InstallError(sentence)
