"""Lesson 08's training with three seeds: accuracy on held-out and on natural pairs.

A seed changes the generated training pairs, the new head and the order of the batches.
Run it on two quiet cores: python -m tests.benchmarks.sentence_pairs
"""

import numpy as np

from course_utils import (
    freeze,
    load_bert_for,
    load_natural,
    make_statement_pairs,
    predict,
    release_memory,
    train,
)
from course_utils.newsroom import LABELS
from course_utils.pairs import encode_pairs, load_development_pairs

SEEDS = (0, 1, 2)
PAIRS, BATCH, LEARNING_RATE = 17_100, 18, 2.5e-4
HEADER = ("sentence pairs, seed", "held-out", "development", "natural", "seconds")


def accuracy(model, examples):
    """Return the share of the examples whose most probable label is the right one."""
    answers = [int(logits.argmax()) for logits in predict(model, examples)[0]]
    truth = [example["labels"] for example in examples]
    return float(np.mean(np.equal(answers, truth)))


def one_seed(seed):
    """Train as in the lesson; return the three accuracies, and the seconds."""
    still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    tokenizer, model = load_bert_for(
        "sequence-classification", LABELS, seed=seed, **still
    )
    freeze(model, "embeddings", "encoder.layer.0", "encoder.layer.1")
    data = {
        "train": make_statement_pairs(PAIRS, seed=seed),
        "validation": make_statement_pairs(300, split="validation"),
        "test": make_statement_pairs(900, split="test"),
        "development": load_development_pairs(),
        "natural": load_natural("nli"),
    }
    encoded = {name: encode_pairs(tokenizer, rows) for name, rows in data.items()}
    history = train(
        model,
        encoded["train"],
        lambda model: {"accuracy": accuracy(model, encoded["validation"])},
        watch="accuracy",
        epochs=1,
        batch_size=BATCH,
        learning_rate=LEARNING_RATE,
        together=3,
        every=PAIRS // BATCH // 6,
        seed=seed,
    )
    found = [
        accuracy(model, encoded[name]) for name in ("test", "development", "natural")
    ]
    return *found, history.seconds


def rows():
    """Return the table's rows, in HEADER's order: the seeds, then their median."""
    found = []
    for seed in SEEDS:
        found.append(one_seed(seed))
        release_memory()
    named = [*zip(map(str, SEEDS), found, strict=True)]
    named.append(("median", tuple(np.median(found, axis=0))))
    return [
        (name, *(f"{accuracy:.3f}" for accuracy in numbers[:-1]), f"{numbers[-1]:.0f}")
        for name, numbers in named
    ]


def markdown():
    """Return the table as Markdown lines."""
    lines = [HEADER, ("---",) * len(HEADER), *rows()]
    return ["| " + " | ".join(line) + " |" for line in lines]


if __name__ == "__main__":
    print("\n".join(markdown()))
