"""What the course writes and a student depends on: each as a piece of work to be cut.

Each makes its former state in a folder, does what a student's cell does, and says in
which state the folder is: "old", "new", or "part" where several files are written and
each of them is whole. Whatever is half or mixed raises AssertionError.
"""

import os
from dataclasses import dataclass

from tests.crashes import cached_files, saved_models, students_work


@dataclass(frozen=True)
class Work:
    """prepare(folder, seed): the former state. do(folder). state(folder): a word."""

    prepare: object
    do: object
    state: object


def warm(shared):
    """Make once what the works need, in the folder `shared` (Path)."""
    os.environ["CRASH_SHARED"] = str(shared)
    cached_files.archive()
    cached_files.true_features()


WORKS = {
    "fetching the reviews": Work(
        cached_files.prepare_reviews,
        cached_files.do_reviews,
        cached_files.state_of_reviews,
    ),
    "verified.json": Work(
        cached_files.prepare_verified,
        cached_files.do_verified,
        cached_files.state_of_verified,
    ),
    "features": Work(
        cached_files.prepare_features,
        cached_files.do_features,
        cached_files.state_of_features,
    ),
    "save_model": Work(
        saved_models.prepare_model, saved_models.do_model, saved_models.state_of_model
    ),
    "save_model by two renames": Work(
        saved_models.prepare_model,
        saved_models.do_model_by_renames,
        saved_models.state_of_model,
    ),
    "progress": Work(
        students_work.prepare_progress,
        students_work.do_progress,
        students_work.state_of_progress,
    ),
    "take_home": Work(
        students_work.prepare_course,
        students_work.do_take_home,
        students_work.state_of_zip,
    ),
    "restore": Work(
        students_work.prepare_restore,
        students_work.do_restore,
        students_work.state_of_restore,
    ),
}
