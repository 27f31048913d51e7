"""Let what transformers logs as deprecated be a FutureWarning, where our code calls it.

transformers says most of it by `logger.warning_once`, which no filter of warnings sees,
and says it only once. The line that counts is the last one outside of transformers: one
of a cell, of the course or of a test. Then the filters decide, as for any warning.

IPython runs this at the start of each kernel under test, and tests/conftest.py runs it,
both before transformers makes its loggers.
"""

import logging as _logging
import re as _re
import sys as _sys
import warnings as _warnings

_OURS = _re.compile(r"(course_utils|tests|__main__)\b")
_LIBRARY = "transformers"


class _Logger(_logging.Logger):
    def warning(self, message, *arguments, **options):
        _warn_if_ours(self.name, message, _sys._getframe(1))
        super().warning(message, *arguments, **options)

    def warning_once(self, message, *arguments, **options):
        _warn_if_ours(self.name, message, _sys._getframe(1))
        super().warning_once(message, *arguments, **options)


def _warn_if_ours(name, message, frame):
    if name.split(".")[0] != _LIBRARY or "deprecated" not in str(message).lower():
        return
    while frame and frame.f_globals.get("__name__", "").split(".")[0] == _LIBRARY:
        frame = frame.f_back
    module = frame.f_globals.get("__name__", "") if frame else ""
    if _OURS.match(module):
        place = frame.f_code.co_filename, frame.f_lineno
        _warnings.warn_explicit(message, FutureWarning, *place, module=module)


_logging.setLoggerClass(_Logger)
