"""What every worker needs, loaded once, in the process that workers are forked from."""

import contextlib
import os

import torch
import tqdm

from course_utils.checks.engine import exercises_of
from course_utils.checks.exercise import Coding


def load(lessons):
    """Draw the cases of these lessons, so that the tokenizers and models are there.

    Everything stays in one thread: a forked process would wait for ever for another.
    """
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    torch.set_num_threads(1)
    tqdm.tqdm.monitor_interval = 0  # the bar's own thread
    for lesson in lessons:
        for exercise in exercises_of(lesson).values():
            if isinstance(exercise, Coding):
                with contextlib.suppress(Exception):  # then the worker says so
                    exercise.draw_cases()
