"""docs/reliability.md: each proof writes the figures of its own section, and no other.

The words around a section are written by hand. What stands between its two marks is
written by the run that proved it, so that no figure on the page is older than its run.
"""

import hashlib
import platform
import re
import tempfile
from importlib import metadata
from pathlib import Path

from course_utils.one_at_a_time import one_at_a_time
from tests.benchmarks.page_parts import cpu_name

PAGE = Path(__file__).resolve().parents[1] / "docs/reliability.md"
SECTION = re.compile(r"(<!-- measured: (\w+) -->\n)(.*?)(<!-- end -->)", re.S)
SECONDS = 60  # how long a run waits for another that writes


def with_section(text, name, body):
    """Return the page's text with another body for one section.

    text: str, the page. name, body: str; the name as in `<!-- measured: name -->`.
    Raises ValueError where the page has no such section.
    """
    if name not in sections(text):
        raise ValueError(f"{PAGE.name} has no section {name!r}: {list(sections(text))}")

    def replaced(found):
        return (
            f"{found[1]}\n{body.strip()}\n\n{found[4]}"
            if found[2] == name
            else found[0]
        )

    return SECTION.sub(replaced, text)


def sections(text):
    """Return {name: what was measured} of a page (dict of str)."""
    return {found[2]: found[3].strip() for found in SECTION.finditer(text)}


def write_section(name, body, page=PAGE):
    """Replace one section of the page by what was measured here and now.

    body: str, Markdown; a line with the machine and the versions is put under it.
    """
    revise_section(name, lambda _: f"{body.strip()}\n\n{conditions()}", page)


def revise_section(name, revise, page=PAGE):
    """Replace one section by revise(what it was), both str; who writes, too, waits.

    Raises ValueError where the page has no such section, TimeoutError where another
    run does not end its writing.
    """
    with one_at_a_time(lock_path(page), SECONDS):
        text = page.read_text("utf-8")
        body = revise(sections(text).get(name, ""))
        page.write_text(with_section(text, name, body), "utf-8")


def lock_path(page):
    """Return the file by which the writers of this page, and of no other, take turns.

    It lies outside the project, whose folder holds no files of a run.
    """
    key = hashlib.sha256(str(page.resolve()).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"{page.stem}-{key}.lock")


def conditions():
    """Return what the figures hold for: processor and versions (str)."""
    versions = [
        f"{name} {metadata.version(name)}" for name in ("torch", "transformers")
    ]
    python = f"Python {platform.python_version()}"
    return f"*Measured on: {', '.join([cpu_name(), python, *versions])}.*"
