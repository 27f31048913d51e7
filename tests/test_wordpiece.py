"""The hand-built tokenizer gives the library's ids, on real and on hostile text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import (
    WordPieceTokenizer,
    library_category,
    load_reviews,
    normalize,
    pre_tokenize,
    split_word,
)
from course_utils.wordpiece import SPECIAL
from tests.hypothesis_cases import cases

HOSTILE = [
    "",
    " \t\n\v\f\r\x1c\x85\xa0\u2028\u3000",
    "[SEP]",
    "a[SEP]ing [sep] [SEP [[CLS]] [MASK]s [S\u0301EP] [SEP]\u0301a [UNK][PAD]",
    "##ing ## # ##",
    "[unused5] [unused]",
    "x" * 10_000,
    "e\u0301" * 10_000,
    "\N{HANGUL SYLLABLE GAG}" * 34,
    "a" * 100 + " " + "a" * 101 + " " + "\xe9" * 100 + " " + "a\u200b" * 100,
    "\u0301\u0301 \u0301",
    "\u6570\u636e\u304b\u306a\ud55c\uad6d\uc5b4 \U0002b820\U0002b920",
    "\u05e9\u05dc\u05d5\u05dd \u202e\u0645\u0631\u062d\u0628\u0627 \u0627\u0654",
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f3f3\ufe0f\u200d\U0001f308",
    "\x00\x07\ufffd\ufeff\U0010ffff\ue000 ok",
    "\u0130I\u0131 \u0391\u03a3\u03a3 \xdf\u1e9e \ufb01 \u01c5 \u0345 \u2126 \u212b",
    "$5+3=8 ^_^ `~ \xbf\xab\u201c\u2019\u2014\u2026 \u166d",
    "don't.stop!!! ...well\u2014no",
]
ANY = st.characters(exclude_categories=["Cs"])
TRICKY = st.sampled_from(
    "aeE\xe9 .,!?'#[]-$\t\n\v\0"
    "\u0301\u0323\u0345\u200b\u200d\u202e\ufeff\ufe0f\u0130\xdf"
    "\u6570\u3042\ud55c\u05d0\u0627\u0654\U0001f600\U0001f3fd\U0002b820\U0001d15e\ufffd"
)
CHUNKS = st.sampled_from(
    [*SPECIAL, "[sep]", "##ing", "##", "unwatchable", "movie ", " the", "a" * 99]
)
MIXED = st.lists(ANY | TRICKY | CHUNKS, max_size=40).map("".join)


@pytest.fixture(scope="module")
def ours(bert):
    return WordPieceTokenizer(bert[0].get_vocab())


def assert_same_ids(ours, library, text):
    """Compare ids, pieces, offsets and the text that the ids give back."""
    theirs = library(text, add_special_tokens=False, return_offsets_mapping=True)
    ids = ours.encode(text)
    assert ids == theirs["input_ids"], ascii(text)
    assert ours.tokenize(text) == theirs.tokens()
    assert ours.decode(ids) == library.decode(ids, clean_up_tokenization_spaces=False)
    return theirs


def assert_same(ours, library, text):
    theirs = assert_same_ids(ours, library, text)
    assert ours.offsets(text) == theirs["offset_mapping"], ascii(text)


def test_equal_on_every_review(ours, bert):
    texts = load_reviews(classes=3)["text"].tolist()
    assert len(texts) == 10_605
    for text in texts:
        assert_same(ours, bert[0], text)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_equal_on_hostile_text(ours, bert, text):
    assert_same(ours, bert[0], text)


@settings(max_examples=cases(1500), deadline=None, derandomize=True)
@given(text=st.text(ANY, max_size=60))
def test_equal_on_text_of_all_unicode(ours, bert, text):
    assert_same_ids(ours, bert[0], text)


@settings(max_examples=cases(1500), deadline=None, derandomize=True)
@given(text=MIXED)
def test_equal_on_mixed_text(ours, bert, text):
    assert_same_ids(ours, bert[0], text)


@settings(max_examples=cases(500), deadline=None, derandomize=True)
@given(text=st.text(st.characters(max_codepoint=0x2FFF) | TRICKY, max_size=60))
def test_offsets_equal_on_generated_text(ours, bert, text):
    assert_same(ours, bert[0], text.replace("\U0001d15e", ""))


def test_the_one_known_difference_is_an_offset(ours, bert):
    """The library sorts marks before it drops them: see the module's docstring."""
    text = "\U0001d15e\u0334"
    theirs = assert_same_ids(ours, bert[0], text)
    assert (ours.offsets(text), theirs["offset_mapping"]) == ([(0, 1)], [(0, 2)])


def test_every_character_is_treated_as_the_library_does(ours, bert):
    """All of the first two planes and plane 14, every 16th of the others."""
    codes = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    codes = [c for c in codes if c < 0x20000 or c >> 16 == 14 or c % 16 == 0]
    for start in range(0, len(codes), 250):
        some = map(chr, codes[start : start + 250])
        text = " ".join(f"a{c}b {c}" for c in some)
        theirs = bert[0](text, add_special_tokens=False)["input_ids"]
        assert ours.encode(text) == theirs, hex(codes[start])


def test_marks_and_controls_are_dropped_as_the_library_does(bert):
    """Also where unknown words would hide it: the normalized text itself."""
    theirs = bert[0].backend_tokenizer.normalizer
    for code in [c for c in range(0x20000) if not 0xD800 <= c < 0xE000]:
        kept = theirs.normalize_str(f"a{chr(code)}") != "a"
        if library_category(chr(code)) in ("Mn", "Cf", "Cc", "Co"):
            assert kept == (chr(code) in "\t\n\r"), hex(code)


def test_every_id_decodes_as_the_library_does(ours, bert):
    for id in range(len(ours.vocab)):
        for ids in ([id], [1037, id, 1012]):
            theirs = bert[0].decode(ids, clean_up_tokenization_spaces=False)
            assert ours.decode(ids) == theirs, ids
    assert ours.decode([]) == ""


def test_normalize_keeps_the_places():
    assert normalize("\xc9\u200bA\t\u6570") == ("ea  \u6570 ", [0, 2, 3, 4, 4, 4])
    assert normalize("") == ("", [])


def test_pre_tokenize_by_hand():
    assert pre_tokenize(" a$b  c") == [
        ("a", 1, 2),
        ("$", 2, 3),
        ("b", 3, 4),
        ("c", 6, 7),
    ]
    assert pre_tokenize("") == []


def test_split_word_is_greedy():
    vocab = {"un", "##able", "una", "##ble", "##a"}
    assert split_word("unable", vocab) == [("una", 0, 3), ("##ble", 3, 6)]
    assert split_word("unx", vocab) == [("[UNK]", 0, 3)]
    assert split_word("unable", vocab, longest_word=5) == [("[UNK]", 0, 6)]


@pytest.mark.parametrize("wrong", [None, 3, ["a", "b"], b"bytes"])
def test_wrong_text_is_named(ours, wrong):
    kind = type(wrong).__name__
    for method in (ours.tokenize, ours.encode, ours.offsets):
        with pytest.raises(TypeError, match=rf"one text \(str\), got a {kind}"):
            method(wrong)


def test_wrong_vocabularies_are_named():
    with pytest.raises(TypeError, match="vocab is a list, expected a dict"):
        WordPieceTokenizer(["a"])
    with pytest.raises(ValueError, match=r"vocab lacks \['\[PAD\]', '\[UNK\]'"):
        WordPieceTokenizer({"a": 0})


@pytest.mark.parametrize("wrong", [-1, 30_522, "movie", 1.5])
def test_unknown_ids_are_named(ours, wrong):
    with pytest.raises(ValueError, match=f"no piece has the id {wrong!r}"):
        ours.decode([101, wrong])


@pytest.mark.parametrize("wrong", ["", "ab", 3])
def test_category_takes_one_character(wrong):
    with pytest.raises(TypeError):
        library_category(wrong)
