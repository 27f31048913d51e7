"""What goes wrong in a notebook is seen: each kind of trouble is made, and found."""

from urllib.parse import urlsplit

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

FOUND = {
    "stderr": "on standard error: careful",
    "table": "TABLE ends",
    "figure": "svg ends",
    "elsewhere": "an image is broken",
    "prose": "an image is broken",
    "formula": "a formula is wrong",
    "error": "error ZeroDivisionError",
}


@pytest.fixture
def troubled(lab_server):
    """The path of a notebook with one trouble in each cell, in the served course."""
    address, course = lab_server
    elsewhere = f"http://localhost:{urlsplit(address).port}/none.png"
    cells = {
        "stderr": new_code_cell("import sys; print('careful', file=sys.stderr)"),
        "table": new_code_cell(
            "from IPython.display import HTML, Javascript\n"
            "HTML('<table style=\"width: 1000px\"><tr><td>wide</td></tr></table>')"
        ),
        "figure": new_code_cell(
            'HTML(\'<svg width="1000" height="9" style="position: absolute"/>\')'
        ),
        "elsewhere": new_code_cell(f"HTML('<img src=\"{elsewhere}\">')"),
        "script": new_code_cell(
            "Javascript('setTimeout(() => { throw new Error(\"thrown\") })')"
        ),
        "prose": new_markdown_cell("![](none.png)"),
        "formula": new_markdown_cell(r"$\left( x$"),
        "error": new_code_cell("1 / 0"),
    }
    for name, cell in cells.items():
        cell.id = name
    path = course / "notebooks/troubled.ipynb"
    kernel = {"kernelspec": {"display_name": "Python 3", "name": "python3"}}
    notebook = new_notebook(cells=list(cells.values()), metadata=kernel)
    nbformat.write(notebook, path)
    yield f"notebooks/{path.name}"
    path.unlink()


def test_each_trouble_is_found(lab, troubled):
    lab.open(troubled)
    assert not lab.run_all()
    lab.set_width(900)
    problems = lab.examine()
    for cell_id, said in FOUND.items():
        assert any(line.startswith(f"{cell_id}: {said}") for line in problems), said
    for said in ("another host: http://localhost", "script: thrown", "console: "):
        assert any(line.startswith(said) for line in lab.complaints), said


def test_a_wide_window_has_room_for_both(lab, troubled):
    lab.open(troubled)
    lab.run_all()
    lab.set_width(1920)
    assert not any(line.startswith(("table:", "figure:")) for line in lab.examine())
