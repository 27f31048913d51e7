"""A tiny model and rows that it learns in no time, for tests of the training loop."""

import random

import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
)

from course_utils import predict
from tests.tiny_shape import TINY_SHAPE


def tiny(**settings):
    torch.manual_seed(0)
    return BertForSequenceClassification(BertConfig(**TINY_SHAPE | settings)).eval()


def make_examples(count, seed=0):
    """Texts of random ids; the label says whether the first id is small."""
    chance = random.Random(seed)
    examples = []
    for _ in range(count):
        ids = [chance.randrange(1, 60) for _ in range(chance.randrange(3, 20))]
        row = {"input_ids": ids, "token_type_ids": [0] * len(ids)}
        examples.append(row | {"labels": int(ids[0] < 30)})
    return examples


def accuracy(model, examples):
    (logits,) = predict(model, examples)
    right = [
        row.argmax().item() == e["labels"]
        for row, e in zip(logits, examples, strict=True)
    ]
    return {"accuracy": sum(right) / len(right)}


def weights(model):
    return {name: p.detach().clone() for name, p in model.named_parameters()}


def is_same(model, kept):
    return all(torch.equal(p, kept[name]) for name, p in model.named_parameters())
