"""The copy of the course that a submission may see: the helpers, not the answers."""

import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path

from course_utils.grading.sandbox import PACKAGE

WITHHELD = ("lesson_*", "release.py", "grade.py", "__pycache__")
LIST_FONTS = "import matplotlib.font_manager"


def stage_course(folder):
    """Write the copy into `folder` (an empty one). Returns it.

    Without the checks of any lesson: no truth, no right letter, no listed mistake is in
    reach of the student's code. What it needs of them the grader hands in by itself.
    """
    folder = Path(folder)
    shutil.copytree(
        PACKAGE,
        folder / "course_utils",
        ignore=shutil.ignore_patterns(*WITHHELD),
    )
    compileall.compile_dir(folder, quiet=2)
    _list_fonts(folder / "fonts")
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def _list_fonts(folder):
    """Let matplotlib make its list of fonts once, and not in every sandbox."""
    folder.mkdir()
    settings = {**os.environ, "MPLCONFIGDIR": str(folder)}
    subprocess.run(
        [sys.executable, "-c", LIST_FONTS], env=settings, capture_output=True
    )
