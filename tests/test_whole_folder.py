"""A model's folder that another kernel replaces while it is read."""

import pytest

from course_utils import load_bert_for, pretrained, save_model


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """A function that saves a classifier with the names given; returns the folder."""
    monkeypatch.setenv("COURSE_ARTIFACTS", str(tmp_path))

    def save(*names):
        tokenizer, model = load_bert_for("sequence-classification", names)
        return save_model("07_finetune_sentiment", model, tokenizer, "card")

    return save


def test_names_of_one_model_and_the_head_of_another_are_read_again(saved, monkeypatch):
    """Another kernel saves after the names were read, and before the weights are."""
    folder, usual, others = saved("no", "yes"), pretrained.AutoConfig, []

    class ThenAnotherSaves:
        @staticmethod
        def from_pretrained(*arguments, **choices):
            config = usual.from_pretrained(*arguments, **choices)
            if not others:
                others.append("saved")
                monkeypatch.setattr(pretrained, "AutoConfig", usual)
                saved("bad", "good")
            return config

    monkeypatch.setattr(pretrained, "AutoConfig", ThenAnotherSaves)
    _, model = load_bert_for("sequence-classification", name=folder)
    assert others and model.config.id2label == {0: "bad", 1: "good"}


def test_an_error_that_stays_is_raised_as_it_is(saved):
    folder = saved("no", "yes")
    with pytest.raises(ValueError, match=r"expected .'no', 'yes'. in this order"):
        load_bert_for("sequence-classification", ["yes", "no"], name=folder)
