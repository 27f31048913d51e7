"""The result of a check, as plain text and as HTML: the same words in both.

In HTML a symbol and a coloured border are added; text keeps the page's own colour, so
that it can be read in light and in dark.
"""

import os
from dataclasses import dataclass
from html import escape

from IPython import get_ipython
from IPython.display import display

LOOKS = {  # status: symbol, border colour (at least 3:1 on white and on black)
    "ok": ("✓", "#1f883d"),
    "not attempted": ("○", "#8250df"),
    "failed": ("✗", "#d1242f"),
    "timeout": ("✗", "#d1242f"),
    "unknown": ("?", "#8250df"),
    "broken": ("!", "#bc4c00"),
}
LABEL_WIDTH = 12


@dataclass(frozen=True)
class Result:
    """What a check found. status: a key of LOOKS. details: (label, text) rows."""

    exercise: str
    status: str
    message: str = ""
    details: tuple[tuple[str, str], ...] = ()
    cause: str = ""

    @property
    def headline(self):
        """The first line: "3.1 ok: ...", "3.1 not yet: ...", "3.1 not attempted"."""
        word = {"failed": "not yet", "timeout": "not yet"}.get(self.status, self.status)
        head = f"{self.exercise} {word}"
        return f"{head}: {self.message}" if self.message else head

    @property
    def text(self):
        """The whole result as plain text."""
        cause = [f"    Likely cause: {self.cause}"] if self.cause else []
        return "\n".join([self.headline, *self._rows(), *cause])

    @property
    def html(self):
        """The whole result as HTML, everything in it escaped."""
        symbol, colour = LOOKS[self.status]
        head, _, message = self.headline.partition(": ")
        first = f"{symbol} <b>{escape(head)}</b>" + (message and f": {escape(message)}")
        rows = escape("\n".join(self._rows()))
        body = f'<pre style="margin:4px 0;white-space:pre-wrap">{rows}</pre>'
        cause = f"<div><b>Likely cause:</b> {escape(self.cause)}</div>"
        body = (body if rows else "") + (cause if self.cause else "")
        style = f"border-left:5px solid {colour};padding:2px 0 2px 10px"
        return f'<div style="{style}">{first}{body}</div>'

    def _rows(self):
        rows = []
        for label, text in self.details:
            lines = text.splitlines() or [""]
            rows.append(f"    {label:<{LABEL_WIDTH}}{lines[0]}")
            rows += [" " * (4 + LABEL_WIDTH) + line for line in lines[1:]]
        return rows

    def _ipython_display_(self):
        """Show nothing: `check` has shown the result already, once."""


def show_result(result):
    """Show a result under the cell; print it where there is no notebook.

    Under nbgrader a check cell that does not raise gets full points, so there, and only
    there, a result that is not ok raises AssertionError.
    """
    show_both(result.text, result.html)
    if os.environ.get("NBGRADER_EXECUTION") and result.status != "ok":
        raise AssertionError(result.text)


def show_both(text, html):
    """Show HTML with its plain text; print the text where there is no notebook."""
    if get_ipython() is None:
        print(text)
    else:
        display({"text/plain": text, "text/html": html}, raw=True)
