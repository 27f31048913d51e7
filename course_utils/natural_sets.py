"""Small hand-written test sets in natural prose: names, inference and questions.

For testing only: never train on them and never tune on them. A model that learned from
generated sentences is shown these once, at the end, to see what it makes of real prose.
What is said about well-known people, firms and institutions is meant to be true; the
other people, firms and institutions are invented. Each row has a "topic" such as
"science" or "food". Text: CC BY 4.0, see LICENSE.

A second annotator agreed on 100% of the names (F1 of whole names, given these rules)
and on 99.5% of the questions (one of the answers, exactly) before corrections, leaving
out the first six rows, which had been seen with their labels. The inference labels were
read again too, but not blind, so there is no rate for them.

Names ("ner"): {"topic", "tokens", "tags"}
    Words and punctuation marks, and one BIO tag for each: "B-PER" opens a name, "I-PER"
    goes on with it, "O" is no name. A hyphened word is one token; "'s" is a token and
    "O"; an initial keeps its full stop. Decidable without capital letters.
    PER: people, without titles (Dr, Mrs, Professor are "O").
    ORG: firms, clubs, bands, agencies, newspapers, and always universities, museums,
        theatres, hospitals, institutes and laboratories.
    LOC: countries, cities, rivers, lakes, mountains, islands, parks, streets, palaces,
        mosques. A city and its state ("Atlanta, Georgia") are two names.
    DATE: a day of a month, weekday, month, year or decade, alone or joined into one
        name: "1867", "April", "12 March 1998", "1960s". "last" and "next" before it
        belong to it ("next Friday"), no other word does. Two dates joined by "and"
        are two names. Durations, ages, seasons, times of day and words such as
        "midnight", "then" and "spring" are "O".
    No name includes a preposition or English article before it: on [Monday], the
    [Thames], The [Beatles]; foreign ones stay: [Le Monde], [Vincent van Gogh].
    A firm named after a person or river is an ORG where the firm is meant.
    Ships, books, products, prizes, events and peoples do not occur, or are "O".

Inference ("nli"): {"topic", "premise", "hypothesis", "label"}
    "entailment": whoever believes the premise must grant the hypothesis.
    "contradiction": both cannot be true of the same situation.
    "neutral": the premise leaves it open, however likely it may seem.
    A third each; 40 premises have one hypothesis of each label, 24 have only one.

Questions ("qa"): {"topic", "passage", "question", "answers", "kind"}
    answers: one to six spans of the passage, each found there once, a short natural
        one first, any of them right; [] where the passage does not say.
    kind: what is asked for, one of QUESTION_KINDS ("when" also asks for times of day,
        "who" also "whose").
"""

import json
from pathlib import Path

NER_TYPES = ("PER", "ORG", "LOC", "DATE")
NLI_LABELS = ("entailment", "neutral", "contradiction")
QUESTION_KINDS = (
    "who", "when", "where", "what", "why", "how", "how_many", "how_long", "how_much",
    "which",
)  # fmt: skip

_KEYS = {
    "ner": ("topic", "tokens", "tags"),
    "nli": ("topic", "premise", "hypothesis", "label"),
    "qa": ("topic", "passage", "question", "answers", "kind"),
}
_LISTS = ("tokens", "tags", "answers")  # lists of str; every other value is a str


def load_natural(task):
    """Return the natural test set of a task as a list of dicts, in the file's order.

    task: "ner" (names), "nli" (inference) or "qa" (questions). The module's docstring
        has the keys of each and the rules by which it was labelled.

    For testing only, never train on it. Raises ValueError for another task, and for a
    row that has lost its shape, with the line of the file.
    """
    if not isinstance(task, str) or task not in _KEYS:
        raise ValueError(
            f'task is {task!r}, expected "ner" (names), "nli" (inference) or "qa" '
            '(questions): try load_natural("ner")'
        )
    path = Path(__file__).with_name("data") / f"natural_{task}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    for number, row in enumerate(rows, start=1):
        check_row(task, row, f"{path.name}, line {number}")
    return rows


def check_row(task, row, where):
    """Raise ValueError unless a row has the keys, types and labels of its task.

    where: str, names the row in the message.
    """
    if tuple(row) != _KEYS[task]:
        raise ValueError(f"{where} has keys {list(row)}, expected {list(_KEYS[task])}")
    for key, value in row.items():
        texts = value if key in _LISTS and isinstance(value, list) else [value]
        if key in _LISTS and texts is not value:
            raise ValueError(f"{where}: {key} is {value!r}, expected a list")
        if not all(isinstance(text, str) and text for text in texts):
            raise ValueError(f"{where}: {key} is {value!r}, expected text in it")
    if task == "ner" and len(row["tokens"]) != len(row["tags"]):
        raise ValueError(
            f"{where} has {len(row['tokens'])} tokens and {len(row['tags'])} tags, "
            "expected one tag for each token"
        )
    if task == "nli" and row["label"] not in NLI_LABELS:
        raise ValueError(
            f"{where}: label is {row['label']!r}, expected one of {NLI_LABELS}"
        )
    if task == "qa" and row["kind"] not in QUESTION_KINDS:
        raise ValueError(
            f"{where}: kind is {row['kind']!r}, expected one of {QUESTION_KINDS}"
        )
