"""A fine-tuned model, small but real: saved, and loaded again part by part."""

import os
from functools import cache

import torch

from course_utils import folder_swap, load_bert_for, save_model, saved_folder
from course_utils.distributed_training import tiny_bert
from course_utils.pretrained import load_bert

STEM = "07_finetune_sentiment"


@cache
def tiny():
    """Return (tokenizer, two small classifiers): the second has other weights."""
    tokenizer, _ = load_bert()
    models = [tiny_bert(len(tokenizer), seed).eval() for seed in (1, 2)]
    return tokenizer, models


def prepare_model(folder, seed):
    """No model yet, or a former one."""
    os.environ["COURSE_ARTIFACTS"] = str(folder)
    (folder / "mark").write_text(str(seed % 2))
    if seed % 2:
        save_version(0)


def save_version(number):
    """Save a small classifier; weights, labels and card tell its number (0 or 1)."""
    tokenizer, models = tiny()
    models[number].config.id2label = {0: f"no {number}", 1: f"yes {number}"}
    return save_model(STEM, models[number], tokenizer, f"version {number}")


def do_model(folder):
    save_version(1)


def do_model_by_renames(folder):
    """As where two folders cannot change places in one step: macOS, Windows."""
    folder_swap._exchange = lambda *_: False  # in a child of its own
    do_model(folder)


def state_of_model(folder):
    try:
        saved = saved_folder(STEM)
    except FileNotFoundError:
        assert (folder / "mark").read_text() == "0", "the former model is lost"
        return "old"
    number = version_in(saved)
    assert number or (folder / "mark").read_text() == "1"
    return ("old", "new")[number]


def version_in(saved):
    """Load a saved model; return its number, which all of its parts must have."""
    tokenizer, model = load_bert_for("sequence-classification", name=saved)
    assert len(tokenizer) == model.config.vocab_size
    number = int(model.config.id2label[0].split()[-1])
    wanted = tiny()[1][number].state_dict()
    for name, value in model.state_dict().items():
        assert torch.equal(value, wanted[name]), f"{name} is not of version {number}"
    return number
