"""Names as spans of tags, and their scores."""

import random

import numpy as np
import pytest
from seqeval.metrics import f1_score, precision_score, recall_score
from seqeval.scheme import IOB2, Entities

from course_utils.entity_spans import (
    count_spans,
    count_type_confusions,
    entity_scores,
    f1_interval,
    keep_label,
    repair_tags,
    spans_of,
)
from course_utils.newsroom import TAGS

LABELS = ("PER", "ORG", "LOC", "DATE")


def random_rows(count, seed):
    chance = random.Random(seed)
    return [chance.choices(TAGS, k=chance.randint(1, 9)) for _ in range(count)]


def test_spans_equal_seqevals_on_random_labels():
    rows = random_rows(1500, seed=0)
    found = Entities(rows, IOB2).entities
    assert [spans_of(row) for row in rows] == [
        [(x.start, x.end, x.tag) for x in row] for row in found
    ]


def test_repair_begins_a_name_at_an_orphan():
    assert repair_tags(["I-PER", "I-PER", "O", "I-LOC"]) == [
        "B-PER", "I-PER", "O", "B-LOC",
    ]  # fmt: skip
    assert repair_tags(["B-PER", "I-ORG"]) == ["B-PER", "B-ORG"]
    for row in random_rows(300, seed=1):
        mended = repair_tags(row)
        assert repair_tags(mended) == mended
        inside = {i for a, b, _ in spans_of(mended) for i in range(a, b)}
        assert inside == {i for i, tag in enumerate(row) if tag != "O"}


@pytest.mark.parametrize("seed", range(3))
def test_scores_equal_seqevals(seed):
    true = [repair_tags(row) for row in random_rows(200, seed)]
    chance = random.Random(seed + 10)
    guessed = [
        [tag if chance.random() < 0.8 else chance.choice(TAGS) for tag in row]
        for row in true
    ]
    ours = entity_scores(count_spans(true, guessed))
    strict = {"mode": "strict", "scheme": IOB2}
    theirs = [f(true, guessed, **strict) for f in (precision_score, recall_score)]
    assert ours == pytest.approx([*theirs, f1_score(true, guessed, **strict)])


def test_scores_of_nothing_are_0():
    assert entity_scores(count_spans([["O"]], [["O"]])) == (0, 0, 0)
    assert entity_scores(count_spans([], [])) == (0, 0, 0)


def test_rows_of_different_length_are_refused():
    with pytest.raises(ValueError, match="sentence 1 has 2 true and 1 predicted tags"):
        count_spans([["O"], ["O", "O"]], [["O"], ["O"]])


def test_interval_holds_the_score_and_narrows():
    true = [["B-PER", "O"], ["B-LOC", "I-LOC"], ["O", "B-DATE"]] * 10
    guessed = [["B-PER", "O"], ["B-LOC", "O"], ["O", "B-DATE"]] * 10
    counts = count_spans(true, guessed)
    f1, low, high = f1_interval(counts)
    assert f1 == pytest.approx(2 / 3) and low < f1 < high
    _, low2, high2 = f1_interval(np.concatenate([counts] * 16))
    assert high2 - low2 < (high - low) / 2
    assert f1_interval(counts) == (f1, low, high)  # seeded


def test_keep_label_and_type_confusions():
    tags = ["B-PER", "I-PER", "O", "B-LOC"]
    assert keep_label(tags, "PER") == ["B-PER", "I-PER", "O", "O"]
    true, guessed = [tags, ["B-DATE", "O"]], [["B-ORG", "I-ORG", "O", "O"], ["O"] * 2]
    guessed[1][1] = "B-ORG"
    table = count_type_confusions(true, guessed, LABELS)
    assert table[0, 1] == table[2, 4] == table[3, 4] == table[4, 1] == 1
    assert table.sum() == 4
