"""A student's wrong call ends in our own message: given, expected, likely cause."""

import traceback
from pathlib import Path

import pytest

import course_utils
from tests.wrong_calls import CALLS
from tests.wrong_calls.kit import make_kit

PACKAGE = Path(course_utils.__file__).parent
NOT_CALLED_WRONGLY = {  # constants, classes of errors, and what takes no argument
    "AssetError", "LABEL_NAMES", "FAMILY", "family_sizes", "features_folder",
    "load_development_names", "load_development_pairs", "load_paraphrases",
    "load_word_senses", "loopback_problem", "model_folder", "progress_panel",
    "release_memory", "use_course_style", "workload_profile",
    # never raise: `check` shows a Result, a handler replies 400, plot_families has only
    # a title
    "check", "ClassifierHandler", "plot_families",
}  # fmt: skip


@pytest.fixture(scope="module")
def kit():
    from transformers import BertForQuestionAnswering

    kit = make_kit()
    kit.answering = kit.tokenizer, BertForQuestionAnswering(kit.config).eval()
    return kit


@pytest.mark.parametrize(
    "wrong", CALLS, ids=[f"{n}-{call[0]}" for n, call in enumerate(CALLS)]
)
def test_a_wrong_call_is_explained(wrong, kit, keep_figures, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_ARTIFACTS", str(tmp_path))
    _, call, given, expected, cause = wrong
    with pytest.raises(Exception) as caught:
        call(kit)
    message = str(caught.value)
    for words in (given, expected, cause):
        assert words in message, (words, message)
    raised_in = Path(traceback.extract_tb(caught.value.__traceback__)[-1].filename)
    assert raised_in.is_relative_to(PACKAGE), f"raised by {raised_in.name}"
    assert list(tmp_path.iterdir()) == []


def test_every_public_name_is_called_wrongly():
    named = {name for name, *_ in CALLS}
    assert named | NOT_CALLED_WRONGLY == set(course_utils.__all__)
    assert not named & NOT_CALLED_WRONGLY


def test_there_are_enough_wrong_calls():
    assert len(CALLS) >= 370
