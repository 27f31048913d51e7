"""Other correct ways to solve the exercises of lesson 04."""

import re
from itertools import chain

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.bert import BertLayer

# --- 4.1 and 4.2 ---------------------------------------------------------------------


def count_by_modules(vocab, positions, segments, D, L, wide):
    class Shape:
        hidden_size, intermediate_size, num_attention_heads = D, wide, 1
        hidden_dropout_prob = attention_probs_dropout_prob = 0.0
        layer_norm_eps = 1e-12

    with torch.device("meta"):
        parts = [nn.Embedding(n, D) for n in (vocab, positions, segments)]
        parts += [nn.LayerNorm(D), *(BertLayer(Shape) for _ in range(L))]
        model = nn.ModuleList([*parts, nn.Linear(D, D)])
    return sum(weight.numel() for weight in model.parameters())


def loss_by_library(logits, labels):
    count = labels.ge(0).sum().clamp(min=1)
    total = F.cross_entropy(logits.mT, labels, ignore_index=-100, reduction="sum")
    return total / count


def loss_in_a_loop(logits, labels):
    costs = []
    for scores, label in zip(logits.flatten(0, 1), labels.flatten(), strict=True):
        if label != -100:
            costs.append((torch.logsumexp(scores, 0) - scores[label]).item())
    return sum(costs) / len(costs) if costs else 0


# --- 4.3 to 4.5 ----------------------------------------------------------------------


def hide_by_where(input_ids, dice, special_ids, mask_id):
    allowed = torch.ones_like(input_ids, dtype=torch.bool)
    for special in special_ids:
        allowed &= input_ids != special
    chosen = allowed * (dice < 0.15)
    return [
        torch.where(chosen, mask_id, input_ids),
        torch.where(chosen, input_ids, -100).int(),
    ]


def places_by_pattern(tokens, order, budget):
    text = " ".join(tokens)
    found = re.finditer(r"(?:^|(?<= ))(?!\[(?:CLS|SEP|PAD)\])\S+(?: ##\S+)*", text)
    spans = [(m.start(), m.end()) for m in found]
    at = np.cumsum([0, *(len(token) + 1 for token in tokens)])[:-1]
    left, hidden = budget, np.zeros(len(tokens), dtype=bool)
    for number in order:
        inside = (at >= spans[number][0]) & (at < spans[number][1])
        if inside.sum() <= left:
            left, hidden = left - inside.sum(), hidden | inside
    return hidden.nonzero()[0].tolist()


def pairs_by_numbers(documents, is_random, picks):
    draws = zip(is_random, picks, strict=True)
    pairs = []
    for own in range(len(documents)):
        others = [*chain(*documents[:own], *documents[own + 1 :])]
        for i in range(1, len(documents[own])):
            random, pick = next(draws)
            second = documents[own][i]
            if random == 1:
                second = others[int(pick * len(others))]
            pairs.append([documents[own][i - 1], second, random])
    return pairs


# --- 4.6 to 4.8 ----------------------------------------------------------------------


def entropy_by_library(weights, mask):
    rows = torch.distributions.Categorical(probs=weights.double()).entropy()
    return rows.transpose(1, 2)[mask == 1].mean(dim=0)  # (B, T, A) to (A,)


def entropy_by_where(weights, mask):
    logs = torch.where(weights > 0, weights, 1).log()
    entropy = -torch.einsum("batj,batj->bat", weights, logs)
    return torch.einsum("bat,bt->a", entropy, mask.float()) / mask.sum()


def mute_by_product(weight, head, heads):
    keep = torch.ones(heads)
    keep[head] = 0
    return weight * keep.repeat_interleave(weight.shape[1] // heads)


def mute_by_view(weight, head, heads):
    parts = [*weight.chunk(heads, dim=1)]
    parts[head] = torch.zeros_like(parts[head])
    return torch.cat(parts, dim=1)


def rollout_at_once(attentions):
    steps = (
        attentions.double()
        .mean(dim=1)
        .lerp(torch.eye(attentions.shape[-1], dtype=torch.float64), 0.5)
    )
    return torch.linalg.multi_dot([*steps.flip(0)]) if len(steps) > 1 else steps[0]


def rollout_from_above(attentions):
    total = torch.eye(attentions.shape[-1])
    for layer in reversed(attentions):
        total = 0.5 * total + 0.5 * total @ layer.mean(dim=0)
    return total


RIGHT = {
    "4.1": [count_by_modules],
    "4.2": [loss_by_library, loss_in_a_loop],
    "4.3": [hide_by_where],
    "4.4": [places_by_pattern],
    "4.5": [pairs_by_numbers],
    "4.6": [entropy_by_library, entropy_by_where],
    "4.7": [mute_by_product, mute_by_view],
    "4.8": [rollout_at_once, rollout_from_above],
}
