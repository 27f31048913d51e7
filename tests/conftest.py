"""Fixtures that several test modules share."""

import functools
import os
import runpy
import shutil
from pathlib import Path

import pytest

from course_utils import assets
from tests.hypothesis_cases import use_profile
from tests.small_course import EXERCISE, LESSON, START, git, notebook

use_profile()
STARTUP = Path(__file__).parent / "kernel_startup"
runpy.run_path(str(STARTUP / "02_deprecated_in_the_log.py"))  # as kernels under test do


@pytest.fixture(autouse=True)
def no_course_settings(monkeypatch):
    """Tests start from the course's defaults, whatever the user has set."""
    for name in ("COURSE_MODEL", "COURSE_PROFILE", "COURSE_FEATURES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WHEELHOUSE", "")  # one beside the Makefile is not used


@pytest.fixture
def keep_figures(monkeypatch):
    """Draw in the course's style, without a screen; keep figures open for the test."""
    import matplotlib.pyplot as plt

    from course_utils import use_course_style

    plt.switch_backend("Agg")
    monkeypatch.setattr(plt, "show", lambda: None)
    use_course_style()
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def bert():
    """The embedded tokenizer and model, loaded once."""
    from course_utils import load_bert

    return load_bert()


@pytest.fixture(scope="session")
def base_shaped_folder(tmp_path_factory):
    """A folder with a random model of bert-base's shape and the course's vocabulary."""
    import torch
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("base") / "random-bert-base"
    torch.manual_seed(0)
    BertModel(BertConfig()).save_pretrained(folder)
    for name in assets.MODEL_FILES:
        if name not in ("config.json", "model.safetensors"):
            shutil.copy(assets.model_folder() / name, folder)
    return folder


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache folder of its own, empty, for the test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("COURSE_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def fetched_reviews():
    """The user's cache, with the review files fetched and verified."""
    return assets.fetch_reviews()


@pytest.fixture
def filled_cache(cache, fetched_reviews):
    """A cache folder of its own with copies of the review files."""
    cache.mkdir()
    for name in assets.REVIEW_FILES:
        shutil.copy2(fetched_reviews / name, cache)
        (cache / name).chmod(0o644)
    return cache


@pytest.fixture
def deny_writing(tmp_path):
    """A function that takes away the right to write to a folder, from root, too."""
    denied = []
    is_root = os.geteuid() == 0

    def deny(folder):
        folder.chmod(0o555)
        denied.append(folder)
        if is_root:  # root may write anywhere: go on as nobody, who must get here
            for parent in [tmp_path, *tmp_path.parents]:
                if parent.stat().st_mode & 0o055 != 0o055:
                    parent.chmod(0o755)
            os.seteuid(65534)
        return folder

    yield deny
    if is_root:
        os.seteuid(0)
    for folder in denied:
        folder.chmod(0o755)


@pytest.fixture(scope="session")
def given_course(tmp_path_factory):
    """A function: a small course with its history, as it is given out."""

    @functools.cache
    def give(text):
        folder = tmp_path_factory.mktemp("course")
        for page in (START, LESSON, EXERCISE, "solutions/03_masks.ipynb"):
            (folder / page).parent.mkdir(exist_ok=True)
            (folder / page).write_bytes(notebook(text))
        (folder / ".gitignore").write_text(".progress.json*\nmy_work/\n")
        git(folder, "init", "-q")
        git(folder, "add", ".")
        git(folder, "commit", "-qm", "the course")
        return folder

    return give


@pytest.fixture
def new_session(tmp_path, monkeypatch, given_course):
    """A function: a new copy of the course; the session is in it."""
    monkeypatch.delenv("COURSE_PROGRESS", raising=False)

    def begin(name, text="as given"):
        folder = shutil.copytree(given_course(text), tmp_path / name)
        folder.chmod(0o755)
        monkeypatch.chdir(folder / "notebooks")
        return folder

    return begin
