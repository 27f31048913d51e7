"""Slides of a lesson: `python -m course_utils.slides [LESSON ...]`, or `make slides`.

A cell with the tag "slide" begins a slide; one with "slide-more" goes onto the slide
before it. Of a code cell with a figure the figure is shown, of any other the code and
its saved output. Nothing runs, and the page loads nothing: no script, no font, no
picture from elsewhere; formulas are drawn into it (course_utils/formulas.py).
"""

import re
import sys
from html import escape
from pathlib import Path

import nbformat
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments.formatters import HtmlFormatter

from course_utils.formulas import formula_svg

ROOT = Path(__file__).resolve().parent.parent
START, MORE = "slide", "slide-more"
STYLE = Path(__file__).with_name("slides.css")
ALT_TEXT = re.compile(r"\*Alt text: (.*?)\*\s*(?:\n\n|\Z)", re.S)
PROGRESS = re.compile(r"^.*\d+/\d+ \[.*\]\n?", re.M)
WIDGET = "application/vnd.jupyter.widget-view+json"
LINE = 90  # characters of text on a line of a slide, nearly


class SlideRenderer(IPythonRenderer):
    """Markdown to HTML, with formulas as drawings, and of links the text only."""

    def link(self, text, url, title=None):
        return text

    def inline_math(self, body):
        return formula_svg(body)

    def block_math(self, body):
        return f'<p class="formula">{formula_svg(body)}</p>'


def markdown_html(source):
    """Return a Markdown cell as HTML (str), its alt texts left out."""
    renderer = SlideRenderer(escape=False, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(ALT_TEXT.sub("", source))


def slides_of(notebook):
    """Return the slides: a list of lists of (cell, cell after it or None).

    Raises ValueError where "slide-more" stands before the first "slide".
    """
    slides = []
    following = [*notebook.cells[1:], None]
    for cell, after in zip(notebook.cells, following, strict=True):
        tags = cell.metadata.get("tags", [])
        if START in tags:
            slides.append([(cell, after)])
        elif MORE in tags:
            if not slides:
                raise ValueError(f"{cell.id}: {MORE!r} before the first {START!r}")
            slides[-1].append((cell, after))
    return slides


def figure_html(picture, alt):
    """Return a figure as an image that is part of the page (str). picture: base64."""
    data = picture.replace("\n", "")
    return f'<img src="data:image/png;base64,{data}" alt="{escape(alt, quote=True)}">'


def code_html(cell, after):
    """Return a code cell: its figures, or its code and what it printed (str)."""
    alt = ALT_TEXT.search(after.source) if after is not None else None
    alt = " ".join(alt[1].split()) if alt else ""
    data = [output.get("data", {}) for output in cell.outputs]
    figures = [figure_html(one["image/png"], alt) for one in data if "image/png" in one]
    if figures:
        return '<div class="figures">' + "".join(figures) + "</div>"
    shown = [Highlight2HTML(pygments_lexer="python")(cell.source)]
    shown += [f"<pre>{escape(text.rstrip())}</pre>" for text in printed(cell) if text]
    shown += [
        f'<div class="table">{d["text/html"]}</div>' for d in data if "text/html" in d
    ]
    return "".join(shown)


def printed(cell):
    """Return what a code cell's slide shows as text below its code (list of str)."""
    return [
        PROGRESS.sub("", output.get("text") or output.data.get("text/plain", ""))
        for output in cell.outputs
        if "text" in output or not {"text/html", WIDGET} & set(output.data)
    ]


def weight(cell):
    """Return about how many lines of text a cell takes on a slide (float)."""
    if cell.cell_type == "markdown":
        text = ALT_TEXT.sub("", cell.source)
        lines = [line for line in text.splitlines() if line.strip()]
        rows = [line for line in lines if line.startswith("|")]
        return 1.4 * len(rows) + sum(
            1.6 + len(line) / LINE for line in lines if line not in rows
        )
    outputs = [output.get("data", {}) for output in cell.outputs]
    if any("image/png" in data for data in outputs):
        return 0  # a figure takes the room that is left
    code = "\n".join([cell.source, *printed(cell)]).splitlines()
    tables = [data["text/plain"] for data in outputs if "text/html" in data]
    rows = sum(len(text.splitlines()) for text in tables)
    return 1.5 + 0.85 * len(code) + 1.4 * rows  # code is set smaller


def widest_line(slide):
    """Return the characters of the longest line of code on a slide (int)."""
    codes = [cell for cell, _ in slide if cell.cell_type == "code"]
    lines = "\n".join(text for cell in codes for text in (cell.source, *printed(cell)))
    return max(map(len, lines.splitlines()), default=0)


def page(notebook):
    """Return the slides of a notebook as one HTML page (str). Raises ValueError
    where no cell is tagged."""
    slides = slides_of(notebook)
    if not slides:
        raise ValueError(f"no cell has the tag {START!r}")
    title = re.sub(r"^#+ ", "", notebook.cells[0].source.splitlines()[0])
    sections = []
    for number, slide in enumerate(slides, 1):
        lines = max(14, sum(weight(cell) for cell, _ in slide))
        parts = [
            markdown_html(cell.source)
            if cell.cell_type == "markdown"
            else code_html(cell, after)
            for cell, after in slide
        ]
        before, next_one = max(1, number - 1), min(len(slides), number + 1)
        sections.append(
            f'<section id="{number}" style="--lines: {lines:.1f}; '
            f'--columns: {max(40, widest_line(slide))}">\n'
            + "\n".join(parts)
            + f'<nav>{escape(title)} <a href="#{before}" title="back">◂</a> '
            f'{number}/{len(slides)} <a href="#{next_one}" title="on">▸</a></nav>\n'
            "</section>"
        )
    colours = HtmlFormatter(style="default").get_style_defs(".highlight")
    style = STYLE.read_text("utf-8") + colours
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}\n</style>\n</head>\n"
        "<body>\n" + "\n".join(sections) + "\n</body>\n</html>\n"
    )


def main(paths):
    """Write build/slides/LESSON.html for each lesson, or for all. Returns a status."""
    lessons = [Path(path) for path in paths]
    lessons = lessons or sorted((ROOT / "notebooks").glob("*.ipynb"))[1:]  # not 00
    folder = ROOT / "build" / "slides"
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in lessons:
        target = folder / f"{lesson.stem}.html"
        try:
            target.write_text(page(nbformat.read(lesson, as_version=4)), "utf-8")
        except ValueError as problem:
            print(f"No slides of {lesson.name}: {problem}.", file=sys.stderr)
            return 1
        print(f"Open {target.relative_to(ROOT)} in a browser.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
