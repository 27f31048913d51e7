"""What a student's cells do with files, one after the other: python -m ...uses

Each use ends "right", "said" with one message of the course, or "wrong" with the rest.
Prints one line of JSON: {use: [word, text]}. FAULT_ARCHIVE names the reviews' archive,
FAULT_COURSE a folder with notebooks in it.
"""

import contextlib
import io
import json
import os
import re
import shutil
import sys
import warnings
from pathlib import Path

import course_utils.plots.lines  # noqa: F401 - loads matplotlib, as lessons do
from course_utils import (
    AssetError,
    assets,
    cached_features,
    embed,
    load_bert,
    load_reviews,
    progress_panel,
    saved_folder,
)
from course_utils.checks import progress
from course_utils.checks.result import Result
from course_utils.take_home import WorkError, take_home
from tests.crashes.saved_models import STEM, save_version, tiny, version_in

TEXTS = ["one text", "another text"]
SAID = (
    r"AssetError: The cache folder .* cannot be (written|made)",
    r"OSError: The model cannot be saved in .*Set COURSE_ARTIFACTS",
    r"WorkError: No zip was written in the folder my_work: ",
    r"\.progress\.json cannot be written \(",
    r"^The features were not stored, .*: set COURSE_CACHE",
)
NOTICE = re.compile(r"^Fetching the review data.*\n", re.M)


def use_model():
    tokenizer, model = load_bert()
    states = model(**tokenizer("Good morning!", return_tensors="pt")).last_hidden_state
    assert states.shape == (1, 5, 384) and states.isfinite().all()


def use_reviews():
    source = Path(os.environ["FAULT_ARCHIVE"])
    assets._download_archive = lambda work: Path(shutil.copy(source, work))
    assert len(load_reviews()) == 10072


def use_features():
    tokenizer, (model, _) = tiny()
    bert = tokenizer, model.bert
    found = cached_features(TEXTS, bert=bert, progress=False)
    assert (found == embed(TEXTS, bert=bert, progress=False)).all()


def use_saved_model():
    save_version(1)
    assert version_in(saved_folder(STEM)) == 1


def use_progress():
    progress.this_session.clear()
    progress.note(Result("3.1", "ok"))
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        progress_panel()
    assert "✓ 3.1" in shown.getvalue()
    if "cannot be" in shown.getvalue():
        print(shown.getvalue().splitlines()[-1])


def use_take_home():
    os.chdir(os.environ["FAULT_COURSE"])
    assert take_home().zip_file.is_file()


USES = {
    "load_bert": use_model,
    "load_reviews": use_reviews,
    "cached_features": use_features,
    "save_model": use_saved_model,
    "progress_panel": use_progress,
    "take_home": use_take_home,
}


def outcome(use):
    """Run a use; return its word and what was shown."""
    shown = io.StringIO()
    try:
        with (
            contextlib.redirect_stdout(shown),
            contextlib.redirect_stderr(shown),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("always")
            use()
    except (AssetError, OSError, WorkError) as problem:
        shown.write(f"{type(problem).__name__}: {problem}")
    except Exception as problem:
        return "wrong", f"{type(problem).__name__}: {problem}"
    text = NOTICE.sub("", shown.getvalue())
    if not text:
        return "right", ""
    return ("said" if any(re.search(one, text) for one in SAID) else "wrong"), text


def use_all():
    """Run all uses; returns {use: (word, text)}."""
    return {name: outcome(use) for name, use in USES.items()}


if __name__ == "__main__":
    json.dump(use_all(), sys.stdout)
