"""Fine-tuning on the reviews: accuracy over three seeds, and speed beside Trainer.

    python -m tests.benchmarks.finetune seeds
    python -m tests.benchmarks.finetune speed

`seeds` trains on most of the training texts with two classes, scores on the test split,
and compares with frozen features and logistic regression on the same labels, in pairs.
`speed` trains the same model on the same texts with the course's loop and with
`Trainer` as it is by default, in one process.
"""

import statistics
import sys
import tempfile
import time

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from transformers import (
    DataCollatorWithPadding,
    PrinterCallback,
    Trainer,
    TrainingArguments,
)

from course_utils import (
    bootstrap_difference,
    embed,
    freeze,
    load_bert_for,
    load_reviews,
    make_examples,
    predict,
    train,
)
from course_utils.machine import has_fast_bf16, release_memory

LABELS = ("negative", "positive")
SEEDS = (0, 1, 2)
RECIPE = {"epochs": 2, "batch_size": 32, "learning_rate": 1e-4}
TEXTS = 7200  # of 8,071: all of them took more than three minutes on two cores
SPEED_TEXTS, SPEED_EPOCHS = 2400, 2
SEED_HEADER = (
    f"fine-tuning, two classes, {TEXTS:,} reviews",
    "training (s)",
    "validation accuracy",
    "test accuracy",
    "minus frozen",
    "95 % interval",
)
SPEED_HEADER = (
    f"fine-tuning, {SPEED_TEXTS:,} reviews, {SPEED_EPOCHS} epochs",
    "texts a second",
    "times `Trainer`",
    "test accuracy",
)


def splits(train_texts):
    """Return {split: (texts, labels)}, with so many of the training texts."""
    reviews = load_reviews()
    found = {}
    for name in ("train", "validation", "test"):
        table = reviews[reviews["split"] == name]
        if name == "train":
            table = table.sample(train_texts, random_state=0)
        found[name] = table["text"].tolist(), table["label"].to_numpy()
    return found


def new_model(seed=0):
    """Return (tokenizer, model), after what the last one held was given back."""
    release_memory()
    return load_bert_for("sequence-classification", LABELS, seed=seed)


def right_answers(model, examples):
    """Return which answers are right: (N,) bool."""
    (logits,) = predict(model, examples)
    return np.array(
        [
            row.argmax().item() == example["labels"]
            for row, example in zip(logits, examples, strict=True)
        ]
    )


def frozen_answers(data):
    """Return which answers of frozen features are right, on validation and on test.

    Masked mean of the last layer, logistic regression; C is chosen on validation.
    """
    features = {s: embed(data[s][0], progress=False, precision="auto") for s in data}
    best = None
    for c in (0.001, 0.003, 0.01, 0.03):
        classifier = make_pipeline(
            StandardScaler(), LogisticRegression(C=c, max_iter=2000)
        ).fit(features["train"], data["train"][1])
        right = {
            s: classifier.predict(features[s]) == data[s][1]
            for s in ("validation", "test")
        }
        if best is None or right["validation"].mean() > best["validation"].mean():
            best = right
    return best


def fine_tune(seed, data):
    """Train with the recipe. Returns (seconds, validation accuracy, right on test)."""
    tokenizer, model = new_model(seed)
    examples = {s: make_examples(*data[s], tokenizer) for s in data}
    freeze(model, "embeddings")
    history = train(
        model,
        examples["train"],
        lambda m: {"accuracy": right_answers(m, examples["validation"]).mean()},
        watch="accuracy",
        seed=seed,
        what=f"Seed {seed}",
        **RECIPE,
    )
    right = right_answers(model, examples["test"])
    return history.seconds, history.best["accuracy"], right


def seed_rows():
    """Return the table's rows, in SEED_HEADER's order."""
    data = splits(TEXTS)
    frozen = frozen_answers(data)
    runs = [fine_tune(seed, data) for seed in SEEDS]
    scores = [f"{frozen[s].mean():.3f}" for s in ("validation", "test")]
    table = [("frozen features + logistic regression", "", *scores, "0.000", "")]
    for seed, (seconds, validation, right) in zip(SEEDS, runs, strict=True):
        lead, low, high = bootstrap_difference(right[None], frozen["test"][None])
        scores = f"{validation:.3f}", f"{right.mean():.3f}", f"{lead:.3f}"
        interval = f"{low:.3f} to {high:.3f}"
        table.append((f"seed {seed}", f"{seconds:.0f}", *scores, interval))
    middle = [
        statistics.median(values)
        for values in zip(*((s, v, r.mean()) for s, v, r in runs), strict=True)
    ]
    lead = middle[2] - frozen["test"].mean()
    scores = [f"{value:.3f}" for value in (*middle[1:], lead)]
    table.append(("median of the seeds", f"{middle[0]:.0f}", *scores, ""))
    return table


def with_trainer(examples, seed=0):
    """Train with Trainer as it is by default. Returns (seconds, right on test)."""
    tokenizer, model = new_model(seed)
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder,
            num_train_epochs=SPEED_EPOCHS,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
            use_cpu=model.device.type == "cpu",
        )
        trainer = Trainer(
            model,
            arguments,
            train_dataset=examples["train"],
            data_collator=DataCollatorWithPadding(tokenizer),
        )
        trainer.remove_callback(PrinterCallback)
        start = time.perf_counter()
        trainer.train()
        seconds = time.perf_counter() - start
    return seconds, right_answers(model, examples["test"])


def with_our_loop(examples, precision, seed=0):
    """Train with the course's loop. Returns (seconds, right on test)."""
    _, model = new_model(seed)
    freeze(model, "embeddings")
    settings = RECIPE | {"epochs": SPEED_EPOCHS, "batch_size": 16}
    start = time.perf_counter()
    train(
        model,
        examples["train"],
        lambda m: {"none": 0.0},
        watch="none",
        every=10**6,
        precision=precision,
        seed=seed,
        **settings,
    )
    seconds = time.perf_counter() - start
    return seconds, right_answers(model, examples["test"])


def speed_rows():
    """Return the table's rows, in SPEED_HEADER's order."""
    data = splits(SPEED_TEXTS)
    tokenizer, _ = new_model()
    examples = {s: make_examples(*data[s], tokenizer) for s in data}
    for example in examples["train"]:  # as Trainer's collator wants it
        example["attention_mask"] = [1] * len(example["input_ids"])
    found = {"`Trainer`, its defaults": with_trainer(examples)}
    for example in examples["train"]:
        del example["attention_mask"]
    found["the course's loop, float32"] = with_our_loop(examples, "float32")
    if has_fast_bf16():
        found["the course's loop, bfloat16"] = with_our_loop(examples, "bfloat16")
    (slowest, _), *_ = found.values()
    return [
        (
            name,
            f"{SPEED_TEXTS * SPEED_EPOCHS / seconds:.0f}",
            f"{slowest / seconds:.2f}",
            f"{right.mean():.3f}",
        )
        for name, (seconds, right) in found.items()
    ]


if __name__ == "__main__":
    torch.manual_seed(0)
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked not in ("seeds", "speed"):
        sys.exit("usage: python -m tests.benchmarks.finetune seeds|speed")
    header, rows = {
        "seeds": (SEED_HEADER, seed_rows),
        "speed": (SPEED_HEADER, speed_rows),
    }[asked]
    for row in [header, *rows()]:
        print(*row, sep=" | ")
