"""Every lesson under other conditions: no network at all, one core, a model of another
shape, a path with accents."""

import os
import shutil

import nbformat
import pytest

from tests.slow.lesson_copies import LESSONS, run_copy, shown_text

each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)


@each_lesson
def test_in_a_network_namespace_of_its_own(lesson, tmp_path):
    """Not even the loopback of the machine: `unshare` leaves the kernel alone."""
    assert shutil.which("unshare"), "needs Linux and util-linux's unshare"
    up = ("unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
    again = run_copy(lesson, tmp_path, prefix=up, HF_HUB_OFFLINE="0")
    assert shown_text(again) == shown_text(nbformat.read(lesson, as_version=4))


@each_lesson
def test_on_one_core_with_the_small_profile(lesson, tmp_path):
    core = str(min(os.sched_getaffinity(0)))
    again = run_copy(lesson, tmp_path, prefix=("taskset", "-c", core))
    if "workload_profile" not in lesson.read_text("utf-8"):
        assert shown_text(again) == shown_text(nbformat.read(lesson, as_version=4))


@each_lesson
def test_with_a_model_of_base_shape(lesson, tmp_path, base_shaped_folder):
    """Its weights are random: every assertion of the lesson about shapes must hold."""
    run_copy(
        lesson,
        tmp_path,
        COURSE_MODEL=str(base_shaped_folder),
        COURSE_PROFILE="small",
    )


@each_lesson
def test_from_a_path_with_spaces_and_accents(lesson, tmp_path):
    run_copy(lesson, tmp_path / "Émile's course (3)", COURSE_PROFILE="small")
