"""What the wrong calls are made with: small models and data, made once."""

import json
import random
import tempfile
from pathlib import Path
from types import SimpleNamespace

import torch
from transformers import BertConfig, BertForSequenceClassification, BertModel

from course_utils import Transformer, load_bert, make_optimizer
from course_utils.training_history import TrainingHistory
from tests.tiny_hub_model import save_tiny_bert
from tests.tiny_shape import TINY_SHAPE


def make_kit():
    """Return a namespace of models, tensors and examples."""
    torch.manual_seed(0)
    config = BertConfig(**TINY_SHAPE)
    tokenizer, embedder = load_bert()
    tiny = BertForSequenceClassification(config)
    history = TrainingHistory("accuracy")
    folders = tempfile.TemporaryDirectory()  # removed with the kit
    classifier, other_kind = Path(folders.name, "bert"), Path(folders.name, "t5")
    labels = {0: "negative", 1: "positive"}
    for folder in (classifier, other_kind):
        save_tiny_bert(folder, 0, BertForSequenceClassification, id2label=labels)
    (other_kind / "config.json").write_text(json.dumps({"model_type": "t5"}), "utf-8")
    return SimpleNamespace(
        bert=(tokenizer, embedder),
        tokenizer=tokenizer,
        config=config,
        body=BertModel(config),
        tiny=tiny,
        optimizer=make_optimizer(tiny, 1e-4),
        example={"input_ids": [2, 5, 3], "token_type_ids": [0, 0, 0], "labels": 1},
        translator=Transformer(20, 20, D=16, A=2),
        x=torch.ones(2, 4, 16),
        mask=torch.ones(2, 4, dtype=torch.long),
        ids=torch.ones(2, 4, dtype=torch.long),
        chance=random.Random(0),
        history=history,
        folders=folders,
        classifier=classifier,
        other_kind=other_kind,
        nan=float("nan"),
    )
