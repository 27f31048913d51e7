"""Say why a model cannot be loaded: the exception that a student reads.

The libraries' own words differ from version to version, and their types, too.
"""

import difflib
import re
from collections.abc import Mapping
from numbers import Real
from pathlib import Path

from safetensors import SafetensorError

from course_utils.hub_models import WAY_OUT
from course_utils.pinned_files import AssetError
from course_utils.value_checks import shown

FITTING = {
    "attn_implementation": "'eager' or 'sdpa'; others need a GPU and a package more",
    "device_map": "'cpu'; where torch knows a GPU, use model.to('cuda') instead",
    "dtype": "a type of floating-point numbers, such as torch.float32 or 'bfloat16'",
    "torch_dtype": "a type of floating-point numbers: torch.float32 or 'bfloat16'",
    "quantization_config": "left out; lesson 11's quantize needs no other package",
}
NAMES_OF_CLASSES = {"id2label", "label2id"}  # made from labels
NO_MEMORY = re.compile("out of memory|allocate memory|enough memory")
UNKNOWN = re.compile(r"unexpected keyword argument '(\w+)'")


def check_kind(config, name):
    """Raise AssetError unless a configuration is that of BERT or a relative."""
    longest = getattr(config, "max_position_embeddings", None)
    if not isinstance(longest, int) or longest < 1:
        raise AssetError(
            f"The model {name!r} cannot be loaded. It is a {config.model_type!r}, "
            "expected BERT or a relative, with max_position_embeddings. Likely cause: "
            f"the name of another kind of model. Try 'bert-base-uncased'. {WAY_OUT}"
        )


def check_settings(config, settings):
    """Raise TypeError for a setting that is no number, or dict, where the model's is.

    Raises ValueError for one below 0 where the model's own is above. Not every version
    of transformers looks; what it takes then fails in a lesson.
    """
    for name, value in settings.items():
        own = getattr(config, name, None)
        for kind in (Real, Mapping):
            if isinstance(own, kind) and not isinstance(value, kind | None):
                raise TypeError(
                    f"{name} is {shown(value)}, expected a {type(own).__name__} (the "
                    f"model's own is {own}): is it in quotes? Try without it"
                )
        if isinstance(own, Real) and own > 0 and value is not None and value < 0:
            raise ValueError(
                f"{name} is {value}, expected 0 or more (the model's own is {own}): is "
                "there a slip in the number?"
            )


def check_vocabulary(tokenizer, config, name):
    """Raise AssetError for a tokenizer that does not fit the model.

    Where the vocabulary file is missing, transformers 5 makes an empty one, silently.
    """
    entries, rows = len(tokenizer), config.vocab_size
    if not rows / 2 < entries <= rows:
        raise AssetError(
            f"The model {name!r} cannot be loaded. Expected: a folder with the model's "
            f"own tokenizer; this one has {entries:,} entries, the model {rows:,}. "
            "Likely cause: vocab.txt or tokenizer.json is missing, or another model's. "
            f"{WAY_OUT}"
        )


def explained(name, folder, config, settings, problem):
    """Return the exception to raise for what a library raised.

    config: the folder's configuration, None where that could not be read. settings:
    dict of the arguments. problem: the library's exception.

    Returns TypeError or ValueError where an argument is the cause, else AssetError. A
    lack of memory is returned as it is.
    """
    said = (str(problem).strip().splitlines() or [type(problem).__name__])[0]
    if isinstance(problem, MemoryError) or NO_MEMORY.search(said):
        return problem
    given = {n: v for n, v in settings.items() if n not in NAMES_OF_CLASSES}
    if unknown := UNKNOWN.search(str(problem)):
        return _unknown_argument(unknown[1], config)
    if given and config and not isinstance(problem, OSError | SafetensorError):
        hints = [
            f"{n} is {v!r}, expected {FITTING[n]}"
            for n, v in given.items()
            if n in FITTING
        ] or ["expected settings of its configuration, with values they can have"]
        return ValueError(
            f"The model {str(name or folder)!r} cannot be loaded: {'; '.join(hints)}. "
            f"Likely cause: a slip in the arguments {given}. Try without them. "
            f"(transformers says: {said})"
        )
    slip = f"a slip in the arguments {given}, or " if given else ""
    return AssetError(
        f"{_pickled_only(folder)}The model {str(name or folder)!r} cannot be loaded. "
        "Expected: a folder with config.json, model.safetensors and the tokenizer's "
        f"files, or a Hub id. Likely cause: {slip}a file that is missing or damaged. "
        f"{WAY_OUT} (transformers says: {said})"
    )


def _unknown_argument(name, config):
    known = [*FITTING, *(known for known in dir(config) if known[0] != "_")]
    near = difflib.get_close_matches(name, known, 1)
    hint = f"is {near[0]!r} meant?" if near else "is it misspelt? Try without it"
    return TypeError(
        f"{name} was given, expected an argument of from_pretrained or a setting of "
        f"the model's configuration: {hint}"
    )


def _pickled_only(source):
    """Say so where a folder has weights, but none that are safe to read."""
    folder = Path(source)
    pickled = sorted(path.name for path in folder.glob("*.bin"))
    if not pickled or any(folder.glob("*.safetensors")):
        return ""
    return (
        f"The folder has {pickled[0]} and no model.safetensors: these weights are a "
        "pickle, which may run code, and are not read. Ask for them as safetensors. "
    )
