"""The web book's pages, read as files: links, alt texts, answers, formulas."""

import json
import re
import runpy
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.book.conftest import ROOT, soup

EXTENSION = runpy.run_path(str(ROOT / "docs/book/book_extensions/pages.py"))
LOADING = {"img": "src", "script": "src", "link": "href", "iframe": "src"}


@pytest.fixture(scope="module")
def pages(book):
    """Every page of the book, as {path: BeautifulSoup}."""
    return {
        path: soup(path)
        for path in sorted(book.rglob("*.html"))
        if "_static" not in path.parts
    }


def in_folder(pages, folder):
    """Return the pages of a folder as {stem: BeautifulSoup}."""
    return {
        path.stem: page
        for path, page in pages.items()
        if path.parent.name == folder and path.stem[0].isdigit()
    }


def notebook_cells(folder, stem):
    return json.loads((ROOT / folder / f"{stem}.ipynb").read_text("utf-8"))["cells"]


def markdown(folder, stem):
    cells = notebook_cells(folder, stem)
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]


def test_every_notebook_and_page_is_in_the_book(pages, book):
    sources = [*ROOT.glob("*/*.ipynb"), *ROOT.glob("docs/*.md")]
    for source in sources:
        page = book / source.relative_to(ROOT).with_suffix(".html")
        assert page in pages, source.name


def test_every_link_and_anchor_leads_somewhere(pages):
    anchors = {
        path: {tag["id"] for tag in page.find_all(id=True)}
        for path, page in pages.items()
    }
    followed = 0
    for path, page in pages.items():
        for link in page.find_all("a", href=True):
            parts = urlsplit(link["href"])
            if parts.scheme in ("http", "https", "mailto"):
                continue
            target = path
            if parts.path:
                target = Path(path.parent, unquote(parts.path)).resolve()
            assert target.is_file(), f"{path.name} links to {link['href']}"
            if parts.fragment and target.suffix == ".html":
                known = anchors[target]
                assert unquote(parts.fragment) in known, f"{path.name} {link['href']}"
            followed += 1
    assert followed > 1000


def test_nothing_is_loaded_from_another_host(pages, book):
    for path, page in pages.items():
        for tag, attribute in LOADING.items():
            for element in page.find_all(tag):
                address = element.get(attribute, "")
                assert not re.match(r"(https?:)?//", address), (path.name, address)
    for sheet in book.rglob("*.css"):
        found = re.findall(
            r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)]*", sheet.read_text("utf-8")
        )
        assert not found, (sheet.name, found)


def test_figures_have_their_alt_text(pages):
    figures = 0
    for stem, page in in_folder(pages, "notebooks").items():
        words = " ".join(
            re.sub(r"[`$*\\]", "", " ".join(markdown("notebooks", stem))).split()
        )
        for picture in page.select(".cell_output img"):
            alt = picture["alt"]
            assert len(alt) > 60 and alt[1:] in words, (stem, alt)
            figures += 1
    assert figures >= 58


def test_the_words_of_a_figure_are_folded_below_it(pages):
    for stem, page in in_folder(pages, "notebooks").items():
        text = "\n".join(markdown("notebooks", stem))
        assert len(page.select("details.in-words")) == text.count("*Alt text: ")
        assert "Alt text:" not in page.article.get_text()


def test_answers_are_folded(pages):
    for stem, page in in_folder(pages, "solutions").items():
        answers = page.find_all(string=re.compile("BEGIN SOLUTION"))
        cells = notebook_cells("solutions", stem)
        expected = sum("BEGIN SOLUTION" in "".join(c["source"]) for c in cells)
        assert len(answers) == expected > 0
        said = page.find_all(string=re.compile(r"^\d+\.[pq]?\d+ ok$"))
        assert len(said) == expected
        for part in [*answers, *said]:
            details = part.find_parent("details")
            assert details is not None and not details.has_attr("open"), part[:60]
            assert details.summary.get_text().strip().startswith("Show")


def test_solutions_are_called_solutions(pages):
    for stem, page in in_folder(pages, "solutions").items():
        assert "Solutions" in page.h1.get_text(), stem


def test_exercises_show_no_answer(pages):
    for page in in_folder(pages, "exercises").values():
        assert "SOLUTION" not in page.get_text()


@pytest.mark.parametrize("folder", ["notebooks", "exercises", "solutions"])
def test_formulas_are_mathml(pages, folder):
    for stem, page in in_folder(pages, folder).items():
        text = "\n".join(markdown(folder, stem))
        displayed = page.select('math[display="block"]')
        assert len(displayed) == len(re.findall(r"\$\$.+?\$\$", text, re.S)), stem
        for formula in page.find_all("math"):
            assert "\\" not in formula.get_text(), formula.get_text()
            assert formula.find("merror") is None


def test_widgets_give_way_to_words(pages):
    for page in in_folder(pages, "notebooks").values():
        assert not page.select('script[type*="widget"]')
        assert "VBox(" not in page.article.get_text()


def test_a_widget_keeps_its_static_view():
    widget = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "VBox()"}
    bare, with_view = ({"data": widget | view} for view in ({}, {"text/html": "<p>"}))
    EXTENSION["replace_widgets"](
        [{"outputs": [bare, with_view]}, {"source": "no code"}]
    )
    assert set(bare["data"]) == {"text/html", "text/plain"}
    assert "open this page as a notebook" in bare["data"]["text/html"]
    assert with_view["data"] == {"text/html": "<p>", "text/plain": "VBox()"}


def test_a_picture_of_another_site_gives_way_to_its_words():
    text = (
        "[![Binder](https://mybinder.org/badge.svg)](https://mybinder.org) ![a](b.png)"
    )
    replaced = EXTENSION["REMOTE_PICTURE"].sub(r"\1", text)
    assert replaced == "[Binder](https://mybinder.org) ![a](b.png)"


def test_a_figure_without_alt_text_stops_the_build():
    cells = [
        {"id": "a", "metadata": {}, "outputs": [{"data": {"image/png": ""}}]},
        {"id": "b", "source": "No words for it."},
    ]
    with pytest.raises(ValueError, match="cell 'a' has no alt text"):
        EXTENSION["describe_figures"](cells)
