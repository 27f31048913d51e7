"""Change texts, padding and mask, see the batch: the explorer of lesson 03."""

import ipywidgets as widgets
import torch
import torch.nn.functional as F

from course_utils.explorers.frame import Explorer
from course_utils.explorers.markup import GREY, cell, count, isolated, page, row
from course_utils.pooling import mean_pool
from course_utils.value_checks import check_number, check_text, shown

FIRST_PLACES, LAST_PLACES = 24, 8  # of a long row, those in the middle are left out
BLOCK = 8  # places side by side: they fit a window without scrolling
LEAST_PLACES = 5  # [CLS], a piece, [SEP], a piece, [SEP]
KINDS = ("piece", "input_ids", "attention_mask", "token_type_ids")


def padding_html(tokenizer, model, texts, *, pairs, to_max, max_length, cut, all_ones):
    """Return HTML of a batch: its rows of pieces, and the mean under the mask.

    tokenizer, model: as `load_bert` returns them. texts: list of str. pairs: bool, are
    the rows the first text with each other one? to_max: bool, pad to max_length and not
    to the longest row? max_length: int, tokens. cut: bool, truncate? all_ones: bool, is
    the mask missing, that is 1 everywhere?
    """
    first = texts[:1] * (len(texts) - 1) if pairs else texts
    batch = tokenizer(
        first,
        texts[1:] if pairs else None,
        padding="max_length" if to_max else "longest",
        max_length=max_length if to_max or cut else None,
        truncation=cut,
        verbose=False,
    )
    right = batch["attention_mask"]
    given = [[1] * len(mask) for mask in right] if all_ones else right
    trouble = why_no_tensor(right, model.config.max_position_embeddings)
    cosines = None if trouble else compare_means(model, batch, given)
    if pairs:
        names = [f"texts 1 and {number}" for number in range(2, len(texts) + 1)]
    else:
        names = [f"text {number}" for number in range(1, len(texts) + 1)]
    pieces = [tokenizer.convert_ids_to_tokens(ids) for ids in batch["input_ids"]]
    rows = [
        (name, list(zip(tokens, ids, mask, segments, real, strict=True)))
        for name, tokens, ids, mask, segments, real in zip(
            names, pieces, batch["input_ids"], given, batch["token_type_ids"], right,
            strict=True,
        )
    ]  # fmt: skip
    width = max(map(len, right))
    return page(
        f"{shape_of(right)} {trouble or 'The mask is ' + mask_name(all_ones)}."
        + left_out(width),
        *(block(rows, places) for places in blocks_of(width)),
        ("what the mask does to the mean", mean_rows(names, right, cosines)),
    )


def mask_name(all_ones):
    """Return what is said of the mask."""
    return "missing: 1 everywhere" if all_ones else "right"


def shape_of(masks):
    """Return how large the batch is, and how much of it is padding."""
    places, real = sum(map(len, masks)), sum(map(sum, masks))
    width = " or ".join(str(length) for length in sorted({len(m) for m in masks}))
    padding = f"{places - real} of {count(places, 'place')}"
    return f"{count(len(masks), 'row')} of {width} tokens; {padding} are padding."


def why_no_tensor(masks, limit):
    """Return why these rows cannot be given to the model, "" where they can."""
    lengths = [len(mask) for mask in masks]
    if len(set(lengths)) > 1:
        return "The rows have different lengths, so they make no tensor: truncate"
    if lengths[0] > limit:
        return f"The model has {limit} places: truncate"
    return ""


def compare_means(model, batch, given):
    """Return the cosine of each row's mean under the mask `given` to the right one.

    given: B lists of T 0/1, for the model and for the mean alike.
    """
    means = []
    for masks in (batch["attention_mask"], given):
        inputs = {
            "input_ids": torch.tensor(batch["input_ids"]),  # (B, T)
            "token_type_ids": torch.tensor(batch["token_type_ids"]),  # (B, T)
            "attention_mask": torch.tensor(masks),  # (B, T)
        }
        with torch.no_grad():
            hidden = model(**inputs).last_hidden_state  # (B, T, D)
        means.append(mean_pool(hidden, inputs["attention_mask"]))  # (B, D)
    return F.cosine_similarity(*means).tolist()


def mean_rows(names, masks, cosines):
    """Return table rows: tokens, padding and the mean's cosine, one row a text.

    cosines: B float; None where the model could not read the batch.
    """
    titles = ("row", "tokens", "padding", "cosine of its mean to the right one")
    rows = row(*(cell(title, scope="col") for title in titles))
    numbers = [f"{c:.2f}" for c in cosines] if cosines else ["none"] * len(names)
    for name, mask, number in zip(names, masks, numbers, strict=True):
        sizes = cell(sum(mask)), cell(len(mask) - sum(mask))
        rows += row(cell(name, scope="row"), *sizes, cell(number))
    return rows


def blocks_of(width):
    """Return the places that are shown, in ranges: those side by side in one table."""
    if width <= FIRST_PLACES + LAST_PLACES:
        parts = [range(width)]
    else:
        parts = [range(FIRST_PLACES), range(width - LAST_PLACES, width)]
    return [
        part[start : start + BLOCK]
        for part in parts
        for start in range(0, len(part), BLOCK)
    ]


def left_out(width):
    """Return which places are not shown, "" where all are."""
    if width <= FIRST_PLACES + LAST_PLACES:
        return ""
    return f" Places {FIRST_PLACES} to {width - LAST_PLACES - 1} are not shown."


def block(rows, places):
    """Return a table's name and rows: for each text pieces, ids, mask and segments.

    rows: [(name, [(piece, id, mask, segment, right mask), ...])]. places: a range.
    """
    heads = (cell(place, scope="col") for place in places)
    html = row(cell("place", colspan=2, scope="col"), *heads)
    for name, tokens in rows:
        start = cell(name, rowspan=len(KINDS), scope="rowgroup")
        for number, kind in enumerate(KINDS):
            cells = (token_cell(tokens, place, number) for place in places)
            label = cell(kind, scope="row")
            html += row(start if number == 0 else "", label, *cells)
    return f"the batch, places {places[0]} to {places[-1]}", html


def token_cell(tokens, place, number):
    """Return the cell of one token in the line of KINDS[number], empty past the row.

    Padding is grey, dashed and marked with an empty-set sign; a wrong mask with a
    cross.
    """
    if place >= len(tokens):
        return cell("")
    *values, right = tokens[place]
    html = isolated(str(values[number]))
    if KINDS[number] == "piece" and not right:
        html = f"&empty;&nbsp;{html}"
    if KINDS[number] == "attention_mask" and values[number] != right:
        html += "&nbsp;<b>&cross;</b>"
    return cell(html, "white-space:nowrap;" + ("" if right else GREY))


def explore_padding(tokenizer, model, texts, max_length=16):
    """Return an Explorer: texts, padding, truncation and mask, and the batch they make.

    tokenizer, model: as `load_bert` returns them. texts: two or three str, what the
    fields hold at first. max_length: int, tokens, at first. Raises ValueError where
    texts are not two or three or max_length does not fit the model, TypeError for what
    is no text.
    """
    if isinstance(texts, str) or len(texts) not in (2, 3):
        raise ValueError(
            f"texts is {shown(texts)}, expected a list of two or three str: one text "
            "shows no padding"
        )
    for text in texts:
        check_text(text)
    limit = model.config.max_position_embeddings
    check_number("max_length", max_length, LEAST_PLACES, limit, "the model's places")
    controls = {
        f"text_{number}": widgets.Text(value=text, description=f"Text {number}:")
        for number, text in enumerate(texts, start=1)
    } | {
        "max_length": widgets.BoundedIntText(
            value=max_length, min=LEAST_PLACES, max=limit, description="max_length:"
        ),
        "to_max": tick_box("pad to max_length, not to the longest"),
        "cut": tick_box("truncate to max_length", value=True),
        "pairs": tick_box("pairs: text 1 with each of the others"),
        "all_ones": tick_box("forget the mask (all 1)"),
    }

    def view(**values):
        given = [values.pop(f"text_{n}") for n in range(1, len(texts) + 1)]
        return padding_html(tokenizer, model, given, **values)

    return Explorer(controls, view)


def tick_box(description, value=False):
    """Return a box to tick, its label beside it."""
    return widgets.Checkbox(value=value, description=description, indent=False)
