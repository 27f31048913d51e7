"""A student's Python, told line by line what to load and under which settings.

    python -m tests.slow.network_worker

Reads lines of JSON: {"settings": {variable: text or null}, "do": ..., ...}, and writes
one line for each: {"numbers": ...}, {"done": true}, or {"message": ..., "error": ...}.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

from course_utils import assets
from course_utils.installer import InstallError, run_pip
from course_utils.pinned_files import Pin
from tests.package_index import REVIEW, sha256
from tests.tiny_hub_model import numbers

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120


class Worker:
    """The process, seen from the tests: ask it, and end it where it is too slow."""

    def __init__(self, log):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.slow.network_worker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        self.answers = queue.Queue()
        threading.Thread(target=self.forward, daemon=True).start()
        assert self.answers.get(timeout=START_SECONDS) == {"ready": True}

    def forward(self):
        for line in self.process.stdout:
            self.answers.put(json.loads(line))

    def ask(self, question):
        """Send a question (dict); the answer is then put into the queue `answers`."""
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()

    def end(self):
        self.process.kill()
        self.process.wait()


def answer(question):
    """Do what a question says; return what came of it."""
    for name, value in question["settings"].items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    try:
        return ACTIONS[question["do"]](question)
    except (assets.AssetError, InstallError) as problem:
        return {"message": str(problem), "error": type(problem).__name__}


def load(question):
    return {"numbers": numbers(question.get("name"))}


def fetch_reviews(question):
    content = Path(question["archive"]).read_bytes()
    assets.REVIEWS_SHA256 = sha256(content)
    pin = Pin(len(REVIEW), sha256(REVIEW))
    assets.REVIEW_FILES = dict.fromkeys(assets.REVIEW_FILES, pin)
    assets.fetch_reviews()
    return {"done": True}


def install(question):
    """As set-up does: pip speaks to the terminal, and everything goes to a log."""
    options = ["--no-compile", "--target", question["target"], "tiny-package"]
    run_pip(["install", *options], show=True, log=question["log"])
    return {"done": True}


ACTIONS = {"load": load, "fetch_reviews": fetch_reviews, "install": install}


def main():
    """Answer until the input ends."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)  # what pip and the progress bar print is no answer
        print(json.dumps({"ready": True}), file=answers, flush=True)
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
