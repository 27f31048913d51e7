"""The training loop: it learns, keeps the best weights, and steps like Trainer."""

import pytest
import torch
from torch.utils.data import DataLoader
from transformers import (
    PrinterCallback,
    Trainer,
    TrainingArguments,
)

from course_utils import collate, freeze, train, train_step
from course_utils.evaluation import run_in
from course_utils.optimizer import linear_schedule, make_optimizer
from course_utils.training_checks import choose_precision
from course_utils.training_history import TrainingHistory
from tests.tiny_training import accuracy, is_same, make_examples, tiny, weights

NO_DROPOUT = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}


# --- it learns, and says what happened -----------------------------------------------


def test_it_learns_a_rule_and_leaves_the_model_ready():
    examples, model = make_examples(256), tiny()
    history = train(
        model,
        examples,
        lambda m: accuracy(m, make_examples(100, seed=1)),
        watch="accuracy",
        epochs=8,
        learning_rate=3e-3,
    )
    assert history.best["accuracy"] > 0.9
    assert not model.training and not history.interrupted
    assert len(history.steps) == 8 * 16 and len(history.scores) == 8
    assert sum(row["examples"] for row in history.steps) == 8 * 256
    assert history.examples_a_second > 0


def test_the_same_seed_trains_alike_and_another_does_not():
    def losses(seed):
        history = train(
            tiny(),
            make_examples(32),
            lambda m: {"s": 0.0},
            watch="s",
            epochs=1,
            seed=seed,
        )
        return [row["loss"] for row in history.steps]

    assert losses(0) == losses(0) != losses(1)


def test_the_history_has_the_rate_of_each_step():
    history = train(
        tiny(), make_examples(80), lambda m: {"s": 0.0}, watch="s", learning_rate=1e-3
    )
    rates = [row["learning_rate"] for row in history.steps]
    assert len(rates) == 10 and rates[:3] == pytest.approx([0, 1e-3, 1e-3 * 8 / 9])
    assert rates[-1] == pytest.approx(1e-3 / 9)


def test_the_best_weights_come_back():
    model, seen = tiny(), []
    scores = iter([0.1, 0.9, 0.5])

    def evaluate(model):
        seen.append(weights(model))
        return {"s": next(scores)}

    history = train(model, make_examples(16), evaluate, watch="s", epochs=3)
    assert is_same(model, seen[1]) and not is_same(model, seen[2])
    assert history.best["step"] == 2


def test_patience_stops_early():
    scores = iter([0.5, 0.4, 0.5, 0.9])
    history = train(
        tiny(),
        make_examples(16),
        lambda m: {"s": next(scores)},
        watch="s",
        epochs=4,
        patience=2,
    )
    assert [row["step"] for row in history.scores] == [1, 2, 3]


def test_every_chooses_when_it_is_evaluated_and_the_end_always_is():
    history = train(
        tiny(), make_examples(80), lambda m: {"s": 0.0}, watch="s", epochs=1, every=2
    )
    assert [row["step"] for row in history.scores] == [2, 4, 5]


def test_frozen_parameters_stay_as_they_are():
    model = tiny()
    freeze(model, "embeddings")
    before = weights(model)
    train(model, make_examples(16), lambda m: {"s": 0.0}, watch="s", learning_rate=0.01)
    for name, value in model.named_parameters():
        frozen = name.startswith("bert.embeddings")
        assert torch.equal(value, before[name]) == frozen, name


def test_bfloat16_learns_too_and_keeps_float32_weights():
    model = tiny()
    history = train(
        model,
        make_examples(16),
        lambda m: {"s": 0.0},
        watch="s",
        precision="bfloat16",
    )
    assert all(p.dtype == torch.float32 for p in model.parameters())
    assert history.steps[0]["loss"] == pytest.approx(0.7, abs=0.3)


# --- Trainer -------------------------------------------------------------------------


def test_twenty_steps_equal_those_of_trainer(tmp_path, capsys):
    examples = make_examples(160)
    plan = torch.randperm(160, generator=torch.manual_seed(3)).view(20, 8).tolist()

    class InOurOrder(Trainer):
        def get_train_dataloader(self):
            return DataLoader(examples, batch_sampler=plan, collate_fn=collate)

        def compute_loss(self, *given, **options):
            loss = super().compute_loss(*given, **options)
            theirs.append(loss.item())  # the log has four digits only
            return loss

    theirs, model = [], tiny(**NO_DROPOUT)
    settings = {"max_steps": 20, "learning_rate": 5e-3, "weight_decay": 0.1}
    settings |= {"warmup_steps": 2, "max_grad_norm": 1.0, "use_cpu": True}
    quiet = {"save_strategy": "no", "report_to": "none", "disable_tqdm": True}
    arguments = TrainingArguments(str(tmp_path / "unused"), **settings, **quiet)
    trainer = InOurOrder(model, arguments, train_dataset=examples)
    trainer.remove_callback(PrinterCallback)
    trainer.train()

    ours, mine = [], tiny(**NO_DROPOUT)
    optimizer = make_optimizer(mine, 5e-3, weight_decay=0.1)
    schedule = linear_schedule(optimizer, 20, warmup=0.1)
    for rows in plan:
        batch = collate([examples[i] for i in rows])
        ours.append(train_step(mine, batch, optimizer, schedule))
    assert len(theirs) == 20 and max(ours) - min(ours) > 0.05
    assert ours == pytest.approx(theirs, abs=1e-4)
    for name, value in mine.named_parameters():
        torch.testing.assert_close(
            value, model.get_parameter(name), atol=1e-4, rtol=1e-3, msg=name
        )


# --- history, precision --------------------------------------------------------------


def test_the_history_is_data():
    history = TrainingHistory("s")
    for step, loss in enumerate([4.0, 2.0, 0.0], 1):
        history.add_step(step, loss, 0.1, 8)
    history.add_scores(2, {"s": 0.5, "loss": 1.0})
    history.add_scores(3, {"s": 0.4, "loss": 1.1})
    assert history.losses(smooth=2)["loss"].tolist() == [4.0, 3.0, 1.0]
    assert history.losses().index.tolist() == [1, 2, 3]
    assert history.evaluations()["s"].tolist() == [0.5, 0.4]
    assert history.best["step"] == 2
    assert TrainingHistory("s").examples_a_second == 0.0


def test_auto_precision_follows_the_machine(monkeypatch):
    cpu, other = torch.device("cpu"), torch.device("meta")
    fast = "course_utils.training_checks.has_fast_bf16"
    monkeypatch.setattr(fast, lambda: True)
    assert choose_precision("auto", cpu) == "bfloat16"
    monkeypatch.setattr(fast, lambda: False)
    assert choose_precision("auto", cpu) == "float32"
    assert choose_precision("auto", other) == "float32"
    assert choose_precision("bfloat16", other) == "bfloat16"
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: True)
    assert choose_precision("auto", torch.device("cuda")) == "bfloat16"


def test_run_in_rounds_only_where_it_is_asked_to():
    model, batch = tiny(), collate(make_examples(4))
    with torch.no_grad():
        exact = model(**batch).logits
        assert torch.equal(run_in("float32", model, batch).logits, exact)
        rounded = run_in("bfloat16", model, batch).logits
    assert rounded.dtype == torch.bfloat16
    torch.testing.assert_close(rounded.float(), exact, atol=0.02, rtol=0)
