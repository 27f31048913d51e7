"""Plausible wrong answers of lesson 07: rates, tokens, losses."""

import math

import torch
import torch.nn.functional as F

from course_utils.checks.exercise import Mistake

# --- 7.1 cosine_rate -----------------------------------------------------------------


def _rising(fall):
    """Warm up as asked; then what `fall` makes of (step, steps, rising)."""

    def answer(step, steps, rising, peak):
        if step < rising:
            return peak * step / rising
        return peak * fall(step, steps, rising)

    return answer


def _progress(step, steps, rising):
    return (step - rising) / (steps - rising)


COSINE_RATE = (
    Mistake(
        "the cosine runs over all steps: after the warm-up only steps - rising are "
        "left, counted from 0.",
        _rising(lambda step, steps, rising: (1 + math.cos(math.pi * step / steps)) / 2),
    ),
    Mistake(
        "the cosine alone goes from 1 to -1: (1 + cos) / 2 goes from 1 to 0.",
        _rising(lambda *a: math.cos(math.pi * _progress(*a))),
    ),
    Mistake(
        "1 + cos begins at 2: take the half of it.",
        _rising(lambda *a: 1 + math.cos(math.pi * _progress(*a))),
    ),
    Mistake(
        "a quarter of the wave, cos from 0 to pi / 2, falls steeply at the end: (1 + "
        "cos) / 2 from 0 to pi is asked for.",
        _rising(lambda *a: math.cos(math.pi / 2 * _progress(*a))),
    ),
    Mistake("the fall is a straight line.", _rising(lambda *a: 1 - _progress(*a))),
    Mistake(
        "the rate rises again: (1 - cos) / 2 goes from 0 to 1.",
        _rising(lambda *a: (1 - math.cos(math.pi * _progress(*a))) / 2),
    ),
    Mistake(
        "math.cos takes radians: the half wave ends at math.pi, not at 180.",
        _rising(lambda *a: (1 + math.cos(180 * _progress(*a))) / 2),
    ),
    Mistake(
        "the peak is forgotten.",
        lambda step, steps, rising, peak: _rising(
            lambda *a: (1 + math.cos(math.pi * _progress(*a))) / 2
        )(step, steps, rising, 1.0),
    ),
    Mistake(
        "there is no warm-up: before `rising` the rate is peak * step / rising.",
        lambda step, steps, rising, peak: (
            peak
            * (1 + math.cos(math.pi * max(0, step - rising) / (steps - rising)))
            / 2
        ),
    ),
)

# --- 7.2 drop_tokens -----------------------------------------------------------------


def _masked(where, value=None):
    def answer(input_ids, special, chance, share, mask_id):
        filler = mask_id if value is None else value
        return torch.where(where(special, chance, share), filler, input_ids)

    return answer


DROP_TOKENS = (
    Mistake(
        "special tokens are masked, too: [CLS], [SEP] and [PAD] must stay.",
        _masked(lambda special, chance, share: chance < share),
    ),
    Mistake(
        "the wrong side is masked: a token goes where chance is below share.",
        _masked(lambda special, chance, share: (chance >= share) & (special == 0)),
    ),
    Mistake(
        "the special tokens are masked, and the words stay: special is 1 on what must "
        "stay.",
        _masked(lambda special, chance, share: (chance < share) & (special == 1)),
    ),
    Mistake(
        "id 0 is [PAD], and padding is no word: put mask_id there.",
        _masked(lambda special, chance, share: (chance < share) & (special == 0), 0),
    ),
    Mistake(
        "all words are masked: look at chance, place by place.",
        _masked(lambda special, chance, share: special == 0),
    ),
    Mistake(
        "this is a mask of True and False: return the ids.",
        lambda input_ids, special, chance, share, mask_id: (
            (chance < share) & (special == 0)
        ),
    ),
)

# --- 7.3 weighted_loss ---------------------------------------------------------------


def _own_losses(logits, labels):
    return F.cross_entropy(logits, labels, reduction="none")


def _log_of_softmax(logits, labels, weights):
    chosen = logits.softmax(1)[range(len(labels)), labels]
    return (-chosen.log() * weights[labels]).sum() / weights[labels].sum()


WEIGHTED_LOSS = (
    Mistake(
        "the sum is divided by B: divide by the sum of the weights that were used, "
        "else heavy classes raise the loss as a whole.",
        lambda logits, labels, weights: (
            _own_losses(logits, labels) * weights[labels]
        ).mean(),
    ),
    Mistake(
        "each row has a loss of its own, (B,): add them up to one number.",
        lambda logits, labels, weights: (
            _own_losses(logits, labels) * weights[labels] / weights[labels].sum()
        ),
    ),
    Mistake(
        "the weights are not used: each row counts by the weight of its class.",
        lambda logits, labels, weights: _own_losses(logits, labels).mean(),
    ),
    Mistake(
        "the sum is not divided: divide by the sum of the weights that were used.",
        lambda logits, labels, weights: (
            _own_losses(logits, labels) * weights[labels]
        ).sum(),
    ),
    Mistake(
        "the sum is divided by the weights of all classes: each row brings the weight "
        "of its own class, weights[labels].",
        lambda logits, labels, weights: (
            (_own_losses(logits, labels) * weights[labels]).sum() / weights.sum()
        ),
    ),
    Mistake(
        "the weights are multiplied with the logits: they belong to the rows' losses.",
        lambda logits, labels, weights: _own_losses(logits * weights, labels).mean(),
    ),
    Mistake(
        "the softmax runs over the batch: the classes of one text stand in a row, "
        "dim=1.",
        lambda logits, labels, weights: (
            -(logits.log_softmax(0)[range(len(labels)), labels] * weights[labels]).sum()
            / weights[labels].sum()
        ),
    ),
    Mistake(
        "the sign is missing: the loss is minus the logarithm.",
        lambda logits, labels, weights: (
            -(_own_losses(logits, labels) * weights[labels]).sum()
            / weights[labels].sum()
        ),
    ),
    Mistake(
        "a probability so small that it is 0 has the logarithm -inf. log_softmax "
        "takes both steps at once.",
        _log_of_softmax,
        lambda received, *_: received.item() == torch.inf,
    ),
    Mistake(
        "the logarithm is missing: minus the mean probability is no cross-entropy.",
        lambda logits, labels, weights: (
            -(logits.softmax(1)[range(len(labels)), labels] * weights[labels]).sum()
            / weights[labels].sum()
        ),
    ),
)
