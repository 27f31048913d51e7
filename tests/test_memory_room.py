"""A training that cannot fit is refused in words; one that may fit never is."""

import json
import re
import subprocess
import sys

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from course_utils import (
    collate,
    freeze,
    grouped_batches,
    load_bert_for,
    memory_room,
    pretrained,
    train,
)
from course_utils.memory_room import activations, check_room, unwritten
from course_utils.step_memory import training_memory
from tests.slow.lesson_copies import ROOT
from tests.tiny_shape import TINY_SHAPE

MB = 1_000_000


def leave(monkeypatch, size):
    monkeypatch.setattr(memory_room, "memory_left", lambda: size)


def tiny(**settings):
    torch.manual_seed(0)
    return BertForSequenceClassification(BertConfig(**TINY_SHAPE | settings))


def examples(count, width=10):
    row = {"input_ids": [5] * width, "token_type_ids": [0] * width, "labels": 1}
    return [dict(row) for _ in range(count)]


def train_tiny(model, rows=None, **options):
    options = {"watch": "score", "epochs": 1, "batch_size": 4} | options
    options["precision"] = "float32"
    return train(model, rows or examples(8), lambda model: {"score": 1.0}, **options)


# --- what is said --------------------------------------------------------------------


def test_the_message_says_what_is_needed_what_is_there_and_what_to_try(monkeypatch):
    leave(monkeypatch, 90 * MB)
    with pytest.raises(MemoryError) as caught:
        check_room(250 * MB, "Reading all books")
    said = str(caught.value)
    assert said.startswith(
        "Reading all books needs 250 MB of memory or more, and 90 MB"
    )
    for hope in ("Shut other notebooks down", "restart this kernel", "COURSE_PROFILE"):
        assert hope in said
    assert check_room(90 * MB, "A smaller book") is None


def test_what_is_no_longer_used_is_given_back_before_a_refusal(monkeypatch):
    left = iter([50 * MB, 120 * MB])
    monkeypatch.setattr(memory_room, "memory_left", lambda: next(left))
    assert check_room(100 * MB, "A step") is None


def test_where_nothing_is_known_nothing_is_said(monkeypatch):
    leave(monkeypatch, None)
    assert check_room(10**15, "A step") is None


# --- what a training needs -----------------------------------------------------------


def test_a_training_that_cannot_fit_is_refused_before_its_first_step(monkeypatch):
    model = tiny()
    weights = sum(p.numel() for p in model.parameters()) * 4
    kept = activations(model, 4 * 10, 10, "float32")
    assert kept > weights
    leave(monkeypatch, 2 * weights + kept)
    assert len(train_tiny(model).steps) == 2
    leave(monkeypatch, 2 * weights + kept - 1)
    with pytest.raises(MemoryError, match="with 4 examples at a time, needs"):
        train_tiny(model)
    leave(monkeypatch, 3 * weights + kept - 1)  # no room for the best weights
    assert len(train_tiny(model, every=2).steps) == 2
    with pytest.raises(MemoryError):
        train_tiny(model, every=1)
    with pytest.raises(MemoryError):
        train_tiny(model, epochs=2)


def test_gradients_that_are_there_are_not_asked_for_again(monkeypatch):
    model = tiny()
    options = {"every": 1, "batch_size": 1, "epochs": 2}
    weights = sum(p.numel() for p in model.parameters()) * 4
    kept = activations(model, 10, 10, "float32")
    assert kept < weights
    leave(monkeypatch, 4 * weights - 1)  # two means, best weights, gradients
    with pytest.raises(MemoryError):
        train_tiny(model, **options)
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    leave(monkeypatch, 3 * weights + kept)
    assert train_tiny(model, **options).steps
    leave(monkeypatch, 3 * weights + kept - 1)
    with pytest.raises(MemoryError):
        train_tiny(model, **options)


def test_a_long_text_in_the_small_last_batch_counts_there(monkeypatch):
    """41 texts, two at a time: 20 batches are sorted together, and one text is left."""
    last = next(b for b in grouped_batches([10] * 41, 2, seed=0) if len(b) == 1)
    rows = examples(41)
    rows[last[0]] = examples(1, width=30)[0]
    model = tiny(hidden_size=8, intermediate_size=8)
    freeze(model, "embeddings")
    weights = sum(p.numel() for p in model.parameters() if p.requires_grad) * 4
    kept = activations(model, 30, 30, "float32")
    assert kept > activations(model, 20, 10, "float32") > weights
    leave(monkeypatch, 2 * weights + kept)
    assert train_tiny(model, rows, batch_size=2).steps
    leave(monkeypatch, 2 * weights + kept - 1)
    with pytest.raises(MemoryError):
        train_tiny(model, rows, batch_size=2)


def test_frozen_weights_and_layers_need_nothing():
    model = tiny()
    whole = activations(model, 40, 10, "float32")
    freeze(model, "embeddings")
    assert activations(model, 40, 10, "float32") == whole
    freeze(model, "encoder.layer.0")
    assert activations(model, 40, 10, "float32") == whole / 2
    freeze(model, "encoder", "pooler")
    assert activations(model, 40, 10, "float32") == 0
    assert activations(torch.nn.Linear(2, 2), 40, 10, "float32") == 0


@pytest.mark.parametrize("dropout", [0.0, 0.1])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_estimate_is_just_below_what_pytorch_saves(dropout, precision):
    settings = {"hidden_dropout_prob": dropout, "attention_probs_dropout_prob": dropout}
    task = "sequence-classification"
    _, model = load_bert_for(task, ["no", "yes"], **settings)
    freeze(model, "embeddings")
    batch = collate(examples(8, 40))
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
        counted = training_memory(model, batch)["activations"] * MB
    assert 0.9 * counted < activations(model, 8 * 40, 40, precision) <= counted


def test_weights_are_copied_when_they_are_written():
    """safetensors maps the file: a page becomes memory of our own when it changes."""
    _, model = load_bert_for("sequence-classification", ["no", "yes"])
    layer = list(model.base_model.encoder.layer[0].parameters())
    size = sum(p.numel() * p.element_size() for p in layer)
    before = unwritten(layer)
    assert before in (0, size)  # 0: this version of transformers copies at once
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.0)
    assert unwritten(layer) <= size / 100


# --- loops of one's own --------------------------------------------------------------


def own_loop(model, steps=2):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for _ in range(steps):
        model(torch.ones(1, 4)).sum().backward()
        optimizer.step()
        optimizer.zero_grad()


def test_a_loop_of_ones_own_stops_before_adam_takes_its_memory(monkeypatch):
    model = torch.nn.Linear(4, 2)  # 10 numbers
    leave(monkeypatch, 2 * 40 - 1)
    with pytest.raises(MemoryError, match="The first step of AdamW needs"):
        own_loop(model)
    asked = []
    monkeypatch.setattr(memory_room, "check_room", lambda *args: asked.append(args))
    own_loop(model, steps=3)
    assert [needed for needed, _ in asked] == [80]  # once, before the first step


def test_other_optimizers_keep_nothing_that_is_known_here(monkeypatch):
    leave(monkeypatch, 0)
    model = torch.nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model(torch.ones(1, 4)).sum().backward()
    optimizer.step()
    assert model.weight.isfinite().all()


OWN_LOOP = """
import sys
from course_utils import set_seed
import torch

assert "course_utils.training" not in sys.modules
sys.modules["course_utils.memory_room"].memory_left = lambda: 0
layer = torch.nn.Linear(4, 2)
optimizer = torch.optim.AdamW(layer.parameters())
layer(torch.ones(1, 4)).sum().backward()
optimizer.step()
"""


def test_who_never_imports_train_is_warned_too():
    command = [sys.executable, "-c", OWN_LOOP]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "MemoryError: The first step of AdamW needs" in done.stderr, done.stderr
    assert pretrained.memory_room is memory_room  # and who only loads a model


@pytest.mark.parametrize("folder", ["notebooks", "exercises", "solutions"])
def test_every_notebook_passes_where_adam_learns_to_ask(folder):
    paths = sorted((ROOT / folder).glob("*.ipynb"))
    assert len(paths) >= 11
    for path in paths:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        first = next(cell for cell in cells if cell["cell_type"] == "code")
        assert re.search(r"\bset_seed\b", "".join(first["source"])), path
