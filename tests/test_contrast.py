"""Colours can be told from what lies behind them: WCAG 2.2, measured.

Words need a contrast of 4.5 to 1 (criterion 1.4.3), lines and borders 3 to 1 (1.4.11).
Filled areas need none: each has an edge, a hatch or a word of its own.
"""

import ast
import re
from pathlib import Path

import matplotlib
import pytest
from matplotlib.colors import to_hex, to_rgb

from course_utils import entity_display, highlighted_answer
from course_utils.checks.result import LOOKS
from course_utils.grading import pages
from course_utils.plots.style import DARK, LIGHT, STYLE_SHEET

PACKAGE = Path(entity_display.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
WORDS, LINES = 4.5, 3.0
WHITE, NEAR_BLACK = "#ffffff", "#111111"  # the pages of JupyterLab's two themes
FILLS = {LIGHT, "#7fa8cf"}  # of bars and boxes; their edges are measured
HEX = r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b"
LINE_NAMES = {"color", "edgecolor", "edgecolors"}


def luminance(colour):
    """Return the relative luminance of a colour, 0 (black) to 1 (white)."""
    channels = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in to_rgb(colour)
    ]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


def contrast(one, other):
    """Return the contrast of two colours, 1 (equal) to 21 (black on white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def colours_of_drawings(path):
    """Yield (line number, least contrast, colour) for the colours that a module draws.

    A colour is a constant given as `color=` or `edgecolor=`, under such a dict key,
    or by a name of its own; `ink = ...` and the colour of `axes.text(...)` are words.
    """
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        named, needed = [], LINES
        if isinstance(node, ast.Call):
            named = [(keyword.arg, keyword.value) for keyword in node.keywords]
            if getattr(node.func, "attr", "") in ("text", "annotate"):
                needed = WORDS
        elif isinstance(node, ast.Dict):
            keys = [getattr(key, "value", None) for key in node.keys]
            named = list(zip(keys, node.values, strict=True))
        elif isinstance(node, ast.Assign):
            named = [("color", part) for part in ast.walk(node.value)]
            is_ink = getattr(node.targets[0], "id", "") == "ink"
            named, needed = (named, WORDS) if is_ink else (named[:1], LINES)
        for name, value in named:
            colour = getattr(value, "value", None)
            if name in LINE_NAMES and re.fullmatch(HEX, str(colour)):
                yield node.lineno, needed, colour


def test_the_measure_is_that_of_the_standard():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#fff", "#777777") == contrast("#777777", "#fff")


def test_lines_and_words_of_the_style_sheet():
    sheet = matplotlib.rc_params_from_file(STYLE_SHEET)
    paper = to_hex(sheet["figure.facecolor"])
    for colour in sheet["axes.prop_cycle"].by_key()["color"]:
        assert contrast(f"#{colour.lstrip('#')}", paper) >= LINES, colour
    for name in ("text.color", "axes.labelcolor", "xtick.color", "ytick.color"):
        assert contrast(sheet[name], paper) >= WORDS, name
    assert contrast(sheet["axes.edgecolor"], paper) >= LINES


def test_lines_and_words_of_the_figures():
    measured = []
    for path in SOURCES:
        for line, needed, colour in colours_of_drawings(path):
            if colour not in FILLS:
                found = contrast(colour, WHITE)
                assert found >= needed, f"{path.name}:{line} {colour} has {found:.2f}"
                measured.append(needed)
    assert measured.count(LINES) >= 15 and measured.count(WORDS) >= 3


def test_words_on_fills():
    assert contrast("white", DARK) >= WORDS
    for fill in (*FILLS, "#9fc3e6"):
        assert contrast("black", fill) >= WORDS, fill
    for fill in (*entity_display.COLOURS.values(), entity_display.OTHER):
        assert contrast(entity_display.INK, fill) >= WORDS, fill
    fill = re.search(rf"background:({HEX})", highlighted_answer.MARK)[1]
    assert contrast("black", fill) >= WORDS


def test_borders_of_checks_and_grades_on_light_and_dark_pages():
    colours = [colour for _, colour in LOOKS.values()]
    colours += [*pages.COLOURS.values(), pages.WRONG]
    for colour in colours:
        assert contrast(colour, WHITE) >= LINES, colour
        assert contrast(colour, NEAR_BLACK) >= LINES, colour


def test_borders_and_words_in_html():
    source = "\n".join(path.read_text("utf-8") for path in SOURCES)
    for colour in re.findall(rf"border[a-z-]*:[^;\"']*?({HEX})", source):
        assert contrast(colour, WHITE) >= LINES, colour
        assert contrast(colour, NEAR_BLACK) >= LINES, colour
    for colour in re.findall(rf"(?<![\w-])color: ?({HEX})", source):
        assert contrast(colour, WHITE) >= WORDS, colour
