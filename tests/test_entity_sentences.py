"""Sentences with names: the generator's wide names, and the development set."""

import re

import pytest

from course_utils import load_natural
from course_utils.development_names import load_development_names
from course_utils.entity_spans import (
    repair_tags,
    spans_of,
)
from course_utils.newsroom import TAGS, make_entity_examples
from course_utils.newsroom.entities import label_tokens
from course_utils.newsroom.entity_writer import FILE, RULES, EntityWriter
from course_utils.newsroom.names import name_lists
from course_utils.newsroom.patterns import read_lists

# --- the generator's wide names ------------------------------------------------------


def test_wide_names_of_train_and_test_are_disjoint():
    train, test = (name_lists(split, FILE, RULES) for split in ("train", "test"))
    for kind in train:
        if kind not in RULES:
            assert test[kind] and not set(train[kind]) & set(test[kind]), kind
    coined = [
        {EntityWriter(split, 0).coin(end) for _ in range(1)}
        | {w.coin(end) for w in [EntityWriter(split, 1)] for _ in range(300)}
        for end in ("familyend", "townend", "brandend")
        for split in ("train", "test")
    ]
    for i in (0, 2, 4):
        assert not coined[i] & coined[i + 1]


def test_the_lists_hold_no_name_of_the_natural_set():
    natural = {
        " ".join(row["tokens"][a:b]).lower()
        for row in load_natural("ner")
        for a, b, _ in spans_of(row["tags"])
    }
    whole = ("town", "region", "land", "water", "landmark", "firm", "institution")
    for kind in (*whole, "mononym"):
        names = {x.removeprefix("the ").lower() for x in read_lists(FILE)[kind]}
        assert not names & natural, kind


def test_every_wide_pattern_can_be_filled():
    for split in ("train", "test"):
        writer = EntityWriter(split, 0)
        for key in (*name_lists(split, FILE, RULES), "name", "letters", "coined", "ON"):
            assert not any("{" in writer.fill(f"{{{key}}}") for _ in range(60))


def test_initials_keep_their_stop():
    text = "So J. R. Berg met A. Ono, who scored a B."
    tokens, tags = label_tokens(text, [(3, 13, "PER"), (18, 24, "PER")])
    assert tokens[1:4] == ["J.", "R.", "Berg"] and tags[5:7] == ["B-PER", "I-PER"]
    assert tokens[-2:] == ["B", "."]


# --- the development set -------------------------------------------------------------


def test_development_sentences_are_labelled_and_not_natural():
    rows = load_development_names()
    natural = {" ".join(row["tokens"]) for row in load_natural("ner")}
    texts = {" ".join(row["tokens"]) for row in rows}
    assert len(texts) == len(rows) >= 60 and not texts & natural
    assert not {r["topic"] for r in rows} & {r["topic"] for r in load_natural("ner")}
    for row in rows:
        assert repair_tags(row["tags"]) == row["tags"] and set(row["tags"]) <= set(TAGS)
        for token in row["tokens"]:
            assert re.fullmatch(r"'s|[A-Z]\.|\w+(-\w+)*|[.,;:!?&]", token), token


def test_a_damaged_row_is_named(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    bad = '{"topic": "x", "tokens": ["a"], "tags": []}\n'
    (tmp_path / "data/development_ner.jsonl").write_text(bad)
    module = "course_utils.development_names.__file__"
    monkeypatch.setattr(module, str(tmp_path / "x.py"))
    with pytest.raises(ValueError, match="line 1 has 1 tokens and 0 tags"):
        load_development_names()


def test_sentences_of_one_kind_only():
    news = make_entity_examples(80, lists=("news",))
    assert {e["pattern"].split(".")[0] for e in news} == {"news"}
    for lists in ((), ("nwes",), "news"):
        with pytest.raises(ValueError, match=r"expected some of .*'news'"):
            make_entity_examples(2, lists=lists)
