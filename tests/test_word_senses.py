"""The sentences of words in several senses; word vectors from pieces."""

import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import load_reviews, load_word_senses, word_senses, word_vectors
from course_utils.word_senses import find_word
from tests.hypothesis_cases import cases

SENSES = load_word_senses()


def read(text, bert):
    """Return the hidden states (L + 1, T, D), the offsets, and the word of each piece,
    as the library sees it."""
    tokenizer, model = bert
    encoded = tokenizer(
        text, return_offsets_mapping=True, return_tensors="pt", truncation=True
    )
    offsets = encoded.pop("offset_mapping")[0]
    with torch.inference_mode():
        states = model(**encoded, output_hidden_states=True).hidden_states
    return torch.stack(states)[:, 0], offsets, encoded.word_ids()


# --- the sentences -------------------------------------------------------------------


def test_there_are_enough_words_senses_and_sentences():
    assert list(SENSES.columns) == ["word", "sense", "sentence"]
    assert SENSES["word"].nunique() >= 5
    assert SENSES.groupby("word").size().min() >= 6
    assert SENSES.groupby("word")["sense"].nunique().min() >= 2
    by_sense = SENSES.groupby(["word", "sense"]).size()
    assert by_sense.min() >= 3 and by_sense.nunique() == 1


def test_sentences_are_plain_different_and_hold_their_word_once():
    assert SENSES["sentence"].is_unique
    for word, sentence in zip(SENSES["word"], SENSES["sentence"], strict=True):
        assert len(re.findall(rf"\b{word}\b", sentence, re.I)) == 1, sentence
        assert sentence.isascii() and sentence.endswith(".") and sentence[0].isupper()
        assert 5 <= len(sentence.split()) <= 15, sentence
        find_word(word, sentence)


def test_place_in_the_sentence_does_not_tell_the_sense():
    """The control of the lesson: layer 0 knows the word's place, and only that."""
    places = [
        find_word(w, s) for w, s in zip(SENSES["word"], SENSES["sentence"], strict=True)
    ]
    means = SENSES.assign(place=places).groupby(["word", "sense"])["place"].mean()
    for word in SENSES["word"].unique():
        assert abs(means[word].iloc[0] - means[word].iloc[1]) < 4, word


def test_words_are_one_piece_each(bert):
    tokenizer, _ = bert
    for word in SENSES["word"].unique():
        assert tokenizer.tokenize(word) == [word]


@pytest.mark.parametrize("sentence", ["Two banks.", "A bank, a Bank.", ""])
def test_a_word_that_is_not_there_once_is_named(sentence):
    with pytest.raises(ValueError, match=r"'bank' occurs [02] times"):
        find_word("bank", sentence)


def test_the_file_is_plain_ascii():
    raw = word_senses._FILE.read_bytes()
    assert raw.isascii() and b"\\u" not in raw and raw.endswith(b"}\n")


# --- word vectors --------------------------------------------------------------------


def test_equal_to_the_mean_over_the_library_s_words(bert, fetched_reviews):
    for text in load_reviews()["text"].tolist()[:1000:20]:
        hidden, offsets, owner = read(text, bert)
        words, vectors = word_vectors(text, hidden, offsets)
        assert len(words) == max(w for w in owner if w is not None) + 1, text
        for number, word in enumerate(words):
            pieces = [t for t, w in enumerate(owner) if w == number]
            expected = hidden[:, pieces].mean(dim=1)  # (L + 1, D)
            torch.testing.assert_close(vectors[:, number], expected, msg=word)


def test_by_hand():
    hidden = torch.tensor([[9.0], [1.0], [3.0], [5.0], [9.0]])
    offsets = torch.tensor([[0, 0], [0, 2], [2, 4], [5, 6], [0, 0]])
    words, vectors = word_vectors("abcd e", hidden, offsets)
    assert words == ["abcd", "e"] and vectors.tolist() == [[2.0], [5.0]]


def test_nothing_and_truncated_words(bert):
    for text in ("", "   "):
        hidden, offsets, _ = read(text, bert)
        words, vectors = word_vectors(text, hidden, offsets)
        assert words == [] and vectors.shape[-2] == 0
    text = "good " * 600
    hidden, offsets, _ = read(text, bert)
    words, vectors = word_vectors(text, hidden, offsets)
    assert len(words) == 600
    assert (vectors[:, 510:] == 0).all() and (vectors[:, :510] != 0).any(dim=-1).all()


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=cases(100))
def test_any_text_gives_finite_vectors(bert, text):
    tokenizer, _ = bert
    encoded = tokenizer(text, return_offsets_mapping=True, return_tensors="pt")
    offsets = encoded["offset_mapping"][0]
    words, vectors = word_vectors(text, torch.randn(len(offsets), 4), offsets)
    assert vectors.shape == (len(words), 4) and torch.isfinite(vectors).all()
