"""What the start page shows: is this computer ready, and what is done already."""

import re
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from course_utils.checks import progress
from course_utils.checks.engine import exercises_of, lessons
from course_utils.doctor import DISTRIBUTION, examine


def readiness_table():
    """Return the doctor's rows as a DataFrame: what, found, to do.

    "to do" is "" where all is well. The libraries that are well share one row, and
    folders are left out: `make doctor` shows both.
    """
    import pandas as pd

    names = {Requirement(line).name for line in metadata.requires(DISTRIBUTION)}
    examined = examine()
    well = [what for what, _, fix in examined if what in names and not fix]
    rows = [
        (what, re.sub(r", in .*", "", found), fix)
        for what, found, fix in examined
        if what not in well
    ]
    rows.insert(1, ("libraries", f"{len(well)}, in versions that fit", ""))
    return pd.DataFrame(rows, columns=["what", "found", "to do"]).set_index("what")


def progress_table(exercises="../exercises"):
    """Return a DataFrame, a row for each lesson: done, of, and the share as a bar.

    exercises: str or Path, the folder of the exercise notebooks, in which the checks
    keep what is done. Where nothing was done yet, or the file is lost, done is 0.
    """
    import pandas as pd

    done, _ = progress.read(Path(exercises) / progress.NAME)
    rows = {}
    for lesson in lessons():
        ids = list(exercises_of(lesson))
        ready = len(set(ids) & set(done))
        bar = "■" * round(10 * ready / len(ids))
        rows[lesson] = {"done": ready, "of": len(ids), "": bar.ljust(10, "□")}
    table = pd.DataFrame(rows).T
    return table.rename_axis("lesson")
