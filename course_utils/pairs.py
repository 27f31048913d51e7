"""Sentence pairs for BERT: encode them with their labels, judge one of your own.

Lesson 08 develops these functions; a test holds the notebook and this module to the
same code.
"""

import json
from pathlib import Path

from course_utils import batch_checks
from course_utils.call_guard import guarded
from course_utils.evaluation import predict
from course_utils.newsroom.statements import LABELS


def encode_pairs(tokenizer, pairs, *, max_length=128):
    """Return one dict for each pair: input_ids, token_type_ids, labels.

    pairs: list of dicts with premise, hypothesis, label, as `make_statement_pairs` and
        `load_natural("nli")` give them. max_length: int, tokens; the longer text of a
        pair is cut first. labels: an int, the label's place in LABELS.

    Raises ValueError for a label that is not in LABELS.
    """
    premises = [pair["premise"] for pair in pairs]
    hypotheses = [pair["hypothesis"] for pair in pairs]
    rows = tokenizer(premises, hypotheses, truncation=True, max_length=max_length)
    return [
        {"input_ids": ids, "token_type_ids": segments, "labels": number_of(pair)}
        for ids, segments, pair in zip(
            rows["input_ids"], rows["token_type_ids"], pairs, strict=True
        )
    ]


def number_of(pair):
    """Return the label's number: 0 entailment, 1 neutral, 2 contradiction."""
    if pair["label"] not in LABELS:
        raise ValueError(
            f"the label is {pair['label']!r}, expected one of {', '.join(LABELS)}"
        )
    return LABELS.index(pair["label"])


def judge(model, tokenizer, premise, hypothesis):
    """Return {label: probability}: does the hypothesis follow from the premise?

    premise, hypothesis: str. The most probable label comes first.
    """
    pair = {"premise": premise, "hypothesis": hypothesis, "label": LABELS[0]}
    [[logits]] = predict(model, encode_pairs(tokenizer, [pair]))  # (3,)
    shares = zip(LABELS, logits.softmax(dim=0).tolist(), strict=True)
    return dict(sorted(shares, key=lambda item: -item[1]))


def load_development_pairs():
    """Return hand-written pairs for choosing settings by: never for a reported score.

    A list of dicts with topic, kind (of reasoning), premise, hypothesis and label:
    three hypotheses for each premise, one of each label. Other sentences than those of
    `load_natural("nli")`, which is for testing. Text: CC BY 4.0, see LICENSE.
    """
    path = Path(__file__).with_name("data") / "development_nli.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


encode_pairs = guarded(encode_pairs, batch_checks.check_pairs)
judge = guarded(judge, batch_checks.check_judged)
