"""What can go wrong before and in a training, said so that it can be mended."""

from types import SimpleNamespace

import torch

from course_utils.batch_checks import check_examples
from course_utils.machine import has_fast_bf16
from course_utils.memory_room import check_training_room
from course_utils.model_checks import check_module
from course_utils.value_checks import check_number, check_whole

DEFAULTS = {
    "learning_rate": 1e-4,
    "weight_decay": 0.01,
    "warmup": 0.1,
    "max_norm": 1.0,
    "every": None,
    "patience": None,
    "precision": "auto",
    "pad_id": 0,
    "together": 1,
    "seed": 0,
    "what": "Training",
}
COUNTS = ("every", "patience", "together")


def check_training(model, examples, epochs, batch_size, options):
    """Return the options, defaults filled in, as attributes.

    Raises TypeError or ValueError, which say what was given and what was expected, and
    MemoryError where the training cannot fit.
    """
    unknown = [name for name in options if name not in DEFAULTS]
    if unknown:
        raise TypeError(
            f"train() has no option {unknown[0]!r}; it has: {', '.join(DEFAULTS)}"
        )
    check_module("model", model)
    chosen = SimpleNamespace(**(DEFAULTS | options))
    if not isinstance(examples, list) or not all(isinstance(e, dict) for e in examples):
        raise TypeError(
            f"examples is a {type(examples).__name__}, expected a list of dicts with "
            "input_ids, token_type_ids and labels: one dict for each text"
        )
    if not examples:
        raise ValueError("examples is empty, expected at least one to train on")
    if "input_ids" not in examples[0]:
        raise ValueError(
            f"examples[0] has {list(examples[0])}, expected input_ids among them: are "
            "these texts? Tokenize them first"
        )
    if any(isinstance(value, torch.Tensor) for value in examples[0].values()):
        raise TypeError(
            "examples[0] holds tensors, expected lists of int: leave return_tensors out"
        )
    check_examples(examples)
    check_contents(model, examples)
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        check_count(name, value)
    for name in COUNTS:
        if getattr(chosen, name) is not None:
            check_count(name, getattr(chosen, name))
    if batch_size % chosen.together:
        raise ValueError(
            f"batch_size is {batch_size} and together is {chosen.together}, expected a "
            "batch size that holds whole groups: try a multiple of together"
        )
    check_rates(chosen)
    if not any(parameter.requires_grad for parameter in model.parameters()):
        raise ValueError(
            "every parameter is frozen (requires_grad=False), nothing can be trained: "
            "leave at least the head free"
        )
    precision = choose_precision(chosen.precision, model.device)
    check_training_room(model, examples, epochs, batch_size, chosen, precision)
    return chosen


def check_contents(model, examples):
    """Raise ValueError for ids that the model has no vector for, or labels no class."""
    size = (
        model.get_input_embeddings().num_embeddings
        if hasattr(model, "get_input_embeddings")
        else None
    )
    C = getattr(getattr(model, "classifier", None), "out_features", None)
    for place, example in enumerate(examples):
        ids, labels = example["input_ids"], example.get("labels", -100)
        if size and not 0 <= min(ids) <= max(ids) < size:
            raise ValueError(
                f"examples[{place}] has ids from {min(ids)} to {max(ids)}, expected 0 "
                f"to {size - 1}: was it tokenized for another model?"
            )
        labels = labels if isinstance(labels, list) else [labels]
        wrong = [label for label in labels if C and label not in (-100, *range(C))]
        if wrong:
            raise ValueError(
                f"examples[{place}] has the label {wrong[0]!r}, expected 0 to {C - 1}, "
                f"or -100: has the data more classes than the model ({C}), or do they "
                "begin at 1?"
            )


def check_count(name, value):
    """Raise unless value is an int of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is {value!r}, expected an int: try {name}=2")
    if value < 1:
        raise ValueError(f"{name} is {value}, expected 1 or more: try {name}=2")


def check_rates(chosen):
    """Raise TypeError or ValueError where a rate is outside of what makes sense."""
    check_number("learning_rate", chosen.learning_rate, hint="such as 1e-4, no str")
    check_number("warmup", chosen.warmup, hint="a share of the steps, such as 0.1")
    check_number("weight_decay", chosen.weight_decay, 0, 1, "0.01 is usual")
    check_number("max_norm", chosen.max_norm, 0, hint="the longest step, such as 1.0")
    check_whole("seed", chosen.seed, 0, "try seed=0")
    check_whole("pad_id", chosen.pad_id, 0, "tokenizer.pad_token_id")
    if not 0 < chosen.learning_rate < 1:
        raise ValueError(
            f"learning_rate is {chosen.learning_rate}, expected a small number above "
            "0: BERT is fine-tuned with 1e-5 to 3e-4"
        )
    if not 0 <= chosen.warmup < 1:
        raise ValueError(
            f"warmup is {chosen.warmup}, expected a share of the steps from 0 to 1: "
            "try warmup=0.1"
        )
    if chosen.precision not in ("auto", "float32", "bfloat16"):
        raise ValueError(
            f"precision is {chosen.precision!r}, expected 'auto', 'float32' or "
            "'bfloat16'"
        )


def choose_precision(precision, device):
    """Return "float32" or "bfloat16"; "auto" is the latter where it is fast."""
    if precision != "auto":
        return precision
    if device.type == "cuda":
        fast = torch.cuda.is_bf16_supported()
    else:
        fast = device.type == "cpu" and has_fast_bf16()
    return "bfloat16" if fast else "float32"


def check_loss(loss, optimizer):
    """Raise FloatingPointError where the loss is not a number, with the likely cause.

    loss: scalar tensor.
    """
    if loss is None:
        raise ValueError(
            "the model gave no loss: its batch holds no labels. Do the examples have "
            "'labels' (or start_positions and end_positions)?"
        )
    if torch.isfinite(loss):
        return
    rate = optimizer.param_groups[0]["lr"]
    broken = any(
        not torch.isfinite(parameter).all()
        for group in optimizer.param_groups
        for parameter in group["params"]
    )
    if broken:
        cause = (
            f"the weights have overflown: a learning rate of {rate:.0e} is too large. "
            "Load the model again and try 1e-4"
        )
    else:
        cause = (
            "the weights are sound, so look at the batch: does it hold an empty text, "
            "or labels that are all -100?"
        )
    raise FloatingPointError(f"the loss is {loss.item()}. Likely cause: {cause}.")
