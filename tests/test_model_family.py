"""The family of lesson 11: published counts, and work counted by torch itself."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode
from transformers import BertConfig, BertModel, DistilBertConfig, DistilBertModel

from course_utils.model_family import (
    BOTH,
    FAMILY,
    family_sizes,
    work_per_token,
)

PUBLISHED = {  # of the models' cards and papers, in millions
    "BERT-base": 110,
    "BERT-large": 335,
    "DistilBERT": 66,
    "RoBERTa-base": 125,
    "ALBERT-base v2": 12,
    "DeBERTa-v3-base": 184,
    "ModernBERT-base": 149,
    "GPT-2": 124,
    "T5-base": 223,
    "BART-base": 139,
}


@pytest.mark.parametrize("name", FAMILY)
def test_counts_are_the_published_ones(name):
    member = FAMILY[name]
    model = member.build()
    assert all(parameter.is_meta for parameter in model.parameters())
    assert sum(p.numel() for p in model.parameters()) == member.published


@pytest.mark.parametrize(("name", "millions"), PUBLISHED.items())
def test_counts_agree_with_the_rounded_ones(name, millions):
    assert FAMILY[name].published / 1e6 == pytest.approx(millions, abs=0.6)


def test_sizes_hold_what_the_configurations_say():
    sizes = family_sizes()
    assert list(sizes.index) == list(FAMILY)
    base, t5 = sizes.loc["BERT-base"], sizes.loc["T5-base"]
    assert list(base[["L", "D", "wide", "V"]]) == [12, 768, 3072, 30522]
    assert base["token table"] == 768 * 30522
    assert t5["kind"] == BOTH and t5["L"] == 24
    assert sizes.loc["GPT-2", "wide"] == 3072
    assert sizes.loc["ALBERT-base v2", "token table"] == 128 * 30000
    # DeBERTa's card: 86 M in the backbone, 98 M in the embedding layer
    deberta = sizes.loc["DeBERTa-v3-base"]
    assert round(deberta["token table"] / 1e6) == 98
    assert int((deberta["parameters"] - deberta["token table"]) / 1e6) == 85


@pytest.mark.parametrize("tokens", [8, 64])
@pytest.mark.parametrize("kind", ["bert", "distilbert"])
def test_work_is_what_torch_counts(kind, tokens):
    L, D, wide = 2, 32, 96
    if kind == "bert":
        sizes = {"hidden_size": D, "num_hidden_layers": L, "intermediate_size": wide}
        config = BertConfig(vocab_size=50, num_attention_heads=4, **sizes)
        config._attn_implementation = "eager"
        model = BertModel(config, add_pooling_layer=False)
    else:
        sizes = {"dim": D, "n_layers": L, "hidden_dim": wide}
        config = DistilBertConfig(vocab_size=50, n_heads=4, **sizes)
        config._attn_implementation = "eager"
        model = DistilBertModel(config)
    ids = torch.ones(1, tokens, dtype=torch.long)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(input_ids=ids)
    assert work_per_token(L, D, wide, tokens) * tokens == counter.get_total_flops()
