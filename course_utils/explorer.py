"""Type text, see its pieces: the explorer of lesson 02, with or without a kernel."""

from html import escape

import ipywidgets as widgets
from IPython.display import HTML, display

MOST_PIECES = 200
CELL = "border:1px solid #888;padding:2px 6px;text-align:left"


def pieces_html(tokenizer, text):
    """Return an HTML table with a row for each piece of text: piece, id, place, text.

    tokenizer: a WordPieceTokenizer. text: str; its special characters are escaped. At
    most 200 pieces are shown. It needs no kernel and stays in the saved notebook.
    """
    pieces, ids = tokenizer.tokenize(text), tokenizer.encode(text)
    rows = list(zip(pieces, ids, tokenizer.offsets(text), strict=True))
    head = "".join(
        f'<th scope="col" style="{CELL}">{name}</th>'
        for name in ("piece", "id", "place in the text", "stands for")
    )
    body = ""
    for piece, id, (start, end) in rows[:MOST_PIECES]:
        # <bdi> keeps right-to-left text from turning its neighbours around
        header = f'<th scope="row" style="{CELL}"><bdi>{escape(piece)}</bdi></th>'
        cells = (id, f"{start} to {end}", f"<bdi>{escape(text[start:end])}</bdi>")
        others = "".join(f'<td style="{CELL}">{cell}</td>' for cell in cells)
        body += f"<tr>{header}{others}</tr>"
    left_out = len(rows) - MOST_PIECES
    more = f"<p>and {left_out} more</p>" if left_out > 0 else ""
    caption = f"{len(rows)} pieces of {len(text)} characters"
    return (
        f'<table style="border-collapse:collapse"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"
    )


def show_pieces(tokenizer, text):
    """Display the table of `pieces_html` below the cell, without a kernel's help."""
    display(HTML(pieces_html(tokenizer, text)))


def explore_pieces(tokenizer, text):
    """Return a widget: a text field, and below it the table of its pieces.

    tokenizer: a WordPieceTokenizer. text: str, what the field holds at first. The field
    has a label, is reached with the Tab key, and the table follows every key.
    """
    field = widgets.Text(
        value=text,
        description="Your text:",
        placeholder="type anything",
        layout=widgets.Layout(width="95%"),
        style={"description_width": "initial"},
    )
    table = widgets.HTML(value=pieces_html(tokenizer, text))

    def update(change):
        table.value = pieces_html(tokenizer, change["new"])

    field.observe(update, names="value")
    return widgets.VBox([field, table])
