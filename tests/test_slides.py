"""Slides: each lesson has some, they fit a screen, and they ask nobody for anything."""

import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from course_utils import slides
from course_utils.formulas import formula_svg

ROOT = Path(__file__).resolve().parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))[1:]  # without the start page
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
by_stem = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


class Elements(HTMLParser):
    """Collect the elements of a page: a list of (name, {attribute: value})."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.fixture(scope="module")
def pages():
    """The slides of every lesson: {stem: HTML}."""
    return {path.stem: slides.page(read(path)) for path in LESSONS}


@by_stem
def test_a_lesson_has_ten_to_twenty_slides_from_title_to_recap(path):
    notebook = read(path)
    found = slides.slides_of(notebook)
    assert 10 <= len(found) <= 20
    assert found[0][0][0] is notebook.cells[0]
    assert found[-1][0][0].source.startswith("## Recap")
    figures = [c for slide in found for c, _ in slide if "image/png" in str(c)]
    assert len(figures) >= 3


@by_stem
def test_a_page_asks_nobody(path, pages):
    """No script, no style or font of another file, no link out of the page."""
    html = pages[path.stem]
    elements = Elements(html).found
    names = {name for name, _ in elements}
    assert not names & {"script", "link", "iframe", "object", "embed", "base"}
    for name, attributes in elements:
        assert not [key for key in attributes if key.startswith("on")], name
        for key in ("src", "srcset", "data", "poster", "action", "xlink:href"):
            assert attributes.get(key, "data:").startswith("data:"), name
    style = "".join(re.findall(r"<style.*?</style>", html, re.S))
    assert "url(" not in style and "@import" not in style
    ids = {a["id"] for name, a in elements if name == "section"}
    links = [a["href"] for name, a in elements if name == "a" and "href" in a]
    assert len(ids) == len(slides.slides_of(read(path)))
    assert links and {link.removeprefix("#") for link in links} <= ids


@by_stem
def test_every_figure_is_on_the_page_with_its_alt_text(path, pages):
    shown = [a for name, a in Elements(pages[path.stem]).found if name == "img"]
    saved = [
        output.data["image/png"].replace("\n", "")
        for slide in slides.slides_of(read(path))
        for cell, _ in slide
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert [a["src"].split(",")[1] for a in shown] == saved
    assert all(len(a["alt"]) > 30 for a in shown)


@by_stem
def test_every_formula_is_drawn(path, pages):
    cells = [c for slide in slides.slides_of(read(path)) for c, _ in slide]
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    text = re.sub(r"```.*?```|`[^`\n]*`", "", "\n\n".join(texts), flags=re.S)
    text = slides.ALT_TEXT.sub("", text)
    formulas = re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", text, re.S)
    for block, inline in formulas:
        assert formula_svg(block or inline).startswith("<svg"), block or inline
    assert pages[path.stem].count("<svg") == len(formulas)


MEASURE = """<script>
const found = [...document.querySelectorAll("section")].map((slide) => {
  const box = slide.getBoundingClientRect(), wrong = [];
  const end = slide.querySelector("nav").getBoundingClientRect().top;
  for (const part of slide.querySelectorAll(":scope > :not(nav), img, table")) {
    const at = part.getBoundingClientRect();
    if (at.top < box.top || at.bottom > end + 1) wrong.push("too tall");
    if (at.left < box.left || at.right > box.right + 1) wrong.push("too wide");
    if (part.tagName === "IMG" && at.height < box.height / 4) wrong.push("tiny figure");
  }
  for (const text of slide.querySelectorAll("pre"))
    if (text.scrollWidth > text.clientWidth + 1) wrong.push("cut: " + text.textContent);
  const size = parseFloat(getComputedStyle(slide).fontSize) / box.width;
  if (size < 0.0095) wrong.push("small letters " + size);
  return [slide.querySelector("nav").textContent, wrong];
});
document.body.innerHTML = "";
document.title = JSON.stringify(found.filter(([_, wrong]) => wrong.length));
document.body.append(found.length);
</script>"""


def test_every_slide_fits_the_screen(pages, tmp_path):
    """All slides in one page, measured by a browser without a window."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        act = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        act("needs Chromium or Chrome: on Debian `apt-get install chromium`")
    first = next(iter(pages.values()))
    bodies = [re.search(r"<body>(.*)</body>", page, re.S)[1] for page in pages.values()]
    head = first[: first.index("<body>")]
    together = f"{head}<body>{''.join(bodies)}{MEASURE}</body></html>"
    (tmp_path / "all.html").write_text(together, "utf-8")
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
         "--window-size=1280,720", f"--user-data-dir={tmp_path}/profile",
         (tmp_path / "all.html").as_uri()],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    count = sum(len(slides.slides_of(read(path))) for path in LESSONS)
    assert f"<body>{count}</body>" in done.stdout, done.stderr[-1000:]
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.S)[1]
    assert json.loads(title) == []


# --- parts ---------------------------------------------------------------------------


def notebook_of(*cells):
    """Return a notebook of (kind, text, tags)."""
    makers = {"m": nbformat.v4.new_markdown_cell, "c": nbformat.v4.new_code_cell}
    made = [makers[kind](text, metadata={"tags": tags}) for kind, text, tags in cells]
    return nbformat.v4.new_notebook(cells=made)


def test_tags_make_slides():
    notebook = notebook_of(
        ("m", "# 1. Title", ["slide"]),
        ("m", "left out", []),
        ("m", "# b", ["slide"]),
        ("c", "1 < 2", ["nbval-ignore-output", "slide-more"]),
    )
    first, second = slides.slides_of(notebook)
    assert [len(first), len(second)] == [1, 2]
    notebook.cells[3].outputs = [
        nbformat.v4.new_output("stream", text="Training: 100%|##| 9/9 [00:01<00:00]\n"),
        nbformat.v4.new_output("execute_result", {"text/plain": "<b>True</b>"}),
    ]
    html = slides.page(notebook)
    assert "left out" not in html and "9/9" not in html
    assert "<pre>&lt;b&gt;True&lt;/b&gt;</pre>" in html
    assert '<section id="2"' in html and "<title>1. Title</title>" in html


def test_without_tags_there_are_no_slides(tmp_path, capsys):
    path = tmp_path / "01_x.ipynb"
    nbformat.write(notebook_of(("m", "# a", [])), path)
    assert slides.main([path]) == 1
    assert "no cell has the tag 'slide'" in capsys.readouterr().err
    with pytest.raises(ValueError, match="before the first"):
        slides.slides_of(notebook_of(("m", "# a", ["slide-more"])))


def test_formulas_are_drawn_or_stay_readable():
    svg = formula_svg(r"\frac{a}{b} < 1")
    assert svg.startswith("<svg") and r'aria-label="\frac{a}{b} &lt; 1"' in svg
    assert svg.count("Z") >= 4 and "NaN" not in svg
    cases = formula_svg(r"\begin{cases} 0 & a \\ 1 & \text{or else} \end{cases}")
    assert cases.startswith("<svg")
    assert formula_svg(r"\nosuch{a} < 1") == r"<code>\nosuch{a} &lt; 1</code>"
