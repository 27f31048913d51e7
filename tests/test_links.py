"""Every link and anchor of all notebooks and Markdown pages leads somewhere.

Markdown is parsed, not searched: links in code are none, links in HTML are. Nothing is
asked of the network: of an outside link the form and the host are checked.
"""

import re
import subprocess
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parent.parent
MARKDOWN = MarkdownIt("commonmark").enable("table")
MARKDOWN.validateLink = lambda _: True  # a link like file: is judged here, not left out
# Open a new link once by hand, then add its host here.
KNOWN_HOSTS = {
    "arxiv.org", "cdn.openai.com", "colab.research.google.com", "distill.pub",
    "doi.org", "github.com", "huggingface.co", "jupyterhub.readthedocs.io",
    "mybinder.org", "nlp.seas.harvard.edu", "research.google", "unicode.org",
    "z2jh.jupyter.org",
}  # fmt: skip


class HtmlLinks(HTMLParser):
    """Collect what HTML links to, and the ids that it can be linked by."""

    def __init__(self, text):
        super().__init__()
        self.targets, self.ids = [], set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src"):
                self.targets.append(value or "")
            elif name == "id" or (tag == "a" and name == "name"):
                self.ids.add(value)


def markdown_of(path):
    """Return the Markdown texts of a page, or of a notebook's cells (list of str)."""
    if path.suffix != ".ipynb":
        return [path.read_text("utf-8")]
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "markdown"]


def shown_text(inline):
    """Return the text of a heading as a reader sees it."""
    kinds = ("text", "code_inline", "text_special")
    return "".join(part.content for part in inline.children if part.type in kinds)


@cache
def links_and_anchors(path):
    """Return (targets, anchors) of a page or notebook: a list and a set of str.

    An anchor of a page is made as GitHub makes it; of a notebook as JupyterLab does.
    """
    targets, anchors, seen = [], set(), {}
    for text in markdown_of(path):
        tokens = MARKDOWN.parse(text)
        for before, token in zip([None, *tokens], tokens, strict=False):
            for part in [token, *(token.children or [])]:
                if part.type == "link_open":
                    targets.append(part.attrs["href"])
                elif part.type == "image":
                    targets.append(part.attrs["src"])
                elif part.type in ("html_block", "html_inline"):
                    html = HtmlLinks(part.content)
                    targets += html.targets
                    anchors |= html.ids
            if before is not None and before.type == "heading_open":
                anchors.add(anchor_of(shown_text(token), path.suffix, seen))
    return targets, anchors


def anchor_of(heading, suffix, seen):
    """Return a heading's anchor. seen: {slug: count}, for GitHub's numbers."""
    if suffix == ".ipynb":
        return heading.replace(" ", "-")
    slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
    seen[slug] = seen.get(slug, -1) + 1
    return f"{slug}-{seen[slug]}" if seen[slug] else slug


def what_is_wrong(target, page, root, files):
    """Return None for a good link, else a sentence. files: paths that may be linked."""
    if re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.I):
        return wrong_address(target)
    place, _, fragment = target.partition("#")
    place = unquote(place)
    if place.startswith(("/", "\\")):
        return "an absolute path: write it relative to this file"
    file = (page.parent / place).resolve() if place else page
    if not file.is_relative_to(root):
        return "it leads outside of the repository"
    if file not in files:
        return "there is no such file in the repository"
    if "#" not in target:
        return None
    if file.suffix not in (".md", ".ipynb"):
        return "only a heading of a page or a notebook can be an anchor"
    anchors = links_and_anchors(file)[1]
    if unquote(fragment) not in anchors:
        return f"no such heading there, but {sorted(anchors)}"
    return None


def wrong_address(target):
    """Return None for a well-formed https address of a known host, else a sentence."""
    address = urlsplit(target)
    if address.scheme != "https":
        return "only https and relative links are used"
    if re.search(r"[\s\"<>\\^`{|}]", target) or address.port or address.username:
        return "not a well-formed address"
    if address.hostname not in KNOWN_HOSTS:
        return f"host {address.hostname!r} is not in KNOWN_HOSTS: open it, then add it"
    return None


def listed(*patterns, root=ROOT):
    """Return the files that git knows or would take up (set of Path)."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(
        [*command, *patterns], cwd=root, capture_output=True, text=True, check=True
    )
    paths = {root / name for name in done.stdout.split("\0") if name}
    return {path for path in paths if path.is_file()}


@pytest.fixture(scope="module")
def files():
    """All files of the repository, and their folders."""
    found = listed()
    return found | {folder for path in found for folder in path.parents}


PAGES = sorted(listed("*.md", "*.ipynb"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(page, files):
    targets, _ = links_and_anchors(page)
    wrong = {t: what_is_wrong(t, page, ROOT, files) for t in targets}
    assert not {target: why for target, why in wrong.items() if why}


def linked_files(name):
    """Return the files of the repository that one of its pages links to."""
    page = ROOT / name
    relative = [t for t in links_and_anchors(page)[0] if "://" not in t]
    return {(page.parent / unquote(t.split("#")[0])).resolve() for t in relative}


SOLUTIONS = sorted((ROOT / "solutions").glob("*.ipynb"))


@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda path: path.stem)
def test_lesson_exercise_and_solution_link_each_other(solution):
    lesson, exercise = (ROOT / f / solution.name for f in ("notebooks", "exercises"))
    assert exercise in linked_files(f"notebooks/{solution.name}")
    assert lesson in linked_files(f"exercises/{solution.name}")
    assert lesson in linked_files(f"solutions/{solution.name}")
    assert exercise in linked_files("exercises/README.md")
    assert solution in linked_files("solutions/README.md")
    assert lesson in linked_files("README.md")
    start = linked_files("notebooks/00_start_here.ipynb")
    assert {lesson, exercise, solution} <= start


def test_exercises_and_solutions_link_each_other():
    assert ROOT / "solutions/README.md" in linked_files("exercises/README.md")
    assert ROOT / "exercises/README.md" in linked_files("solutions/README.md")


# --- the test itself -----------------------------------------------------------------

PAGE = """# Two *words* and `code`, twice!

## Same

## Same

<a id="by-hand"></a>

`[no link](nowhere.md)` and

    [no link either](nowhere.md)
"""

GOOD = [
    "[a](other%20page.md)", "![a](folder/figure.png)", '<a href="lesson.ipynb">a</a>',
    "[a](lesson.ipynb#A-Heading,-with-$x$)", "[a](#two-words-and-code-twice)",
    "[a](#same-1)", "[a](page.md#by-hand)", "[a](folder)", "[a][b]\n\n[b]: page.md",
    "| a |\n|---|\n| [a](page.md) |", "[a](https://arxiv.org/abs/1706.03762)",
]  # fmt: skip

WRONG = {
    "[a](nowhere.md)": "no such file",
    "[a](ignored.md)": "no such file",
    '<details><img src="none.png"></details>': "no such file",
    'text <a href="none.md">a</a>': "no such file",
    "[a][b]\n\n[b]: none.md": "no such file",
    "[a](#none)": "no such heading",
    "[a](page.md#Same)": "no such heading",
    "[a](lesson.ipynb#a-heading-with-x)": "no such heading",
    "[a](folder/figure.png#top)": "only a heading",
    "[a](../page.md)": "outside",
    "[a](/page.md)": "absolute",
    "[a](http://arxiv.org/abs/1706.03762)": "only https",
    "[a](file:///etc/passwd)": "only https",
    "[a](javascript:alert)": "only https",
    "[a](//arxiv.org)": "only https",
    "[a](https://arxiv.org:8000/)": "well-formed",
    "[a](https://example.org/)": "not in KNOWN_HOSTS",
}


@pytest.fixture
def small_repository(tmp_path):
    """A repository of four files and one that git ignores."""
    root = tmp_path / "repository"
    (root / "folder").mkdir(parents=True)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    (root / ".gitignore").write_text("ignored.md\n")
    for name in ("other page.md", "folder/figure.png", "ignored.md"):
        (root / name).write_text("text")
    heading = nbformat.v4.new_markdown_cell("## A Heading, with $x$")
    nbformat.write(nbformat.v4.new_notebook(cells=[heading]), root / "lesson.ipynb")
    return root


def found_wrong(root, text):
    """Return what is wrong with the links of a page of this text (list of str)."""
    page = root / "page.md"
    page.write_text(PAGE + "\n" + text + "\n")
    files = listed(root=root)
    files |= {folder for path in files for folder in path.parents}
    targets, _ = links_and_anchors(page)
    assert len(targets) == 1
    return [why for t in targets if (why := what_is_wrong(t, page, root, files))]


@pytest.mark.parametrize("text", GOOD)
def test_a_good_link_passes(small_repository, text):
    assert found_wrong(small_repository, text) == []


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_link_is_found(small_repository, text):
    [why] = found_wrong(small_repository, text)
    assert WRONG[text] in why
