"""Plausible wrong answers of lesson 11, exercises 11.2 and 11.4: sizes and pruning."""

import torch

from course_utils.checks.exercise import Mistake

# --- 11.2 checkpoint_bytes -----------------------------------------------------------


def _itself(tensor, other):
    return tensor is other


def _of_longest(name, bits):
    fitting = [start for start in bits if name.startswith(start)]
    return bits[max(fitting, key=len)] if fitting else 32


def _of_first(name, bits):
    return next((bits[start] for start in bits if name.startswith(start)), 32)


def _of_shortest(name, bits):
    fitting = [start for start in bits if name.startswith(start)]
    return bits[min(fitting, key=len)] if fitting else 32


def _of_any_part(name, bits):
    fitting = [start for start in bits if start in name]
    return bits[max(fitting, key=len)] if fitting else 32


def _of_listed(name, bits):
    fitting = [start for start in bits if name.startswith(start)]
    return bits[max(fitting, key=len)] if fitting else 0


def _whole_bytes(widths):
    return sum(-(-width // 8) for width in widths)


def _stored(same=_itself, width=_of_longest, total=_whole_bytes, last=False):
    """Count what is stored; last: a shared tensor has the format of its last name."""

    def answer(tensors, bits):
        items = list(tensors.items())
        kept = []
        for name, tensor in reversed(items) if last else items:
            if not any(same(tensor, other) for _, other in kept):
                kept.append((name, tensor))
        return total([tensor.numel() * width(name, bits) for name, tensor in kept])

    return answer


CHECKPOINT_BYTES = (
    Mistake(
        "a tensor with several names is counted several times: it is stored once.",
        _stored(same=lambda tensor, other: False),
    ),
    Mistake(
        "tensors that hold equal numbers are taken for one: only the *same* tensor is "
        "stored once. Compare where it lies (data_ptr), or by `is`.",
        _stored(same=torch.equal),
    ),
    Mistake(
        "tensors of one shape are taken for one: only the *same* tensor is stored "
        "once. Compare where it lies (data_ptr), or by `is`.",
        _stored(same=lambda tensor, other: tensor.shape == other.shape),
    ),
    Mistake(
        "a shared tensor has the format of its first name, not of its last.",
        _stored(last=True),
    ),
    Mistake(
        "the first beginning that fits is taken: the longest one counts.",
        _stored(width=_of_first),
    ),
    Mistake(
        "the shortest beginning that fits is taken: the longest one counts.",
        _stored(width=_of_shortest),
    ),
    Mistake(
        "the name must *begin* so: it is not enough that it holds these letters.",
        _stored(width=_of_any_part),
    ),
    Mistake(
        "the names that no beginning fits are left out: they have 32 bits.",
        _stored(width=_of_listed),
    ),
    Mistake(
        "`bits` is not used: each number takes 32 bits.",
        _stored(width=lambda name, bits: 32),
    ),
    Mistake("these are bits: eight of them are a byte.", _stored(total=sum)),
    Mistake(
        "a part of a byte is cut off: a tensor's last byte counts, if full or not.",
        _stored(total=lambda widths: sum(width // 8 for width in widths)),
    ),
    Mistake(
        "the bits of all tensors are added first: each tensor takes whole bytes.",
        _stored(total=lambda widths: -(-sum(widths) // 8)),
    ),
)

# --- 11.4 prune_smallest -------------------------------------------------------------


def _pruned(ranks=torch.abs, count=lambda share, n: int(share * n), make=torch.mul):
    """Drop the numbers that ranks puts first; make: (weight, 1 where it stays)."""

    def answer(weights, share):
        rank = torch.cat([ranks(weight).flatten() for weight in weights])
        kept = torch.ones(len(rank))
        kept[rank.argsort()[: max(count(share, len(rank)), 0)]] = 0
        parts = kept.split([weight.numel() for weight in weights])
        pairs = zip(weights, parts, strict=True)
        return [make(weight, part.view(weight.shape)) for weight, part in pairs]

    return answer


def _each_for_itself(weights, share):
    return [_pruned()([weight], share)[0] for weight in weights]


def _all_where_none(weights, share):
    sizes = torch.cat([weight.abs().flatten() for weight in weights]).sort().values
    limit = sizes[int(share * len(sizes)) - 1]
    return [weight * (weight.abs() > limit) for weight in weights]


def _below_a_share_of_the_largest(weights, share):
    limit = share * max(weight.abs().max() for weight in weights)
    return [weight * (weight.abs() > limit) for weight in weights]


def _by_quantile(weights, share):
    limit = torch.cat([weight.abs().flatten() for weight in weights]).quantile(share)
    return [weight * (weight.abs() > limit) for weight in weights]


PRUNE_SMALLEST = (
    Mistake(
        "each matrix loses the same share: rank the numbers of all matrices together.",
        _each_for_itself,
    ),
    Mistake(
        "negative numbers are taken for small: their absolute value counts.",
        _pruned(ranks=lambda weight: weight),
    ),
    Mistake(
        "the largest numbers are pruned: those nearest to 0 are to go.",
        _pruned(ranks=lambda weight: -weight.abs()),
    ),
    Mistake(
        "`share` is what goes, not what stays.",
        _pruned(count=lambda share, n: n - int(share * n)),
    ),
    Mistake(
        "one number too many is pruned: share times all numbers is rounded *down*.",
        _pruned(count=lambda share, n: -int(-share * n // 1)),
    ),
    Mistake(
        "one number too few is pruned: the largest of those to go has stayed.",
        _pruned(count=lambda share, n: int(share * n) - 1),
    ),
    Mistake(
        "where no number is to go, all are pruned: index -1 is the last, the largest.",
        _all_where_none,
    ),
    Mistake(
        "numbers below a share of the largest are pruned: a share of the *count* is "
        "asked for.",
        _below_a_share_of_the_largest,
    ),
    Mistake(
        "a quantile lies between two numbers, and `share` 0 is the smallest itself: "
        "count instead, int(share * n) of them.",
        _by_quantile,
    ),
    Mistake(
        "these are masks, 1 where a weight stays: multiply the weights by them.",
        _pruned(make=lambda weight, kept: kept),
    ),
)
