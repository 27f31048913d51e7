"""The figures of lesson 02: ways to cut text, a vocabulary's anatomy and its growth."""

import matplotlib.pyplot as plt

from course_utils.plots.style import DARK, LIGHT
from course_utils.value_checks import check_named


def plot_ways_to_cut(table, title):
    """Draw a panel for each column of table, with a bar for each row.

    table: DataFrame, one row for each way to cut, numbers. Each panel has its own
    scale, and each bar its number. Raises TypeError for another kind of table.
    """
    if not hasattr(table, "columns"):
        raise TypeError(
            f"table is a {type(table).__name__}, expected a DataFrame: try "
            "pd.DataFrame(table)"
        )
    figure, panels = plt.subplots(1, table.shape[1], figsize=(7.2, 2.6), sharey=True)
    for ax, name in zip(panels, table.columns, strict=True):
        values = table[name]
        ax.barh(table.index, values, color=DARK)
        for y, value in enumerate(values):
            shown = f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
            ax.text(value, y, " " + shown, va="center", fontsize=9)
        ax.set_xlim(0, values.max() * 1.45)
        ax.set_xticks([])
        ax.set_xlabel(name)
        ax.spines["bottom"].set_visible(False)
    panels[0].set_ylabel("unit")
    panels[0].invert_yaxis()
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def plot_anatomy(counts, title):
    """Draw how many entries of a vocabulary are of each kind.

    counts: {kind: number of entries}. Each bar has its number and its share.
    """
    check_named("counts", counts, "number")
    _, axes = plt.subplots(figsize=(7.2, 0.9 + 0.4 * len(counts)))
    total = sum(counts.values())
    axes.barh(list(counts), list(counts.values()), color=DARK)
    for y, count in enumerate(counts.values()):
        axes.text(count, y, f"  {count:,} ({count / total:.1%})", va="center")
    axes.invert_yaxis()
    axes.set_xlim(0, max(counts.values()) * 1.25)
    axes.set(xlabel="entries of the vocabulary", ylabel="kind", title=title)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    plt.show()


def plot_growth(sizes, curves, references, title):
    """Draw what vocabularies of growing size achieve, a panel for each measure.

    sizes: N ints. curves: {measure: {name: N numbers}}. references: {measure: number},
    what BERT's own vocabulary achieves, a dashed level. Raises ValueError where a curve
    has another length than sizes.
    """
    check_named("curves", curves, "{line: values}")
    figure, grid = plt.subplots(1, len(curves), figsize=(7.2, 3.4), squeeze=False)
    panels = grid[0]
    for ax, (measure, lines) in zip(panels, curves.items(), strict=True):
        for name, values in lines.items():
            if len(values) != len(sizes):
                raise ValueError(
                    f"{measure!r}, {name!r} has {len(values)} values, expected "
                    f"{len(sizes)}, one for each size"
                )
            ax.plot(range(len(sizes)), values, label=name)
        level = references[measure]
        ax.axhline(level, color="#555555", linestyle=(0, (1, 1)), label="BERT's own")
        ax.set_xticks(range(len(sizes)), [f"{size:,}" for size in sizes])
        ax.set(xlabel="vocabulary size (pieces)", ylabel=measure)
        ax.set_ylim(bottom=0)
        ax.grid(axis="y")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plt.show()


def plot_spans(text, spans, title):
    """Draw text character by character, with the pieces that stand for it below.

    text: str. spans: [(piece, start, end)]; characters of no piece stay white, and
    neighbouring pieces differ in shade. Raises ValueError for a place outside of text.
    """
    for piece, start, end in spans:
        if not 0 <= start <= end <= len(text):
            raise ValueError(
                f"{piece!r} stands at {start} to {end}, expected 0 to {len(text)}, the "
                "length of text: are these the pieces of another text?"
            )
    _, axes = plt.subplots(figsize=(7.2, 1.6))
    shades = [None] * len(text)
    for i, (piece, start, end) in enumerate(spans):
        shades[start:end] = [(LIGHT, "#9fc3e6")[i % 2]] * (end - start)
        axes.text((start + end) / 2, 1.5, piece, ha="center", va="center", fontsize=9)
        axes.plot([start + 0.1, end - 0.1], [1.08] * 2, color=DARK, marker="", ls="-")
    for i, (character, shade) in enumerate(zip(text, shades, strict=True)):
        box = {"facecolor": shade or "white", "edgecolor": "#888888"}
        axes.add_patch(plt.Rectangle((i, 0), 1, 1, **box))
        axes.text(i + 0.5, 0.5, character, ha="center", va="center")
    axes.set(xlim=(0, len(text)), ylim=(2, 0), xlabel="place in the text (characters)")
    axes.set(title=title, ylabel="")
    axes.set_xticks(range(0, len(text) + 1, 5))
    axes.set_yticks([0.5, 1.5], ["text", "pieces"])
    axes.tick_params(length=0)
    plt.show()
