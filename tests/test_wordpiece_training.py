"""The trainer: steps checked by hand and against one that recounts everything."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import WordPieceTokenizer, load_reviews, train_wordpiece
from course_utils.wordpiece import SPECIAL
from course_utils.wordpiece_training import count_pairs, merge, score, spell
from tests.hypothesis_cases import cases

TOY = {"hug": 10, "pug": 5, "pun": 12, "bun": 4, "hugs": 5}


def train_by_recounting(words, vocab_size, min_count=1):
    """Return the vocabulary of exact fractions, all counted anew for every merge."""
    splits = {word: spell(word) for word in words}
    vocab = [*SPECIAL, *sorted({piece for split in splits.values() for piece in split})]
    while len(vocab) < vocab_size:
        pieces, pairs = count_pairs(splits, words)
        ranked = [(-score(p, pieces, pairs), p) for p in pairs if pairs[p] >= min_count]
        if not ranked:
            break
        best = min(ranked)[1]
        splits = {word: merge(split, best) for word, split in splits.items()}
        joined = best[0] + best[1].removeprefix("##")
        vocab += [joined] if joined not in vocab else []
    return vocab


def test_first_step_by_hand():
    pieces, pairs = count_pairs({word: spell(word) for word in TOY}, TOY)
    by_hand = {"h": 15, "p": 17, "b": 4, "##u": 36, "##g": 20, "##n": 16, "##s": 5}
    assert pieces == by_hand
    scores = {pair: score(pair, pieces, pairs) for pair in pairs}
    assert scores == {
        ("h", "##u"): Fraction(15, 15 * 36),
        ("p", "##u"): Fraction(17, 17 * 36),
        ("b", "##u"): Fraction(4, 4 * 36),
        ("##u", "##g"): Fraction(20, 36 * 20),
        ("##u", "##n"): Fraction(16, 36 * 16),
        ("##g", "##s"): Fraction(1, 20),
    }
    assert max(scores, key=scores.get) == ("##g", "##s")


def test_all_steps_by_hand():
    vocab = train_wordpiece(TOY, 100)
    assert vocab[:5] == SPECIAL
    assert vocab[5:12] == ["##g", "##n", "##s", "##u", "b", "h", "p"]
    merges = ["##gs", "##ug", "##ugs", "hugs", "hug", "##un", "bun", "pug"]
    assert vocab[12:20] == merges
    assert vocab[20:] == ["pun"]  # then no pair is left


def test_merge_takes_every_occurrence_left_to_right():
    assert merge(list("aaaab"), ("a", "a")) == ["aa", "aa", "b"]
    assert merge(["a", "##b", "##a", "##b"], ("##a", "##b")) == ["a", "##b", "##ab"]


@settings(max_examples=cases(200), deadline=None, derandomize=True)
@given(
    words=st.dictionaries(
        st.text("abc#\xe9", min_size=1, max_size=7), st.integers(1, 9), min_size=1
    ),
    more=st.integers(0, 25),
    min_count=st.integers(1, 5),
)
def test_updating_equals_recounting(words, more, min_count):
    size = 5 + len({piece for word in words for piece in spell(word)}) + more
    expected = train_by_recounting(words, size, min_count)
    assert train_wordpiece(words, size, min_count) == expected


def test_equal_to_recounting_on_reviews():
    texts = load_reviews()["text"][:150]
    words = Counter(word for text in texts for word in text.lower().split())
    assert train_wordpiece(words, 200, 3) == train_by_recounting(words, 200, 3)


def test_a_trained_vocabulary_makes_a_tokenizer():
    trained = train_wordpiece(TOY, 19)
    tokenizer = WordPieceTokenizer({piece: id for id, piece in enumerate(trained)})
    assert tokenizer.tokenize("Hugs pug pun") == ["hugs", "p", "##ug", "p", "##un"]
    assert tokenizer.tokenize("zebra") == ["[UNK]"]


def test_small_vocabularies_are_refused():
    with pytest.raises(ValueError, match="vocab_size=11, expected at least 12: 5 spec"):
        train_wordpiece(TOY, 11)


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        (["hug"], TypeError, r"words is a list.*try Counter\(words\)"),
        ({"hug": 1.5}, TypeError, "'hug': 1.5 is not a str and its count"),
        ({3: 1}, TypeError, "3: 1 is not a str"),
        ({"": 1}, ValueError, "'': 1, expected a word"),
        ({"hug": 0}, ValueError, "'hug': 0, expected a word and a count above 0"),
    ],
)
def test_wrong_words_are_named(words, error, message):
    with pytest.raises(error, match=message):
        train_wordpiece(words, 50)
