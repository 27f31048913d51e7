"""Other correct ways to solve the exercises of lesson 08."""

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from sklearn.metrics import precision_recall_fscore_support

LABELS = ("entailment", "neutral", "contradiction")


def segments_row_by_row(input_ids, sep_id):
    segments = torch.zeros_like(input_ids)
    for row, ids in zip(segments, input_ids, strict=True):
        first, second = (ids == sep_id).nonzero()[:, 0].tolist()
        row[first + 1 : second + 1] = 1
    return segments


def segments_by_shift(input_ids, sep_id):
    closed = (input_ids == sep_id).int().cumsum(dim=1)
    return F.pad(closed[:, :-1], (1, 0)) == 1


def rows_by_library(premises, hypotheses, max_length, tokenizer):
    options = {"padding": "longest", "truncation": "only_first", "return_tensors": "pt"}
    return tokenizer(premises, hypotheses, max_length=max_length, **options)


def shares_with_tables(pairs, least):
    words = [
        set("".join(c if c.isalnum() else " " for c in p["hypothesis"].lower()).split())
        for p in pairs
    ]
    found = {}
    for word in set().union(*words):
        here = [
            p["label"] for p, some in zip(pairs, words, strict=True) if word in some
        ]
        if len(here) >= least:
            found[word] = tuple(np.mean([x == label for x in here]) for label in LABELS)
    return found


def folds_with_a_dictionary(premises, folds):
    fold_of, found = {}, []
    for premise in premises:
        key = tuple(premise.casefold().split())
        if key not in fold_of:
            fold_of[key] = len(fold_of) % folds
        found.append(fold_of[key])
    return tuple(found)


def precision_recall_by_library(matrix):
    true = [t for t, row in enumerate(matrix) for n in row for _ in range(n)]
    said = [s for row in matrix for s, n in enumerate(row) for _ in range(n)]
    options = {"labels": range(len(matrix)), "zero_division": 0}
    if not true:
        return torch.zeros(len(matrix), 2)
    scores = precision_recall_fscore_support(true, said, **options)
    return torch.tensor(np.stack(scores[:2], axis=1))


def meaning_by_table(forward, backward):
    table = [["neither", "second says more"], ["first says more", "same"]]
    best = [x.max(dim=1).indices.eq(0).int().tolist() for x in (forward, backward)]
    return [table[a][b] for a, b in zip(*best, strict=True)]


def verdict_by_sides(logits, threshold):
    p = torch.softmax(logits.double(), -1)
    entailed, denied = p[:, 0].max(dim=0), p[:, 2].max(dim=0)
    best, word = (entailed, "supported"), "supported"
    if denied.values > entailed.values:
        best, word = (denied, "refuted"), "refuted"
    if best[0].values < threshold:
        return ["open", None]
    return [word, best[0].indices.item()]


def premises_with_products(premises, right):
    score = {}
    for premise, good in zip(premises, right, strict=True):
        score[premise] = score.get(premise, 1) * int(good)
    return torch.tensor(list(score.values())).double().mean()


def premises_with_frames(premises, right):
    return pd.Series(right.numpy()).groupby(np.array(premises)).all().mean()


def drops_by_numbers(premise, hypothesis, judge):
    words = hypothesis.split()
    rests = [" ".join(words[:i] + words[i + 1 :]) for i in range(len(words))]
    whole = judge(premise, hypothesis)
    drops = np.array([whole - judge(premise, rest) for rest in rests])
    return [[words[i], drops[i]] for i in np.argsort(-drops, kind="stable")]


RIGHT = {
    "8.1": [segments_row_by_row, segments_by_shift],
    "8.2": [rows_by_library],
    "8.3": [shares_with_tables],
    "8.4": [folds_with_a_dictionary],
    "8.5": [precision_recall_by_library],
    "8.6": [meaning_by_table],
    "8.7": [verdict_by_sides],
    "8.8": [premises_with_products, premises_with_frames],
    "8.9": [drops_by_numbers],
}
