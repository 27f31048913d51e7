"""The explorers: what they show, that it follows the controls, and that it escapes."""

import re
from html import unescape

import pytest
import torch
from IPython.core.formatters import DisplayFormatter

from course_utils import (
    WordPieceTokenizer,
    attention_explorer,
    explore_padding,
    explore_pieces,
)
from course_utils.explorers import frame
from course_utils.explorers.attention import weight_cell
from course_utils.explorers.pieces import pieces_html

SHORT, LONG = "A gem.", "Nobody forgets."
ARABIC, CHINESE, EMOJI = "مرحبا", "数学", "\U0001f600"
ODD = ["", " ", "\u0301", "[SEP]", EMOJI, CHINESE, ARABIC, "<b>&\"'</b>", "a " * 600]


def words(html):
    """Return the text of each table row, its cells separated by |."""
    rows = re.findall(r"<tr.*?>(.*?)</tr>", html, flags=re.S)
    cells = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, flags=re.S) for row in rows]
    plain = [[unescape(re.sub(r"<.*?>", "", c)) for c in row] for row in cells]
    return ["|".join(row) for row in plain]


def said(html):
    """Return what a screen reader announces."""
    return unescape(
        re.search(r'<p role="status" aria-live="polite">(.*?)</p>', html)[1]
    )


@pytest.fixture(scope="module")
def tokenizer(bert):
    return WordPieceTokenizer(bert[0].get_vocab())


# --- the frame -----------------------------------------------------------------------


def test_a_view_without_kernel_comes_first_then_the_widget_alone(
    tokenizer, monkeypatch
):
    shown = []
    monkeypatch.setattr(frame, "display", lambda data, raw: shown.append(data))
    explorer = explore_pieces(tokenizer, "movie")
    explorer._ipython_display_()
    saved, living = shown
    assert ">movie</bdi>" in saved["text/html"] and frame.NOTE in saved["text/html"]
    assert saved["text/plain"] == frame.NOTE
    assert list(living) == ["application/vnd.jupyter.widget-view+json"]


def test_the_notebook_asks_the_explorer_to_display_itself(tokenizer, monkeypatch):
    monkeypatch.setattr(frame, "display", lambda data, raw: None)
    assert DisplayFormatter().format(explore_pieces(tokenizer, "a")) == ({}, {})


def test_each_call_is_a_new_start(tokenizer):
    first = explore_pieces(tokenizer, "one")
    first.controls["text"].value = "changed"
    second = explore_pieces(tokenizer, "one")
    assert ">one</bdi>" in second.result.value
    second.controls["text"].value = "two"
    assert ">changed</bdi>" in first.result.value


# --- pieces --------------------------------------------------------------------------


def test_table_shows_piece_id_place_and_text(tokenizer):
    html = pieces_html(tokenizer, "Caf\xe9")
    assert words(html)[1] == "cafe|7668|0 to 4|Caf\xe9"
    assert said(html) == "1 piece of 4 characters"
    assert html.count('scope="col"') == 4


def test_text_is_escaped_and_kept_in_its_direction(tokenizer):
    html = pieces_html(tokenizer, "<script>&")
    assert "<script>" not in html
    assert ">&lt;</bdi>" in html and ">&amp;</bdi>" in html


def test_long_text_is_cut(tokenizer):
    html = pieces_html(tokenizer, "a " * 250)
    assert html.count("<tr") == 201 and "the first 200 are shown" in said(html)


@pytest.mark.parametrize("text", ODD)
def test_odd_text_is_shown_in_pieces(tokenizer, text):
    rows = words(pieces_html(tokenizer, text))
    assert len(rows) == 1 + min(200, len(tokenizer.tokenize(text)))


def test_table_follows_the_field(tokenizer):
    explorer = explore_pieces(tokenizer, "one")
    explorer.controls["text"].value = "two"
    assert ">two</bdi>" in explorer.result.value
    assert ">one</bdi>" not in explorer.result.value


# --- padding -------------------------------------------------------------------------


@pytest.fixture
def padding(bert):
    return explore_padding(*bert, [SHORT, LONG])


def set_controls(explorer, **values):
    for name, value in values.items():
        explorer.controls[name].value = value
    return explorer.result.value


def test_padding_is_grey_and_marked(padding):
    rows = words(padding.result.value)
    assert rows[0] == "place|0|1|2|3|4|5"
    assert rows[1] == "text 1|piece|[CLS]|a|gem|.|[SEP]|∅\xa0[PAD]"
    assert rows[2] == "input_ids|101|1037|17070|1012|102|0"
    assert rows[3] == "attention_mask|1|1|1|1|1|0"
    assert rows[4] == "token_type_ids|0|0|0|0|0|0"
    assert padding.result.value.count("background:rgba(128") == 4
    assert said(padding.result.value) == (
        "2 rows of 6 tokens; 1 of 12 places are padding. The mask is right."
    )


def test_padding_that_a_text_spells_is_not_marked(padding):
    rows = words(set_controls(padding, text_1="[PAD] [PAD] [PAD] [PAD]"))
    assert rows[1].count("[PAD]") == 4 and "∅" not in rows[1]


def test_padding_to_max_length_and_truncation(padding):
    assert "2 rows of 16 tokens" in said(set_controls(padding, to_max=True))
    rows = words(set_controls(padding, max_length=5))
    assert rows[1].endswith("[CLS]|a|gem|.|[SEP]")
    assert rows[5].endswith("[CLS]|nobody|forget|##s|[SEP]")


def test_rows_without_truncation_may_make_no_tensor(padding):
    html = set_controls(padding, cut=False, to_max=True, max_length=5)
    assert "5 or 6 tokens" in said(html) and "make no tensor: truncate" in said(html)
    assert words(html)[-1].endswith("|none")


def test_pairs_have_two_segments(bert):
    explorer = explore_padding(*bert, [SHORT, LONG, ""])
    rows = words(set_controls(explorer, pairs=True))
    assert rows[1].startswith("texts 1 and 2|piece|[CLS]|a|gem|.|[SEP]|nobody")
    assert rows[4].startswith("token_type_ids|0|0|0|0|0|1|1")
    assert rows[5].startswith("texts 1 and 3|piece|[CLS]|a|gem|.|[SEP]|[SEP]|∅")


def test_a_missing_mask_is_crossed_and_moves_the_mean(bert, padding):
    means = words(padding.result.value)[-2:]
    assert [row.split("|")[-1] for row in means] == ["1.00", "1.00"]
    html = set_controls(padding, all_ones=True, to_max=True, max_length=40)
    rows = words(html)
    assert rows[3].startswith("attention_mask|1|1|1|1|1|1\xa0✗|1\xa0✗")
    assert float(rows[-2].split("|")[-1]) == pytest.approx(
        cosine_to_alone(bert, SHORT, 40), abs=0.006
    )
    assert "missing" in said(html)


def cosine_to_alone(bert, text, length):
    """Return the cosine of the mean over an unmasked padded row to that of the text."""
    tokenizer, model = bert
    alone = tokenizer(text, return_tensors="pt")["input_ids"]
    padded = torch.nn.functional.pad(alone, (0, length - alone.shape[1]))
    with torch.no_grad():
        means = [
            model(input_ids=ids, attention_mask=torch.ones_like(ids))
            .last_hidden_state[0]
            .mean(dim=0)
            for ids in (alone, padded)
        ]
    return torch.cosine_similarity(*means, dim=0).item()


@pytest.mark.parametrize("text", ODD)
def test_odd_text_is_shown_in_a_batch(padding, text):
    html = set_controls(padding, text_1=text)
    assert words(html)[-2].startswith("text 1|") and "<b>&" not in html


def test_the_middle_of_a_long_row_is_left_out(padding):
    html = set_controls(padding, text_1="a " * 600, max_length=100)
    heads = [line for line in words(html) if line.startswith("place|")]
    assert [head.split("|")[1] for head in heads] == ["0", "8", "16", "92"]
    assert heads[-1].endswith("|99") and "Places 24 to 91 are not shown." in said(html)
    too_long = set_controls(padding, cut=False)
    assert "2 rows of 602 tokens" in said(too_long)
    assert "The model has 512 places: truncate" in said(too_long)


def test_two_or_three_texts_are_expected(bert):
    with pytest.raises(ValueError, match="given 1 texts, expected two or three"):
        explore_padding(*bert, [SHORT])


# --- attention -----------------------------------------------------------------------


def test_attention_follows_layer_and_head():
    attentions = [torch.eye(2).repeat(1, 4, 1, 1) for _ in range(2)]
    attentions[1][0, 3] = torch.tensor([[0.25, 0.75], [0.996, 0.004]])
    explorer = attention_explorer(attentions, ["<b>", ARABIC])
    assert words(explorer.result.value)[1:] == ["<b>|100|·", f"{ARABIC}|·|100"]
    html = set_controls(explorer, layer=2, head=4)
    assert words(html)[1:] == ["<b>|25|75", f"{ARABIC}|100|·"] and "<b>" not in html
    assert said(html).startswith(
        "Layer 2, head 4, weights in percent. The largest, 100"
    )
    assert said(html).endswith(f"{ARABIC} looks at <b>.")


def test_attention_begins_where_it_is_told_and_stays_in_its_limits():
    explorer = attention_explorer([torch.ones(1, 3, 1, 1)] * 2, ["a"], layer=2, head=3)
    assert said(explorer.result.value).startswith("Layer 2, head 3")
    assert "Layer 2, head 3" in said(set_controls(explorer, layer=9, head=9))


def test_attention_of_many_tokens_is_cut():
    html = attention_explorer([torch.eye(50)[None, None]], ["t"] * 50).result.value
    assert html.count("<tr") == 41 and "first 40 of 50 tokens" in said(html)


def test_attention_explains_missing_weights():
    with pytest.raises(ValueError, match=r"attn_implementation='eager'"):
        attention_explorer((), ["a"])
    with pytest.raises(ValueError, match=r"expected \(T, T\) = \(1, 1\)"):
        attention_explorer([torch.rand(1, 4, 3, 3)], ["a"])


@pytest.mark.parametrize(("page", "ink"), [(255, 33), (17, 222)])  # light, dark theme
def test_numbers_on_the_darkest_cell_can_be_read(page, ink):
    *blue, strength = map(float, re.findall(r"[\d.]+", weight_cell(100))[1:5])
    mixed = [strength * part + (1 - strength) * page for part in blue]
    bright, dark = sorted((luminance([ink] * 3), luminance(mixed)), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def luminance(colour):
    """Return the relative luminance of an sRGB colour, as WCAG defines it."""
    parts = [part / 255 for part in colour]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
