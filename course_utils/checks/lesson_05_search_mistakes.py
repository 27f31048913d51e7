"""Plausible wrong answers of lesson 05, exercises 5.4 and 5.6 to 5.8: search."""

from functools import lru_cache
from itertools import combinations

import torch
import torch.nn.functional as F

from course_utils.checks.exercise import Mistake, faults_left

# --- 5.4 cosines ---------------------------------------------------------------------

FAULTS = {
    "look": "the model is not given the attention mask, so the text looks at padding",
    "mean": "the mean counts the padding",
    "unit": "the length is taken over the batch (dim=0), not of each vector (dim=1)",
}


@lru_cache(maxsize=64)
@torch.no_grad()
def _read(texts, look, tokenizer, model):
    """Return the vectors (B, T, D) and the mask; look: the model is given the mask."""
    inputs = tokenizer(list(texts), padding=True, return_tensors="pt")
    mask = inputs["attention_mask"]  # (B, T)
    seen = mask if look else torch.ones_like(mask)
    return model(inputs["input_ids"], attention_mask=seen).last_hidden_state, mask


def _cosines(*faults, scale=True, cls=False, swap=False):
    def answer(queries, texts, tokenizer, model):
        vectors = []
        for batch in (queries, texts):
            hidden, mask = _read(tuple(batch), "look" not in faults, tokenizer, model)
            counted = (mask if "mean" not in faults else mask * 0 + 1).unsqueeze(-1)
            pooled = (hidden * counted).sum(dim=1) / counted.sum(dim=1)
            pooled = hidden[:, 0] if cls else pooled
            axis = 0 if "unit" in faults else 1
            vectors.append(F.normalize(pooled, dim=axis) if scale else pooled)
        first, second = vectors[::-1] if swap else vectors
        return first @ second.T

    return answer


COSINES = (
    *(
        Mistake(faults_left(faults, FAULTS), _cosines(*faults))
        for count in (3, 2, 1)
        for faults in combinations(FAULTS, count)
    ),
    Mistake(
        "this is the dot product: scale each vector to length 1 first.",
        _cosines(scale=False),
    ),
    Mistake(
        "this compares [CLS] vectors: the masked mean is asked.", _cosines(cls=True)
    ),
    Mistake("rows and columns are exchanged: (Q, N) is asked.", _cosines(swap=True)),
)

# --- 5.6 remove_common ---------------------------------------------------------------


def _main(x, k):
    return torch.linalg.svd(x, full_matrices=False).Vh[:k]  # (k, D)


def _remove(part, centre=lambda vectors: vectors - vectors.mean(dim=0)):
    def answer(vectors, k):
        return part(centre(vectors), k)

    return answer


def _without(x, k):
    return x - x @ _main(x, k).T @ _main(x, k)


def _weakest(x, k):
    main = torch.linalg.svd(x, full_matrices=False).Vh[-k or len(x.T) :]
    return x - x @ main.T @ main


def _from_the_original(vectors, k):
    main = _main(vectors - vectors.mean(dim=0), k)
    return vectors - vectors @ main.T @ main


REMOVE_COMMON = (
    Mistake(
        "the mean is still in: subtract it first. The first direction of what is not "
        "centred is mostly the mean.",
        _remove(_without, lambda vectors: vectors),
    ),
    Mistake(
        "the mean is put back in the end: it is to be gone.",
        lambda vectors, k: _remove(_without)(vectors, k) + vectors.mean(dim=0),
    ),
    Mistake(
        "the directions are those of the centred vectors, but they are taken out of "
        "the given ones, which still hold the mean.",
        _from_the_original,
    ),
    Mistake(
        "the mean of each vector is subtracted: the mean vector is over axis 0.",
        _remove(_without, lambda vectors: vectors - vectors.mean(dim=1, keepdim=True)),
    ),
    Mistake(
        "only the mean is subtracted: the k main directions are still in.",
        _remove(lambda x, k: x),
    ),
    Mistake(
        "this is the part along the main directions: subtract it.",
        _remove(lambda x, k: x @ _main(x, k).T @ _main(x, k)),
    ),
    Mistake(
        "the directions of the smallest spread are removed: they stand last in Vh, and "
        "first where eigh is used.",
        _remove(_weakest),
    ),
    Mistake(
        "one direction too many is removed: the first k rows are 0 to k - 1.",
        _remove(lambda x, k: _without(x, k + 1)),
    ),
    Mistake(
        "only one of the k directions is removed.",
        _remove(lambda x, k: _without(x, min(k, 1))),
    ),
    Mistake(
        "these are coordinates, (N, k): times the directions they become vectors.",
        _remove(lambda x, k: x @ _main(x, k).T),
    ),
)

# --- 5.7 without_duplicates ----------------------------------------------------------


def _keep(near, scale=lambda vectors: F.normalize(vectors, dim=1)):
    """near: (scores (N, N), row, kept) to the scores that must be below."""

    def answer(vectors, threshold):
        units = scale(vectors)
        scores, kept = units @ units.T, []
        for row in range(len(vectors)):
            if not (near(scores, row, kept) >= threshold).any():
                kept.append(row)
        return kept

    return answer


def _with_kept(scores, row, kept):
    return scores[row, kept]


def _drop_both(vectors, threshold):
    units = F.normalize(vectors, dim=1)
    near = (units @ units.T >= threshold).sum(dim=1)
    return (near == 1).nonzero()[:, 0].tolist()


def _keep_the_last(vectors, threshold):
    rows = _keep(_with_kept)(vectors.flip(0), threshold)
    return sorted(len(vectors) - 1 - row for row in rows)


def _dropped(vectors, threshold):
    kept = _keep(_with_kept)(vectors, threshold)
    return [row for row in range(len(vectors)) if row not in kept]


WITHOUT_DUPLICATES = (
    Mistake(
        "each row is compared with all rows before it. One that was dropped must not "
        "drop others.",
        _keep(lambda scores, row, kept: scores[row, :row]),
    ),
    Mistake(
        "each row is compared with the one just before it only: compare it with all "
        "that were kept.",
        _keep(lambda scores, row, kept: scores[row, max(row - 1, 0) : row]),
    ),
    Mistake(
        "each row is compared with the last one kept only: compare it with all that "
        "were kept.",
        _keep(lambda scores, row, kept: scores[row, kept[-1:]]),
    ),
    Mistake(
        "this is the dot product: long vectors seem near to all. Scale them to length "
        "1 first.",
        _keep(_with_kept, lambda vectors: vectors),
    ),
    Mistake(
        "opposite vectors are taken for equal: leave out abs.",
        _keep(lambda scores, row, kept: scores[row, kept].abs()),
    ),
    Mistake("both of two twins are dropped: the first one stays.", _drop_both),
    Mistake(
        "the last of several twins is kept: it is to be the first.", _keep_the_last
    ),
    Mistake("these are the dropped rows: return those that are kept.", _dropped),
    Mistake(
        "each row is compared with itself, too, and so none is kept.",
        _keep(lambda scores, row, kept: scores[row, [*kept, row]]),
    ),
    Mistake(
        "the length is taken over the rows (dim=0), not of each vector (dim=1).",
        _keep(_with_kept, lambda vectors: F.normalize(vectors, dim=0)),
    ),
)

# --- 5.8 mean_reciprocal_rank --------------------------------------------------------


def _ranks(higher):
    """higher: (scores (Q, N), own (Q, 1)) to the places before, (Q, N) bool."""
    return lambda scores, right: (
        higher(scores, scores.gather(1, right[:, None])).sum(dim=1) + 1
    )


_right_ranks = _ranks(torch.gt)


def _by_argsort(scores, right):
    order = scores.argsort(dim=1, descending=True)
    return (1 / (order.gather(1, right[:, None]) + 1.0)).mean()


def _in_order_of_columns(scores, right):
    order = scores.argsort(dim=1, descending=True, stable=True)
    ranks = (order == right[:, None]).float().argmax(dim=1) + 1
    return (1 / ranks).mean()


def _among_queries(scores, right):
    own = scores.gather(1, right[:, None])[:, 0]
    above = (scores[:, right] > own).sum(dim=0)
    return (1 / (above + 1.0)).mean()


MEAN_RECIPROCAL_RANK = (
    Mistake(
        "the best rank is 0 here, and 1 / 0 is inf: count from 1.",
        lambda scores, right: (1 / (_right_ranks(scores, right) - 1)).mean(),
    ),
    Mistake(
        "1 / (mean rank): first 1 / rank for each query, then the mean.",
        lambda scores, right: 1 / _right_ranks(scores, right).double().mean(),
    ),
    Mistake(
        "the mean rank: the mean of 1 / rank is asked.",
        lambda scores, right: _right_ranks(scores, right).double().mean(),
    ),
    Mistake(
        "the lowest score comes first here: the highest is the best.",
        lambda scores, right: (1 / _ranks(torch.lt)(scores, right)).mean(),
    ),
    Mistake(
        "the right text is counted among those above it: compare with >, not >=.",
        lambda scores, right: (1 / _ranks(torch.ge)(scores, right)).mean(),
    ),
    Mistake(
        "a text with an equal score is counted as higher: only higher scores count.",
        lambda scores, right: (1 / (_ranks(torch.ge)(scores, right) - 1)).mean(),
    ),
    Mistake(
        "equal scores get different ranks, by the order of the columns: count only the "
        "scores that are higher.",
        _in_order_of_columns,
    ),
    Mistake(
        "the share of queries whose right text comes first: lower ranks count, too, "
        "by 1 / rank.",
        lambda scores, right: (_right_ranks(scores, right) == 1).double().mean(),
    ),
    Mistake(
        "argsort says which text is on a place, not on which place a text is.",
        _by_argsort,
    ),
    Mistake(
        "the queries are ranked against each other (the batch axis): rank the texts "
        "of each row.",
        _among_queries,
    ),
    Mistake(
        "one number is asked: the mean over the queries.",
        lambda scores, right: 1 / _right_ranks(scores, right),
    ),
)
