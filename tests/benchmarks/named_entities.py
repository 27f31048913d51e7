"""Lesson 09's model, three seeds: entity F1 on held-out and natural sentences, seconds.

    python -m tests.benchmarks.named_entities

The settings are the lesson's. Scores are strict (seqeval, IOB2); natural and
development sentences are hand-written, the development ones are what was chosen by.
"""

import statistics

from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

from course_utils import (
    encode_words,
    freeze,
    load_bert_for,
    load_development_names,
    load_natural,
    make_entity_examples,
    predict_tags,
    progress,
    release_memory,
    train,
)
from course_utils.newsroom import TAGS

SEEDS = (0, 1, 2)
SENTENCES, EPOCHS = 4000, 2
SETTINGS = {"batch_size": 16, "learning_rate": 2e-4}
HEADER = ("names, entity F1", "held-out", "natural", "development", "seconds")


def learn(seed):
    """Return (F1 held-out, natural, development, seconds) of one training."""
    tokenizer, model = load_bert_for("token-classification", labels=TAGS, seed=seed)
    freeze(model, "embeddings")
    sets = {
        "train": make_entity_examples(SENTENCES, seed=seed),
        "validation": make_entity_examples(300, split="validation", seed=seed),
        "held-out": make_entity_examples(600, split="test"),
        "natural": load_natural("ner"),
        "development": load_development_names(),
    }
    encoded = {name: encode_words(rows, tokenizer, TAGS) for name, rows in sets.items()}

    def f1(name):
        true = [example["tags"] for example in sets[name]]
        answer = predict_tags(model, encoded[name], TAGS)
        return f1_score(true, answer, mode="strict", scheme=IOB2)

    history = train(
        model,
        encoded["train"],
        lambda _: {"f1": f1("validation")},
        watch="f1",
        epochs=EPOCHS,
        seed=seed,
        **SETTINGS,
    )
    return f1("held-out"), f1("natural"), f1("development"), history.seconds


def rows():
    """Return the table's rows, in HEADER's order: each seed, then the medians."""
    found = []
    for seed in progress(SEEDS, "Seeds"):
        found.append(learn(seed))
        release_memory()
    found.append([statistics.median(column) for column in zip(*found, strict=True)])
    names = [f"seed {seed}" for seed in SEEDS] + ["median"]
    return [
        (name, *(f"{score:.3f}" for score in scores), f"{seconds:.0f}")
        for name, (*scores, seconds) in zip(names, found, strict=True)
    ]


if __name__ == "__main__":
    for row in (HEADER, *rows()):
        print(*row, sep=" | ")
