"""What a lesson builds in view and what `course_utils` keeps is the same code."""

import ast
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
LESSON_03 = "03_special_tokens_and_attention_masks"
LESSON_01 = "01_transformer_architecture"
SHARED = [
    (LESSON_01, "attention", "scaled_dot_product_attention"),
    (LESSON_01, "attention", "causal_mask"),
    (LESSON_01, "attention", "padding_mask"),
    (LESSON_01, "attention", "MultiHeadAttention"),
    (LESSON_01, "transformer", "positional_encoding"),
    (LESSON_01, "transformer", "EncoderBlock"),
    (LESSON_01, "transformer", "DecoderBlock"),
    (LESSON_01, "transformer", "Transformer"),
    (LESSON_01, "transformer", "greedy_decode"),
    (LESSON_03, "inputs", "truncate_pair"),
    (LESSON_03, "inputs", "add_special_tokens"),
    (LESSON_03, "inputs", "pad"),
    (LESSON_03, "inputs", "prepare_inputs"),
]


def definition(source, name):
    """Return the code of the function or class `name`, without docstrings."""
    for node in ast.parse(source).body:
        if getattr(node, "name", None) == name:
            return ast.unparse(without_docstrings(node))
    raise AssertionError(f"{name} is not defined there")


def without_docstrings(node):
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(part):
            part.body = part.body[1:]
    return node


@pytest.mark.parametrize(("stem", "module", "name"), SHARED)
def test_lesson_and_module_agree(stem, module, name):
    notebook = nbformat.read(ROOT / f"notebooks/{stem}.ipynb", as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    in_lesson = definition("\n".join(cells), name)
    in_module = definition((ROOT / f"course_utils/{module}.py").read_text(), name)
    assert in_lesson == in_module
