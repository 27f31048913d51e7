"""Where a model lies that was named by a folder or a Hub id; the Hub's is fetched once.

The fetching is done by course_utils/hub_download.py in a process of its own, which is
ended where nothing arrives any more: a slow network may take its time, a dead one not.
"""

import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

from tqdm import tqdm

from course_utils.hub_download import kind_of_text
from course_utils.pinned_files import AssetError

SILENT_SECONDS = 10  # without a byte from the network
ROOT = Path(__file__).resolve().parent.parent
HUB_ID = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")
SETTINGS = {
    "HF_HUB_DISABLE_XET": "1",  # its own downloader shows no progress in the cache
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_ETAG_TIMEOUT": "5",
    "HF_HUB_DOWNLOAD_TIMEOUT": "5",  # then the library asks again for the rest
}
AGAIN = "run the cell again; what is whole is kept"
CAUSES = {
    "network": "The Hub ({hub}) cannot be reached: is there a network? Check it, then "
    "{again}.",
    "hang": "The Hub ({hub}) takes the question and does not answer. Likely cause: a "
    "network that lets nothing through. Try another network, then {again}.",
    "storage": "The Hub answers, but the server that keeps its files cannot be "
    "reached. Likely cause: the network blocks it. Try another network, then {again}.",
    "stall": "The download stopped: nothing arrived for {seconds} s. Likely cause: a "
    "network that is weak or overloaded. When it is better, {again}.",
    "half": "The connection broke off before a file was whole; the rest was not "
    "sent. Likely cause: a weak network. When it is better, {again}.",
    "busy": "The Hub says that it is asked too often from here (status 429): a class "
    "shares one address. Wait some minutes, then {again}.",
    "ill": "The Hub is ill (it answers with a status from 500 on); your network is "
    "not the cause. Wait some minutes, then {again}.",
    "name": "The Hub has no such model, or it is private. Likely cause: a slip in the "
    "name. Compare it with the model's page, from its first to its last letter; for a "
    "private model log in first with 'hf auth login'.",
    "revision": "The Hub has the model, but not the version that was asked for. Likely "
    "cause: a slip in revision. Expected: a branch, a tag or a commit of the model's "
    "page ('Files and versions'); without revision the newest is taken.",
    "gated": "The Hub keeps this model behind terms (it is gated). Accept them on the "
    "model's page and log in with 'hf auth login', then run the cell again; or take a "
    "model that is open.",
    "missing": "The Hub has the model, but not all of its files: choose another one.",
    "incomplete": "On the Hub it lacks config.json, the tokenizer or the weights: is "
    "it a BERT for transformers? Choose another one.",
    "pickle": "Its weights are a pickle, which may run code, and are not read: choose "
    "one with model.safetensors.",
    "altered": "A file arrived that is not the one on the Hub (its hash differs); it "
    "was removed. Likely cause: a proxy or a disk that changes files. Run the cell "
    "again; if that happens twice, use another network.",
    "portal": "Something else answered in the Hub's place. Likely cause: a network "
    "that wants a log-in. Open a web page, log in there, then {again}.",
    "certificate": "The network replaces secure certificates (a proxy or a log-in "
    "page): open a web page to log in, or ask for your organisation's certificate.",
    "redirects": "The address leads in a circle of redirects. Likely cause: a network "
    "that wants a log-in, or a wrong HF_ENDPOINT (it is {hub}).",
    "offline": "It is not in the cache, and HF_HUB_OFFLINE forbids to fetch it: unset "
    "HF_HUB_OFFLINE and start the kernel anew.",
    "disk": "The Hub's cache folder cannot be written, or the disk is full: make "
    "space, or set HF_HOME to a folder of your own.",
    "form": "This is no Hub id: it looks like 'bert-base-uncased' or 'owner/name'.",
    "unknown": "Something went wrong that the course does not know: {again}.",
}
WAY_OUT = (
    "Without a name and with COURSE_MODEL unset, load_bert() takes the embedded model, "
    "which needs no network."
)


def model_source(name, revision=None):
    """Return the folder of a model (Path), fetched from the Hub where that is needed.

    name: a folder, or a Hub id. revision: a branch, tag or commit of the Hub, or None.
    Raises AssetError, at most 15 s after the network has gone silent.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not any(folder.iterdir()):
            raise _no_folder(name, "The folder is empty.")
        return folder
    if folder.is_file():
        raise _no_folder(
            name, f"This is a file: try its folder, {str(folder.parent)!r}."
        )
    if "://" in str(name):
        raise AssetError(
            f"The model {name!r} cannot be loaded. Expected: its name, not its page's "
            f"address: try {'/'.join(name.rstrip('/').split('/')[3:5])!r}."
        )
    if not isinstance(name, str) or not HUB_ID.fullmatch(name):
        raise _no_folder(name, "There is no such folder, and a Hub id looks otherwise.")
    return _fetch(name, revision)


def _no_folder(name, found):
    return AssetError(
        f"The model {str(name)!r} cannot be loaded. {found} Expected: a folder with "
        "config.json, model.safetensors and the tokenizer's files, or a Hub id such as "
        f"'bert-base-uncased'. Likely cause: a slip in the name. {WAY_OUT}"
    )


def _fetch(name, revision):
    bar = None
    with closing(_messages(name, revision)) as messages:
        for message in messages:
            if "fetch" in message:
                bar = _bar(name, message["fetch"])
            elif "bytes" in message:
                bar.update(min(message["bytes"], bar.total) - bar.n)
            elif "folder" in message and bar is not None:
                bar.update(bar.total - bar.n)
    if bar is not None:
        bar.close()
    if "folder" in message:
        return Path(message["folder"])
    kind = message["problem"]
    # with a bar, the Hub has already said what it has
    means = (
        {"missing": "name"} if bar is None else {"network": "storage", "hang": "stall"}
    )
    kind = means.get(kind, kind)
    raise AssetError(_sentence(name, kind, message["said"]))


def _bar(name, total):
    return tqdm(
        desc=f"Fetching {name} from the Hub, once",
        total=total,
        unit="B",
        unit_scale=True,
        file=sys.stdout,
        mininterval=0.5,
    )


def _sentence(name, kind, said):
    hub = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    cause = CAUSES[kind].format(hub=hub, again=AGAIN, seconds=SILENT_SECONDS)
    detail = f" (The library says: {said})" if said else ""
    return f"The model {name!r} cannot be loaded. {cause} {WAY_OUT}{detail}"


def _messages(name, revision):
    """Yield what the download tells; the last has a folder or a problem.

    Only what depends on the network is timed: not the start of Python, nor a hash.
    """
    end, note, printed = None, "", ""
    with _download(name, revision) as lines:
        while True:
            try:
                line = lines.get(timeout=end and max(0, end - time.monotonic()))
            except queue.Empty:
                yield {"problem": kind_of_text(note) or "hang", "said": note}
                return
            if line is None:
                yield {"problem": "unknown", "said": printed}
                return
            try:
                message = json.loads(line)
            except ValueError:  # not ours: a warning, or the last words of a crash
                printed = line.strip() or printed
                continue
            if "note" in message:  # it is no sign of life, and may tell the cause
                note = message["note"] if kind_of_text(message["note"]) else note
                continue
            yield message
            if "folder" in message or "problem" in message:
                return
            if message.get("network") is False:
                end = None
            elif end or "network" in message:
                end = time.monotonic() + SILENT_SECONDS


@contextmanager
def _download(name, revision):
    """Run the download; gives a queue of its lines, None at their end."""
    command = [sys.executable, "-m", "course_utils.hub_download", name]
    process = subprocess.Popen(
        command + ([revision] if revision else []),
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    lines = queue.Queue()

    def forward():
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    reader = threading.Thread(target=forward, daemon=True)
    reader.start()
    try:
        yield lines
    finally:
        process.terminate()
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:  # it waits where no signal reaches it
            process.kill()
            process.wait()
        reader.join()
        process.stdout.close()


def _environment():
    paths = [str(ROOT), os.environ.get("PYTHONPATH")]
    return {
        **SETTINGS,
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONIOENCODING": "utf-8",
    }
