"""Refuse a loaded model whose weights are random, or whose answers have wrong names.

transformers fills what a file lacks with random numbers, and says so only in a report.
"""

import warnings
from numbers import Integral

from course_utils.pinned_files import AssetError


def check_task(saved, model_class, heads):
    """Raise ValueError where the saved model has the trained head of another task.

    saved: the configuration in the folder. heads: dict of each task and its class, one
    of which is `model_class`, unless no head is asked for.
    """
    asked = next((task for task in heads if heads[task] is model_class), None)
    trained = next(iter(saved.architectures or ()), "")  # such as "BertModel"
    for task, other in heads.items():
        ending = other.__name__.removeprefix("AutoModel")
        if asked not in (None, task) and trained.endswith(ending):
            raise ValueError(
                f"task is {asked!r}, expected {task!r}: the saved model is a "
                f"{trained}, its head has learned that. Is it the wrong folder? For a "
                "new head, save the body alone, and load that: "
                "save_model(stem, model.base_model, tokenizer, card)"
            )


def check_weights(model, report, saved, settings, name):
    """Raise where weights are random that the model should have, or names do not fit.

    model: as loaded. report: dict, the missing and the mismatched keys, as transformers
    returns them. saved: the configuration in the folder. settings: dict of the
    arguments. name: what was asked for, for the message.

    A new head is random by right, and so is the pooler of a model that was saved
    without one; where no new head will train it, a warning says so. Raises ValueError
    where the settings ask for weights, or for names of the classes, that the model does
    not have, and AssetError where its file lacks some.
    """
    missing = set(report["missing_keys"])
    misfits = {_key(found) for found in report["mismatched_keys"]}
    body = f"{model.base_model_prefix}." if model.base_model is not model else ""
    head = {key for key in model.state_dict() if body and not key.startswith(body)}
    pooler = {key for key in missing if key.startswith(f"{body}pooler.")}
    if misfits & head and not settings.get("ignore_mismatched_sizes"):
        raise ValueError(
            f"{model.config.num_labels} labels were asked for, expected "
            f"{saved.num_labels}: the saved model's head has learned {_names(saved)}. "
            "Is it another task's model? Leave labels out; for a new head in the old "
            "one's place add ignore_mismatched_sizes=True"
        )
    is_trained = bool(head) and type(model).__name__ in (saved.architectures or ())
    by_right = set() if is_trained else head | pooler
    if lacking := (missing - by_right) | (misfits - head):
        raise _lacking(sorted(lacking), saved, settings, name)
    if head and not head & (missing | misfits):
        _check_names(model.config, saved)
    if pooler and not head:
        warnings.warn(
            f"The model {name!r} was saved without a pooler: its pooler_output is "
            "random. Use last_hidden_state, which is not.",
            stacklevel=5,  # the caller of load_bert
        )


def _key(found):
    """Return the name of a mismatched weight; transformers 5 adds its shapes."""
    return found if isinstance(found, str) else found[0]


def _names(config):
    return [config.id2label[number] for number in sorted(config.id2label)]


def _check_names(config, saved):
    """Raise ValueError where a trained head would answer with other names."""
    has_names = any(not str(n).startswith("LABEL_") for n in _names(saved))
    if has_names and config.id2label != saved.id2label:
        raise ValueError(
            f"labels is {_names(config)}, expected {_names(saved)} in this order: the "
            "saved model's head has learned them. Leave labels out. For a new head, "
            "save the body alone, and load that: "
            "save_model(stem, model.base_model, tokenizer, card)"
        )


def _lacking(keys, saved, settings, name):
    """Return the exception for weights that the file has not, or not in this shape."""
    said = f"{keys[0]!r}" + (f" and {len(keys) - 1} more" if keys[1:] else "")
    changed = {
        setting: getattr(saved, setting)
        for setting, value in settings.items()
        if isinstance(getattr(saved, setting, None), Integral)
        and value != getattr(saved, setting)
    }
    if changed:
        given = {setting: settings[setting] for setting in changed}
        return ValueError(
            f"{given} was given, expected {changed}, as the model {name!r} was "
            f"trained: for {said} it has no weights that fit, and they would be "
            "random. Leave these arguments out"
        )
    return AssetError(
        f"The model {name!r} cannot be loaded. Expected: a file with all of its "
        f"weights; {said} are missing or of another shape, and would be random. Likely "
        "cause: model.safetensors was cut, renamed within, or is another model's. Take "
        "it again from where it came from, or save it again"
    )
