"""Checks of what is handed to batches, the optimizer and single steps of a training."""

import torch

from course_utils.model_checks import check_module
from course_utils.text_checks import check_tokenizer
from course_utils.value_checks import (
    check_equal_lengths,
    check_list,
    check_number,
    check_rows,
    check_share,
    check_str,
    check_whole,
    shown,
)

TOKENIZE = "make_examples(texts, labels, tokenizer) makes them from texts"


def check_examples(examples, **_):
    """Check examples: dicts with the same keys; lists of one length in each.

    A list of labels must be as long as the ids: one label for each token.
    """
    check_rows("examples", examples, ("input_ids",), TOKENIZE)
    for place, example in enumerate(examples):
        if example.keys() != examples[0].keys():
            raise ValueError(
                f"examples[{place}] has {list(example)}, expected "
                f"{list(examples[0])} as in examples[0]: were two sets joined?"
            )
        lists = {key: row for key, row in example.items() if isinstance(row, list)}
        if "input_ids" not in lists or not lists["input_ids"]:
            raise TypeError(
                f"examples[{place}]['input_ids'] is {shown(example['input_ids'])}, "
                "expected a list of int, at least one: leave return_tensors out"
            )
        if len({len(row) for row in lists.values()}) > 1:
            check_equal_lengths(f"look at examples[{place}], was a list cut?", **lists)


def check_batch_request(examples, device="cpu", **_):
    """Check the examples of one batch, and where it is to lie."""
    check_examples(examples)
    if not len(examples):
        raise ValueError(
            "examples is empty, expected at least one for a batch: was the set "
            "filtered to nothing?"
        )
    check_device(device)


def check_device(device):
    """Check a device that torch knows and this machine has."""
    if isinstance(device, torch.device) and device.type == "cpu":
        return
    try:
        kind = torch.device(device).type
    except (RuntimeError, TypeError):
        raise ValueError(
            f"device is {device!r}, expected 'cpu', 'cuda' or 'mps': try model.device"
        ) from None
    missing = kind == "cuda" and not torch.cuda.is_available()
    if missing or (kind == "mps" and not torch.backends.mps.is_available()):
        raise ValueError(
            f"device is {device!r}, expected one that this machine has: no {kind} "
            "device is found, try 'cpu'"
        )


def check_grouping(lengths, batch_size, seed, together=1, **_):
    """Check lengths in tokens, and the size of batches."""
    check_list("lengths", lengths, "int", "[len(e['input_ids']) for e in examples]")
    for length in lengths:
        check_whole("a length", length, 0, "count each example's tokens")
    check_whole("batch_size", batch_size, 1, "try 16")
    check_whole("together", together, 1, "1 leaves each example on its own")
    check_whole("seed", seed, -(2**62), "try 0")


def check_prediction(model, examples, batch_tokens=1024, precision="float32", **_):
    """Check a model and the examples that it is to judge."""
    check_module("model", model)
    check_examples(examples)
    check_whole("batch_tokens", batch_tokens, 1, "tokens at once, such as 1024")
    if precision not in ("float32", "bfloat16"):
        raise ValueError(
            f"precision is {precision!r}, expected 'float32' or 'bfloat16': 'auto' is "
            "for train and embed"
        )


def check_batch(model, batch, **_):
    """Check a model and one batch: a dict of tensors."""
    check_module("model", model)
    if not hasattr(batch, "keys"):
        raise TypeError(
            f"batch is {shown(batch)}, expected a dict of tensors: collate(examples) "
            "makes one from a list"
        )
    for name in batch:
        if not torch.is_tensor(batch[name]):
            raise TypeError(
                f"batch[{name!r}] is {shown(batch[name])}, expected a tensor: "
                "collate(examples) makes one from lists"
            )


def check_step(model, batch, optimizer, schedule, max_norm=1.0, **_):
    """Check what one step of a training is given."""
    check_batch(model, batch)
    check_optimizer(optimizer)
    if not hasattr(schedule, "step"):
        raise TypeError(
            f"schedule is {shown(schedule)}, expected one with step(): try "
            "linear_schedule(optimizer, steps)"
        )
    check_number("max_norm", max_norm, 0, hint="1.0 is usual")


def check_optimizer(optimizer):
    """Check that something is an optimizer."""
    if not hasattr(optimizer, "param_groups"):
        raise TypeError(
            f"optimizer is {shown(optimizer)}, expected one of torch.optim: "
            "make_optimizer(model, 1e-4)"
        )


def check_decay(model, weight_decay, **_):
    """Check a model with something to train, and its weight decay."""
    check_module("model", model)
    check_number("weight_decay", weight_decay, 0, 1, "0.01 is usual")
    if not any(parameter.requires_grad for parameter in model.parameters()):
        raise ValueError(
            "every parameter is frozen (requires_grad=False), expected one that can be "
            "trained: freeze(model) without parts sets all free"
        )


def check_learning(model, learning_rate, weight_decay=0.01, **_):
    """Check a model, a learning rate and a weight decay."""
    check_decay(model, weight_decay)
    check_number("learning_rate", learning_rate, 0, 1, "BERT takes 1e-5 to 3e-4")


def check_schedule(optimizer, steps, warmup=0.1, **_):
    """Check the steps of a training, and the share in which the rate rises."""
    check_optimizer(optimizer)
    check_whole("steps", steps, 0, "batches of the whole training, epochs * len(plan)")
    check_share("warmup", warmup)


def check_evaluate(evaluate, watch, **_):
    """Check the function that scores a model, and the name of the score."""
    if not callable(evaluate):
        raise TypeError(
            f"evaluate is {shown(evaluate)}, expected a function of the model that "
            "returns a dict: give its name, without brackets"
        )
    check_str("watch", watch, "the key of evaluate's dict, such as 'accuracy'")


def check_classifier(bert, classes, dropout=0.1, **_):
    """Check the parts of a text classifier."""
    if isinstance(bert, tuple) or not hasattr(bert, "config"):
        raise TypeError(
            f"bert is {shown(bert)}, expected a BertModel: load_bert() returns "
            "(tokenizer, model), take the second"
        )
    check_whole("classes", classes, 1, "how many there are, len(names)")
    check_share("dropout", dropout)


def check_labels(self, labels=None, **_):
    """Check the labels (B,) of a batch: int64, 0 to C - 1, or -100."""
    if labels is None:
        return
    if not torch.is_tensor(labels) or labels.is_floating_point():
        raise TypeError(
            f"labels is {shown(labels)}, expected an int64 tensor (B,): a label is the "
            "number of a class, labels.long()"
        )
    C = self.classifier.out_features
    if not ((labels == -100) | ((labels >= 0) & (labels < C))).all():
        raise ValueError(
            f"labels go from {int(labels.min())} to {int(labels.max())}, expected 0 to "
            f"{C - 1}: has the data more classes than the model ({C}), or do they "
            "begin at 1?"
        )


def check_rewriting(text, chance, share=0.1, **_):
    """Check a text to be varied, the source of chance, and the share of words."""
    check_str("text", text, "call it once for each text")
    if not hasattr(chance, "random") or not hasattr(chance, "choice"):
        raise TypeError(
            f"chance is {shown(chance)}, expected random.Random: try random.Random(0)"
        )
    check_share("share", share)


def check_pairs(tokenizer, pairs, max_length=128, **_):
    """Check sentence pairs and how long they may be."""
    check_tokenizer(tokenizer)
    keys = ("premise", "hypothesis", "label")
    check_rows("pairs", pairs, keys, "as make_statement_pairs gives them")
    check_whole("max_length", max_length, 5, "tokens of a pair, such as 128")


def check_judged(model, tokenizer, premise, hypothesis, **_):
    """Check a model, its tokenizer and one pair of sentences."""
    check_module("model", model)
    check_tokenizer(tokenizer)
    check_str("premise", premise, "one sentence; judge takes one pair at a time")
    check_str("hypothesis", hypothesis, "one sentence; judge takes one pair at a time")


def check_shard(examples, rank, world, batch_size, **_):
    """Check a process's number among all, and the size of a batch."""
    check_examples(examples)
    check_whole("world", world, 1, "how many processes there are")
    check_whole("rank", rank, 0, "this process's number")
    check_whole("batch_size", batch_size, 1, "rows of all processes together")
    if rank >= world:
        raise ValueError(
            f"rank is {rank}, expected 0 to {world - 1}: the processes are counted "
            "from 0"
        )


def check_class_numbers(texts, labels):
    """Check one class for each text, an int."""
    check_list("labels", labels, "int", "one class for each text")
    hint = "zip would leave texts without a label; was one of them filtered?"
    check_equal_lengths(hint, texts=texts, labels=labels)
    for place, label in enumerate(labels):
        hint = f"look at labels[{place}]; names become numbers with names.index(name)"
        label = label.item() if hasattr(label, "item") else label
        if not isinstance(label, bool):
            check_whole("a label", label, 0, hint)
