"""Other correct ways to solve the exercises of lesson 01."""

import math
from itertools import product

import numpy as np
import torch
import torch.nn.functional as F


def count_by_distribution(weights):
    return torch.distributions.Categorical(weights.double()).perplexity()


def count_by_where(weights):
    logarithms = torch.where(weights > 0, weights, 1.0).log()
    return 1 / (weights * logarithms).sum(-1).exp()


def attend_by_einsum(query, key, value, mask):
    scores = torch.einsum("...tk,...sk->...ts", query / query.shape[-1] ** 0.5, key)
    exponentials = scores.exp() * mask
    weights = exponentials / exponentials.sum(-1, keepdim=True)
    return torch.einsum("...ts,...sk->...tk", weights, value)


def attend_with_a_large_number(query, key, value, mask):
    scores = query @ key.mT * query.size(3) ** -0.5 - (~mask) * 1e9
    return F.softmax(scores, dim=3).matmul(value)


def parts_by_columns(context, weight):
    B, A, T, K = context.shape
    parts = torch.empty(B, A, T, A * K)
    for a in range(A):
        parts[:, a] = F.linear(context[:, a], weight[:, a * K : (a + 1) * K])
    return parts


def parts_by_blocks(context, weight):
    return context.double() @ torch.stack(weight.double().T.chunk(context.shape[1]))


def window_by_triangles(T, reach):
    return torch.ones(T, T).tril(reach) * torch.ones(T, T).triu(-reach)


def window_by_loop(T, reach):
    mask = torch.zeros(T, T, dtype=torch.int32)
    for t in range(T):
        mask[t, max(0, t - reach) : t + reach + 1] = 1
    return mask


def packed_by_loop(texts):
    B, T = texts.shape
    mask = torch.eye(T).repeat(B, 1, 1, 1)
    for b, t, s in product(range(B), range(T), range(T)):
        if s < t and texts[b, s] and texts[b, s] == texts[b, t]:
            mask[b, 0, t, s] = 1
    return mask


def packed_with_numbered_padding(texts):
    T = texts.shape[1]
    own = torch.where(texts == 0, -1 - torch.arange(T), texts)
    same = own.unsqueeze(-1) == own.unsqueeze(-2)
    return (same & (torch.arange(T) <= torch.arange(T)[:, None])).unsqueeze(1)


def bias_by_rows(table, T):
    R = table.shape[1] // 2
    left, right = table[:, :1].expand(-1, T), table[:, -1:].expand(-1, T)
    long = torch.cat([left, table, right], dim=1)  # distance d in column T + R + d
    rows = [long[:, T + R - t : 2 * T + R - t] for t in range(T)]
    return torch.stack(rows, dim=1)


def bias_by_numpy(table, T):
    R = (table.shape[1] - 1) // 2
    distance = np.subtract.outer(np.arange(T), np.arange(T)).T.clip(-R, R)
    return torch.from_numpy(table.numpy().astype(np.float64)[:, distance + R])


def pre_norm_by_parts(block, x, mask):
    def normal(x, norm):
        centred = x - x.mean(-1, keepdim=True)
        spread = (centred.square().mean(-1, keepdim=True) + norm.eps).sqrt()
        return centred / spread * norm.weight + norm.bias

    h = normal(x, block.norm1)
    context, _ = block.attention(h, h, h, mask)
    x = block.dropout(context) + x
    return x + block.narrow(block.widen(normal(x, block.norm2)).clamp(min=0))


def loss_by_gather(logits, target):
    following = target[:, 1:]
    chosen = logits.double().log_softmax(-1).gather(2, following.unsqueeze(2))
    return -chosen.squeeze(2)[following > 0].mean()


def loss_in_python(logits, target):
    places = (target[:, 1:] != 0).nonzero().tolist()
    losses = [
        logits[b, t].logsumexp(0) - logits[b, t, target[b, t + 1]] for b, t in places
    ]
    return float(sum(losses)) / len(losses)


def beams_in_python(log_probs, start, width):
    kept = [(0.0, (start,))]
    for table in log_probs:
        grown = [
            (total + float(table[ids[-1], new]), (*ids, new))
            for total, ids in kept
            for new in range(len(table))
        ]
        kept = sorted(grown, key=lambda pair: -pair[0])[:width]
    return kept[0][1]


def beams_by_numpy(log_probs, start, width):
    tables = log_probs.double().numpy()
    ids, totals = np.array([[start]]), np.zeros(1)
    for table in tables:
        grown = totals[:, None] + table[ids[:, -1]]
        order = np.argsort(grown, axis=None)[::-1][:width]
        rows, new = np.unravel_index(order, grown.shape)
        ids, totals = np.column_stack([ids[rows], new]), grown[rows, new]
    assert math.isclose(totals[0], totals.max())
    return [int(id) for id in ids[0]]


RIGHT = {
    "1.1": [count_by_distribution, count_by_where],
    "1.2": [attend_by_einsum, attend_with_a_large_number],
    "1.3": [parts_by_columns, parts_by_blocks],
    "1.4": [window_by_triangles, window_by_loop],
    "1.5": [packed_by_loop, packed_with_numbered_padding],
    "1.6": [bias_by_rows, bias_by_numpy],
    "1.7": [pre_norm_by_parts],
    "1.8": [loss_by_gather, loss_in_python],
    "1.9": [beams_in_python, beams_by_numpy],
}
