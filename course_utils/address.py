"""Write the repository's public address into badges, links and the Colab lines.

    make address REPOSITORY=https://github.com/OWNER/NAME     (without one: take it out)

What stands between the marks in README.md and docs/where_it_runs.md is written here,
and so are the first lines of every lesson: they install the course on Colab.
"""

import re
import sys
from pathlib import Path
from urllib.parse import quote

import nbformat

ROOT = Path(__file__).resolve().parents[1]
PAGE = "docs/where_it_runs.md"
MARKED = re.compile(
    r"(<!-- written by make address -->\n).*?(<!-- end of address -->\n)", re.S
)
CLONE = re.compile(r"git clone (<address of this repository>|\S+) bert-course")
GITHUB = re.compile(
    r"https://github\.com/([A-Za-z0-9](?:-?[A-Za-z0-9])*)/([\w.-]+?)(?:\.git)?/?",
    re.ASCII,
)
COLAB_FIRST = 'if "google.colab" in str(get_ipython()):'
COLAB = re.compile(re.escape(COLAB_FIRST) + r".*\n(?: .*\n)+\n")
NO_ADDRESS = """\
This copy does not know its public address, so there is no link here yet. Whoever
publishes it runs `make address REPOSITORY=https://github.com/OWNER/NAME`: it writes the
links of this page, the badges, and the line that installs the course on Colab.
"""
NO_BINDER = "**On Binder:** give this repository's address to https://mybinder.org.\n"


def read_repository(text):
    """Return (owner, name) of a GitHub address, None where the text is empty.

    Raises ValueError for anything else: Colab opens notebooks from GitHub only.
    """
    if not text.strip():
        return None
    found = GITHUB.fullmatch(text.strip())
    if not found or found[2] in (".", ".."):
        raise ValueError(
            f"REPOSITORY is {text!r}, expected https://github.com/OWNER/NAME. Copy it "
            "from the browser's address bar on the repository's first page: no branch, "
            "no file, no git@ address."
        )
    return found.groups()


def binder_link(repository, path):
    """Return the address that opens `path` in JupyterLab on Binder."""
    owner, name = repository
    return f"https://mybinder.org/v2/gh/{owner}/{name}/HEAD?urlpath=lab/tree/{path}"


def colab_link(repository, path):
    """Return the address that opens the notebook `path` of branch main in Colab."""
    owner, name = repository
    return f"https://colab.research.google.com/github/{owner}/{name}/blob/main/{path}"


def colab_lines(repository):
    """Return the lines that install the course on Colab and do nothing elsewhere."""
    first = f"{COLAB_FIRST}  # Colab only: install the course\n"
    if repository is None:
        words = '"Set the address of the course first: make address"'
        first = f"{COLAB_FIRST}  # the course is not installed there\n"
        return f"{first}    raise RuntimeError({words})\n"
    owner, name = repository
    where = f'"git+https://github.com/{owner}/{name}"'
    return (
        f"{first}    course = {where}\n"
        '    get_ipython().system(f"pip install -q {course}")\n'
    )


def readme_text(repository):
    """Return what README.md says between the marks."""
    if repository is None:
        return NO_BINDER
    binder = binder_link(repository, "notebooks/00_start_here.ipynb")
    colab = colab_link(repository, "notebooks/00_start_here.ipynb")
    return (
        f"[![Open on Binder](docs/open_on_binder.svg)]({binder})\n"
        f"[![Open in Colab](docs/open_in_colab.svg)]({colab})\n"
    )


def page_text(repository, lessons):
    """Return what docs/where_it_runs.md says between the marks.

    lessons: list of Path, the notebooks to link.
    """
    if repository is None:
        return NO_ADDRESS
    owner, name = map(quote, repository)
    rows = ["| lesson | Binder | Colab |", "|---|---|---|"]
    for path in lessons:
        there = f"notebooks/{path.name}"
        binder, colab = binder_link(repository, there), colab_link(repository, there)
        rows.append(f"| {path.stem} | [open]({binder}) | [open]({colab}) |")
    reading = f"https://vscode.dev/github/{owner}/{name}"
    rows.append(f"\nTo read it in VS Code without running it: [vscode.dev]({reading}).")
    return "\n".join(rows) + "\n"


def write_address(repository, root=ROOT):
    """Write the address, or take it out where repository is None, below `root` (Path).

    Returns the names of the files that changed. Raises ValueError where a page has lost
    its marks.
    """
    lessons = sorted((root / "notebooks").glob("*.ipynb"))
    texts = {
        "README.md": readme_text(repository),
        PAGE: page_text(repository, lessons),
    }
    changed = {}
    for name, text in texts.items():
        old = (root / name).read_text("utf-8")
        if len(MARKED.findall(old)) != 1:
            raise ValueError(
                f"{name} must have the lines '<!-- written by make address -->' and "
                "'<!-- end of address -->' once each: bring them back with git."
            )
        changed[name] = MARKED.sub(
            lambda found, new=text: found[1] + new + found[2], old
        )
    address = "<address of this repository>"
    if repository is not None:
        address = "https://github.com/" + "/".join(repository)
    changed["README.md"] = CLONE.sub(
        lambda found: f"git clone {address} bert-course", changed["README.md"]
    )
    for path in lessons:
        changed[f"notebooks/{path.name}"] = _with_colab_lines(path, repository)
    changed = {
        name: text
        for name, text in changed.items()
        if text != (root / name).read_text("utf-8")
    }
    for name, text in changed.items():
        (root / name).write_text(text, "utf-8", newline="\n")
    return list(changed)


def _with_colab_lines(path, repository):
    """Return the notebook's text with these Colab lines above its imports."""
    notebook = nbformat.read(path, as_version=4)
    imports = next(cell for cell in notebook.cells if cell.cell_type == "code")
    imports.source = colab_lines(repository) + "\n" + COLAB.sub("", imports.source)
    return nbformat.writes(notebook) + "\n"


def main(words):
    """Write the address named on the command line; without one, take it out."""
    try:
        changed = write_address(read_repository(" ".join(words)))
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 1
    print("\n".join(changed) if changed else "Nothing to change.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
