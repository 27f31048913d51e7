"""HTML of the explorers' tables: no colour of its own, so that it reads in the dark."""

from html import escape

CELL = "border:1px solid #888;padding:2px 6px;text-align:left"
GREY = "background:rgba(128,128,128,.25);border-style:dashed"  # on white and on black


def isolated(text):
    """Return text escaped; right-to-left letters turn neither ## nor neighbours."""
    return f'<bdi dir="ltr">{escape(text)}</bdi>'


def cell(html, style="", **attributes):
    """Return a <td>; with scope="col" or "row" a <th>. html: escaped already."""
    tag = "th" if "scope" in attributes else "td"
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<{tag}{given} style="{CELL};{style}">{html}</{tag}>'


def row(*cells):
    """Return a <tr> without the stripes that a page may give its rows."""
    return f'<tr style="background:none">{"".join(cells)}</tr>'


def count(number, noun):
    """Return "1 piece", "2 pieces"."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def page(summary, *tables):
    """Return the summary, announced by screen readers, above tables that can scroll.

    summary: str. tables: (name, HTML of rows) each; the name is read out when Tab
    reaches the table.
    """
    status = f'<p role="status" aria-live="polite">{escape(summary)}</p>'
    shown = (scrolling_table(name, rows) for name, rows in tables)
    return f'<div style="line-height:1.5">{status}{"".join(shown)}</div>'


def scrolling_table(name, rows):
    """Return a table that scrolls in its place: a wide one must not widen the page."""
    scroll = "width:0;min-width:100%;overflow-x:auto;margin:6px 0"
    region = f'role="region" aria-label="{escape(name)}" tabindex="0" style="{scroll}"'
    table = "border-collapse:collapse;font-size:13px;margin:0"
    return f'<div {region}><table style="{table}">{rows}</table></div>'
