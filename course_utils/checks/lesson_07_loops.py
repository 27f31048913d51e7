"""What the checks of 7.4 to 7.6 compare with: gradients, a loop, early stopping."""

import math

import torch

from course_utils.checks.compare import same
from course_utils.checks.lesson_07_models import classifier_maker, copied

LOOP_TOLERANCE = 1e-4


def generator_from(rng):
    """Return torch's generator, seeded by Python's."""
    return torch.Generator().manual_seed(rng.randrange(2**31))


# --- 7.4 accumulated gradients -------------------------------------------------------


def accumulate(model, batches):
    whole = {key: torch.cat([b[key] for b in batches]) for key in batches[0]}
    with torch.enable_grad():
        loss = model(**whole).loss
    return list(torch.autograd.grad(loss, list(model.parameters())))


def call_on_model(answer, model, batches):
    """Call with old gradients in the model; copy what comes back, which may be them.

    A step that was taken is undone, so that the next call meets the same weights.
    """
    before = [copied(parameter) for parameter in model.parameters()]
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 3.0)
    with torch.enable_grad():
        found = copied(answer(model, batches))
    for parameter, old in zip(model.parameters(), before, strict=True):
        if not torch.equal(parameter, old):
            parameter.data.copy_(old)
    return found


def _batches(generator, sizes, D, C):
    return [
        {
            "x": torch.randn(b, D, generator=generator).round(decimals=1),
            "labels": torch.randint(C, (b,), generator=generator),
        }
        for b in sizes
    ]


def batch_cases(rng):
    generator, cases = generator_from(rng), []
    sizes = [(1,), (1, 1), (2, 1), (2, 2), (3, 1), (1, 5, 2)]
    for split, (D, C) in zip(sizes, [(2, 2)] * 4 + [(3, 2), (4, 3)], strict=True):
        model = classifier_maker(D, C, rng.randrange(99), noise=False)()
        cases.append((model.train(), _batches(generator, split, D, C)))
    return cases


# --- 7.5 a training loop -------------------------------------------------------------


def fit(make_model, batches, validation, epochs, rate):
    model, losses = make_model(), []
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, fused=True)
    for _ in range(epochs):
        for batch in batches:
            model.train()
            with torch.enable_grad():
                loss = model(**batch).loss
            found = torch.autograd.grad(loss, list(model.parameters()))
            for parameter, gradient in zip(model.parameters(), found, strict=True):
                parameter.grad = gradient
            optimizer.step()
        model.eval()
        losses.append(float(model(**validation).loss.detach()))
    return losses


def call_with_gradients(answer, *arguments):
    with torch.enable_grad():
        return answer(*arguments)


def same_losses(received, expected):
    return same(received, expected, tolerance=LOOP_TOLERANCE)


def loop_cases(rng):
    generator, cases = generator_from(rng), []
    for sizes, epochs in (((2,), 1), ((2, 2), 1), ((2,), 2), ((3, 2), 2), ((4, 4), 2)):
        make_model = classifier_maker(4, 2, rng.randrange(99))
        batches = _batches(generator, sizes, 4, 2)
        (validation,) = _batches(generator, (6,), 4, 2)
        cases.append((make_model, batches, validation, epochs, 0.1))
    return cases


# --- 7.6 early stopping --------------------------------------------------------------


def stop_early(losses, patience, least):
    best = 0
    for last in range(1, len(losses)):
        if losses[last] < losses[best] - least:
            best = last
        elif last - best >= patience:
            return best, last
    return best, len(losses) - 1


def history_cases(rng):
    given = [([0.5], 1, 0.0), ([0.5, 0.6], 1, 0.0), ([0.5, 0.4, 0.3], 1, 0.0)]
    given += [([5.0, 6.0, 4.0, 5.0, 6.0, 1.0], 2, 0.0), ([3.0, 3.0, 3.0, 1.0], 2, 0.0)]
    given += [([9.0, 8.75, 8.5, 8.25, 8.0], 2, 0.5), ([9.0, 8.5, 7.0, 6.75], 1, 0.75)]
    given += [
        ([9.0, 8.75, 8.5, 8.25, 8.0, 7.0], 4, 0.5),
        ([4.0, 5.0, 4.5, 4.25], 2, 0.0),
    ]
    given += [([4.0, math.nan, 3.0, math.nan, math.nan, 2.0], 2, 0.0)]
    for _ in range(6):
        losses = [rng.randint(1, 40) / 4 for _ in range(rng.randint(6, 14))]
        given.append((losses, rng.randint(2, 4), rng.choice((0.0, 0.125, 1.125))))
    return given
