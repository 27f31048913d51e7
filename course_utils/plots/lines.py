"""Lines over a common axis."""

import matplotlib.pyplot as plt

from course_utils.value_checks import check_named


def plot_lines(x, lines, xlabel, ylabel, title):
    """Draw one line for each entry of `lines`, {name: values}, over the same x.

    x: N numbers, drawn at equal distances (they often double). values: N numbers.
    Raises ValueError where a line has another length than x.
    """
    check_named("lines", lines)
    for name, values in lines.items():
        if len(values) != len(x):
            raise ValueError(
                f"line {name!r} has {len(values)} values, expected {len(x)}, one for "
                "each x"
            )
    _, axes = plt.subplots()
    for name, values in lines.items():
        axes.plot(range(len(x)), values, label=name, clip_on=False)
    axes.set_xticks(range(len(x)), x)
    axes.set(xlabel=xlabel, ylabel=ylabel, title=title)
    axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    axes.grid(axis="y")
    axes.legend()
    plt.show()
