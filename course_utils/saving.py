"""Save a fine-tuned model so that no interruption leaves a half one.

The files are written into a new folder beside the old one, which takes its place only
when it is whole. `saved_folder` puts the former one back where the exchange was cut.
"""

import os
import shutil
import tempfile
import time
from pathlib import Path

from filelock import FileLock

from course_utils.library_noise import quiet_library
from course_utils.value_checks import check_str

ROOT = Path(__file__).resolve().parent.parent
FORMER = ".former"
DAY = 24 * 3600  # seconds


def artifacts_folder():
    """Return where models are saved: COURSE_ARTIFACTS, else `artifacts/` of the course.

    Returns a Path, which may not exist yet.
    """
    return Path(os.environ.get("COURSE_ARTIFACTS") or ROOT / "artifacts")


def save_model(stem, model, tokenizer, card):
    """Save model, tokenizer and a model card to `artifacts/<stem>/`; returns the Path.

    stem: str, the lesson's name. card: str, Markdown: data, scores, limits; it becomes
        README.md. The format is the library's own (safetensors and json), so that
        `transformers.pipeline` loads the folder.

    Whenever it is interrupted, the former model stays whole. Raises OSError with what
    to do where the folder cannot be written.
    """
    check_stem(stem)
    check_str("card", card, "Markdown: data, scores, limits")
    for name, thing in (("model", model), ("tokenizer", tokenizer)):
        if not hasattr(thing, "save_pretrained"):
            raise TypeError(
                f"{name} is a {type(thing).__name__}, expected one of transformers' "
                f"own, with save_pretrained: is the order (stem, model, tokenizer, "
                "card) kept? For a model of your own: safetensors.torch.save_model"
            )
    target = artifacts_folder() / stem
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{stem}.new.", dir=target.parent))
        os.chmod(new, 0o755)
    except OSError as problem:
        raise OSError(
            f"The model cannot be saved in {str(target.parent)!r} "
            f"({problem.strerror}). Set COURSE_ARTIFACTS to a folder you may write to."
        ) from None
    try:
        with quiet_library():
            model.save_pretrained(new)
            tokenizer.save_pretrained(new)
        (new / "README.md").write_text(card, encoding="utf-8")
        with _locked(target):
            _exchange(new, target)
            _remove_leftovers(target)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return target


def saved_folder(stem):
    """Return the folder of the model saved for a lesson.

    Raises FileNotFoundError with what to do where there is none.
    """
    check_stem(stem)
    target = artifacts_folder() / stem
    former = _former(target)
    if not target.exists() and former.exists():
        with _locked(target):
            if not target.exists() and former.exists():  # the exchange was cut
                former.rename(target)
    if not (target / "config.json").exists():
        raise FileNotFoundError(
            f"No model is saved for {stem!r} yet. Run the lesson of that name, or "
            "set COURSE_ARTIFACTS to the folder where it is."
        )
    return target


def check_stem(stem):
    """Raise unless stem is the plain name of a folder, no path.

    "" or ".." would name the folder of all models, which the new one would replace.
    """
    check_str("stem", stem, "the lesson's name, such as '07_finetune_sentiment'")
    if (
        not stem
        or stem.startswith(".")
        or Path(stem).name != stem
        or set(stem) & set("\\/:\0")
    ):
        raise ValueError(
            f"stem is {stem!r}, expected the plain name of a folder: no path and no "
            "dot in front. COURSE_ARTIFACTS chooses where it lies"
        )


def _former(target):
    return target.with_name(f".{target.name}{FORMER}")


def _locked(target):
    return FileLock(target.with_name(f".{target.name}.lock"))


def _remove_leftovers(target):
    """Remove what saves that were killed left behind, a day ago or longer."""
    for folder in target.parent.glob(f".{target.name}.new.*"):
        if time.time() - folder.stat().st_mtime > DAY:
            shutil.rmtree(folder, ignore_errors=True)


def _exchange(new, target):
    """Put the new folder in the target's place: two renames, each of them atomic."""
    former = _former(target)
    if target.exists():
        shutil.rmtree(former, ignore_errors=True)
        target.rename(former)
    new.rename(target)
    shutil.rmtree(former, ignore_errors=True)
