"""What the open figures show, as numbers and words, without drawing them."""

import sys

from tests.out_of_order.digests import digest


def take_figures():
    """Return a digest for each open figure, a line each, and close them all (str)."""
    plt = sys.modules.get("matplotlib.pyplot")
    if plt is None:
        return ""
    figures = [plt.figure(number) for number in plt.get_fignums()]
    lines = [digest([_of_artist(x) for x in figure.findobj()]) for figure in figures]
    plt.close("all")
    return "\n".join(lines)


def _of_artist(artist):
    """Return what an artist draws: points, numbers, outline or words."""
    for getter in (
        "get_xydata",
        "get_segments",
        "get_offsets",
        "get_array",
        "get_text",
    ):
        if hasattr(artist, getter):
            return type(artist).__name__, getattr(artist, getter)()
    if hasattr(artist, "get_path") and hasattr(artist, "get_patch_transform"):
        path = artist.get_path()
        return type(artist).__name__, artist.get_patch_transform().transform(
            path.vertices
        )
    return type(artist).__name__
