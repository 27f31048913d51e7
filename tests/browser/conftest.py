"""JupyterLab as `make lab` starts it, and a Chromium that opens it."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.lab_page import HEIGHT, LabPage
from tests.browser.lab_server import serve_lab

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.hookimpl(tryfirst=True)  # before xdist, which reads the marks
def pytest_collection_modifyitems(items):
    """Two workers: one has JupyterLab, the other the book, and each starts once."""
    for item in items:
        group = "book" if "book" in item.path.parts else "lab"
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def chromium():
    """An installed Chromium or Chrome, without a window (playwright's Browser)."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        act = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        act("needs Chromium or Chrome: on Debian `apt-get install chromium`")
    # Playwright switches the browser's sandbox off, which root and containers need:
    # the only pages it opens here are the course's own.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory):
    """(address, folder of the served copy of the course) of a running JupyterLab."""
    with serve_lab(tmp_path_factory.mktemp("lab")) as served:
        yield served


@pytest.fixture
def lab(chromium, lab_server):
    """A new browser's JupyterLab (LabPage); at the end its kernels are shut down."""
    address, _ = lab_server
    context = chromium.new_context(viewport={"width": 1280, "height": HEIGHT})
    page = LabPage(context.new_page(), address)
    yield page
    page.close()
    context.close()
