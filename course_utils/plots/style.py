"""The one style of all figures: `course.mplstyle`, and colours for parts of them."""

from pathlib import Path

import matplotlib.pyplot as plt

DARK, LIGHT, EMPTY = "#0b4f8a", "#cfe2f3", "#ffffff"
STYLE_SHEET = Path(__file__).parent.parent / "course.mplstyle"


def use_course_style():
    """Switch matplotlib to the course's style sheet."""
    plt.style.use(STYLE_SHEET)
