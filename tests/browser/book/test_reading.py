"""The web book in a browser, opened from the disk: search, phone, answers, formulas."""

import pytest

from tests.browser.book.conftest import ROOT

LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
OTHERS = ["docs/book/glossary", "docs/book/symbols", "docs/book/bibliography"]
OTHERS += ["exercises/03_special_tokens_and_attention_masks", "docs/book/instructors"]
OTHERS += ["solutions/03_special_tokens_and_attention_masks", "tests/benchmarks/README"]
SOLUTION = "solutions/03_special_tokens_and_attention_masks.html"
OUTSIDE = """width => [...document.querySelectorAll('img')].filter(picture => {
  const box = picture.getBoundingClientRect()
  return picture.checkVisibility() && (
    picture.naturalWidth === 0 || box.width < 20 || box.left < 0 || box.right > width)
}).map(picture => picture.alt || picture.src)"""


def test_the_first_page_leads_to_the_lessons(open_page):
    page = open_page("index.html")
    page.wait_for_url("**/docs/book/index.html")
    page.get_by_role("article").get_by_role("link", name="lessons").first.click()
    page.get_by_role("article").get_by_role("link", name="4. Inside BERT").click()
    page.wait_for_url("**/04_inside_bert.html")
    assert page.locator("h1").inner_text().startswith("4. Inside")


def test_search_finds_a_word(open_page):
    page = open_page("search.html")
    field = page.locator("input[name=q]").locator("visible=true").first
    field.fill("anisotropy")
    field.press("Enter")
    found = page.locator("#search-results ul.search a")
    found.first.wait_for()
    names = found.all_inner_texts()
    assert any("5. Extracting embeddings" in name for name in names), names
    assert any("Glossary" in name for name in names), names
    found.filter(has_text="5. Extracting").first.click()
    page.wait_for_url("**/05_extracting_embeddings.html*")


@pytest.mark.parametrize("name", [f"notebooks/{stem}" for stem in LESSONS] + OTHERS)
def test_a_phone_shows_all_figures_and_scrolls_only_down(open_page, name):
    page = open_page(f"{name}.html", "phone")
    page.wait_for_load_state()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    assert page.evaluate(OUTSIDE, 390) == []


def test_an_answer_opens_with_the_keyboard_and_with_a_click(open_page):
    page = open_page(SOLUTION)
    answers = page.locator("details", has_text="BEGIN SOLUTION")
    code = answers.locator("pre")
    assert not any(code.nth(i).is_visible() for i in range(code.count()))
    answers.first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert code.first.is_visible() and not code.nth(1).is_visible()
    page.keyboard.press("Enter")
    assert not code.first.is_visible()
    answers.nth(1).locator("summary").click()
    assert code.nth(1).is_visible()


def test_formulas_are_drawn(open_page):
    page = open_page("notebooks/01_transformer_architecture.html")
    formula = (
        page.locator("math", has_text="Attention").filter(has_text="softmax").first
    )
    assert formula.bounding_box()["height"] > 25  # a fraction with a root, not a line
    over, under = (formula.locator(f"mfrac > *:nth-child({n})") for n in (1, 2))
    over_box, under_box = over.bounding_box(), under.bounding_box()
    assert over_box["y"] + over_box["height"] <= under_box["y"] + 2
