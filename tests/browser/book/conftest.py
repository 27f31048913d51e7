"""The web book, built once for all its tests, and tabs that read it from the disk."""

import functools
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent.parent.parent
WIDTHS = {"desktop": 1280, "phone": 390}


@functools.cache
def soup(path):
    """Return a page of the book, read once (BeautifulSoup; not to be changed)."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    """The folder of the book, built as `make book` builds it."""
    folder = tmp_path_factory.mktemp("built") / "book"
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs/book/build.py"), str(folder)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def open_page(chromium, book):
    """A function (name, device="desktop") that opens a page of the book from the disk.

    At the end no page has asked another host for anything, and none has had an error.
    """
    requests, errors, contexts = [], [], []

    def open_it(name, device="desktop"):
        size = {"width": WIDTHS[device], "height": 900}
        context = chromium.new_context(viewport=size, is_mobile=device == "phone")
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((book / name).as_uri())
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert errors == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
