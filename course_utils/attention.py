"""Scaled dot-product attention, its masks, and multi-head attention, built by hand.

Lesson 01 develops these; a test holds the notebook and this module to the same code.
They follow Vaswani et al. 2017, section 3.2. A mask is bool, True where a query may
look, as in torch's `scaled_dot_product_attention`.
"""

import math

import torch
from torch import nn

from course_utils import model_checks, tensor_checks
from course_utils.call_guard import guarded


def scaled_dot_product_attention(query, key, value, mask=None):
    """Mix the values by how well each key answers the query.

    query: (..., T, K) float, key: (..., S, K) float, value: (..., S, V) float. mask:
    bool, broadcastable to (..., T, S), True where the query may look. Returns the
    context (..., T, V) and the weights (..., T, S). Raises TypeError or ValueError
    where the tensors do not fit (see tensor_checks).
    """
    tensor_checks.check_attention_inputs(query, key, value, mask)
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])  # (..., T, S)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)  # (..., T, S)
    return weights @ value, weights


def causal_mask(T):
    """Return the mask (T, T) bool: position t may look at 0 to t, not ahead."""
    return torch.ones(T, T, dtype=torch.bool).tril()


def padding_mask(ids, pad_id=0):
    """Return the mask (B, 1, 1, S) bool: nobody may look at padding. ids: (B, S)."""
    return (ids != pad_id)[:, None, None, :]


class MultiHeadAttention(nn.Module):
    """Attend in A heads of K = D // A numbers each, then join them.

    forward(query, key, value, mask): query (B, T, D), key and value (B, S, D) float,
    mask bool, broadcastable to (B, A, T, S). Returns the context (B, T, D) and the
    weights (B, A, T, S). Raises ValueError where A does not divide D or a shape does
    not fit, TypeError where a tensor is not float or the mask not bool.
    """

    def __init__(self, D, A):
        super().__init__()
        tensor_checks.check_heads(D, A)
        self.D, self.A = D, A
        self.query, self.key = nn.Linear(D, D), nn.Linear(D, D)
        self.value, self.output = nn.Linear(D, D), nn.Linear(D, D)

    def split(self, x):
        """Cut (B, T, D) into heads: (B, A, T, K)."""
        B, T, D = x.shape
        return x.view(B, T, self.A, D // self.A).transpose(1, 2)  # (B, A, T, K)

    def forward(self, query, key, value, mask=None):
        """Return the context (B, T, D) and the weights (B, A, T, S)."""
        tensor_checks.check_hidden(self.D, query=query, key=key, value=value)
        q = self.split(self.query(query))  # (B, A, T, K)
        k = self.split(self.key(key))  # (B, A, S, K)
        v = self.split(self.value(value))  # (B, A, S, K)
        context, weights = scaled_dot_product_attention(q, k, v, mask)
        context = context.transpose(1, 2).flatten(2)  # (B, A, T, K) -> (B, T, D)
        return self.output(context), weights


causal_mask = guarded(causal_mask, model_checks.check_mask_size)
padding_mask = guarded(padding_mask, model_checks.check_padded_ids)
