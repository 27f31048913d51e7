"""Make notebooks and pages ready for the book, while Sphinx reads them.

The files stay as they are. A figure gets the alt text that stands beside it; answers
are folded; a widget, which needs a kernel, gives way to a sentence; a picture of
another site gives way to its words; the symbol page collects the lessons' tables.
"""

import hashlib
import json
import re
from itertools import pairwise
from pathlib import Path

WIDGET = "application/vnd.jupyter.widget-view+json"
ALT_TEXT = re.compile(r"^\*Alt text: (.+?)\*$", re.M | re.S)
IN_WORDS = """<details class="in-words"><summary>The figure in words</summary>

{}

</details>"""
REMOTE_PICTURE = re.compile(r"!\[([^\]]*)\]\(https?:[^)]*\)")
SYMBOLS = "<!-- the tables of the lessons -->"
STATIC_NOTE = (
    "<p class='static-note'>Here stands a widget. It needs Python at work: open this "
    "page as a notebook to use it.</p>"
)


def text_of(cell):
    """Return a cell's source as one str; a notebook file may hold a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def without_marks(text):
    """Return text without the marks of Markdown and TeX, for an alt attribute."""
    return re.sub(r"[`$*\\]", "", " ".join(text.split()))


def describe_figures(cells):
    """Give each picture the alt text of the Markdown cell below it; fold that text."""
    for cell, following in pairwise(cells):
        outputs = cell.get("outputs", [])
        if not any("image/png" in output.get("data", {}) for output in outputs):
            continue
        found = ALT_TEXT.search(text_of(following))
        if found is None:
            raise ValueError(
                f"The figure of cell '{cell['id']}' has no alt text: the next cell "
                "must be Markdown and hold a paragraph '*Alt text: ...*'."
            )
        options = cell["metadata"].setdefault("mystnb", {})
        words = found[1][0].upper() + found[1][1:]
        options["image"] = {"alt": without_marks(words)}
        before, after = text_of(following).split(found[0], 1)
        following["source"] = before + IN_WORDS.format(words) + after


def fold(cell, part, prompt):
    """Hide a cell's "input" or "output" behind a line that opens it."""
    cell["metadata"]["tags"] = [*cell["metadata"].get("tags", []), f"hide-{part}"]
    options = cell["metadata"].setdefault("mystnb", {})
    options["code_prompt_show"] = f"Show {prompt}"
    options["code_prompt_hide"] = f"Hide {prompt}"


def fold_answers(cells):
    """Hide answers, and what the checks say to them: that gives them away, too.

    The page is called by what it holds, so that a search tells it from the exercises.
    """
    for cell in cells:
        if "### BEGIN SOLUTION" in text_of(cell):
            fold(cell, "input", "the answer")
        elif cell["metadata"].get("nbgrader", {}).get("grade"):
            fold(cell, "output", "what the check says")
    cells[0]["source"] = text_of(cells[0]).replace("Exercises", "Solutions", 1)


def replace_widgets(cells):
    """Take out widgets; where nothing else of an output can be shown, say why."""
    for cell in cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if data.pop(WIDGET, None) is not None:
                data.setdefault("text/html", STATIC_NOTE)


def symbol_tables(folder):
    """Return Markdown: for each lesson in folder a heading and its symbol tables."""
    parts = []
    for path in sorted(folder.glob("*.ipynb")):
        sources = [text_of(c) for c in json.loads(path.read_text("utf-8"))["cells"]]
        tables = [source for source in sources if source.startswith("| symbol |")]
        if tables:
            title = sources[0].splitlines()[0].removeprefix("# ")
            link = f"[{title}](../../notebooks/{path.name})"
            parts += [f"### {title}", f"From the end of {link}.", *tables]
    return "\n\n".join(parts)


def prepare(app, docname, content):
    """Change what Sphinx is about to read (event "source-read")."""
    if Path(app.env.doc2path(docname)).suffix == ".ipynb":
        notebook = json.loads(content[0])
        replace_widgets(notebook["cells"])
        if docname.startswith("notebooks/"):
            describe_figures(notebook["cells"])
        if docname.startswith("solutions/"):
            fold_answers(notebook["cells"])
        content[0] = json.dumps(notebook)
        return
    content[0] = REMOTE_PICTURE.sub(r"\1", content[0])
    if SYMBOLS in content[0]:
        folder = Path(app.srcdir) / "notebooks"
        content[0] = content[0].replace(SYMBOLS, symbol_tables(folder))
        for path in folder.glob("*.ipynb"):
            app.env.note_dependency(str(path))


def keep_visible_labels(app, pagename, templatename, context, doctree):
    """Let a fold be called by the words it shows (event "html-page-context").

    myst-nb labels each "Toggle hidden content", which is all a screen reader would say.
    """
    if "body" in context:
        label = ' aria-label="Toggle hidden content"'
        context["body"] = context["body"].replace(label, "")


def digest_of_this_folder():
    """Return a hash of what makes pages ready: when it changes, all are built anew."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def setup(app):
    app.add_config_value("pages_made_ready_by", digest_of_this_folder(), "env")
    app.connect("source-read", prepare)
    app.connect("html-page-context", keep_visible_labels)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
