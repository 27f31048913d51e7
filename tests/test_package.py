"""The package itself: light to import, clear about its names, seeds and progress."""

import random
import subprocess
import sys

import numpy as np
import pytest
import torch

import course_utils


def test_import_loads_no_heavy_library():
    code = (
        "import sys, course_utils; "
        "print([m for m in ('torch', 'transformers', 'pandas', 'matplotlib', 'numpy') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


@pytest.mark.parametrize("name", course_utils.__all__)
def test_each_public_name_exists_and_is_documented(name):
    thing = getattr(course_utils, name)
    assert name in dir(course_utils)
    assert not callable(thing) or thing.__doc__


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(AttributeError, match=r"no 'load_brt'; it has: .*load_bert"):
        course_utils.load_brt  # noqa: B018


def test_set_seed_repeats_every_source_of_chance():
    def draw():
        course_utils.set_seed(7)
        return random.random(), np.random.rand(), torch.rand(1).item()

    first, second = draw(), draw()
    assert first == second
    course_utils.set_seed(8)
    assert random.random() != first[0]


@pytest.mark.parametrize("seed", ["0", 1.5, None, True])
def test_set_seed_says_what_was_given(seed):
    with pytest.raises(TypeError, match=type(seed).__name__):
        course_utils.set_seed(seed)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_set_seed_names_its_range(seed):
    with pytest.raises(ValueError, match=r"0 <= seed < 2\*\*32"):
        course_utils.set_seed(seed)


def test_progress_yields_every_item_and_writes_to_stdout(capsys):
    assert list(course_utils.progress("abc", "Reading")) == ["a", "b", "c"]
    assert list(course_utils.progress(iter("ab"), "Reading", total=2)) == ["a", "b"]
    written = capsys.readouterr()
    assert "Reading: 100%" in written.out and written.err == ""
