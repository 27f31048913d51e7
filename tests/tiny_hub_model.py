"""A tiny BERT in a folder, as the Hub would have it, and what it answers."""

import shutil

import torch
from transformers import BertConfig, BertModel

from course_utils import load_bert, model_folder
from tests.tiny_shape import TINY_SHAPE

REPOSITORY = "class/tiny-bert"
TEXT = "A gem."


def save_tiny_bert(folder, seed=0, model_class=BertModel, **settings):
    """Write a random tiny model with the course's vocabulary into a folder."""
    config = BertConfig(**TINY_SHAPE | {"vocab_size": 30522} | settings)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model_class(config).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(model_folder() / name, folder)
    return folder


def numbers(name=None):
    """Return what a model answers to one text, rounded (list of float)."""
    tokenizer, model = load_bert(name)
    with torch.no_grad():
        output = model(**tokenizer(TEXT, return_tensors="pt"))
    return [round(x, 4) for x in output.last_hidden_state[0, 0, :4].tolist()]
