"""What every worker needs, loaded once: the process that workers are forked from.

It imports the libraries, and draws each lesson's cases so that tokenizers and models
are there. One thread: a forked process could wait for ever for a thread that is not.
"""

import contextlib
import os

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch  # noqa: E402

from course_utils.checks.engine import exercises_of  # noqa: E402
from course_utils.checks.exercise import Coding  # noqa: E402
from course_utils.grading import worker  # noqa: E402, F401

torch.set_num_threads(1)
for lesson in filter(None, os.environ.get("GRADING_LESSONS", "").split(",")):
    for exercise in exercises_of(int(lesson)).values():
        if isinstance(exercise, Coding):
            with contextlib.suppress(Exception):  # then the worker says so
                exercise.draw_cases()
