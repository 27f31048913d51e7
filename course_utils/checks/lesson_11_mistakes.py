"""Plausible wrong answers of lesson 11, exercises 11.1 and 11.3: bytes and bits."""

import torch

from course_utils.checks.exercise import Mistake

# --- 11.1 bytes_to_train -------------------------------------------------------------

OWN = {"sgd": 0, "momentum": 1, "adamw": 2}


def _bytes(trained, frozen, width=4, own=OWN):
    """Count numbers: trained(own) for a trained parameter, frozen(own) for another."""

    def answer(parts, optimizer):
        n = own[optimizer]
        return width * sum(c * (trained(n) if yes else frozen(n)) for c, yes in parts)

    return answer


def _all_four(n):
    return 2 + n


BYTES_TO_TRAIN = (
    Mistake(
        "a frozen weight is counted like a trained one: it has no gradient, and the "
        "optimizer keeps nothing for it.",
        _bytes(_all_four, _all_four),
    ),
    Mistake(
        "the optimizer keeps nothing for a frozen weight.",
        _bytes(_all_four, lambda n: 1 + n),
    ),
    Mistake(
        "a frozen weight has no gradient: requires_grad is False.",
        _bytes(_all_four, lambda n: 2),
    ),
    Mistake(
        "frozen weights are forgotten: they are not trained, but they are there.",
        _bytes(_all_four, lambda n: 0),
    ),
    Mistake(
        "the gradients are missing: one number for each trained weight.",
        _bytes(lambda n: 1 + n, lambda n: 1),
    ),
    Mistake(
        "what the optimizer keeps is missing: momentum one number, AdamW two.",
        _bytes(lambda n: 2, lambda n: 1),
    ),
    Mistake(
        "the optimizer is ignored: 16 bytes are AdamW's. SGD keeps less.",
        _bytes(lambda n: 4, lambda n: 1),
    ),
    Mistake(
        "these are numbers, not bytes: a float32 takes four.",
        _bytes(_all_four, lambda n: 1, width=1),
    ),
    Mistake(
        "AdamW keeps two numbers for each weight: a mean of gradients and one of their "
        "squares.",
        _bytes(_all_four, lambda n: 1, own={"sgd": 0, "momentum": 1, "adamw": 1}),
    ),
)

# --- 11.3 quantize_groups ------------------------------------------------------------


def _quantized(split, top=lambda bits: 2 ** (bits - 1) - 1, round_=torch.round, **more):
    """Quantise the groups that split(weight, size) gives, an axis of groups last."""

    def answer(weight, size, bits):
        groups = split(weight, size)
        scale = groups.abs().amax(dim=-1, keepdim=True) / top(bits)
        scale = scale if more.get("divides_by_zero") else scale.clamp(min=1e-12)
        numbers = round_(groups / scale)
        restored = numbers if more.get("numbers") else numbers * scale
        return restored.reshape(weight.shape)

    return answer


def _groups(weight, size):
    return weight.reshape(len(weight), -1, size)


QUANTIZE_GROUPS = (
    Mistake(
        "a whole row shares one scale: each group of `size` columns has its own.",
        _quantized(lambda weight, size: weight),
    ),
    Mistake(
        "the whole matrix shares one scale: each group has its own.",
        _quantized(lambda weight, size: weight.reshape(1, -1)),
    ),
    Mistake(
        "groups across rows: a group is `size` numbers of *one* row, one beside the "
        "other.",
        lambda weight, size, bits: (
            _quantized(_groups)(weight.T.reshape(1, -1), size, bits)
            .reshape(weight.T.shape)
            .T
        ),
    ),
    Mistake(
        "a group of zeros has scale 0, and 0 / 0 is nan: keep the scale above 0.",
        _quantized(_groups, divides_by_zero=True),
    ),
    Mistake(
        "the fraction is cut off: round to the nearest integer.",
        _quantized(_groups, round_=torch.trunc),
    ),
    Mistake(
        "one bit is the sign: the largest number is 2 ** (bits - 1) - 1.",
        _quantized(_groups, top=lambda bits: 2**bits - 1),
    ),
    Mistake(
        "the largest number is 2 ** (bits - 1) - 1: one of the places is 0.",
        _quantized(_groups, top=lambda bits: 2 ** (bits - 1)),
    ),
    Mistake(
        "these are the integers: multiply each by the scale of its group.",
        _quantized(_groups, numbers=True),
    ),
    Mistake(
        "the groups still have an axis of their own: bring the result back to the "
        "weight's shape.",
        lambda weight, size, bits: _groups(
            _quantized(_groups)(weight, size, bits), size
        ),
    ),
)
