"""Wrong answers to the exercises of lesson 05, and what the student must be told."""

import torch
import torch.nn.functional as F

# --- 5.1 -----------------------------------------------------------------------------


def pool_with_padding(hidden, mask, weight):
    return torch.einsum("btd,bt->bd", hidden, weight) / weight.sum(1)[:, None]


def pool_divided_by_all_weights(hidden, mask, weight):
    total = torch.einsum("btd,bt->bd", hidden, weight * mask)
    return total / weight.sum(1)[:, None]


def pool_divided_by_tokens(hidden, mask, weight):
    total = torch.einsum("btd,bt->bd", hidden, weight * mask)
    return total / mask.sum(1)[:, None]


def pool_unweighted(hidden, mask, weight):
    return (hidden * mask[..., None]).sum(1) / mask.sum(1)[:, None]


def pool_by_softmax(hidden, mask, weight):
    weight = weight.masked_fill(mask == 0, -1e9).softmax(-1)
    return torch.einsum("btd,bt->bd", hidden, weight)


def pool_the_batch(hidden, mask, weight):
    weight = (weight * mask)[..., None]
    return (hidden * weight).sum(0) / weight.sum(0)


def pool_by_mean(hidden, mask, weight):
    return (hidden * (weight * mask)[..., None]).mean(dim=1)


# --- 5.2 -----------------------------------------------------------------------------


def mix(shares_of):
    return lambda states, scores: torch.einsum(
        "l,lbtd->btd", shares_of(scores), torch.stack(states)
    )


def mix_side_by_side(states, scores):
    shares = scores.softmax(0)
    return torch.cat([s * x for s, x in zip(shares, states, strict=True)], dim=-1)


def mix_in_place(states, scores):
    for share, state in zip(scores.softmax(0), states, strict=True):
        state *= share
    return sum(states)


def mix_last_four(states, scores):
    return torch.stack(states[-4:]).mean(dim=0)


# --- 5.3 -----------------------------------------------------------------------------


def phrase(test):
    def answer(hidden, offsets, begin, end):
        chosen = [
            t for t, (a, b) in enumerate(offsets.tolist()) if test(a, b, begin, end)
        ]
        return hidden[chosen].sum(0) / (len(chosen) or 1)

    return answer


def phrase_nan(hidden, offsets, begin, end):
    return hidden[(offsets[:, 0] < end) & (offsets[:, 1] > begin)].mean(0)


def phrase_of_rows(hidden, offsets, begin, end):
    rows = hidden[begin:end]
    return rows.sum(0) / max(len(rows), 1)


def phrase_summed(hidden, offsets, begin, end):
    return hidden[(offsets[:, 0] < end) & (offsets[:, 1] > begin)].sum(0)


# --- 5.4 -----------------------------------------------------------------------------


def compare(look=True, count=True, dim=1, pool=None):
    def answer(queries, texts, tokenizer, model):
        vectors = []
        for batch in (queries, texts):
            inputs = tokenizer(batch, padding=True, return_tensors="pt")
            mask = inputs["attention_mask"]
            if not look:
                inputs = {"input_ids": inputs["input_ids"]}
            hidden = model(**inputs).last_hidden_state
            kept = mask[..., None] if count else torch.ones_like(mask)[..., None]
            mean = (hidden * kept).sum(1) / kept.sum(1)
            vectors.append(F.normalize(pool(hidden) if pool else mean, dim=dim))
        return vectors[0] @ vectors[1].T

    return answer


unmasked_mean = compare(count=False)


def compare_lists(queries, texts, tokenizer, model):
    return compare()(queries, texts, tokenizer, model).tolist()


def compare_in_training_mode(queries, texts, tokenizer, model):
    model.train()
    return compare()(queries, texts, tokenizer, model)


# --- 5.5 -----------------------------------------------------------------------------


def long_by_means(windows, starts):
    return torch.stack([window.mean(0) for window in windows]).mean(0)


def long_by_all(windows, starts):
    return torch.cat(windows).mean(0)


def long_overwritten(windows, starts):
    T = starts[-1] + len(windows[-1])
    tokens = torch.zeros(T, windows[0].shape[1])
    for window, start in zip(windows, starts, strict=True):
        tokens[start : start + len(window)] = window
    return tokens.mean(0)


def long_not_divided(windows, starts):
    T = starts[-1] + len(windows[-1])
    tokens = torch.zeros(T, windows[0].shape[1])
    for window, start in zip(windows, starts, strict=True):
        tokens[start : start + len(window)] += window
    return tokens.mean(0)


def long_without_overlap(windows, starts):
    tokens, T = [], 0
    for window, start in zip(windows, starts, strict=True):
        tokens += [*window[T - start :]]
        T = start + len(window)
    return torch.stack(tokens).mean(0)


def long_by_maximum(windows, starts):
    return torch.cat(windows).amax(0)


# --- 5.6 -----------------------------------------------------------------------------


def directions(x, k):
    return torch.linalg.svd(x, full_matrices=False).Vh[:k]


def remove_without_centring(vectors, k):
    V = directions(vectors, k)
    return vectors - vectors @ V.T @ V


def remove_from_the_original(vectors, k):
    V = directions(vectors - vectors.mean(0), k)
    return vectors - vectors @ V.T @ V


def remove_only_the_mean(vectors, k):
    return vectors - vectors.mean(0)


def keep_what_is_common(vectors, k):
    x = vectors - vectors.mean(0)
    V = directions(x, k)
    return x @ V.T @ V


def remove_row_means(vectors, k):
    x = vectors - vectors.mean(1, keepdim=True)
    V = directions(x, k)
    return x - x @ V.T @ V


def remove_the_smallest(vectors, k):
    x = vectors - vectors.mean(0)
    V = torch.linalg.eigh(x.T @ x).eigenvectors[:, :k].T
    return x - x @ V.T @ V


def remove_as_coordinates(vectors, k):
    x = vectors - vectors.mean(0)
    return x @ directions(x, k).T


def remove_in_place(vectors, k):
    vectors -= vectors.mean(0)
    V = directions(vectors, k)
    return vectors - vectors @ V.T @ V


# --- 5.7 -----------------------------------------------------------------------------


def keep(near, scores=lambda x: F.normalize(x, dim=1) @ F.normalize(x, dim=1).T):
    def answer(vectors, threshold):
        cosine, kept = scores(vectors), []
        for row in range(len(vectors)):
            if all(cosine[row, k] < threshold for k in near(row, kept)):
                kept.append(row)
        return kept

    return answer


def drop_both(vectors, threshold):
    x = F.normalize(vectors, dim=1)
    return [i for i, row in enumerate(x @ x.T >= threshold) if row.sum() == 1]


def keep_the_equal(vectors, threshold):
    return keep(lambda row, kept: kept)(vectors, threshold + 1e-6)


def keep_the_vectors(vectors, threshold):
    kept = keep(lambda row, kept: kept)(vectors, threshold)
    return vectors[kept]


# --- 5.8 -----------------------------------------------------------------------------


def ranks(scores, right):
    order = scores.argsort(dim=1, descending=True).tolist()
    return torch.tensor([row.index(r) for row, r in zip(order, right, strict=True)])


def rank_from_zero(scores, right):
    own = scores[torch.arange(len(right)), right][:, None]
    return (1 / (scores > own).sum(1)).mean()


def one_by_the_mean_rank(scores, right):
    own = scores[torch.arange(len(right)), right][:, None]
    return 1 / ((scores > own).sum(1) + 1).float().mean()


def ties_by_chance(scores, right):
    """Give equal scores ranks in the order of the columns."""
    order = scores.sort(dim=1, descending=True, stable=True).indices.tolist()
    places = [row.index(r) + 1 for row, r in zip(order, right.tolist(), strict=True)]
    return sum(1 / place for place in places) / len(places)


def share_of_firsts(scores, right):
    return (scores.argmax(dim=1) == right).float().mean()


def best_of_the_batch(scores, right):
    own = scores[torch.arange(len(right)), right]
    return (1 / (1.0 + (scores[:, right] > own).sum(0))).mean()


def upside_down(scores, right):
    own = scores[torch.arange(len(right)), right][:, None]
    return (1 / ((scores < own).sum(1) + 1)).mean()


def one_each(scores, right):
    own = scores[torch.arange(len(right)), right][:, None]
    return 1 / ((scores > own).sum(1) + 1)


WRONG = {
    "5.1": [
        (pool_with_padding, "padding takes part with its own weights"),
        (pool_divided_by_all_weights, "weights of padding are in the divisor"),
        (pool_divided_by_tokens, "divided by the number of tokens"),
        (pool_unweighted, "the weights are not used"),
        (pool_by_softmax, "a softmax changes the weights"),
        (pool_the_batch, "runs over the texts"),
        (pool_by_mean, "divided by T"),
    ],
    "5.2": [
        (mix(lambda scores: scores), "used as they are"),
        (mix(lambda scores: scores / scores.sum()), "divided by the sum of the scores"),
        (mix(torch.exp), "not yet a share"),
        (mix(lambda scores: scores.softmax(0).flip(0)), "in reverse"),
        (mix_side_by_side, "the layers are joined"),
        (mix_in_place, "changes its argument in place (states)"),
        (mix_last_four, "the last four states"),
    ],
    "5.3": [
        (phrase(lambda a, b, begin, end: begin <= a < b <= end), "wholly inside"),
        (
            phrase(lambda a, b, begin, end: a <= end and b > begin),
            "begins where the phrase ends",
        ),
        (
            phrase(lambda a, b, begin, end: a < end and b >= begin and a < b),
            "ends where the phrase begins",
        ),
        (phrase(lambda a, b, begin, end: begin <= a < end and b), "begin inside"),
        (phrase_nan, "the mean of no token is nan"),
        (phrase_of_rows, "characters, not tokens"),
        (phrase_summed, "summed"),
        (
            phrase(lambda a, b, x, y: a < b and (x <= a < y or x < b <= y)),
            "before the phrase and ends behind it",
        ),
    ],
    "5.4": [
        (compare(look=False, count=False, dim=0), "all three faults are still there"),
        (compare(look=False), "one fault is still there: the model is not given"),
        (unmasked_mean, "one fault is still there: the mean counts the padding"),
        (
            compare(dim=0),
            "one fault is still there: the length is taken over the batch",
        ),
        (compare(look=False, count=False), "two faults are still there"),
        (compare(pool=lambda hidden: hidden[:, 0]), "compares [CLS] vectors"),
        (compare_lists, "a list came back, expected a tensor"),
        (compare_in_training_mode, "something random"),
    ],
    "5.5": [
        (long_by_means, "the mean of the windows' means"),
        (long_by_all, "once for each window"),
        (long_overwritten, "overwrites"),
        (long_not_divided, "summed, not averaged"),
        (long_without_overlap, "only the first window that holds a token"),
        (long_by_maximum, "the largest number of each column"),
    ],
    "5.6": [
        (remove_without_centring, "the mean is still in"),
        (remove_from_the_original, "which still hold the mean"),
        (remove_only_the_mean, "only the mean is subtracted"),
        (keep_what_is_common, "subtract it"),
        (remove_row_means, "the mean of each vector"),
        (remove_the_smallest, "the smallest spread"),
        (remove_as_coordinates, "these are coordinates"),
        (remove_in_place, "changes its argument in place (vectors)"),
    ],
    "5.7": [
        (keep(lambda row, kept: range(row)), "with all rows before it"),
        (keep(lambda row, kept: [row - 1] if row else []), "just before it"),
        (keep(lambda row, kept: kept, lambda x: x @ x.T), "this is the dot product"),
        (keep(lambda row, kept: [*kept, row]), "compared with itself"),
        (drop_both, "the first one stays"),
        (keep_the_vectors, "a tensor came back, expected a list"),
        (keep_the_equal, "equal to the threshold"),
    ],
    "5.8": [
        (rank_from_zero, "count from 1"),
        (one_by_the_mean_rank, "first 1 / rank for each query"),
        (ties_by_chance, "by the order of the columns"),
        (share_of_firsts, "the share of queries whose right text"),
        (best_of_the_batch, "the batch axis"),
        (upside_down, "the highest is the best"),
        (one_each, "one number is asked"),
    ],
}
