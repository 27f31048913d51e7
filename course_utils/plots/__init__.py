"""The figures of the lessons, a module for each subject, in one style.

Each function draws one figure and shows it; the caller's title says the finding.
"""

import logging
from importlib import import_module


def _import_quietly():
    """Import matplotlib without its report on a home folder that cannot be written.

    It goes on with a temporary folder, so there is nothing for a student to do.
    """
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.ERROR)
    import_module("matplotlib.font_manager")
    log.setLevel(level)


_import_quietly()
