"""Other correct ways to solve the exercises of lesson 05."""

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.decomposition import PCA

# --- pooling -------------------------------------------------------------------------


def pool_by_product(hidden, mask, weight):
    shares = weight.double().masked_fill(mask == 0, 0)
    shares = shares / shares.sum(dim=1, keepdim=True)
    return (shares.unsqueeze(1) @ hidden.double()).squeeze(1)


def pool_text_by_text(hidden, mask, weight):
    rows = []
    for vectors, keep, shares in zip(hidden, mask.bool(), weight, strict=True):
        rows.append(shares[keep] @ vectors[keep] / shares[keep].sum())
    return torch.stack(rows)


def mix_by_exp(states, scores):
    powers = torch.exp(scores - scores.max())
    total = torch.zeros_like(states[0])
    for power, state in zip(powers, states, strict=True):
        total = total + power * state
    return total / powers.sum()


def mix_by_sum(states, scores):
    stacked = torch.stack(tuple(states))  # (L + 1, B, T, D)
    return (stacked * scores.softmax(-1).view(-1, 1, 1, 1)).sum(dim=0)


def phrase_by_loop(hidden, offsets, begin, end):
    total, count = torch.zeros(hidden.shape[1], dtype=torch.float64), 0
    for vector, (first, last) in zip(hidden, offsets.tolist(), strict=True):
        if max(first, begin) < min(last, end):
            total, count = total + vector, count + 1
    return total / count if count else total


def long_by_index_add(windows, starts):
    spans = zip(windows, starts, strict=True)
    place = torch.cat([torch.arange(s, s + len(w)) for w, s in spans])
    rows = torch.cat(windows)
    count = torch.bincount(place)[place]  # how many windows hold each row's token
    return (rows / count.unsqueeze(1)).sum(dim=0) / (int(place.max()) + 1)


# --- search --------------------------------------------------------------------------


def cosines_one_by_one(queries, texts, tokenizer, model):
    def vector(text):
        encoded = tokenizer([text], return_tensors="pt")
        return model(**encoded).last_hidden_state.mean(dim=1)

    first = torch.cat([vector(text) for text in queries])
    second = torch.cat([vector(text) for text in texts])
    return F.cosine_similarity(first.unsqueeze(1), second.unsqueeze(0), dim=-1)


def cosines_in_one_batch(queries, texts, tokenizer, model):
    encoded = tokenizer([*queries, *texts], padding=True, return_tensors="pt")
    hidden = model(**encoded)[0]
    hidden = hidden.masked_fill(encoded["attention_mask"].unsqueeze(-1) == 0, 0)
    unit = F.normalize(hidden.sum(dim=1))  # a sum has the direction of the mean
    return unit[: len(queries)] @ unit[len(queries) :].T


def remove_by_pca(vectors, k):
    x = vectors.numpy().astype(np.float64)
    x -= x.mean(axis=0)
    if k:
        main = PCA(k, svd_solver="full").fit(x).components_
        x -= x @ main.T @ main
    return torch.from_numpy(x)


def remove_singular_values(vectors, k):
    U, S, Vh = torch.linalg.svd(vectors - vectors.mean(dim=0), full_matrices=False)
    S[:k] = 0
    return U * S @ Vh


def keep_by_removal(vectors, threshold):
    unit = vectors / vectors.norm(dim=1, keepdim=True)
    kept, left = [], torch.arange(len(vectors))
    while len(left):
        kept.append(int(left[0]))
        left = left[unit[left] @ unit[left[0]] < threshold]
        left = left[left != kept[-1]]
    return tuple(kept)


def rank_by_sorting(scores, right):
    total = 0.0
    for row, own in zip(scores, right, strict=True):
        better = torch.searchsorted(row.sort().values, row[own], right=True)
        total += 1 / (1 + len(row) - int(better))
    return total / len(right)


RIGHT = {
    "5.1": [pool_by_product, pool_text_by_text],
    "5.2": [mix_by_exp, mix_by_sum],
    "5.3": [phrase_by_loop],
    "5.4": [cosines_one_by_one, cosines_in_one_batch],
    "5.5": [long_by_index_add],
    "5.6": [remove_by_pca, remove_singular_values],
    "5.7": [keep_by_removal],
    "5.8": [rank_by_sorting],
}
