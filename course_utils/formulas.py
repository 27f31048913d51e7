"""Formulas as drawings: LaTeX to an SVG that is part of the page.

matplotlib's mathtext sets them, so that a page needs no script and no font. What it
cannot set stays LaTeX, in the letters of code.
"""

import re
from functools import cache
from html import escape

from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser
from matplotlib.path import Path
from matplotlib.textpath import TextPath

SIZE = 10.0  # points that stand for one em
FONT = FontProperties(size=SIZE, math_fontfamily="stix")
COMMANDS = {  # mathtext's names for LaTeX's
    Path.MOVETO: "M",
    Path.LINETO: "L",
    Path.CURVE3: "Q",
    Path.CURVE4: "C",
}
KNOWN_OTHERWISE = (  # LaTeX, and how mathtext has it
    (r"\\begin\{cases\}(.*?)\\end\{cases\}", lambda found: in_one_line(found[1])),
    (r"\\(?:text|operatorname)\{", r"\\mathrm{"),
    (r"\\tfrac(\d)(\d)", r"\\frac{\1}{\2}"),
    (r"\\tfrac", r"\\frac"),
    (r"\\sqrt (\w)", r"\\sqrt{\1}"),
    (r"\\[lr]Vert", r"\\|"),
    (r"\\[!,;] ?", r"\\,"),
    (r"\\top\b", r"\\mathsf{T}"),
    (r"\\Big\b", ""),
    (r"\\le\b", r"\\leq"),
)


def in_one_line(cases):
    """Return the rows of LaTeX's cases, value & condition, one after the other."""
    rows = [row.split("&") for row in cases.split(r"\\")]
    return r",\quad ".join(rf"{value}\ \ ({condition})" for value, condition in rows)


@cache
def formula_svg(latex):
    """Return a formula as an inline SVG (str), or as <code> where it cannot be set.

    latex: without the dollars around it. Sizes are in em, so that it grows with the
    text; the drawing's label is the LaTeX, for those who hear the page.
    """
    given = " ".join(latex.split())
    words = given
    for pattern, replacement in KNOWN_OTHERWISE:
        words = re.sub(pattern, replacement, words)
    # mathtext knows no spaces inside of upright words
    words = re.sub(
        r"\\mathrm\{([^{}]*)\}",
        lambda found: r"\mathrm{" + found[1].replace(" ", r"\ ") + "}",
        words,
    )
    try:
        parsed = MathTextParser("path").parse(f"${words}$", dpi=72, prop=FONT)
        outline = TextPath((0, 0), f"${words}$", prop=FONT)
    except ValueError:  # mathtext does not know a command
        return f"<code>{escape(given)}</code>"
    width, height, depth = parsed.width, parsed.height, parsed.depth
    return (
        f'<svg role="img" aria-label="{escape(given, quote=True)}" '
        f'viewBox="0 {depth - height:.2f} {width:.2f} {height:.2f}" '
        f'style="width: {width / SIZE:.3f}em; height: {height / SIZE:.3f}em; '
        f'vertical-align: {-depth / SIZE:.3f}em">'
        f'<path d="{path_data(outline)}"/></svg>'
    )


def path_data(outline):
    """Return a path in SVG's letters, y downwards (str)."""
    words = []
    for points, code in outline.iter_segments(curves=True, simplify=False):
        if code == Path.CLOSEPOLY:
            words.append("Z")
            continue
        numbers = [value if n % 2 == 0 else -value for n, value in enumerate(points)]
        words.append(COMMANDS[code] + " ".join(f"{value:.2f}" for value in numbers))
    return "".join(words)
