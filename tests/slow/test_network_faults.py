"""Every fault of a network, a Hub and a package index: `make test-network`.

Each is played by servers on loopback, to a Python of its own. It must give a message
within LIMIT_SECONDS of the fault and leave nothing broken; the embedded model must
still work in the same process, and the next good run must heal. A network that is odd
and no fault must work. It writes its section of docs/reliability.md.
"""

import math
import queue
import re
import threading
import time
from contextlib import ExitStack

import pytest

from tests import hub_faults as faults
from tests import package_index as packages
from tests.hub_server import content_hash, serve_hub
from tests.reliability_page import write_section
from tests.slow.network_trials import HUB, INDEX, PLACES
from tests.slow.network_worker import Worker
from tests.tiny_hub_model import REPOSITORY, numbers, save_tiny_bert

LIMIT_SECONDS = 15
PATIENCE_SECONDS = 60  # for what works, however slowly
NO_HOST = "http://no-such-host.invalid"
HEADER = (
    "| fault | where | seconds until the message | survived | healed |\n"
    "|---|---|---|---|---|\n"
)


class Stage:
    """The course at work in another process, and what its answers must be."""

    def __init__(self, folder):
        self.folder = folder
        self.model = save_tiny_bert(folder / "tiny-bert")
        self.index = packages.fill(folder / "index")
        self.right, self.embedded = numbers(self.model), numbers()
        self.log = (folder / "worker.log").open("w")
        self.worker = None
        self.rows = {}
        self.struck = threading.Event()
        self.took = None

    def ask(self, seconds, **question):
        """Return the worker's answer, None where it takes longer: then it is ended.

        The time counts from when the fault struck; `took` keeps it for the page.
        """
        self.worker = self.worker or Worker(self.log)
        self.worker.ask(question)
        self.struck.wait(PATIENCE_SECONDS)
        began = time.monotonic()
        try:
            return self.worker.answers.get(timeout=seconds)
        except queue.Empty:
            self.end()
            return None
        finally:
            self.took = math.ceil(time.monotonic() - began)

    def striking(self, fault):
        """Return a fault that notes when it strikes; without one, it has struck."""
        if not callable(fault):
            self.struck.set()
            return None
        self.struck.clear()

        def strike(handler):
            self.struck.set()
            fault(handler)

        return strike

    def end(self):
        if self.worker is not None:
            self.worker.end()
        self.worker = None

    def play(self, trial, home, seconds, good=False):
        """Return the answer under a trial's fault, or under none: `good`.

        Afterwards `struck` says whether the fault struck at all.
        """
        with ExitStack() as stack:
            fault = "" if good else trial.fault
            given = {"fault": self.striking(fault), "where": trial.where}
            address = stack.enter_context(faults.nobody())
            if fault == "no host":
                address = NO_HOST
            elif fault != "nobody" and trial.do == "load":
                given["store"] = address if fault == "no store" else ""
                hub = serve_hub(self.model, REPOSITORY, **given)
                address = stack.enter_context(hub)
            elif fault != "nobody":
                index = packages.serve_index(self.index, **given)
                address = stack.enter_context(index)
            asked = question(trial, address, home, self.index, good)
            return self.ask(seconds, **asked)

    def is_right(self, answer):
        return answer in ({"numbers": self.right}, {"done": True})

    def is_usable(self):
        """Return whether the embedded model works there, with COURSE_MODEL unset."""
        self.struck.set()
        unset = {"COURSE_MODEL": None}
        answer = self.ask(PATIENCE_SECONDS, do="load", settings=unset)
        return answer == {"numbers": self.embedded}

    def broken(self, home):
        """Return the files that a later run would take for whole, or that are rubbish.

        home: the folder of the Hub's cache, of the reviews, and of what is installed.
        """
        found = [path for path in home.rglob("*") if path.is_file()]
        wrong = [path for path in found if ".incomplete" in path.name]
        wrong += [path for path in found if "fetch-" in str(path.parent)]
        for path in found:
            content = path.read_bytes()
            if "snapshots" in path.parts:
                if content != (self.model / path.name).read_bytes():
                    wrong.append(path)
            elif "blobs" in path.parts and content_hash("", content) != path.name:
                if content_hash("x.safetensors", content) != path.name:
                    wrong.append(path)
            elif path.suffix == ".txt" and content != packages.REVIEW:
                wrong.append(path)
        if any(path.name == "tiny_package.py" for path in found):
            wrong += [] if any("RECORD" in path.name for path in found) else ["package"]
        return wrong


def question(trial, address, home, index, good):
    """Return what the worker is asked, with its settings (dict).

    good: COURSE_MODEL is then spelt as it should be.
    """
    asked = {"do": trial.do}
    if trial.do == "load":
        asked["name"] = "tiny-bert" if trial.fault is faults.moved else REPOSITORY
        offline = dict.fromkeys(("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))
        settings = {"HF_ENDPOINT": address, "HF_HOME": str(home), **offline}
        if trial.variable:
            del asked["name"]
            settings["COURSE_MODEL"] = REPOSITORY if good else trial.variable
    else:
        settings = {**packages.pip_settings(address), "COURSE_CACHE": str(home)}
        for name, value in trial.settings.items():
            settings[name] = value.format(address=address + "/again")
        asked["archive"] = str(index / packages.ARCHIVE)
        asked["target"], asked["log"] = str(home / "target"), str(home / "log")
    return {**asked, "settings": settings}


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("network"))
    yield stage
    stage.end()
    stage.log.close()
    if len(stage.rows) == len(HUB) + len(INDEX):  # a part of them writes no page
        write_section("network", body(stage.rows))


@pytest.mark.parametrize("trial", [*HUB, *INDEX], ids=str)
def test_a_fault(stage, trial, tmp_path):
    seconds = LIMIT_SECONDS if trial.words else PATIENCE_SECONDS
    answer = stage.play(trial, tmp_path, seconds)
    took, struck = stage.took, stage.struck.is_set()
    if trial.words:
        said = bool(re.search(trial.words, (answer or {}).get("message", "")))
    else:
        said = stage.is_right(answer)
    broken = stage.broken(tmp_path)
    usable = stage.is_usable()
    healed = stage.is_right(stage.play(trial, tmp_path, PATIENCE_SECONDS, good=True))
    survived = struck and said and usable and not broken
    stage.rows[str(trial)] = (trial, took if trial.words else "", survived, healed)
    assert struck, "the fault never struck: nothing was tried"
    assert said, answer
    assert usable and not broken, broken
    assert healed


def body(rows):
    """Return the page's section: the counts, and a table for each kind of server."""
    real = [row for row in rows.values() if row[0].words]
    odd = [row for row in rows.values() if not row[0].words]
    good, works = (sum(s and h for _, _, s, h in kind) for kind in (real, odd))
    parts = [
        f"Faults tried: {len(real)}. Survived and healed: {good}. "
        f"Lost: {len(real) - good}. Odd networks, slow or redirecting, that are no "
        f"fault: {len(odd)}. Worked and healed: {works}."
    ]
    for title, do in (
        ("A model of the Hub, by `load_bert`", "load"),
        ("The reviews, by `course_utils fetch`", "fetch_reviews"),
        ("A package, as set-up installs it", "install"),
    ):
        lines = [line(*row) for row in rows.values() if row[0].do == do]
        parts.append(f"### {title}\n\n{HEADER}{''.join(lines)}")
    return "\n\n".join(part.strip() for part in parts)


def line(trial, seconds, survived, healed):
    """Return a row of the table."""
    yes = {True: "yes", False: "**no**"}
    place = PLACES.get(trial.where, trial.where.split(" ")[-1])
    columns = (trial.label, place, seconds, yes[survived], yes[healed])
    return "| " + " | ".join(map(str, columns)) + " |\n"
