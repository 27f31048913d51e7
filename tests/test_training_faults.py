"""A training that is interrupted, overflows or cannot begin says why."""

import pytest
import torch

from course_utils import collate, predict, train, train_step
from course_utils.best_weights import BestWeights
from course_utils.optimizer import linear_schedule, make_optimizer
from course_utils.training_checks import check_loss
from tests.tiny_training import is_same, make_examples, tiny, weights

# --- interrupted ---------------------------------------------------------------------


def test_an_interrupt_leaves_the_best_weights_and_the_history(capsys):
    model, seen = tiny(), []

    def evaluate(model):
        seen.append(weights(model))
        if len(seen) == 3:
            raise KeyboardInterrupt
        return {"s": [0.9, 0.1][len(seen) - 1]}

    history = train(model, make_examples(16), evaluate, watch="s", epochs=5)
    assert history.interrupted and len(history.steps) == 3 and len(history.scores) == 2
    assert is_same(model, seen[0]) and not model.training
    assert len(history.losses()) == 3 and len(history.evaluations()) == 2
    assert "after 3 steps: the model has the best weights" in capsys.readouterr().out
    assert len(predict(model, make_examples(3))[0]) == 3


def test_an_interrupt_before_the_first_evaluation_keeps_the_last_weights(
    capsys, monkeypatch
):
    model = tiny()
    calls = []

    def step(*given):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return train_step(*given)

    monkeypatch.setattr("course_utils.training.train_step", step)
    before = weights(model)
    history = train(model, make_examples(80), lambda m: {"s": 0.0}, watch="s")
    assert history.interrupted and len(history.steps) == 2 and history.best == {}
    assert not is_same(model, before)
    assert "its last weights" in capsys.readouterr().out


def test_an_interrupt_while_the_best_weights_are_copied_keeps_them(monkeypatch):
    model = tiny()
    best = BestWeights(model)
    assert not best.see(0.5)
    with torch.no_grad():
        for p in model.parameters():
            p += 1
    better, copied = weights(model), []
    changing = BestWeights._changing

    def cut(self):
        for pair in changing(self):
            copied.append(pair)
            if len(copied) == 5:
                raise KeyboardInterrupt
            yield pair

    monkeypatch.setattr(BestWeights, "_changing", cut)
    with pytest.raises(KeyboardInterrupt):
        best.see(0.9)
    monkeypatch.undo()
    best.restore()
    assert is_same(model, better)


# --- a loss that is no number --------------------------------------------------------


def test_weights_that_overflow_are_named():
    model = tiny()
    optimizer = make_optimizer(model, 0.5)
    with torch.no_grad():
        model.classifier.weight[0, 0] = torch.nan
    batch = collate(make_examples(4))
    with pytest.raises(FloatingPointError, match=r"learning rate of 5e-01 is too lar"):
        train_step(model, batch, optimizer, linear_schedule(optimizer, 10, warmup=0))


def test_labels_that_are_all_left_out_are_named():
    model = tiny()
    examples = [example | {"labels": -100} for example in make_examples(4)]
    with pytest.raises(FloatingPointError, match=r"labels that are all -100"):
        train(model, examples, lambda m: {"s": 0.0}, watch="s")


def test_missing_labels_are_named():
    examples = make_examples(4)
    for example in examples:
        del example["labels"]
    with pytest.raises(ValueError, match=r"no loss: its batch holds no labels"):
        train(tiny(), examples, lambda m: {"s": 0.0}, watch="s")


def test_a_sound_loss_passes():
    assert check_loss(torch.tensor(0.7), make_optimizer(tiny(), 1e-4)) is None


def test_a_score_that_is_no_number_is_never_the_best():
    model = tiny()
    best = BestWeights(model, patience=3)
    assert not best.see(float("nan")) and not best.whole
    assert not best.see(0.1) and best.whole
    kept = weights(model)
    with torch.no_grad():
        model.classifier.bias += 1
    assert not best.see(float("nan"))
    best.restore()
    assert is_same(model, kept)


# --- what is wrong before it begins --------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"rate": 1}, TypeError, r"no option 'rate'; it has: learning_rate"),
        ({"epochs": 0}, ValueError, r"epochs is 0, expected 1 or more"),
        ({"epochs": 2.0}, TypeError, r"epochs is 2.0, expected an int"),
        ({"batch_size": True}, TypeError, r"batch_size is True, expected an int"),
        ({"every": 0}, ValueError, r"every is 0, expected 1 or more"),
        ({"patience": 0.5}, TypeError, r"patience is 0.5, expected an int"),
        ({"together": 0}, ValueError, r"together is 0, expected 1 or more"),
        ({"together": 3}, ValueError, r"together is 3, expected a batch size that"),
        ({"learning_rate": 3}, ValueError, r"learning_rate is 3.*1e-5 to 3e-4"),
        ({"learning_rate": 0}, ValueError, r"small number above 0"),
        ({"warmup": 10}, ValueError, r"a share of the steps from 0 to 1"),
        ({"precision": "half"}, ValueError, r"precision is 'half'.*'bfloat16'"),
    ],
)
def test_options_that_make_no_sense_are_explained(options, error, message):
    with pytest.raises(error, match=message):
        train(tiny(), make_examples(4), lambda m: {"s": 0}, watch="s", **options)


@pytest.mark.parametrize(
    ("examples", "error", "message"),
    [
        ([], ValueError, r"examples is empty"),
        (["a text"], TypeError, r"expected a list of dicts"),
        ({"input_ids": [1]}, TypeError, r"examples is a dict, expected a list"),
        ([{"text": "a"}], ValueError, r"has \['text'\].*Tokenize them first"),
        (
            [{"input_ids": torch.tensor([1])}],
            TypeError,
            r"leave return_tensors out",
        ),
    ],
)
def test_examples_that_cannot_be_trained_on_are_explained(examples, error, message):
    with pytest.raises(error, match=message):
        train(tiny(), examples, lambda m: {"s": 0}, watch="s")


def test_a_wholly_frozen_model_is_refused():
    model = tiny().requires_grad_(False)
    with pytest.raises(ValueError, match=r"every parameter is frozen"):
        train(model, make_examples(4), lambda m: {"s": 0}, watch="s")


def test_a_watch_that_evaluate_does_not_give_is_explained():
    with pytest.raises(KeyError, match=r"gave \['f1'\], expected 'accuracy'"):
        train(tiny(), make_examples(4), lambda m: {"f1": 0.0}, watch="accuracy")
