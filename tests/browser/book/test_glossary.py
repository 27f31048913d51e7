"""Glossary, symbols and bibliography of the web book: linked, complete, true."""

import re
from collections import defaultdict

import pytest
from pybtex.database import parse_file

from tests.browser.book.conftest import ROOT, soup
from tests.browser.book.test_pages import markdown

LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
ENTRIES = parse_file(ROOT / "docs/book/references.bib").entries


def cited_parts():
    """Yield (lesson number, text, address or None) of each citation in a lesson."""
    for stem in LESSONS[1:]:  # without the start page
        number = int(stem[:2])
        for cell in markdown("notebooks", stem):
            for text, address in re.findall(r"\[([^\]]+)\]\((https?://[^)]+)\)", cell):
                yield number, text, address
            for text in re.findall(
                r"^- ([^\[\n]+ \(\d{4}\)|[^\[\n]+\*[^*]+\* \(\d{4}\))", cell, re.M
            ):
                yield number, text, None


def plain(text):
    return re.sub(r"[{}]", "", text).lower()


def entry_of(text, address):
    """Return the key of the entry with this address, or with the title in italics."""
    for key, entry in ENTRIES.items():
        if address is not None and entry.fields.get("url") == address:
            return key
        title = re.search(r"\*(.+?)\*", text)
        start = plain(title[1]) if address is None and title else "none"
        if plain(entry.fields["title"]).startswith(start):
            return key
    raise AssertionError(f"docs/book/references.bib has no entry for {text} {address}")


# --- glossary ------------------------------------------------------------------------


@pytest.mark.parametrize("stem", LESSONS)
def test_terms_are_linked_once_and_only_in_prose(book, stem):
    page = soup(book / f"notebooks/{stem}.html")
    links = page.select("a.term")
    targets = [link["href"] for link in links]
    assert len(targets) == len(set(targets)) >= 4
    for link in links:
        assert link.find_parent(["h1", "h2", "h3", "pre", "code", "math"]) is None
        assert not link.find_parent(class_="cell_output")


def test_terms_are_linked_where_they_are_explained(book):
    for stem, term in (
        ("01_transformer_architecture", "query"),
        ("02_tokenization", "offsets"),
        ("06_feature_extraction", "probe"),
        ("08_finetune_sentence_pairs", "premise"),
    ):
        page = soup(book / f"notebooks/{stem}.html")
        link = page.find("a", class_="term", string=term)
        assert link.parent.name == "strong" or term == "probe", (stem, term)


def test_words_with_another_sense_are_not_linked(book):
    page = soup(book / "notebooks/02_tokenization.html")
    assert page.find("a", class_="term", string="key") is None


def test_most_of_the_glossary_is_used(book):
    linked = set()
    for stem in LESSONS:
        page = soup(book / f"notebooks/{stem}.html")
        linked |= {link["href"].split("#")[1] for link in page.select("a.term")}
    entries = soup(book / "docs/book/glossary.html").select("dl.glossary > dd")
    assert len(entries) >= 70 and len(linked) >= 0.85 * len(entries)


# --- symbols -------------------------------------------------------------------------


def test_symbols_of_every_lesson(book):
    page = soup(book / "docs/book/symbols.html")
    tables = [
        cell
        for stem in LESSONS
        for cell in markdown("notebooks", stem)
        if cell.startswith("| symbol |")
    ]
    assert len(page.select("table")) == 2 + len(tables)
    letters = {row.td.get_text() for row in page.table.select("tbody tr")}
    assert set("BTDAKVL") <= letters


# --- bibliography --------------------------------------------------------------------


def test_every_citation_has_an_entry_that_names_the_lesson():
    lessons = defaultdict(set)
    for number, text, address in cited_parts():
        entry = ENTRIES[key := entry_of(text, address)]
        lessons[key].add(number)
        year = re.search(r"\b(?:19|20)\d{2}\b", text.replace("CoNLL-2003", ""))
        if year:
            assert entry.fields["year"] == year[0], text
        if address is None or year:
            first_author = entry.persons["author"][0].last_names[-1]
            assert plain(first_author).split()[-1] in plain(text), text
    assert set(lessons) == set(ENTRIES)
    for key, numbers in lessons.items():
        listed = ", ".join(map(str, sorted(numbers)))
        assert (
            ENTRIES[key].fields["note"] == f"Lesson{'s'[: len(numbers) > 1]} {listed}"
        )


def test_the_bibliography_shows_every_entry(book):
    page = soup(book / "docs/book/bibliography.html")
    text = " ".join(page.article.get_text().split()).replace("\u2019", "'")
    for entry in ENTRIES.values():
        assert re.sub(r"[{}]", "", entry.fields["title"]) in text
