"""Save a fine-tuned model so that no interruption leaves a half one.

The files are written into a new folder beside the old one, and change places with it
only when all of them are on the disk. One kernel at a time saves under a name.
"""

import os
import re
import shutil
import tempfile
from pathlib import Path

from course_utils.folder_swap import former_folder, put_back, put_in_place
from course_utils.library_noise import quiet_library
from course_utils.one_at_a_time import one_at_a_time
from course_utils.value_checks import check_str

ROOT = Path(__file__).resolve().parent.parent
LOCK_SECONDS = 300  # how long one kernel waits while another one saves
OF_THE_SYSTEM = re.compile(r"\(os error (\d+)\)")  # how the libraries' Rust says it


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
    to do where the folder cannot be written, or the disk is full.
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
        with one_at_a_time(_lock(target), LOCK_SECONDS) as alone:
            if alone:  # so these are of kernels that were killed
                _remove_leftovers(target)
            _save(target, model, tokenizer, card)
    except TimeoutError:
        raise OSError(
            f"Another kernel has been saving {stem!r} for {LOCK_SECONDS} s. Wait for "
            "it or shut it down, then save again."
        ) from None
    except Exception as problem:
        if not (reason := _reason(problem)):
            raise
        raise OSError(
            f"The model cannot be saved in {str(target.parent)!r} ({reason}). Set "
            "COURSE_ARTIFACTS to a folder you may write to, or free some space. A "
            "model that was saved before is still whole."
        ) from None
    return target


def _save(target, model, tokenizer, card):
    new = Path(tempfile.mkdtemp(prefix=f".{target.name}.new.", dir=target.parent))
    try:
        os.chmod(new, 0o755)
        with quiet_library():
            model.save_pretrained(new)
            tokenizer.save_pretrained(new)
        (new / "README.md").write_text(card, encoding="utf-8")
        _bring_to_disk(new)
        put_in_place(new, target)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _bring_to_disk(folder):
    """Wait for the disk, which may say only now that it is full or was cut off."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _reason(problem):
    """Return what the system says of a disk (str), "" for another error."""
    if isinstance(problem, OSError):
        return problem.strerror or ""
    found = OF_THE_SYSTEM.search(str(problem))
    return os.strerror(int(found[1])) if found else ""


def saved_folder(stem):
    """Return the folder of the model saved for a lesson.

    Raises FileNotFoundError with what to do where there is none.
    """
    check_stem(stem)
    target = artifacts_folder() / stem
    if not (target / "config.json").exists() and former_folder(target).exists():
        try:
            with one_at_a_time(_lock(target), LOCK_SECONDS):
                put_back(target)  # an exchange was cut
        except OSError:  # a folder that may only be read
            target = former_folder(target)
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


def _lock(target):
    return target.with_name(f".{target.name}.lock")


def _remove_leftovers(target):
    """Remove what saves that were killed left behind."""
    for folder in target.parent.glob(f".{target.name}.new.*"):
        shutil.rmtree(folder, ignore_errors=True)
