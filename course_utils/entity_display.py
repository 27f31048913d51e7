"""Show the names in a text: highlighted in a notebook, in brackets elsewhere."""

import html

from course_utils.value_checks import check_rows, check_str

COLOURS = {"PER": "#cfe2f3", "ORG": "#fce0c8", "LOC": "#cdeadb", "DATE": "#ecdff2"}
OTHER, INK = "#e4e4e4", "#1a1a1a"


class HighlightedText:
    """A text with its names marked. Jupyter shows HTML, a terminal shows brackets.

    text: str. names: list of dicts start, end, label, as `find_names` returns them; in
    any order. Raises ValueError where two overlap or one lies outside of the text.

    The label stands beside each name, so that none is told by colour alone.
    """

    def __init__(self, text, names):
        check_str("text", text, "for words try HighlightedText.of_words(words, spans)")
        hint = "as find_names(text, bert) returns them"
        check_rows("names", names, ("start", "end", "label"), hint)
        self.text, self.names = text, sorted(names, key=lambda name: name["start"])
        end = 0
        for name in self.names:
            if not end <= name["start"] < name["end"] <= len(text):
                raise ValueError(
                    f"{name['label']} at {name['start']}:{name['end']} overlaps the "
                    f"name before or lies outside of the text ({len(text)} characters):"
                    " are these the names of another text?"
                )
            end = name["end"]

    @classmethod
    def of_words(cls, words, spans):
        """Return the words of a sentence, joined with spaces, and its names marked.

        spans: [(start, end, label)] in words, as `spans_of` returns them.
        """
        starts = [0]
        for word in words:
            starts.append(starts[-1] + len(word) + 1)
        names = [
            {"start": starts[first], "end": starts[end] - 1, "label": label}
            for first, end, label in spans
        ]
        return cls(" ".join(words), names)

    def _parts(self):
        """Yield (plain text, None) and (name's text, label), in order."""
        position = 0
        for name in self.names:
            yield self.text[position : name["start"]], None
            yield self.text[name["start"] : name["end"]], name["label"]
            position = name["end"]
        yield self.text[position:], None

    def __repr__(self):
        return "".join(
            part if label is None else f"[{label} {part}]"
            for part, label in self._parts()
        )

    def _repr_html_(self):
        body = "".join(
            html.escape(part) if label is None else mark(part, label)
            for part, label in self._parts()
        )
        return f'<div style="line-height: 2; white-space: pre-wrap">{body}</div>'


def mark(text, label):
    """Return HTML of a name: dark on light, its label behind it."""
    style = f"background: {COLOURS.get(label, OTHER)}; color: {INK}; "
    style += "padding: 2px 4px; border-radius: 4px"
    small = "font-size: 75%; font-weight: bold; margin-left: 4px"
    return (
        f'<mark style="{style}">{html.escape(text)}'
        f'<span style="{small}">{html.escape(label)}</span></mark>'
    )
