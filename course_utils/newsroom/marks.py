"""Marks inside a text while it is being written: which stretch is a name, an answer.

A mark is two control characters around the stretch, with a label in front. Marks nest:
an answer may hold a name. `strip_marks` takes them out and says where they stood.
"""

import re

OPEN, BAR, CLOSE = "\x02", "\x1f", "\x03"
PIECES = re.compile(f"{OPEN}([^{BAR}]*){BAR}|{CLOSE}")


def mark(label, text):
    """Return the text between marks. label: str, such as "PER" or "ANSWER"."""
    return f"{OPEN}{label}{BAR}{text}{CLOSE}"


def mark_up(pattern):
    """Return a pattern with `<LOC:Hotel {city}>` and so on turned into marks."""
    return re.sub(r"<(\w+):([^>]+)>", lambda found: mark(found[1], found[2]), pattern)


def strip_marks(marked):
    """Return (text, spans): the plain text and [(start, end, label)] in its characters.

    Spans are sorted by start; text[start:end] is what was marked. Raises ValueError
    where a mark is opened and not closed, or closed twice.
    """
    plain, spans, opened, position = "", [], [], 0
    for piece in PIECES.finditer(marked):
        plain += marked[position : piece.start()]
        position = piece.end()
        if piece[1] is not None:
            opened.append((len(plain), piece[1]))
        elif opened:
            start, label = opened.pop()
            spans.append((start, len(plain), label))
        else:
            raise ValueError(f"a mark is closed and was not opened in {marked!r}")
    if opened:
        raise ValueError(f"the mark {opened[-1][1]!r} is not closed in {marked!r}")
    return plain + marked[position:], sorted(spans)


def plain(marked):
    """Return the text without its marks."""
    return PIECES.sub("", marked)


def capitalize(marked):
    """Return the text with its first letter, behind marks and quotes, in capitals."""
    position = 0
    while found := re.match(f"{PIECES.pattern}|[\"'(]", marked[position:]):
        position += found.end()
    return (marked[:position] + marked[position : position + 1].upper()) + marked[
        position + 1 :
    ]


def sentence(marked):
    """Return the text as a sentence: a capital in front, a full stop behind."""
    marked = capitalize(marked.strip())
    last = plain(marked)[-1:]
    ended = last in ".?!" or plain(marked)[-2:] in ('."', '!"', '?"')
    return marked if ended else marked + "."
