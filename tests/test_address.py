"""The public address: badges, links, and the lines that install on Colab."""

import shutil
from pathlib import Path

import nbformat
import pytest

from course_utils import address

ROOT = Path(__file__).resolve().parents[1]
OURS = ("our-owner", "bert.course-1")
GIVEN = "https://github.com/our-owner/bert.course-1"


@pytest.fixture
def copy(tmp_path):
    """A copy of what the command writes into."""
    for name in ("README.md", address.PAGE):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    return tmp_path


def texts(folder):
    paths = [*folder.glob("*.md"), *folder.glob("*/*.md"), *folder.glob("*/*.ipynb")]
    return {path.name: path.read_text("utf-8") for path in paths}


@pytest.mark.parametrize("end", ["", "/", ".git", "  "])
def test_an_address_is_read(end):
    assert address.read_repository(GIVEN + end) == OURS


@pytest.mark.parametrize(
    "given",
    [
        "someone/course",
        "git@github.com:someone/course.git",
        "http://github.com/someone/course",
        "https://github.com/someone",
        "https://github.com/someone/course/tree/main",
        "https://github.com/someone/..",
        "https://gitlab.com/someone/course",
        "https://github.com/someone/a b",
        'https://github.com/someone/a"); import os',
        "https://github.com/some_one/course",
    ],
)
def test_another_address_is_refused(given, capsys):
    with pytest.raises(ValueError, match=r"expected https://github\.com/OWNER/NAME"):
        address.read_repository(given)
    assert address.main([given]) == 1
    assert "browser's address bar" in capsys.readouterr().err


def test_written_changed_and_taken_out_again(copy):
    address.write_address(None, copy)
    without = texts(copy)
    address.write_address(OURS, copy)
    set_once = texts(copy)
    assert f"git clone {GIVEN} bert-course" in set_once["README.md"]
    start = "HEAD?urlpath=lab/tree/notebooks/00_start_here.ipynb"
    binder = f"https://mybinder.org/v2/gh/our-owner/bert.course-1/{start}"
    badge = f"[![Open on Binder](docs/open_on_binder.svg)]({binder})"
    assert badge in set_once["README.md"]
    page = set_once["where_it_runs.md"]
    colab = "https://colab.research.google.com/github/our-owner/bert.course-1/blob/main"
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        assert f"({colab}/notebooks/{path.name})" in page
        assert GIVEN in set_once[path.name] and GIVEN not in without[path.name]
    assert address.write_address(OURS, copy) == []
    address.write_address(("another", "place"), copy)
    assert not any("our-owner" in text for text in texts(copy).values())
    address.write_address(None, copy)
    assert texts(copy) == without


def test_pages_without_marks_are_said(copy):
    (copy / "README.md").write_text("# Course\n")
    before = texts(copy)
    with pytest.raises(ValueError, match=r"README\.md must have the lines"):
        address.write_address(OURS, copy)
    assert texts(copy) == before


def test_the_badges_are_our_own_pictures():
    for name in ("open_on_binder.svg", "open_in_colab.svg"):
        assert f"docs/{name}" in address.readme_text(OURS)
        picture = (ROOT / "docs" / name).read_text("utf-8")
        assert "<title>" in picture and "href" not in picture


def ran_on_colab(source, is_colab):
    """Run a cell as Colab's shell, or another one, would; returns its commands."""
    module = "google.colab._shell" if is_colab else "ipykernel.zmqshell"
    shell = type("Shell", (), {"__module__": module, "commands": []})()
    shell.system = shell.commands.append
    exec(source, {"get_ipython": lambda: shell})
    return shell.commands


@pytest.mark.parametrize("repository", [OURS, ("o" * 39, "n" * 30)])
def test_on_colab_alone_the_course_is_installed(repository):
    lines = address.colab_lines(repository)
    assert max(map(len, lines.splitlines())) <= 88 or repository != OURS
    where = "https://github.com/" + "/".join(repository)
    assert ran_on_colab(lines, True) == [f"pip install -q git+{where}"]
    assert ran_on_colab(lines, False) == []


def test_without_an_address_colab_says_so():
    lines = address.colab_lines(None)
    with pytest.raises(RuntimeError, match="make address"):
        ran_on_colab(lines, True)
    assert ran_on_colab(lines, False) == []


LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_with_an_address_the_imports_still_fit_the_house_length(copy):
    address.write_address(OURS, copy)
    for path in sorted((copy / "notebooks").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        imports = next(cell.source for cell in cells if cell.cell_type == "code")
        assert sum(bool(line.strip()) for line in imports.splitlines()) <= 35, path.stem


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_lesson_installs_before_it_imports(path):
    cells = nbformat.read(path, as_version=4).cells
    source = next(cell.source for cell in cells if cell.cell_type == "code")
    assert source.startswith(address.COLAB_FIRST)
    assert source.count("google.colab") == 1


def test_pages_and_lessons_agree_on_one_address(copy):
    first = nbformat.read(copy / "notebooks/00_start_here.ipynb", as_version=4)
    source = next(cell.source for cell in first.cells if cell.cell_type == "code")
    found = [part for part in source.split('"') if "git+" in part]
    written = found[0].split("git+")[1] if found else ""
    assert address.write_address(address.read_repository(written), copy) == []
