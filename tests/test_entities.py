"""Names in a text: labels of pieces, windows, and display."""

import random
from itertools import pairwise

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForTokenClassification, pipeline

from course_utils import entity_display, load_natural, save_model
from course_utils.entity_display import COLOURS, INK, OTHER, HighlightedText
from course_utils.entity_finder import find_names, windows, word_probabilities
from course_utils.newsroom import TAGS, make_entity_examples
from course_utils.token_labels import align_labels, encode_words, predict_tags

LABELS = ("PER", "ORG", "LOC", "DATE")


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
