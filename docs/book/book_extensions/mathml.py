"""Formulas as MathML, which browsers draw themselves: no script, no other site."""

import re

from docutils import nodes
from latex2mathml.converter import convert

# TeX leaves a thin space between the name of a function and a plain letter.
FUNCTION = re.compile(r"\\(ln|log|exp|sin|cos)(?![a-zA-Z_^({])\s*(?!\\Big|\\left)")


def mathml(latex, display):
    """Return a formula as a <math> element.

    latex: str, without its dollars. display: "inline" or "block".
    """
    element = convert(FUNCTION.sub(r"\\\1\\,", latex), display=display)
    # Infinity is a quantity: as an operator it would stand apart from its minus sign.
    return element.replace("<mo>&#x0221E;</mo>", "<mi>&#x0221E;</mi>")


def visit_inline(translator, node):
    translator.body.append(mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def visit_block(translator, node):
    formula = mathml(node.astext(), "block")
    translator.body.append(f'<div class="math-block" tabindex="0">{formula}</div>\n')
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
