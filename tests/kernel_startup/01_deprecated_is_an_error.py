"""IPython runs this at the start of each kernel under test: a deprecated call fails.

Only where a cell or the course's code makes the call: what a library does inside is for
its authors to mend. The same rule as that of pytest in pyproject.toml.
"""

import warnings

for kind in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
    warnings.filterwarnings("error", category=kind, module=r"(course_utils|__main__)\b")

del warnings, kind  # a lesson must import what it uses
