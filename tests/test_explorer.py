"""The explorer: what it shows, that it follows the field, and that it escapes."""

import pytest

from course_utils import WordPieceTokenizer, explore_pieces, pieces_html


@pytest.fixture(scope="module")
def tokenizer(bert):
    return WordPieceTokenizer(bert[0].get_vocab())


def test_table_shows_piece_id_place_and_text(tokenizer):
    html = pieces_html(tokenizer, "Caf\xe9")
    for part in (
        "<bdi>cafe</bdi>",
        ">7668<",
        "0 to 4",
        "Caf\xe9",
        "1 pieces of 4 char",
    ):
        assert part in html
    assert html.count('scope="col"') == 4


def test_text_is_escaped(tokenizer):
    html = pieces_html(tokenizer, "<script>&")
    assert "<script>" not in html
    assert "<bdi>&lt;</bdi>" in html and "<bdi>&amp;</bdi>" in html


def test_long_text_is_cut(tokenizer):
    html = pieces_html(tokenizer, "a " * 250)
    assert html.count("<tr>") == 201 and "and 50 more" in html


@pytest.mark.parametrize("text", ["", "\u0301", "[SEP]", "\U0001f600"])
def test_odd_text_is_shown(tokenizer, text):
    assert "<table" in pieces_html(tokenizer, text)


def test_table_follows_the_field(tokenizer):
    field, table = explore_pieces(tokenizer, "one").children
    assert field.description == "Your text:" and "<bdi>one</bdi>" in table.value
    field.value = "two"
    assert "<bdi>two</bdi>" in table.value and "<bdi>one</bdi>" not in table.value
