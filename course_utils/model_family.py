"""The BERT family and its neighbours as configurations: shapes without weights.

The values are those of the published config.json files; a test holds the parameter
counts to the published ones. Nothing is downloaded: a model is built on torch's meta
device, where a tensor has a shape and no numbers.
"""

from dataclasses import dataclass, field

import pandas as pd
import torch
import transformers

from course_utils.call_guard import guarded
from course_utils.value_checks import check_whole

ENCODER, DECODER, BOTH = "encoder", "decoder", "encoder-decoder"


@dataclass(frozen=True)
class Member:
    """One published model.

    kind: ENCODER, DECODER or BOTH. year: of its first publication. model_class: str,
    the transformers class whose parameters are counted. settings: what its
    configuration sets. published: int, the count of that class.
    """

    kind: str
    year: int
    model_class: str
    published: int
    settings: dict = field(default_factory=dict)

    def config(self):
        """Return the transformers configuration."""
        name = self.model_class.removesuffix("Model") + "Config"
        return getattr(transformers, name)(**self.settings)

    def build(self):
        """Return the model on the meta device: it takes no memory."""
        with torch.device("meta"):
            model = getattr(transformers, self.model_class)(self.config())
        model.tie_weights()  # transformers 5.0 leaves it out here
        return model


def _bert(layers, hidden, heads, vocabulary=30522):
    return {
        "num_hidden_layers": layers,
        "hidden_size": hidden,
        "num_attention_heads": heads,
        "intermediate_size": 4 * hidden,
        "vocab_size": vocabulary,
        "max_position_embeddings": 512,
        "type_vocab_size": 2,
    }


_BASE = _bert(12, 768, 12)

FAMILY = {
    "BERT-tiny": Member(ENCODER, 2019, "BertModel", 4_385_920, _bert(2, 128, 2)),
    "BERT-mini": Member(ENCODER, 2019, "BertModel", 11_170_560, _bert(4, 256, 4)),
    "BERT-small": Member(ENCODER, 2019, "BertModel", 28_763_648, _bert(4, 512, 8)),
    "BERT-medium": Member(ENCODER, 2019, "BertModel", 41_373_184, _bert(8, 512, 8)),
    "BERT-base": Member(ENCODER, 2018, "BertModel", 109_482_240, _BASE),
    "BERT-large": Member(ENCODER, 2018, "BertModel", 335_141_888, _bert(24, 1024, 16)),
    "BERT-base cased": Member(
        ENCODER, 2018, "BertModel", 108_310_272, _BASE | {"vocab_size": 28996}
    ),
    "BERT multilingual": Member(
        ENCODER, 2018, "BertModel", 177_853_440, _BASE | {"vocab_size": 119547}
    ),
    "RoBERTa-base": Member(
        ENCODER,
        2019,
        "RobertaModel",
        124_645_632,
        _BASE
        | {"vocab_size": 50265, "max_position_embeddings": 514, "type_vocab_size": 1},
    ),
    "DistilBERT": Member(
        ENCODER,
        2019,
        "DistilBertModel",
        66_362_880,
        {"n_layers": 6, "dim": 768, "n_heads": 12, "hidden_dim": 3072},
    ),
    "ALBERT-base v2": Member(
        ENCODER,
        2019,
        "AlbertModel",
        11_683_584,
        _BASE | {"vocab_size": 30000, "embedding_size": 128, "num_hidden_groups": 1},
    ),
    "MiniLM (ours)": Member(ENCODER, 2020, "BertModel", 22_713_216, _bert(6, 384, 12)),
    "ELECTRA-base": Member(
        ENCODER, 2020, "ElectraModel", 108_891_648, _BASE | {"embedding_size": 768}
    ),
    "DeBERTa-v3-base": Member(
        ENCODER,
        2021,
        "DebertaV2Model",
        183_831_552,
        _BASE
        | {
            "vocab_size": 128100,
            "type_vocab_size": 0,
            "relative_attention": True,
            "position_buckets": 256,
            "norm_rel_ebd": "layer_norm",
            "share_att_key": True,
            "pos_att_type": ["p2c", "c2p"],
            "position_biased_input": False,
            "max_relative_positions": -1,
        },
    ),
    "ModernBERT-base": Member(
        ENCODER,
        2024,
        "ModernBertModel",
        149_014_272,
        {
            "vocab_size": 50368,
            "hidden_size": 768,
            "intermediate_size": 1152,
            "num_hidden_layers": 22,
            "num_attention_heads": 12,
            "max_position_embeddings": 8192,
        },
    ),
    "GPT-2": Member(
        DECODER,
        2019,
        "GPT2Model",
        124_439_808,
        {"vocab_size": 50257, "n_embd": 768, "n_layer": 12, "n_head": 12},
    ),
    "BART-base": Member(
        BOTH,
        2019,
        "BartModel",
        139_420_416,
        {
            "vocab_size": 50265,
            "d_model": 768,
            "encoder_layers": 6,
            "decoder_layers": 6,
            "encoder_ffn_dim": 3072,
            "decoder_ffn_dim": 3072,
            "encoder_attention_heads": 12,
            "decoder_attention_heads": 12,
            "max_position_embeddings": 1024,
        },
    ),
    "T5-base": Member(
        BOTH,
        2019,
        "T5Model",
        222_903_552,
        {
            "vocab_size": 32128,
            "d_model": 768,
            "d_kv": 64,
            "d_ff": 3072,
            "num_layers": 12,
            "num_heads": 12,
        },
    ),
}


def _width(config):
    """Return the width of the feed-forward network, whatever it is called there."""
    names = ("intermediate_size", "hidden_dim", "d_ff", "encoder_ffn_dim")
    found = [getattr(config, name) for name in names if hasattr(config, name)]
    return found[0] if found else 4 * config.hidden_size  # GPT-2: n_inner is None


def family_sizes():
    """Return a DataFrame, one row a model, counted on the meta device.

    Columns: kind, year, L (of a model with two stacks: both), D, wide (of the
    feed-forward network), V, parameters, token table (the matrix of the V tokens).
    """
    rows = {}
    for name, member in FAMILY.items():
        model, config = member.build(), member.config()
        stacks = 2 if member.kind == BOTH else 1
        table = model.get_input_embeddings().weight
        rows[name] = {
            "kind": member.kind,
            "year": member.year,
            "L": stacks * config.num_hidden_layers,
            "D": config.hidden_size,
            "wide": _width(config),
            "V": table.shape[0],
            "parameters": sum(p.numel() for p in model.parameters()),
            "token table": table.numel(),
        }
    return pd.DataFrame(rows).T.infer_objects()


def work_per_token(layers, hidden, wide, tokens=128):
    """Return the multiplications and additions of an encoder, per token (int).

    layers, hidden, wide: L, D and the feed-forward width, as BERT uses them: four
    matrices (D, D) and two (D, wide) in each layer. tokens: T, the length of the text.
    """
    matrices = layers * (4 * hidden * hidden + 2 * hidden * wide)  # each is met once
    attention = layers * 2 * tokens * hidden  # scores, and their sum of values
    return 2 * (matrices + attention)


def _check_sizes(tokens=128, **sizes):
    for name, size in (*sizes.items(), ("tokens", tokens)):
        check_whole(name, size, 1, "of a configuration, such as config.hidden_size")


work_per_token = guarded(work_per_token, _check_sizes)
