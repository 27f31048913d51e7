"""What the HTML pages share: one plain style; all text on them is escaped.

Nothing of a submission is shown as it is: no picture, no script, no output of a cell.
"""

from html import escape

from course_utils.grading.limits import (
    CRASHED,
    FAILED,
    MEMORY,
    NEEDS_A_LOOK,
    NOT_ATTEMPTED,
    OK,
    RESTORED,
    TIMEOUT,
    UNREADABLE,
)

SYMBOLS = {
    OK: "✓",
    NOT_ATTEMPTED: "○",
    FAILED: "✗",
    TIMEOUT: "✗",
    MEMORY: "✗",
    CRASHED: "✗",
    UNREADABLE: "!",
    RESTORED: "!",
    NEEDS_A_LOOK: "?",
}
COLOURS = {OK: "#1f883d", NOT_ATTEMPTED: "#8250df", RESTORED: "#bc4c00"}
COLOURS |= {NEEDS_A_LOOK: "#bc4c00", UNREADABLE: "#bc4c00"}
WRONG = "#d1242f"
STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto;
       padding: 0 1em }
table { border-collapse: collapse; margin: 1em 0 }
th, td { text-align: left; padding: .25em .8em; border-bottom: 1px solid #8888 }
td.number, th.number { text-align: right }
section { border-left: 5px solid; padding: 0 1em; margin: 1.2em 0 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .4em 0 }
h2, h3 { margin: 1.2em 0 .3em }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title, body):
    """Return a whole page. title: text. body: HTML."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n{body}\n</body></html>\n"
    )


def colour(status):
    """Return the colour of a status, always shown with its symbol and its word."""
    return COLOURS.get(status, WRONG)


def table(head, rows, numbers=()):
    """Return a table. head, rows: text. numbers: columns that are set to the right."""
    lines = [_row("th", head, numbers)] + [_row("td", row, numbers) for row in rows]
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _row(tag, cells, numbers):
    out = []
    for column, cell in enumerate(cells):
        kind = ' class="number"' if column in numbers else ""
        text = cell.html if isinstance(cell, Link) else escape(str(cell))
        out.append(f"<{tag}{kind}>{text}</{tag}>")
    return f"<tr>{''.join(out)}</tr>"


class Link:
    """A cell that leads to another page."""

    def __init__(self, text, target):
        self.html = f'<a href="{escape(target, quote=True)}">{escape(text)}</a>'
