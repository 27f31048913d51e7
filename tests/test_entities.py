"""Names: spans, scores, alignment, windows, display, the development set."""

import random
import re
from itertools import pairwise

import numpy as np
import pytest
import torch
from seqeval.metrics import f1_score, precision_score, recall_score
from seqeval.scheme import IOB2, Entities
from transformers import BertConfig, BertForTokenClassification, pipeline

from course_utils import entity_display, load_natural, save_model
from course_utils.development_names import load_development_names
from course_utils.entity_display import COLOURS, INK, OTHER, HighlightedText
from course_utils.entity_finder import find_names, windows, word_probabilities
from course_utils.entity_spans import (
    count_spans,
    count_type_confusions,
    entity_scores,
    f1_interval,
    keep_label,
    repair_tags,
    spans_of,
)
from course_utils.newsroom import TAGS, make_entity_examples
from course_utils.newsroom.entities import label_tokens
from course_utils.newsroom.entity_writer import FILE, RULES, EntityWriter
from course_utils.newsroom.names import name_lists
from course_utils.newsroom.patterns import read_lists
from course_utils.token_labels import align_labels, encode_words, predict_tags

LABELS = ("PER", "ORG", "LOC", "DATE")


def random_rows(count, seed):
    chance = random.Random(seed)
    return [chance.choices(TAGS, k=chance.randint(1, 9)) for _ in range(count)]


@pytest.fixture(scope="module")
def tiny(bert):
    """The course's tokenizer, and a small random model with a head for TAGS."""
    tokenizer = bert[0]
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        initializer_range=0.5,
        id2label=dict(enumerate(TAGS)),
        label2id={tag: i for i, tag in enumerate(TAGS)},
    )
    return tokenizer, BertForTokenClassification(config).eval()


# --- spans and scores ----------------------------------------------------------------


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


# --- labels of pieces ----------------------------------------------------------------


def test_alignment_gives_first_pieces_the_label(bert):
    example = {"tokens": ["Nkechi", "'s", "car"], "tags": ["B-PER", "O", "O"]}
    [row] = encode_words([example], bert[0], TAGS)
    assert row["labels"] == [-100, 1, -100, -100, 0, -100, 0, -100]
    [row] = encode_words([example], bert[0], TAGS, every_piece=True)
    assert row["labels"] == [-100, 1, 2, 2, 0, 0, 0, -100]
    assert align_labels([None, 0, 0, 1, None], [3, 4], True) == [-100, 3, 4, 4, -100]


def test_alignment_equals_one_by_characters(bert):
    tokenizer = bert[0]
    examples = make_entity_examples(200, split="test", seed=2) + load_natural("ner")
    for example, row in zip(
        examples, encode_words(examples, tokenizer, TAGS), strict=True
    ):
        starts = np.cumsum([0, *(len(x) + 1 for x in example["tokens"])]).tolist()
        at = dict(zip(starts, example["tags"], strict=False))
        text = " ".join(example["tokens"])
        encoding = tokenizer(text, return_offsets_mapping=True)
        expected = [
            TAGS.index(at[a]) if b > a and a in at else -100
            for a, b in encoding["offset_mapping"]
        ]
        assert row["input_ids"] == encoding["input_ids"]
        assert row["labels"] == expected


def test_tags_are_read_at_first_pieces(tiny):
    tokenizer, model = tiny
    examples = make_entity_examples(6, seed=3)
    rows = encode_words(examples, tokenizer, TAGS)
    found = predict_tags(model, rows, TAGS)
    for row, tags in zip(rows, found, strict=True):
        with torch.inference_mode():
            logits = model(torch.tensor([row["input_ids"]])).logits[0]
        best = [TAGS[i] for i in logits.argmax(-1).tolist()]
        assert tags == [t for t, x in zip(best, row["labels"], strict=True) if x >= 0]


# --- names in a text -----------------------------------------------------------------


def test_windows_cover_every_word_and_fit():
    chance = random.Random(0)
    for _ in range(200):
        sizes = chance.choices([0, 1, 1, 2, 3, 7, 30, 70], k=chance.randint(1, 300))
        plan = windows(sizes, limit=60)
        assert plan[0][0] == 0 and plan[-1][1] == len(sizes)
        for (a, b), (c, d) in pairwise(plan):
            assert a < c <= b < d
        assert all(sum(sizes[a:b]) <= 60 or b == a + 1 for a, b in plan)


def test_short_texts_are_read_in_one_window(tiny):
    tokenizer, model = tiny
    words = ["Nkechi", "flew", "to", "Ouagadougou"]
    found = word_probabilities(words, tokenizer, model)
    encoding = tokenizer(words, is_split_into_words=True, return_tensors="pt")
    with torch.inference_mode():
        p = model(**encoding).logits[0].softmax(-1)
    first = [encoding.word_to_tokens(i).start for i in range(4)]
    torch.testing.assert_close(found, p[first])


HOSTILE = {
    "empty": "",
    "spaces": " \n\t ",
    "emoji": "🎉 Maria 🦊🦊 in Rome 🎉",
    "chinese": "我在北京遇见了李雷。",
    "long word": "a" * 5000,
    "control": "Anna\x00Berg \x07 Oslo",
    "long": "Anna Berg flew to Oslo on Monday . " * 120,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_names_are_slices_of_any_text(tiny, text):
    end = 0
    for name in find_names(text, tiny):
        assert text[name["start"] : name["end"]] == name["text"] != ""
        assert name["label"] in LABELS and 0 < name["score"] <= 1
        assert name["start"] >= end
        end = name["end"]
    if not text.strip():
        assert find_names(text, tiny) == []


@pytest.mark.parametrize("text", [None, 3, ["Anna"], b"Anna"])
def test_what_is_no_text_is_refused(tiny, text):
    with pytest.raises(TypeError, match="expected str"):
        find_names(text, tiny)


def test_pipeline_loads_what_was_saved_and_agrees(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_ARTIFACTS", str(tmp_path))
    tokenizer, model = tiny
    folder = save_model("names", model, tokenizer, "# Card")
    for strategy in ("first", "simple"):
        tagger = pipeline(
            "token-classification", model=str(folder), aggregation_strategy=strategy
        )
        groups = tagger("anna berg flew to oslo on monday")
        assert {group["entity_group"] for group in groups} <= set(LABELS)
    words = ["anna", "berg", "flew", "to", "oslo", "on", "monday"]
    best = word_probabilities(words, tokenizer, model).argmax(-1)
    raw = pipeline(
        "token-classification", model=str(folder), aggregation_strategy="none"
    )
    theirs = {x["word"]: x["entity"] for x in raw(" ".join(words))}
    for word, number in zip(words, best.tolist(), strict=True):
        assert theirs.get(word, "O") == TAGS[number]


# --- display -------------------------------------------------------------------------


def test_highlight_shows_the_same_names_in_both_forms():
    text = "Anna & Bo <b> met in Rome."
    names = [
        {"start": 21, "end": 25, "label": "LOC"},
        {"start": 0, "end": 4, "label": "PER"},
    ]
    shown = HighlightedText(text, names)
    assert repr(shown) == "[PER Anna] & Bo <b> met in [LOC Rome]."
    page = shown._repr_html_()
    assert "Anna<span" in page and ">PER</span>" in page and "<b>" not in page
    assert "&amp; Bo &lt;b&gt;" in page
    assert repr(HighlightedText("", [])) == ""
    words = ["So", "Anna", "Berg", "met", "Bo"]
    spans = [(1, 3, "PER"), (4, 5, "PER")]
    assert repr(HighlightedText.of_words(words, spans)) == (
        "So [PER Anna Berg] met [PER Bo]"
    )


@pytest.mark.parametrize("place", [(2, 9), (0, 0), (3, 2)])
def test_names_of_another_text_are_refused(place):
    name = {"start": place[0], "end": place[1], "label": "PER"}
    with pytest.raises(ValueError, match="lies outside of the text"):
        HighlightedText("Anna", [name])
    twice = [{"start": 0, "end": 3, "label": "PER"}] * 2
    with pytest.raises(ValueError, match="overlaps"):
        HighlightedText("Anna", twice)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("colour", [*COLOURS.values(), OTHER])
def test_contrast_is_enough(colour):  # WCAG 2.2, level AAA
    assert (luminance(colour) + 0.05) / (luminance(INK) + 0.05) >= 7
    assert entity_display.mark("x", "PER").count("color: #") == 1


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
