"""Bring a model of the Hub into its cache, in a process of its own.

    python -m course_utils.hub_download NAME [REVISION]

A process can be ended when the network hangs. It prints lines of JSON:
{"network": true}: from here on, silence means that nothing arrives;
{"fetch": bytes}, {"bytes": so many are there}, {"note": what the library warns of};
and last {"folder": path}, or {"problem": a key of hub_models.CAUSES, "said": text}.
"""

import _thread
import json
import logging
import re
import signal
import sys
import threading
from pathlib import Path

from huggingface_hub import HfApi, constants, hf_hub_download
from huggingface_hub.errors import (
    GatedRepoError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from course_utils.hub_cache import (
    INDEX,
    TOKENIZER,
    cached_folder,
    drop_altered,
    drop_old_parts,
    hash_of_blob,
    is_altered,
    parts,
    remove,
)

LISTING_SECONDS = 8  # the Hub's answer to the first question
STEP = 16 * 1024  # bytes: a download is seen to go on in such steps
LOOK_SECONDS = 0.3
WEIGHTS = re.compile(r"model(-\d+-of-\d+)?\.safetensors")
SMALL = re.compile(
    r"config\.json|tokenizer_config\.json|special_tokens_map\.json|"
    r"added_tokens\.json|merges\.txt|" + TOKENIZER.pattern
)


class Problem(Exception):
    """What this module finds wrong by itself: a kind, and what was seen."""

    def __init__(self, kind, said):
        super().__init__(said)
        self.kind = kind


def fetch(name, revision):
    """Download what is missing, the weights last, each file verified (Path)."""
    tell(network=True)
    try:
        listing = HfApi().model_info(
            name, revision=revision, files_metadata=True, timeout=LISTING_SECONDS
        )
        files = {file.rfilename: file for file in listing.siblings}
    except (KeyError, TypeError, AttributeError) as problem:
        raise Problem("portal", f"no list of files: {problem!r}") from None
    names = wanted(files)
    tell(fetch=sum(files[file].size or 0 for file in names))
    ready = 0
    with watched(name, lambda: ready):
        for file in names:
            path = download(name, file, revision, known_hash(files[file]))
            ready += path.stat().st_size
    return path.parent


def download(name, file, revision, digest):
    """Download a file that is not in the cache; return its path, verified (Path).

    An older library goes on with the part that an ended process has left. Where the
    two do not fit together, the file is downloaded once more.
    """
    more = [True, False] if parts(name) else [False]
    for again in more:
        tell(network=True)
        path = Path(hf_hub_download(name, file, revision=revision))
        tell(network=False)
        if not is_altered(path, digest or hash_of_blob(path)):
            break
        remove(path)
        if not again:
            raise Problem("altered", f"{file} has another hash than on the Hub")
    return path


def wanted(files):
    """Return which of the files make a model and its tokenizer, the weights last."""
    weights = [name for name in files if WEIGHTS.fullmatch(name)]
    if "model.safetensors" in weights:
        weights = ["model.safetensors"]
    elif weights and INDEX in files:
        weights.insert(0, INDEX)
    small = [name for name in files if SMALL.fullmatch(name)]
    if not weights:
        pickled = [name for name in files if name.endswith(".bin")]
        raise Problem(
            "pickle" if pickled else "incomplete", f"no safetensors; {pickled[:1]}"
        )
    if "config.json" not in small or not any(map(TOKENIZER.fullmatch, small)):
        raise Problem("incomplete", f"there are {', '.join(small) or 'only weights'}")
    return [*sorted(small), *weights]


def known_hash(file):
    """Return the hash that the Hub's list gives for a file, "" where it gives none."""
    return file.lfs["sha256"] if file.lfs else (file.blob_id or "")


class watched:
    """While it is open, tell how many bytes have arrived, whenever there are more.

    The same bytes sent again and again are no progress.
    """

    def __init__(self, name, ready):
        self.name, self.ready = name, ready
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def look(self):
        most = -1
        while not self.ended.wait(LOOK_SECONDS):
            arrived = self.ready()
            for path in parts(self.name):
                try:
                    arrived += path.stat().st_size
                except OSError:  # it has just become a whole file
                    continue
            if arrived > most:
                most = arrived
                tell(bytes=arrived)


# --- what goes wrong ------------------------------------------------------------------


def kind_of(problem):
    """Return the key of hub_models.CAUSES for an exception of this module (str)."""
    seen = []
    while problem is not None and problem not in seen:
        if kind := kind_of_one(problem):
            return kind
        seen.append(problem)
        problem = problem.__cause__ or problem.__context__
    return "unknown"


def kind_of_one(error):
    """Return the kind of one exception, or "" where it does not tell by itself."""
    if isinstance(error, Problem):
        return error.kind
    if isinstance(error, GatedRepoError):
        return "gated"
    if isinstance(error, RevisionNotFoundError):
        return "revision"
    if isinstance(error, RepositoryNotFoundError):
        return "name"
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status:
        return kind_of_status(status)
    if isinstance(error, OSError) and error.errno in (13, 28, 30):
        return "disk"
    return kind_of_text(f"{type(error).__name__} {error}")


def kind_of_text(text):
    """Return the kind of what a library says, or "" where it does not tell."""
    if status := re.search(r"HTTP Error (\d+)", text):
        return kind_of_status(int(status[1]))
    for pattern, kind in (
        ("OfflineMode", "offline"),
        ("HFValidation", "form"),
        ("CERTIFICATE_VERIFY|SSLCert", "certificate"),
        ("TooManyRedirects", "redirects"),
        ("Timeout|timed out", "hang"),
        ("RemoteProtocol|ReadError|ChunkedEnc|IncompleteRead|Consistency", "half"),
        ("peer closed|Connection aborted|Connection reset", "half"),
        ("ConnectError|ConnectionError|refused|gaierror|Proxy", "network"),
        ("JSONDecode|FileMetadata", "portal"),
    ):
        if re.search(pattern, text):
            return kind
    return ""


def kind_of_status(status):
    """Return the kind of an HTTP status (int) that is no success."""
    known = {401: "name", 403: "gated", 404: "missing", 407: "portal", 408: "hang"}
    known |= {416: "half", 429: "busy", 511: "portal"}
    return known.get(status, "ill" if status >= 500 else "unknown")


class Notes(logging.Handler):
    """Hand on what the library warns of, such as a status it tries again after."""

    def emit(self, record):
        tell(note=record.getMessage().splitlines()[0])


def tell(**message):
    """Print a line of JSON; where nobody reads any more, end the download."""
    try:
        print(json.dumps(message), flush=True)
    except OSError:
        _thread.interrupt_main()


def main(name, revision=None):
    """Find or fetch the model, and tell the folder or the problem."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that parts are removed
    constants.DOWNLOAD_CHUNK_SIZE = STEP
    logging.getLogger("huggingface_hub").addHandler(Notes())
    try:
        folder = cached_folder(name, revision)
        if folder is None or drop_altered(folder):
            drop_old_parts(name)
            folder = fetch(name, revision)
        tell(folder=str(folder))
    except Exception as problem:
        said = next(iter(str(problem).strip().splitlines()), type(problem).__name__)
        tell(problem=kind_of(problem), said=said)


if __name__ == "__main__":
    main(*sys.argv[1:])
