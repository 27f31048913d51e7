"""A wheelhouse: a folder with all that pip needs, for computers without a network.

`make wheelhouse` makes one (course_utils/wheelhouse_builder.py). Set-up and `fetch`
take everything from it where it lies beside the Makefile, or where WHEELHOUSE names it.
An empty WHEELHOUSE asks the network, whatever lies there.

Used before the course is installed, too: standard library and the syntax of
Python 3.6 only.
"""

import json
import os
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SYSTEM_FILE = "made_for.json"


class WheelhouseError(RuntimeError):
    """A wheelhouse that cannot be used here; the text says why, in a sentence."""


def this_system():
    """Return what wheels depend on, such as {"python": "3.11", "system": ...}."""
    return {
        "python": "{}.{}".format(*sys.version_info),
        "system": platform.system(),
        "machine": platform.machine(),
    }


def in_words(system):
    """Return a system as this_system() returns it, as a reader writes it (str)."""
    return "Python {python} on {system} ({machine})".format(**system)


def find_wheelhouse(root=ROOT):
    """Return the folder to install from, or None: then pip asks the network.

    Raises WheelhouseError where WHEELHOUSE names no wheelhouse, and where it was made
    for another Python or another system.
    """
    chosen = os.environ.get("WHEELHOUSE")
    folder = Path(chosen if chosen else root / "wheelhouse")
    if chosen == "" or (chosen is None and not folder.is_dir()):
        return None
    try:
        made_for = json.loads((folder / SYSTEM_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        raise WheelhouseError(
            f"'{folder}' is no wheelhouse (it has no {SYSTEM_FILE}): name the folder "
            "that 'make wheelhouse' made, or say 'make setup WHEELHOUSE=' to install "
            "from the network."
        ) from None
    if made_for != this_system():
        raise WheelhouseError(
            f"The wheelhouse '{folder}' was made for {in_words(made_for)}, and this is "
            f"{in_words(this_system())}: take that Python (make setup PYTHON=...), or "
            "say 'make setup WHEELHOUSE=' to install from the network."
        )
    return folder.resolve()


def pip_environment(folder):
    """Return the environment in which pip sees this folder and nothing else (dict).

    Neither variables nor configuration files of the machine reach pip. The folder is
    written as an address, since pip cuts the variable at spaces.
    """
    kept = {k: v for k, v in os.environ.items() if not k.upper().startswith("PIP_")}
    return {
        **kept,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": folder.as_uri(),
    }
