"""The explorers in JupyterLab: by mouse, by keyboard alone, named, reset, saved."""

import nbformat
import pytest
from playwright.sync_api import expect

from course_utils.explorers.frame import NOTE

SOURCES = {
    "pieces": """\
from course_utils import WordPieceTokenizer, explore_pieces

special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
vocab = {piece: id for id, piece in enumerate([*special, "gem", "##s"])}
explore_pieces(WordPieceTokenizer(vocab), "gems")""",
    "padding": """\
from course_utils import explore_padding, load_bert

explore_padding(*load_bert(), ["A gem of a movie.", "Horrible."])""",
    "attention": """\
import numpy as np
from course_utils import attention_explorer

looks_at_itself, looks_back = np.eye(3), np.eye(3, k=-1)
layers = [np.stack([looks_at_itself, looks_back])[None]] * 2
attention_explorer(layers, ["[CLS]", "gem", "[SEP]"])""",
}
TABS_AT_MOST = 20
expect.set_options(timeout=60_000)  # a bound for a busy machine; no test waits it out


@pytest.fixture
def run(lab, lab_server):
    """A function that runs one explorer in a notebook of its own; returns its cell."""

    def run(name):
        path = f"notebooks/explore_{name}.ipynb"
        save_notebook(lab_server[1] / path, SOURCES[name])
        lab.open(path)
        assert lab.run_cell("explorer")
        return living(lab)

    return run


def save_notebook(path, source):
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(source, id="explorer"),
            nbformat.v4.new_markdown_cell("The end.", id="end"),
        ]
    )
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "name": "python3"}
    nbformat.write(notebook, path)


def living(lab):
    """Wait for the one explorer of the open notebook; returns playwright's Locator."""
    explorer = lab.cell("explorer").locator(".course-explorer")
    expect(explorer).to_have_count(1)
    expect(explorer).to_be_visible()
    return explorer


def rows(explorer):
    return explorer.get_by_role("row")


def status(explorer):
    return explorer.get_by_role("status")


def press(explorer, *keys):
    for key in keys:
        explorer.page.keyboard.press(key)


def go_to(lab, control):
    """Go from the cell's code to a control by keyboard, as lesson 02 says."""
    lab.cell("explorer").locator(".cm-content").click()
    press(control, "Escape")
    for _ in range(TABS_AT_MOST):
        press(control, "Tab")
        if control.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("the Tab key does not lead to the control")


def run_again(lab):
    """Run the cell a second time, from its code; returns the new explorer."""
    lab.cell("explorer").locator(".cm-content").click()
    assert lab.run_cell("explorer")
    return living(lab)


def cells_of(lab):
    return lab.page.evaluate("course.front().content.widgets.length")


def test_pieces(lab, run):
    explorer = run("pieces")
    field = explorer.get_by_role("textbox", name="Your text:", exact=True)
    expect(status(explorer)).to_have_text("2 pieces of 4 characters")
    expect(rows(explorer).nth(2)).to_have_text("##s63 to 4s")
    field.click()
    press(field, "End", "Backspace")
    expect(status(explorer)).to_have_text("1 piece of 3 characters")
    go_to(lab, field)
    press(field, "ControlOrMeta+a")
    lab.page.keyboard.type("bad gem")  # b, a and d d are commands of the notebook
    expect(rows(explorer)).to_have_text(
        ["pieceidplace in the textstands for", "[UNK]10 to 3bad", "gem54 to 7gem"]
    )
    assert cells_of(lab) == 2
    expect(run_again(lab).get_by_role("textbox")).to_have_value("gems")
    expect(status(explorer)).to_have_text("2 pieces of 4 characters")
    assert not lab.complaints


def test_padding(lab, run):
    explorer = run("padding")
    expect(status(explorer)).to_contain_text("2 rows of 8 tokens; 4 of 16 places")
    expect(explorer.get_by_text("∅")).to_have_count(4)
    for number in (1, 2):
        expect(explorer.get_by_label(f"Text {number}:")).to_have_count(1)
    length = explorer.get_by_role("spinbutton", name="max_length:")
    boxes = {
        word: explorer.get_by_role("checkbox", name=word)
        for word in ("pad to max_length", "truncate", "pairs", "forget the mask")
    }
    boxes["pad to max_length"].click()
    expect(status(explorer)).to_contain_text("2 rows of 16 tokens; 20 of 32 places")
    go_to(lab, length)
    press(length, *["ArrowDown"] * 6)
    expect(status(explorer)).to_contain_text("2 rows of 10 tokens; 8 of 20 places")
    last_row = rows(explorer).last
    expect(last_row).to_have_text("text 2461.00")
    go_to(lab, boxes["forget the mask"])
    press(length, "Space")
    expect(status(explorer)).to_contain_text("The mask is missing: 1 everywhere.")
    expect(explorer.get_by_text("✗")).to_have_count(8)
    assert float(last_row.get_by_role("cell").last.inner_text()) < 0.9
    go_to(lab, boxes["pairs"])
    press(length, "Space")
    expect(status(explorer)).to_contain_text("1 row of 10 tokens; 0 of 10 places")
    go_to(lab, boxes["truncate"])
    press(length, "Space")
    expect(status(explorer)).to_contain_text("1 row of 11 tokens")
    expect(status(run_again(lab))).to_contain_text("2 rows of 8 tokens; 4 of 16 places")
    assert cells_of(lab) == 2 and not lab.complaints


def test_attention(lab, run):
    explorer = run("attention")
    layer = explorer.get_by_role("spinbutton", name="Layer (1 to 2):")
    head = explorer.get_by_role("spinbutton", name="Head (1 to 2):")
    expect(status(explorer)).to_contain_text("Layer 1, head 1")
    expect(rows(explorer).nth(2)).to_have_text("gem·100·")
    head.click()
    press(head, "ArrowUp")
    expect(rows(explorer).nth(2)).to_have_text("gem100··")
    go_to(lab, layer)
    press(layer, "ArrowUp", "ArrowUp")  # there is no third layer
    expect(status(explorer)).to_contain_text("Layer 2, head 2")
    expect(status(run_again(lab))).to_contain_text("Layer 1, head 1")
    assert cells_of(lab) == 2 and not lab.complaints


def test_saved_and_opened_again_where_its_kernel_is_gone(lab, run):
    run("pieces")
    saved = lab.cell("explorer").locator(".course-saved")
    expect(saved).to_be_hidden()  # the living explorer stands in its place
    lab.choose("File", "docmanager:save")
    lab.page.wait_for_function("!course.front().context.model.dirty")
    lab.page.evaluate("jupyterapp.serviceManager.sessions.shutdownAll()")
    lab.open("notebooks/explore_pieces.ipynb")
    cell = lab.cell("explorer")
    expect(saved).to_be_visible()
    expect(saved).to_contain_text("2 pieces of 4 characters")
    expect(saved).to_contain_text(NOTE)
    expect(cell.locator(".course-explorer")).to_have_count(0)
    error = cell.get_by_text("Error displaying widget")
    expect(error).to_have_count(1)  # JupyterLab has put it there
    expect(error).to_be_hidden()
