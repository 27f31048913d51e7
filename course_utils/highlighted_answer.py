"""Show an answer where it stands in its passage: HTML, with a plain-text fallback."""

from html import escape

from course_utils.value_checks import check_str, check_whole

MARK = "background:#ffe08a;color:black;padding:1px 3px;border-radius:3px"


class HighlightedAnswer:
    """A question, its passage, and the answer marked in it; a notebook shows it.

    question, passage: str. start, end: characters of the answer; -1 where there is
    none. Raises ValueError where they are no part of the passage.
    """

    def __init__(self, question, passage, start, end):
        hint = "answer(...) has .start and .end, -1 for none"
        check_str("question", question, hint)
        check_str("passage", passage, hint)
        check_whole("start", start, -1, hint)
        check_whole("end", end, -1, hint)
        if (start, end) != (-1, -1) and not 0 <= start < end <= len(passage):
            raise ValueError(
                f"start = {start}, end = {end} is no part of a passage of "
                f"{len(passage)} characters, expected 0 <= start < end: are they "
                "places of tokens?"
            )
        self.question, self.passage = question, passage
        self.start, self.end = start, end

    def _parts(self):
        if self.start < 0:
            return self.passage, "", ""
        before, after = self.passage[: self.start], self.passage[self.end :]
        return before, self.passage[self.start : self.end], after

    def __repr__(self):
        before, answer, after = self._parts()
        marked = f"[[{answer}]]" if answer else ""
        note = "" if answer else "\n(no answer in this passage)"
        return f"{self.question}\n{before}{marked}{after}{note}"

    def _repr_html_(self):
        before, answer, after = map(escape, self._parts())
        marked = f'<mark style="{MARK}">{answer}</mark>' if answer else ""
        note = "" if answer else "<br><em>no answer in this passage</em>"
        return (
            f"<p><strong>{escape(self.question)}</strong><br>"
            f"{before}{marked}{after}{note}</p>"
        )
