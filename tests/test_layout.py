"""The countable rules of the house: notebooks, modules, top level, README."""

import re
import statistics
import subprocess
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {
    ".ci", ".gitignore", "LICENSE", "Makefile", "README.md", "course_utils", "docs",
    "environment.yml", "exercises", "notebooks", "postBuild", "pyproject.toml",
    "solutions", "tests",
}  # fmt: skip
START = ROOT / "notebooks/00_start_here.ipynb"  # no lesson: it leads to them
LESSONS = sorted({*(ROOT / "notebooks").glob("*.ipynb")} - {START})
NOTEBOOKS = sorted(ROOT.glob("*/*.ipynb"))
MODULES = sorted((ROOT / "course_utils").rglob("*.py"))
CELL_METADATA = {  # nbgrader's, where there are exercises
    "notebooks": {"tags"},
    "solutions": {"tags", "nbgrader"},
    "exercises": {"tags", "nbgrader", "deletable", "editable"},
}
MACHINE_TRACES = (r"/(home|root|Users|tmp|private|work)/\w", r"[A-Z]:\\\\?\w")
LOADED_FROM_NETWORK = (
    r"!\[[^\]]*\]\(https?:",
    r"<(img|script|link|iframe)[^>]+https?:",
    r"\bfrom_pretrained\(",
    r"\b(requests|urllib|httpx|wget|urlretrieve)\b",
)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def markdown_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "markdown"]


def line_count(cell):
    return sum(bool(line.strip()) for line in cell.source.splitlines())


def by_stem(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


# --- the repository ------------------------------------------------------------------


def test_top_level_holds_nothing_else():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True
    )
    assert {line.split("/")[0] for line in listed.stdout.split()} <= TOP_LEVEL


def test_exercises_and_solutions_belong_to_a_lesson():
    lessons = {path.stem for path in LESSONS}
    solutions = {path.stem for path in (ROOT / "solutions").glob("*.ipynb")}
    exercises = {path.stem for path in (ROOT / "exercises").glob("*.ipynb")}
    assert solutions == exercises and solutions <= lessons


@by_stem(MODULES)
def test_modules_are_small_and_well_named(path):
    assert path.stem not in ("utils", "misc", "helpers", "common")
    assert len(path.read_text("utf-8").splitlines()) <= 300
    assert path.read_text("utf-8").startswith('"""')


def test_modules_of_tests_are_small():
    """Those of `wrong_answers` are lists: of all that a lesson's checks must reject."""
    listed = ["git", "ls-files", "-co", "--exclude-standard", "tests/*.py"]
    found = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [path for path in map(ROOT.joinpath, found.stdout.split()) if path.exists()]
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in paths}
    long = {path.name for path in lengths if lengths[path] > 300}
    assert long <= {path.name for path in ROOT.glob("tests/wrong_answers/*.py")}


BEFORE_SET_UP = ("__init__", "bootstrap", "installer", "wheelhouse")


@by_stem([ROOT / f"course_utils/{name}.py" for name in BEFORE_SET_UP])
def test_modules_before_set_up_can_be_read_by_an_old_python(path):
    import ast

    ast.parse(path.read_text("utf-8"), feature_version=(3, 6))


def test_readme_fits_two_screens_and_lists_every_lesson():
    readme = (ROOT / "README.md").read_text("utf-8")
    by_hand = re.sub(r"<!-- written by .*?<!-- end.*?-->\n", "", readme, flags=re.S)
    assert len(by_hand.splitlines()) <= 90
    for path in LESSONS:
        assert f"[{path.stem}](notebooks/{path.name})" in readme


# --- lessons -------------------------------------------------------------------------


@by_stem(LESSONS)
def test_lesson_is_named_and_opened_as_all_are(path):
    number = int(re.fullmatch(r"(\d\d)_[a-z0-9_]+", path.stem)[1])
    title, objectives, imports = read(path).cells[:3]
    assert title.source.startswith(f"# {number}. ")
    assert 1 <= len(re.findall(r"^- ", objectives.source, re.M)) <= 4
    assert "**Time:**" in objectives.source and "**Before:**" in objectives.source
    assert imports.cell_type == "code" and "import *" not in imports.source
    assert "set_seed(" in imports.source
    for cell in code_cells(path)[1:]:
        assert not re.search(r"^(import|from) ", cell.source, re.M), cell.id
    assert any(cell.source.startswith("## Recap") for cell in markdown_cells(path))


@by_stem(LESSONS)
def test_cells_have_the_house_lengths(path):
    lengths = {}
    for number, cell in enumerate(code_cells(path)):
        is_long_by_nature = number == 0 or "nn.Module)" in cell.source  # 0: the imports
        limit = 35 if is_long_by_nature else 25
        lengths[cell.id] = line_count(cell)
        assert lengths[cell.id] <= limit, (cell.id, lengths[cell.id])
    after_imports = list(lengths.values())[1:]
    deciles = statistics.quantiles(after_imports, n=10, method="inclusive")
    assert deciles[-1] <= 15, sorted(lengths.values())
    ratio = len(markdown_cells(path)) / len(lengths)
    assert 15 <= len(lengths) <= 35, len(lengths)
    assert 1.0 <= ratio <= 1.7, ratio


@by_stem([START, *LESSONS])
def test_a_markdown_cell_has_at_most_80_words(path):
    for cell in markdown_cells(path):
        words = len(
            re.sub(r"\$\$.*?\$\$|^\|.*\|$", "", cell.source, flags=re.S | re.M).split()
        )
        assert words <= 80, (cell.id, words)


@by_stem(LESSONS)
def test_every_figure_has_alt_text_beside_it(path):
    cells = read(path).cells
    for i, cell in enumerate(cells):
        outputs = cell.get("outputs", [])
        if any("image/png" in output.get("data", {}) for output in outputs):
            following = cells[i + 1]
            assert following.cell_type == "markdown", cell.id
            assert "*Alt text: " in following.source, cell.id
            assert "title" in cell.source, cell.id


@by_stem(LESSONS)
def test_an_ignored_output_is_followed_by_an_assertion(path):
    cells = code_cells(path)
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            assert following is not None and "assert" in following.source, cell.id


# --- every notebook ------------------------------------------------------------------


@by_stem(NOTEBOOKS)
def test_metadata_is_the_kernel_and_the_language_only(path):
    notebook = read(path)
    assert notebook.metadata == {
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    allowed = CELL_METADATA[path.parent.name]
    assert all(set(cell.metadata) <= allowed for cell in notebook.cells)


@by_stem(NOTEBOOKS)
def test_executed_in_order_without_errors_or_noise(path):
    executed = path.parent.name != "exercises"
    for count, cell in enumerate(code_cells(path), start=1):
        assert cell.execution_count == (count if executed else None), cell.id
        assert executed or not cell.outputs, cell.id
        for output in cell.outputs:
            assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", (cell.id, output.get("text"))


@by_stem(NOTEBOOKS)
def test_no_output_waits_for_a_widget_of_a_kernel_that_is_gone(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            assert not any("widget" in kind for kind in output.get("data", {})), cell.id


@by_stem(NOTEBOOKS)
def test_outputs_hold_no_trace_of_a_machine(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            shown = output.get("text", "")
            data = output.get("data", {})
            shown += "".join(v for k, v in data.items() if k.startswith("text/"))
            for trace in MACHINE_TRACES:
                assert not re.search(trace, shown), (cell.id, trace)


@by_stem(NOTEBOOKS)
def test_nothing_is_loaded_from_another_site(path):
    for cell in read(path).cells:
        for pattern in LOADED_FROM_NETWORK:
            assert not re.search(pattern, cell.source), (cell.id, pattern)
