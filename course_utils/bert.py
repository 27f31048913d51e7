"""BERT's encoder, built by hand: embeddings, self-attention, layers, pooler.

Lesson 04 develops these classes; a test holds the notebook and this module to the same
code. They follow Devlin et al. 2019 and give, with the same weights, every hidden state
of transformers' `BertModel` to 1e-5.
"""

import re

import torch
import torch.nn.functional as F
from torch import nn

from course_utils import model_checks
from course_utils.call_guard import guarded
from course_utils.tensor_checks import check_integers

NAMES = {  # the library's name: ours; N is the number of a layer
    "embeddings.word_embeddings": "embeddings.token",
    "embeddings.token_type_embeddings": "embeddings.segment",
    "embeddings.position_embeddings": "embeddings.position",
    "embeddings.LayerNorm": "embeddings.norm",
    "encoder.layer.N.attention.self.query": "layers.N.attention.query",
    "encoder.layer.N.attention.self.key": "layers.N.attention.key",
    "encoder.layer.N.attention.self.value": "layers.N.attention.value",
    "encoder.layer.N.attention.output.dense": "layers.N.attention.output",
    "encoder.layer.N.attention.output.LayerNorm": "layers.N.attention_norm",
    "encoder.layer.N.intermediate.dense": "layers.N.widen",
    "encoder.layer.N.output.dense": "layers.N.narrow",
    "encoder.layer.N.output.LayerNorm": "layers.N.output_norm",
    "pooler.dense": "pooler",
}


class BertEmbeddings(nn.Module):
    """Token, segment and position vectors, summed, normalised.

    input_ids, token_type_ids: (B, T) int64. Returns (B, T, D) float.
    """

    def __init__(self, config):
        super().__init__()
        D = config.hidden_size
        self.token = nn.Embedding(config.vocab_size, D)
        self.segment = nn.Embedding(config.type_vocab_size, D)
        self.position = nn.Embedding(config.max_position_embeddings, D)
        self.norm = nn.LayerNorm(D, eps=config.layer_norm_eps)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    def forward(self, input_ids, token_type_ids):
        T = input_ids.shape[1]
        positions = torch.arange(T, device=input_ids.device)  # (T,)
        summed = self.token(input_ids) + self.segment(token_type_ids)  # (B, T, D)
        return self.dropout(self.norm(summed + self.position(positions)))


class SelfAttention(nn.Module):
    """Multi-head self-attention.

    x: (B, T, D) float. keep: (B, 1, 1 or T, T) bool, False where a token must not look.
    Returns (B, T, D) float. Raises ValueError where the heads do not divide D.
    """

    def __init__(self, config):
        super().__init__()
        D, self.heads = config.hidden_size, config.num_attention_heads
        if D % self.heads:
            raise ValueError(f"{self.heads} heads do not divide hidden size {D}")
        self.query, self.key, self.value = (nn.Linear(D, D) for _ in range(3))
        self.output = nn.Linear(D, D)
        self.dropout = nn.Dropout(config.attention_probs_dropout_prob)

    def forward(self, x, keep):
        B, T, D = x.shape
        A, K = self.heads, D // self.heads
        q, k, v = (
            project(x).view(B, T, A, K).transpose(1, 2)  # (B, A, T, K)
            for project in (self.query, self.key, self.value)
        )
        scores = q @ k.transpose(-2, -1) * K**-0.5  # (B, A, T, T)
        scores = scores.masked_fill(~keep, torch.finfo(scores.dtype).min)
        weights = self.dropout(scores.softmax(dim=-1))  # (B, A, T, T)
        context = (weights @ v).transpose(1, 2).reshape(B, T, D)  # (B, T, D)
        return self.output(context)


class BertLayer(nn.Module):
    """Attention, then a feed-forward network; each added to its input and normalised.

    x: (B, T, D) float. keep: as in SelfAttention. Returns (B, T, D) float.
    """

    def __init__(self, config):
        super().__init__()
        D, wide = config.hidden_size, config.intermediate_size
        self.attention = SelfAttention(config)
        self.attention_norm = nn.LayerNorm(D, eps=config.layer_norm_eps)
        self.widen, self.narrow = nn.Linear(D, wide), nn.Linear(wide, D)
        self.output_norm = nn.LayerNorm(D, eps=config.layer_norm_eps)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    def forward(self, x, keep):
        x = self.attention_norm(x + self.dropout(self.attention(x, keep)))
        wide = F.gelu(self.widen(x))  # (B, T, 4D)
        return self.output_norm(x + self.dropout(self.narrow(wide)))  # (B, T, D)


class BertEncoderModel(nn.Module):
    """BERT's encoder with its pooler, from a `BertConfig`.

    input_ids, token_type_ids: (B, T) int64; segments default to 0. attention_mask:
    (B, T), 1 for text, 0 for padding, or (B, T, T), 1 where row may look at column;
    default: all 1. Returns the hidden states, L + 1 tensors (B, T, D), embeddings
    first, and the pooled [CLS], (B, D). Raises TypeError or ValueError, as
    `check_inputs` says, for inputs that do not fit.
    """

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embeddings = BertEmbeddings(config)
        layers = range(config.num_hidden_layers)
        self.layers = nn.ModuleList(BertLayer(config) for _ in layers)
        self.pooler = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, input_ids, token_type_ids=None, attention_mask=None):
        check_inputs(self.config, input_ids, token_type_ids, attention_mask)
        if token_type_ids is None:
            token_type_ids = torch.zeros_like(input_ids)
        if attention_mask is None:
            attention_mask = torch.ones_like(input_ids)
        B, T = input_ids.shape
        keep = attention_mask.bool().view(B, 1, -1, T)  # (B, 1, 1 or T, T)
        hidden_states = [self.embeddings(input_ids, token_type_ids)]
        for layer in self.layers:
            hidden_states.append(layer(hidden_states[-1], keep))  # (B, T, D)
        cls = hidden_states[-1][:, 0]  # (B, D)
        return hidden_states, torch.tanh(self.pooler(cls))


def our_name(name):
    """Translate a weight's name from the library's to ours, by NAMES.

    name: str such as "encoder.layer.3.output.dense.bias". Raises KeyError where NAMES
    does not have it.
    """
    part, _, kind = name.rpartition(".")  # kind: weight or bias
    number = "".join(re.findall(r"\d+", part))
    return NAMES[re.sub(r"\d+", "N", part)].replace("N", number) + "." + kind


def build_from(pretrained):
    """Build a BertEncoderModel that uses a `BertModel`'s own weights, in eval mode.

    The tensors are shared, not copied: it takes no memory, and training the one trains
    the other. Raises TypeError for another kind of model, ValueError for a BERT that
    differs from ours (another activation, no pooler).
    """
    check_model(pretrained)
    with torch.device("meta"):  # shapes without memory: the weights come next
        ours = BertEncoderModel(pretrained.config)
    state = {our_name(name): w for name, w in pretrained.state_dict().items()}
    ours.load_state_dict(state, assign=True)
    return ours.eval()


def check_model(pretrained):
    """Raise where the model is not one that BertEncoderModel can stand in for."""
    config = getattr(pretrained, "config", None)
    kind = getattr(config, "model_type", type(pretrained).__name__)
    if kind != "bert" or not hasattr(pretrained, "embeddings"):
        raise TypeError(
            f"expected a BertModel, got {type(pretrained).__name__} ({kind}): other "
            "models have other parts; with a head on top, hand over model.bert"
        )
    if config.hidden_act != "gelu" or config.is_decoder:
        raise ValueError(
            f"this BERT has hidden_act={config.hidden_act!r} and is_decoder="
            f"{config.is_decoder}; ours is an encoder with 'gelu', as the paper's"
        )
    if pretrained.pooler is None:
        raise ValueError("this BERT has no pooler: load it with add_pooling_layer=True")


def check_inputs(config, input_ids, token_type_ids=None, attention_mask=None):
    """Raise TypeError or ValueError, with the likely cause, for unfit inputs.

    Expected: as in BertEncoderModel. config: its `BertConfig`.
    """
    check_integers("input_ids", input_ids)
    if input_ids.ndim != 2 or 0 in input_ids.shape:
        raise ValueError(
            f"input_ids has shape {tuple(input_ids.shape)}, expected (B, T), none of "
            "them 0: one text needs a batch axis, input_ids.unsqueeze(0)"
        )
    B, T = input_ids.shape
    if config.max_position_embeddings < T:
        raise ValueError(
            f"input_ids has T = {T} tokens, this model has only "
            f"{config.max_position_embeddings} positions: cut the text, "
            "tokenizer(text, truncation=True)"
        )
    check_range("input_ids", input_ids, config.vocab_size, "from another tokenizer")
    if token_type_ids is not None:
        check_integers("token_type_ids", token_type_ids)
        check_shape("token_type_ids", token_type_ids, [(B, T)])
        cause = "more than two texts"
        check_range("token_type_ids", token_type_ids, config.type_vocab_size, cause)
    if attention_mask is not None:
        if not isinstance(attention_mask, torch.Tensor):
            check_integers("attention_mask", attention_mask)
        check_shape("attention_mask", attention_mask, [(B, T), (B, T, T)])
        if not ((attention_mask == 0) | (attention_mask == 1)).all():
            raise ValueError(
                "attention_mask has other values than 1 (text) and 0 (padding): "
                "were the ids given in its place, or a mask of scores (0, -inf)?"
            )


def check_shape(name, given, expected):
    """Raise ValueError where the shape is none of the expected ones."""
    if tuple(given.shape) not in expected:
        raise ValueError(
            f"{name} has shape {tuple(given.shape)}, expected that of input_ids, "
            f"{' or '.join(map(str, expected))}: build both from the same text"
        )


def check_range(name, given, size, cause):
    """Raise ValueError where a value is not in 0 ... size - 1."""
    low, high = int(given.min()), int(given.max())
    if low < 0 or high >= size:
        wrong = low if low < 0 else high
        raise ValueError(
            f"{name} holds {wrong}, expected 0 to {size - 1}: likely {cause}"
        )


BertEncoderModel.__init__ = guarded(
    BertEncoderModel.__init__, model_checks.check_bert_config
)
