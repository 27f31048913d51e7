"""Inputs built by hand against the library's, on real and on hostile text."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils import load_reviews, prepare_inputs
from course_utils.inputs import add_special_tokens, pad, truncate_pair
from tests.hypothesis_cases import cases

HOSTILE = [
    "",
    " \t\n",
    "[SEP]",
    "[CLS] [PAD] [MASK] [UNK] [SEP]",
    "##ing [SEP]ing sep]",
    "word " * 600,
    "x" * 10_000,
    "数据 中文字符 に ほん ご 한국어",
    "😀👩‍👩‍👧‍👦🏳️‍🌈 e\u0301 \u200b\u200d\ufeff",
    "שלום עולם \u202e مرحبا",
    "\x00\x07\ufffd\U0010ffff",
    "don't.stop!!! ...well—no",
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def assert_equal_to_library(tokenizer, text, pair, max_length):
    """Compare with the library's batch of one.

    Called with two bare texts, the library drops an empty second one; called with
    lists it keeps it, and so do we.
    """
    ours = prepare_inputs(text, pair, tokenizer=tokenizer, max_length=max_length)
    theirs = tokenizer(
        [text],
        None if pair is None else [pair],
        padding="max_length",
        truncation=True,
        max_length=max_length,
        return_tensors="pt",
    )
    assert set(ours) == set(theirs)
    for name in ours:
        assert ours[name].dtype == torch.int64
        assert torch.equal(ours[name], theirs[name]), (name, text, pair, max_length)


def test_equal_on_every_review(bert):
    texts = load_reviews(3)["text"].tolist()
    for i, text in enumerate(texts):
        pair = texts[i - 1] if i % 2 else None
        assert_equal_to_library(bert[0], text, pair, (8, 33, 64, 128)[i // 2 % 4])


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("pair", [None, "", "A short one.", "word " * 600])
@pytest.mark.parametrize("max_length", [4, 5, 64, 512])
def test_equal_on_hostile_text(bert, text, pair, max_length):
    assert_equal_to_library(bert[0], text, pair, max_length)


@settings(max_examples=cases(1000), deadline=None, derandomize=True)
@given(text=TEXTS, pair=st.none() | TEXTS, max_length=st.integers(4, 80))
def test_equal_on_generated_text(bert, text, pair, max_length):
    assert_equal_to_library(bert[0], text, pair, max_length)


@settings(suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    first=st.lists(st.text(max_size=2), max_size=30),
    second=st.lists(st.text(max_size=2), max_size=30),
    room=st.integers(0, 70),
)
def test_truncate_pair_properties(first, second, room):
    a, b = truncate_pair(first, second, room)
    assert len(a) + len(b) == min(room, len(first) + len(second))
    assert a == first[: len(a)] and b == second[: len(b)]
    if len(a) < len(first) and len(b) < len(second):
        assert abs(len(a) - len(b)) <= 1


def test_special_tokens_segments_and_mask_by_hand():
    tokens, segments = add_special_tokens(["who", "?"], ["me"])
    assert tokens == ["[CLS]", "who", "?", "[SEP]", "me", "[SEP]"]
    assert segments == [0, 0, 0, 0, 1, 1]
    tokens, segments, mask = pad(tokens, segments, 8)
    assert tokens[6:] == ["[PAD]", "[PAD]"] and segments[6:] == [0, 0]
    assert mask == [1] * 6 + [0] * 2


def test_inputs_feed_the_model_and_masked_padding_changes_nothing(bert):
    tokenizer, model = bert
    text = "A gem of a movie."
    with torch.no_grad():
        alone = model(**prepare_inputs(text, tokenizer=tokenizer, max_length=8))
        padded = model(**prepare_inputs(text, tokenizer=tokenizer, max_length=40))
    torch.testing.assert_close(
        padded.last_hidden_state[:, :8], alone.last_hidden_state, atol=1e-5, rtol=0
    )


@pytest.mark.parametrize("wrong", [None, 3, ["a", "b"], b"bytes"])
def test_wrong_types_are_named(bert, wrong):
    kind = type(wrong).__name__
    with pytest.raises(TypeError, match=rf"expected one text \(str\), got a {kind}"):
        prepare_inputs(wrong, tokenizer=bert[0], max_length=8)
    if wrong is not None:
        with pytest.raises(TypeError, match=rf"got a {kind}"):
            prepare_inputs("fine", wrong, tokenizer=bert[0], max_length=8)


def test_more_than_the_model_reads_is_said(bert):
    with pytest.raises(ValueError, match=r"max_length=600: .* or > 512"):
        prepare_inputs("a", tokenizer=bert[0], max_length=600)


@pytest.mark.parametrize("wrong", ["10", 10.0, None])
def test_max_length_of_another_type(bert, wrong):
    with pytest.raises(TypeError, match="expected max_length as an int, got"):
        prepare_inputs("a", tokenizer=bert[0], max_length=wrong)


def test_long_texts_are_cut_without_a_warning(bert, caplog, capfd):
    prepare_inputs("word " * 600, "b " * 600, tokenizer=bert[0], max_length=512)
    assert caplog.text == "" and capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("pair", "max_length"), [(None, 2), ("b", 3), (None, -1)])
def test_no_room_is_said(bert, pair, max_length):
    with pytest.raises(
        ValueError, match=f"max_length={max_length}: too small for a text"
    ):
        prepare_inputs("a", pair, tokenizer=bert[0], max_length=max_length)
