"""One vector for a text, from the vectors of its tokens: mean, max, [CLS], pooler.

Lesson 05 develops these functions; a test holds the notebook and this module to the
same code. Mean and max follow Reimers and Gurevych 2019 (Sentence-BERT), section 3.
"""

import torch

from course_utils import model_checks
from course_utils.call_guard import guarded

POOLINGS = ("mean", "max", "cls", "pooler")


def mean_pool(hidden, mask):
    """Average the real tokens. hidden: (B, T, D) float, mask: (B, T) 0/1 -> (B, D)."""
    mask = mask.unsqueeze(-1).to(hidden.dtype)  # (B, T, 1)
    return (hidden * mask).sum(dim=1) / mask.sum(dim=1)  # (B, D)


def max_pool(hidden, mask):
    """Take each dimension's largest value among the real tokens. Shapes as above."""
    padding = mask.unsqueeze(-1) == 0  # (B, T, 1)
    return hidden.masked_fill(padding, -torch.inf).amax(dim=1)  # (B, D)


def cls_pool(hidden, mask):
    """Take the first token's vector, [CLS]. Shapes as above; the mask is not used."""
    return hidden[:, 0]  # (B, D)


def pool(hidden, mask, pooling, pooler):
    """Return one vector a text. hidden: (B, T, D) float, mask: (B, T) 0/1 -> (B, D).

    pooling: one of POOLINGS. pooler: the model's own, a dense layer and tanh over
    [CLS], trained upon the last layer; used by "pooler" only.
    """
    if pooling == "pooler":
        return pooler(hidden)
    return {"mean": mean_pool, "max": max_pool, "cls": cls_pool}[pooling](hidden, mask)


mean_pool = guarded(mean_pool, model_checks.check_pooling)
max_pool = guarded(max_pool, model_checks.check_pooling)
cls_pool = guarded(cls_pool, model_checks.check_hidden_states)
