"""Type text, see its pieces: the explorer of lesson 02."""

import ipywidgets as widgets

from course_utils.explorers.frame import Explorer
from course_utils.explorers.markup import cell, count, isolated, page, row

MOST_PIECES = 200


def pieces_html(tokenizer, text):
    """Return HTML with a row for each piece of text: piece, id, place, text.

    tokenizer: a WordPieceTokenizer. text: str; its special characters are escaped. At
    most 200 pieces are shown. It needs no kernel and stays in the saved notebook.
    """
    pieces, ids = tokenizer.tokenize(text), tokenizer.encode(text)
    found = list(zip(pieces, ids, tokenizer.offsets(text), strict=True))
    titles = ("piece", "id", "place in the text", "stands for")
    rows = row(*(cell(title, scope="col") for title in titles))
    for piece, id, (start, end) in found[:MOST_PIECES]:
        name = cell(isolated(piece), scope="row")
        place, part = cell(f"{start} to {end}"), cell(isolated(text[start:end]))
        rows += row(name, cell(id), place, part)
    summary = f"{count(len(found), 'piece')} of {count(len(text), 'character')}"
    if len(found) > MOST_PIECES:
        summary += f"; the first {MOST_PIECES} are shown"
    return page(summary, ("pieces", rows))


def explore_pieces(tokenizer, text):
    """Return an Explorer: a text field, and below it the table of its pieces.

    tokenizer: a WordPieceTokenizer. text: str, what the field holds at first. The field
    has a label, is reached with the Tab key, and the table follows every key.
    """
    field = widgets.Text(
        value=text, description="Your text:", placeholder="type anything"
    )
    return Explorer({"text": field}, lambda text: pieces_html(tokenizer, text))
