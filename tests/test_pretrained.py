"""`load_bert`: the embedded model, folders, a Hub, and what goes wrong with each."""

import os
import shutil
import subprocess
import sys

import pytest
import torch

from course_utils import assets, load_bert
from tests.hub_server import serve_hub


def test_embedded_model_is_the_real_one_in_eval_mode(bert):
    tokenizer, model = bert
    assert not model.training
    assert sum(p.numel() for p in model.parameters()) == 22_713_216
    assert len(tokenizer) == model.config.vocab_size == 30_522
    assert tokenizer("A gem.")["input_ids"] == [101, 1037, 17070, 1012, 102]


def test_embedded_weights_are_those_of_the_file(bert):
    from safetensors import safe_open

    path = assets.model_folder() / "model.safetensors"
    with safe_open(path, framework="pt") as file:
        for name, tensor in bert[1].state_dict().items():
            assert torch.equal(tensor, file.get_tensor(name)), name


def test_similar_sentences_are_nearer_than_others(bert):
    """The weights are trained ones: a random model fails this."""
    tokenizer, model = bert
    texts = ["A great film.", "A wonderful movie.", "The train leaves at noon."]
    batch = tokenizer(texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        hidden = model(**batch).last_hidden_state
    mask = batch["attention_mask"].unsqueeze(-1)
    means = (hidden * mask).sum(dim=1) / mask.sum(dim=1)
    near, far = torch.cosine_similarity(means[:1], means[1:])
    assert near > 0.8 and far < 0.3


def test_keyword_arguments_reach_the_model():
    tokenizer, model = load_bert(
        attn_implementation="eager", output_hidden_states=True, output_attentions=True
    )
    output = model(**tokenizer("A gem.", return_tensors="pt"))
    assert len(output.hidden_states) == 7 and len(output.attentions) == 6
    assert output.attentions[0].shape == (1, 12, 5, 5)


def test_loading_is_silent(capfd):
    load_bert()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("how", ["name", "path", "variable"])
def test_folder_of_base_shape(base_shaped_folder, monkeypatch, how):
    if how == "variable":
        monkeypatch.setenv("COURSE_MODEL", str(base_shaped_folder))
        tokenizer, model = load_bert()
    else:
        folder = str(base_shaped_folder) if how == "name" else base_shaped_folder
        tokenizer, model = load_bert(folder)
    output = model(**tokenizer("A gem.", return_tensors="pt"))
    assert output.last_hidden_state.shape == (1, 5, 768)
    assert not model.training


def run_with_hub(address, home, code, **settings):
    """Run code in a new process whose Hub is at `address` (read at import)."""
    environment = {**os.environ, "HF_ENDPOINT": address, "HF_HOME": str(home)}
    environment.pop("HF_HUB_OFFLINE", None)
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, **settings},
        capture_output=True,
        text=True,
    )


def test_hub_repository_of_base_shape(base_shaped_folder, tmp_path):
    code = (
        "from course_utils import load_bert; tokenizer, model = load_bert(); "
        "print(model.config.hidden_size, len(tokenizer), model.training)"
    )
    with serve_hub(base_shaped_folder, "bert-base-uncased") as address:
        setting = {"COURSE_MODEL": "bert-base-uncased"}
        done = run_with_hub(address, tmp_path, code, **setting)
    assert done.stdout.split()[-3:] == ["768", "30522", "False"], done.stderr
    done = run_with_hub(address, tmp_path, code, HF_HUB_OFFLINE="1", **setting)
    assert done.stdout.split() == ["768", "30522", "False"], "not readable offline"


def test_misspelt_hub_name_is_explained(base_shaped_folder, tmp_path):
    code = "from course_utils import load_bert; load_bert('bert-base-uncasd')"
    with serve_hub(base_shaped_folder, "bert-base-uncased") as address:
        done = run_with_hub(address, tmp_path, code)
    last = done.stderr.strip().splitlines()[-1]
    assert "The model 'bert-base-uncasd' cannot be loaded" in last
    assert "slip in the name" in last and "embedded model" in last


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match=r"arguments .'attn_implementation'"):
        load_bert(attn_implementation="x")
    with pytest.raises(TypeError, match="is 'output_hidden_states' meant"):
        load_bert(output_hidden_stats=True)


@pytest.mark.parametrize("wrong", [3, ["bert"], b"bert"])
def test_wrong_type_of_name(wrong):
    with pytest.raises(TypeError, match=f"name is a {type(wrong).__name__}, expected"):
        load_bert(wrong)


@pytest.fixture
def model_copy(tmp_path):
    return shutil.copytree(assets.model_folder(), tmp_path / "copy")


@pytest.mark.parametrize(
    "harm",
    [
        "no model.safetensors",
        "no config.json",
        "no vocab.txt tokenizer.json",
        "half model.safetensors",
        "half config.json",
        "half tokenizer.json",
    ],
)
def test_damaged_folder_is_explained(model_copy, harm):
    how, *names = harm.split()
    for name in names:
        content = (model_copy / name).read_bytes()
        (model_copy / name).unlink()
        if how == "half":
            (model_copy / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(
        assets.AssetError, match=r"cannot be loaded\. Expected: .*folder"
    ):
        load_bert(model_copy)


def test_pickled_weights_are_never_read(model_copy, bert):
    (model_copy / "model.safetensors").unlink()
    torch.save(bert[1].state_dict(), model_copy / "pytorch_model.bin")
    with pytest.raises(assets.AssetError, match="cannot be loaded"):
        load_bert(model_copy)


def test_missing_folder_is_explained(tmp_path):
    with pytest.raises(assets.AssetError, match="nowhere"):
        load_bert(tmp_path / "nowhere")


def test_progress_bars_are_as_before():
    from transformers.utils import logging

    for switch in (logging.enable_progress_bar, logging.disable_progress_bar):
        switch()
        before = logging.is_progress_bar_enabled()
        load_bert()
        assert logging.is_progress_bar_enabled() is before
    logging.enable_progress_bar()


def test_threads_follow_a_quota(monkeypatch):
    from course_utils import pretrained

    before = torch.get_num_threads()
    monkeypatch.setattr(pretrained, "usable_cores", lambda: 0.5)
    load_bert()
    assert torch.get_num_threads() == 1
    torch.set_num_threads(before)
