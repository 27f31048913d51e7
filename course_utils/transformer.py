"""The transformer of Vaswani et al. 2017: positions, encoder, decoder, greedy decoding.

Lesson 01 develops these; a test holds the notebook and this module to the same code.
"""

import torch
from torch import nn

from course_utils import model_checks, tensor_checks
from course_utils.attention import MultiHeadAttention, causal_mask, padding_mask
from course_utils.call_guard import guarded


def positional_encoding(T, D):
    """Return the sin/cos positions, (T, D) float. D must be even, else ValueError."""
    if D % 2:
        raise ValueError(f"D = {D} is odd: each wavelength needs a sin and a cos")
    t = torch.arange(T).unsqueeze(1)  # (T, 1)
    i = torch.arange(0, D, 2)  # (D / 2)
    angles = t / 10_000 ** (i / D)  # (T, D / 2)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)  # (T, D)


class EncoderBlock(nn.Module):
    """Attend, then feed forward; add and normalise after each.

    forward(x, mask): x (B, T, D) float, mask bool, broadcastable to (B, A, T, T).
    Returns (B, T, D). Raises as MultiHeadAttention does.
    """

    def __init__(self, D, A, dropout=0.1):
        super().__init__()
        self.attention = MultiHeadAttention(D, A)
        self.widen, self.narrow = nn.Linear(D, 4 * D), nn.Linear(4 * D, D)
        self.norm1, self.norm2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        """Return (B, T, D)."""
        context, _ = self.attention(x, x, x, mask)  # (B, T, D)
        x = self.norm1(x + self.dropout(context))
        new = self.narrow(self.widen(x).relu())  # (B, T, 4 D) -> (B, T, D)
        return self.norm2(x + self.dropout(new))


class DecoderBlock(nn.Module):
    """Attend to what is written, then to the source, then feed forward.

    forward(x, memory, mask, memory_mask): x (B, T, D), memory (B, S, D) float, mask
    bool, broadcastable to (B, A, T, T), memory_mask to (B, A, T, S). Returns (B, T, D)
    and the cross-attention weights (B, A, T, S). Raises as MultiHeadAttention does.
    """

    def __init__(self, D, A, dropout=0.1):
        super().__init__()
        self.self_attention = MultiHeadAttention(D, A)
        self.cross_attention = MultiHeadAttention(D, A)
        self.widen, self.narrow = nn.Linear(D, 4 * D), nn.Linear(4 * D, D)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(D) for _ in range(3))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, memory, mask=None, memory_mask=None):
        """Return (B, T, D) and the cross-attention weights (B, A, T, S)."""
        x = self.norm1(x + self.dropout(self.self_attention(x, x, x, mask)[0]))
        context, weights = self.cross_attention(x, memory, memory, memory_mask)
        x = self.norm2(x + self.dropout(context))
        new = self.narrow(self.widen(x).relu())  # (B, T, 4 D) -> (B, T, D)
        return self.norm3(x + self.dropout(new)), weights


class Transformer(nn.Module):
    """Encode a source, decode a target: ids in, logits out. Id 0 is padding.

    forward(source, target): (B, S) and (B, T) int ids. Returns logits (B, T, V).
    Raises TypeError where ids are not whole numbers; ValueError where they have another
    shape, are not in the table, or a whole text is padding.
    """

    def __init__(self, source_size, target_size, D=64, A=4, L=1, dropout=0.1):
        super().__init__()
        self.source_embedding = nn.Embedding(source_size, D)
        self.target_embedding = nn.Embedding(target_size, D)
        self.encoder = nn.ModuleList(EncoderBlock(D, A, dropout) for _ in range(L))
        self.decoder = nn.ModuleList(DecoderBlock(D, A, dropout) for _ in range(L))
        self.output = nn.Linear(D, target_size)

    def embed(self, ids, embedding):
        """Return the vectors of ids (B, T), with their positions added: (B, T, D)."""
        tensor_checks.check_ids("ids", ids, embedding.num_embeddings)
        x = embedding(ids)  # (B, T) -> (B, T, D)
        return x + positional_encoding(*x.shape[1:]).to(x)

    def encode(self, source):
        """Return the memory (B, S, D) and the mask (B, 1, 1, S) of source (B, S)."""
        x, mask = self.embed(source, self.source_embedding), padding_mask(source)
        for block in self.encoder:
            x = block(x, mask)  # (B, S, D)
        return x, mask

    def decode(self, target, memory, memory_mask):
        """Return logits (B, T, V) and the last block's weights (B, A, T, S)."""
        x = self.embed(target, self.target_embedding)  # (B, T, D)
        mask = causal_mask(target.shape[1]).to(target.device)
        for block in self.decoder:
            x, weights = block(x, memory, mask, memory_mask)
        return self.output(x), weights

    def forward(self, source, target):
        """Return logits (B, T, V)."""
        return self.decode(target, *self.encode(source))[0]


@torch.no_grad()
def greedy_decode(model, source, start_id, end_id, max_length):
    """Write the most likely id, read it again, go on, until every row has ended.

    source: (B, S) int. Returns the ids (B, T) int, start_id first, T <= max_length;
    what follows a row's end_id is 0, padding. Sets the model to eval. Raises as the
    model does.
    """
    model.eval()
    memory, memory_mask = model.encode(source)  # once: the source does not change
    written = torch.full((len(source), 1), start_id, device=source.device)  # (B, 1)
    while written.shape[1] < max_length:
        logits, _ = model.decode(written, memory, memory_mask)  # (B, T, V)
        best = logits[:, -1].argmax(dim=-1)  # (B, V) -> (B)
        ended = (written == end_id).any(dim=1)  # (B)
        if ended.all():
            break
        best = best.masked_fill(ended, 0)
        written = torch.cat([written, best[:, None]], dim=1)  # (B, T + 1)
    return written


def rename_parameters(state):
    """Rename the parameters of torch's attention and blocks to the names used here.

    state: a state dict of nn.MultiheadAttention, nn.TransformerEncoderLayer or
    nn.TransformerDecoderLayer. Torch stacks query, key and value in one matrix
    (3 D, D): it is cut in three. Returns a dict for load_state_dict.
    Raises TypeError where state is no dict.
    """
    if not isinstance(state, dict):
        raise TypeError(
            f"state is a {type(state).__name__}, expected a state dict: try "
            "layer.state_dict()"
        )
    attention = "attention" if "norm3.bias" not in state else "self_attention"
    names = {"self_attn": attention, "multihead_attn": "cross_attention"}
    names |= {"linear1": "widen", "linear2": "narrow", "out_proj": "output"}
    renamed = {}
    for name, tensor in state.items():
        for theirs, ours in names.items():
            name = name.replace(theirs, ours)
        parts = {name: tensor}
        if "in_proj_" in name:  # query, key and value in one: (3 D, D) or (3 D)
            three = zip(("query.", "key.", "value."), tensor.chunk(3), strict=True)
            parts = {name.replace("in_proj_", part): rows for part, rows in three}
        renamed |= parts
    return renamed


positional_encoding = guarded(positional_encoding, model_checks.check_positions)
greedy_decode = guarded(greedy_decode, model_checks.check_decoding)
Transformer.__init__ = guarded(Transformer.__init__, model_checks.check_transformer)
