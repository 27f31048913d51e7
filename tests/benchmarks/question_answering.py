"""Lesson 10's model from three seeds: held-out articles, natural prose, seconds.

Each seed draws other training questions, another head and another order. The test
questions are the same for all; nothing is chosen by them.

    python -m tests.benchmarks.question_answering
"""

import numpy as np

from course_utils import (
    freeze,
    load_bert_for,
    load_natural,
    make_questions,
    release_memory,
    train,
    training_examples,
)
from course_utils.answer_report import report_answers, summarize_answers
from course_utils.question_answering import score_best_spans

QUESTIONS, SEEDS = 7000, (0, 1, 2)
MEASURES = ("exact match", "F1")
HEADER = (
    f"question answering, {QUESTIONS:,} questions, one epoch",
    "held-out exact match",
    "held-out F1",
    "natural exact match",
    "natural F1",
    "seconds of training",
)


def train_one(seed):
    """Return ((tokenizer, model), seconds of training) with the lesson's settings."""
    bert = load_bert_for(
        "question-answering",
        seed=seed,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    freeze(bert[1], "embeddings", "encoder.layer.0")
    questions = make_questions(QUESTIONS, seed=seed, unanswerable=0.2)
    examples = training_examples(bert[0], questions, width=112, stride=32)
    watched = make_questions(300, split="validation", unanswerable=0.3)
    watched = [q for q in watched if q["answer"]]

    def evaluate(model):
        exact, f1 = score_best_spans((bert[0], model), watched)
        return {"exact match": exact.mean(), "F1": f1.mean()}

    history = train(
        bert[1],
        examples,
        evaluate,
        watch="exact match",
        epochs=1,
        batch_size=16,
        learning_rate=4e-4,
        every=-(-len(examples) // 16 // 4),
        seed=seed,
        what=f"Seed {seed}",
    )
    return bert, history.seconds


def rows():
    """Return the table's rows, in HEADER's order: one for each seed, and the median."""
    sets = {
        "held-out": make_questions(400, split="test", unanswerable=0.25),
        "natural": load_natural("qa"),
    }
    measured = []
    for seed in SEEDS:
        bert, seconds = train_one(seed)
        summaries = [summarize_answers(report_answers(bert, q)) for q in sets.values()]
        scores = [summary[measure][0] for summary in summaries for measure in MEASURES]
        measured.append([*scores, seconds])
        del bert
        release_memory()
    names = [f"seed {seed}" for seed in SEEDS] + ["median"]
    table = [*measured, np.median(measured, axis=0)]
    return [
        (name, *(f"{score:.3f}" for score in row[:-1]), f"{row[-1]:.0f}")
        for name, row in zip(names, table, strict=True)
    ]


def lines():
    """Return the lines of the table in Markdown."""
    ruler = tuple("---" for _ in HEADER)
    return [f"| {' | '.join(row)} |" for row in (HEADER, ruler, *rows())]


if __name__ == "__main__":
    print(*lines(), sep="\n")
