"""Batches, the optimiser's groups, the schedule, predictions and freezing."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    BertForTokenClassification,
    get_linear_schedule_with_warmup,
)

from course_utils import (
    collate,
    freeze,
    grouped_batches,
    linear_schedule,
    make_optimizer,
    predict,
    weight_decay_groups,
)
from course_utils.batching import pad_rows
from course_utils.classifier import TextClassifier
from course_utils.step_memory import training_memory
from tests.tiny_shape import TINY_SHAPE


def tiny(model_class=BertForSequenceClassification, **settings):
    torch.manual_seed(0)
    return model_class(BertConfig(**TINY_SHAPE | settings)).eval()


def example(length, label=0):
    return {
        "input_ids": list(range(1, length + 1)),
        "token_type_ids": [1] * length,
        "labels": label,
    }


# --- batches -------------------------------------------------------------------------


@given(
    lengths=st.lists(st.integers(1, 60), max_size=200),
    batch_size=st.integers(1, 9),
    seed=st.integers(0, 5),
)
def test_each_example_is_in_one_batch(lengths, batch_size, seed):
    batches = grouped_batches(lengths, batch_size, seed)
    assert sorted(i for rows in batches for i in rows) == list(range(len(lengths)))
    assert all(1 <= len(rows) <= batch_size for rows in batches)
    assert batches == grouped_batches(lengths, batch_size, seed)


def test_like_lengths_come_together_and_seeds_differ():
    lengths = [i % 50 + 1 for i in range(640)]
    batches = grouped_batches(lengths, 16, 0)
    spreads = [
        max(lengths[i] for i in rows) - min(lengths[i] for i in rows)
        for rows in batches
    ]
    assert max(spreads) <= 5  # at random: above 40
    assert batches != grouped_batches(lengths, 16, 1)
    longest = [max(lengths[i] for i in rows) for rows in batches]
    assert longest != sorted(longest) and longest != sorted(longest, reverse=True)


@given(
    lengths=st.lists(st.integers(1, 60), max_size=100),
    runs=st.integers(1, 4),
    together=st.integers(1, 4),
)
def test_neighbours_stay_together(lengths, runs, together):
    batches = grouped_batches(lengths, runs * together, 0, together)
    assert sorted(i for rows in batches for i in rows) == list(range(len(lengths)))
    for rows in batches:
        assert len(rows) <= runs * together
        for i in rows:
            first = i - i % together
            run = set(range(first, min(first + together, len(lengths))))
            assert run <= set(rows)


@given(st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=20), min_size=1))
def test_rows_are_padded_to_a_multiple_of_eight(rows):
    padded = pad_rows(rows, 7)
    assert padded.dtype == torch.int64 and padded.shape[1] % 8 == 0
    assert 0 <= padded.shape[1] - max(map(len, rows)) < 8
    for row, given_row in zip(padded.tolist(), rows, strict=True):
        assert row == given_row + [7] * (padded.shape[1] - len(given_row))


def test_collate_pads_masks_and_labels():
    batch = collate([example(3, 1), example(9, 0)], pad_id=5)
    assert {key: tuple(value.shape) for key, value in batch.items()} == {
        "input_ids": (2, 16),
        "token_type_ids": (2, 16),
        "labels": (2,),
        "attention_mask": (2, 16),
    }
    assert batch["input_ids"][0].tolist() == [1, 2, 3] + [5] * 13
    assert batch["attention_mask"].sum(dim=1).tolist() == [3, 9]
    assert batch["token_type_ids"].sum(dim=1).tolist() == [3, 9]
    assert batch["labels"].tolist() == [1, 0]
    row = {"input_ids": [1, 2], "token_type_ids": [0, 0], "labels": [3, 4]}
    assert collate([row])["labels"].tolist() == [[3, 4] + [-100] * 6]


# --- optimiser and schedule ----------------------------------------------------------


def test_matrices_decay_and_vectors_do_not():
    model = tiny()
    freeze(model, "embeddings")
    matrices, vectors = weight_decay_groups(model, 0.3)
    assert (matrices["weight_decay"], vectors["weight_decay"]) == (0.3, 0.0)
    names = {id(p): name for name, p in model.named_parameters()}
    decayed = {names[id(p)] for p in matrices["params"]}
    spared = {names[id(p)] for p in vectors["params"]}
    assert "classifier.weight" in decayed and len(decayed) == 2 * 6 + 2
    assert all(n.endswith(".bias") or "LayerNorm" in n for n in spared)
    assert not any("embeddings" in n for n in decayed | spared)


def test_the_optimizer_steps_as_the_formula_says():
    weight = torch.nn.Parameter(torch.tensor([[2.0]]))
    layer = torch.nn.Module()
    layer.weight = weight
    optimizer = make_optimizer(layer, learning_rate=0.1, weight_decay=0.5)
    (weight * 3).sum().backward()
    optimizer.step()  # Adam's first step has length 1, whatever the gradient
    assert weight.item() == pytest.approx(2 * (1 - 0.1 * 0.5) - 0.1, abs=1e-5)


@pytest.mark.parametrize(("steps", "warmup"), [(20, 0.1), (7, 0.0), (10, 0.5), (1, 0)])
def test_the_schedule_is_the_librarys(steps, warmup):
    def rates(make):
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
        schedule, found = make(optimizer), []
        for _ in range(steps + 2):
            found += schedule.get_last_lr()
            optimizer.step()
            schedule.step()
        return found

    theirs = rates(
        lambda o: get_linear_schedule_with_warmup(o, int(warmup * steps), steps)
    )
    assert rates(lambda o: linear_schedule(o, steps, warmup)) == pytest.approx(theirs)


# --- predictions ---------------------------------------------------------------------


def test_predictions_are_those_of_one_text_at_a_time_in_the_order_given():
    model, examples = tiny(), [example(n) for n in (3, 17, 9, 1)]
    model.train()
    (found,) = predict(model, examples, batch_tokens=32)
    assert model.training  # as it was
    model.eval()
    for given_example, logits in zip(examples, found, strict=True):
        with torch.no_grad():
            alone = model(
                torch.tensor([given_example["input_ids"]]),
                None,
                torch.ones(1, len(given_example["input_ids"]), dtype=torch.int64),
            ).logits[0]
        torch.testing.assert_close(logits, alone, atol=1e-5, rtol=0)
    assert predict(model, []) == [[]]


def test_tokens_get_as_many_logits_as_there_are():
    examples = [example(n) for n in (3, 9)]
    (tags,) = predict(tiny(BertForTokenClassification, num_labels=5), examples)
    assert [tuple(row.shape) for row in tags] == [(3, 5), (9, 5)]
    starts, ends = predict(tiny(BertForQuestionAnswering), examples)
    assert [tuple(row.shape) for row in starts + ends] == [(3,), (9,), (3,), (9,)]
    assert not torch.equal(starts[0], ends[0])


def test_as_many_classes_as_tokens_are_still_classes():
    (found,) = predict(tiny(num_labels=3), [example(3)])
    assert tuple(found[0].shape) == (3,)
    (found,) = predict(tiny(num_labels=8), [example(3)])  # padded to 8
    assert tuple(found[0].shape) == (8,)


def test_reduced_precision_is_close_and_comes_back_in_float32():
    model, examples = tiny(), [example(5)]
    (exact,), (rounded,) = (
        predict(model, examples, precision=precision)
        for precision in ("float32", "bfloat16")
    )
    assert rounded[0].dtype == torch.float32
    torch.testing.assert_close(exact, rounded, atol=0.02, rtol=0)


# --- freezing ------------------------------------------------------------------------


def test_freeze_counts_and_can_be_undone():
    model = tiny()
    every = sum(p.numel() for p in model.parameters())
    embeddings = sum(p.numel() for p in model.bert.embeddings.parameters())
    assert freeze(model, "embeddings") == (every - embeddings, every)
    assert freeze(model, "encoder.layer.1")[0] < every
    assert model.bert.embeddings.word_embeddings.weight.requires_grad
    assert freeze(model) == (every, every)
    assert freeze(model, "embeddings", "encoder", "pooler")[0] == 2 * 32 + 2


def test_freeze_takes_whole_names_only():
    model = tiny(num_hidden_layers=12)
    freeze(model, "encoder.layer.1")
    frozen = {n for n, p in model.named_parameters() if not p.requires_grad}
    assert frozen and all(n.startswith("bert.encoder.layer.1.") for n in frozen)
    with pytest.raises(ValueError, match=r"begins with 'layer'; they begin with: cla"):
        freeze(model, "layer")


def test_freeze_knows_a_model_without_the_prefix():
    model = TextClassifier(tiny().bert, classes=2)
    assert freeze(model.bert, "embeddings") == (
        freeze(model, "embeddings", "classifier")[0],
        sum(p.numel() for p in model.bert.parameters()),
    )


# --- memory --------------------------------------------------------------------------


def test_memory_is_counted_by_what_is_trained():
    batch = collate([example(9, 1)] * 4)
    model = tiny()
    full = training_memory(model, batch)
    numbers = sum(p.numel() for p in model.parameters())
    assert full["weights"] == full["gradients"] == numbers * 4 / 1e6
    assert full["AdamW"] == 2 * full["gradients"]
    trained, _ = freeze(model, "embeddings", "encoder", "pooler")
    head = training_memory(model, batch)
    assert head["gradients"] == trained * 4 / 1e6 and head["weights"] == full["weights"]
    assert head["activations"] < full["activations"] / 10
    assert not model.training and all(p.grad is None for p in model.parameters())


def test_memory_of_activations_is_that_of_a_layer_counted_by_hand():
    class Layer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = torch.nn.Linear(10, 1, bias=False)

        def forward(self, x):
            hidden = x * 2  # (100, 10): kept, for the weight's gradient
            return type("Output", (), {"loss": self.linear(hidden).sum()})

    found = training_memory(Layer(), {"x": torch.ones(100, 10)})
    assert found["activations"] == 100 * 10 * 4 / 1e6
