"""axe-core on the web book's pages: no violation that hinders people seriously."""

import os

import pytest

from tests.browser.book.conftest import ROOT

AXE = ROOT / "tests/browser/node_modules/axe-core/axe.min.js"
PAGES = {
    "index": "docs/book/index.html",
    "lesson": "notebooks/03_special_tokens_and_attention_masks.html",
    "exercise": "exercises/03_special_tokens_and_attention_masks.html",
    "solution": "solutions/03_special_tokens_and_attention_masks.html",
    "glossary": "docs/book/glossary.html",
    "search": "search.html",
}


@pytest.fixture(scope="module")
def axe():
    """The source of axe-core, which `npm ci` brings."""
    if not AXE.is_file():
        act = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        act("needs axe-core: install npm, then `make browser-packages`")
    return AXE.read_text("utf-8")


@pytest.mark.parametrize("device, theme", [("desktop", "light"), ("phone", "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_no_serious_violation(open_page, axe, name, device, theme):
    page = open_page(PAGES[name], device)
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    page.evaluate(
        "document.querySelectorAll('details').forEach(part => part.open = true)"
    )
    page.evaluate(axe)
    report = page.evaluate("axe.run({resultTypes: ['violations']})")
    found = [
        f"{violation['id']} ({violation['impact']}): {node['html'][:150]}"
        for violation in report["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"][:5]
    ]
    assert not found, "\n".join(found)
    assert len(report["passes"]) >= 10
