"""A loaded model's weights are its own: never random in silence, never misnamed."""

import json
import warnings

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    BertForMaskedLM,
    BertForPreTraining,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    BertForTokenClassification,
    DistilBertConfig,
    DistilBertModel,
    RobertaConfig,
    RobertaForMaskedLM,
)

from course_utils import AssetError, load_bert, load_bert_for, save_model, saved_folder
from tests.tiny_hub_model import save_tiny_bert

TASK = "sequence-classification"
LABELS = ["negative", "positive"]
NAMED = {"id2label": dict(enumerate(LABELS))}
NEW_NAMES = {"id2label": {0: "positive", 1: "negative"}}


@pytest.fixture
def saved(tmp_path):
    """A folder with a classifier of two named classes."""
    return save_tiny_bert(tmp_path, 0, BertForSequenceClassification, **NAMED)


def rewrite(folder, change):
    """Change the dict of a folder's weights."""
    path = folder / "model.safetensors"
    save_file(change(load_file(path)), path, metadata={"format": "pt"})
    return folder


def assert_own(model, folder, head=()):
    """Every weight is the file's, but for the named ones."""
    kept = load_file(folder / "model.safetensors")
    body = f"{model.base_model_prefix}."
    kept = {key.removeprefix(body): value for key, value in kept.items()}
    for key, value in model.state_dict().items():
        if not key.startswith(head):
            assert torch.equal(value, kept[key.removeprefix(body)]), key


# --- what would be random ------------------------------------------------------------


def renamed(weights):
    return {f"old.{key}": value for key, value in weights.items()}


def halved(weights):
    return dict(list(weights.items())[::2])


def widened(weights):
    return {key: torch.cat([value, value]) for key, value in weights.items()}


@pytest.mark.parametrize("change", [renamed, halved, widened])
@pytest.mark.parametrize("task", [None, TASK, "question-answering"])
def test_weights_that_the_file_lacks_are_an_error(tmp_path, change, task):
    folder = rewrite(save_tiny_bert(tmp_path), change)
    with pytest.raises(AssetError, match=r"'.*embeddings.* and \d+ more are missing"):
        load_bert_for(task, name=folder) if task else load_bert(folder)


def test_a_trained_head_that_is_missing_is_an_error(saved):
    rewrite(saved, lambda w: {key: w[key] for key in w if key != "classifier.weight"})
    with pytest.raises(AssetError, match=r"'classifier\.weight' are missing"):
        load_bert_for(TASK, name=saved)
    assert_own(load_bert(saved)[1], saved)


def test_a_trained_heads_pooler_that_is_missing_is_an_error(saved):
    rewrite(saved, lambda w: {key: w[key] for key in w if "pooler" not in key})
    with pytest.raises(AssetError, match=r"'bert\.pooler\.dense\.bias' and 1 more"):
        load_bert_for(TASK, name=saved)


@pytest.mark.parametrize(
    "settings", [{"num_hidden_layers": 3}, {"hidden_size": 64}, {"vocab_size": 30523}]
)
def test_settings_for_which_there_are_no_weights(tmp_path, settings):
    (name,) = settings
    with pytest.raises(ValueError, match=rf"'{name}': \d+.* was given, expected .*\d"):
        load_bert(save_tiny_bert(tmp_path), ignore_mismatched_sizes=True, **settings)


def test_without_a_pooler_its_output_is_warned_of(tmp_path):
    folder = save_tiny_bert(tmp_path, 0, BertForMaskedLM)
    with pytest.warns(UserWarning, match="without a pooler: its pooler_output") as said:
        _, model = load_bert(folder)
    assert said[0].filename == __file__
    assert_own(model, folder, head="pooler.")


# --- whose names are wrong -----------------------------------------------------------


@pytest.mark.parametrize(
    "names", [{"labels": LABELS[::-1]}, {"labels": ["no", "yes"]}, NEW_NAMES]
)
def test_other_names_than_the_head_has_learned(saved, names):
    with pytest.raises(ValueError, match=r"expected \['negative', 'positive'\] in"):
        load_bert_for(TASK, name=saved, **names)


def test_another_number_of_names_than_the_head_has_learned(saved):
    with pytest.raises(ValueError, match=r"3 labels were asked for, expected 2.*ative"):
        load_bert_for(TASK, ["a", "b", "c"], name=saved)


def test_the_same_names_may_be_given_again(saved):
    for labels in (None, LABELS, tuple(LABELS)):
        _, model = load_bert_for(TASK, labels, name=saved)
        assert model.config.id2label == NAMED["id2label"]
        assert_own(model, saved)


def test_a_head_without_names_may_get_some(tmp_path):
    folder = save_tiny_bert(tmp_path, 0, BertForSequenceClassification)
    _, model = load_bert_for(TASK, LABELS, name=folder)
    assert model.config.id2label == NAMED["id2label"]
    assert_own(model, folder)


def test_a_head_of_another_size_is_new_where_that_is_asked_for(saved):
    labels = ["a", "b", "c"]
    _, model = load_bert_for(TASK, labels, name=saved, ignore_mismatched_sizes=True)
    assert model.classifier.weight.shape == (3, 32)
    assert_own(model, saved, head="classifier.")


@pytest.mark.parametrize(
    "learned, task",
    [
        (BertForSequenceClassification, "token-classification"),
        (BertForSequenceClassification, "question-answering"),
        (BertForTokenClassification, TASK),
        (BertForQuestionAnswering, TASK),
    ],
)
def test_the_head_of_another_task(tmp_path, learned, task):
    folder = save_tiny_bert(tmp_path, 0, learned)
    with pytest.raises(ValueError, match=f"task is '{task}', expected .*base_model"):
        load_bert_for(task, name=folder)


def test_a_saved_body_takes_a_new_head_as_the_message_says(
    saved, tmp_path, monkeypatch
):
    monkeypatch.setenv("COURSE_ARTIFACTS", str(tmp_path / "artifacts"))
    tokenizer, model = load_bert_for(TASK, name=saved)
    folder = save_model("body", model.base_model, tokenizer, "a card")
    assert folder == saved_folder("body")
    _, model = load_bert_for("token-classification", ["a", "b"], name=folder)
    assert_own(model, folder, head="classifier.")


def test_questions_have_no_labels():
    with pytest.raises(ValueError, match="expected None: a start and an end"):
        load_bert_for("question-answering", LABELS)


# --- what goes on --------------------------------------------------------------------


def as_on_the_hub(weights):
    """The Hub's first BERT calls some weights otherwise than today's library."""
    names = {"LayerNorm.weight": "LayerNorm.gamma", "LayerNorm.bias": "LayerNorm.beta"}
    for new, old in names.items():
        weights = {key.replace(new, old): value for key, value in weights.items()}
    return weights


@pytest.mark.parametrize("task", [None, TASK, "question-answering"])
def test_a_model_of_the_hub_with_its_first_head(tmp_path, task):
    folder = save_tiny_bert(tmp_path, 0, BertForPreTraining)
    own = load_bert(folder)[1].state_dict()
    own = {key: value.clone() for key, value in own.items()}  # it may map the file
    rewrite(folder, as_on_the_hub)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, model = load_bert_for(task, name=folder) if task else load_bert(folder)
    for key, value in model.base_model.state_dict().items():
        assert torch.equal(value, own[key]), key


@pytest.mark.parametrize("model_class", [BertForMaskedLM, BertForPreTraining])
def test_a_new_head_on_a_masked_language_model(tmp_path, model_class):
    folder = save_tiny_bert(tmp_path, 0, model_class)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a new pooler is trained with the head
        _, model = load_bert_for(TASK, LABELS, name=folder)
    assert_own(model, folder, head=("classifier.", "bert.pooler."))


SHAPE = {"vocab_size": 30522, "max_position_embeddings": 40}
WIDE = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
OTHERS = [
    DistilBertModel(DistilBertConfig(**SHAPE, dim=32, n_layers=2, n_heads=2)),
    RobertaForMaskedLM(RobertaConfig(**SHAPE, **WIDE)),
]


@pytest.mark.parametrize("other", OTHERS, ids=lambda model: type(model).__name__)
@pytest.mark.parametrize("task", [TASK, "token-classification", "question-answering"])
def test_a_relative_of_bert_takes_a_new_head(tmp_path, other, task):
    folder = save_tiny_bert(tmp_path)
    other.save_pretrained(folder)
    _, model = load_bert_for(task, name=folder)
    kept = other.base_model.state_dict()
    for key, value in model.base_model.state_dict().items():
        assert torch.equal(value, kept[key]), key


def test_settings_that_change_no_weight(tmp_path):
    folder = save_tiny_bert(tmp_path)
    _, model = load_bert(
        folder,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0,
        attn_implementation="eager",
        output_attentions=True,
        dtype="float32",
    )
    assert_own(model, folder)
    assert model.config.hidden_dropout_prob == 0 and model.config.output_attentions


def test_fewer_layers_may_be_asked_for(tmp_path):
    folder = save_tiny_bert(tmp_path)
    _, model = load_bert(folder, num_hidden_layers=1)
    assert len(model.encoder.layer) == 1
    assert_own(model, folder)


# --- what the library would say ------------------------------------------------------


def test_another_kind_of_model_is_named(tmp_path):
    folder = save_tiny_bert(tmp_path)
    (folder / "config.json").write_text(json.dumps({"model_type": "t5"}), "utf-8")
    with pytest.raises(AssetError, match="It is a 't5', expected BERT or a relative"):
        load_bert(folder)


def test_a_configuration_that_is_damaged_is_not_blamed_on_arguments(tmp_path):
    folder = save_tiny_bert(tmp_path)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config["hidden_act"] = "gelo"
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(AssetError, match="Likely cause: a file that is missing or dam"):
        load_bert_for(TASK, LABELS, name=folder)


@pytest.mark.parametrize(
    "problem", [MemoryError(), RuntimeError("x: not enough memory: y")]
)
def test_a_lack_of_memory_is_not_blamed_on_arguments(monkeypatch, problem):
    def fail(*_, **__):
        raise problem

    monkeypatch.setattr("course_utils.pretrained.AutoModel.from_pretrained", fail)
    with pytest.raises(type(problem)) as caught:
        load_bert(output_attentions=True)
    assert caught.value is problem


def test_the_librarys_own_report_is_not_handed_out():
    with pytest.raises(ValueError, match="output_loading_info was given, expected it"):
        load_bert(output_loading_info=True)
