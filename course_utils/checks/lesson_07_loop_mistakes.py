"""Plausible wrong answers of lesson 07: accumulated gradients, loops, stopping."""

import torch

from course_utils.checks.exercise import Mistake

# --- 7.4 accumulate ------------------------------------------------------------------


def _gradients(share, clear_first=True, clear_each=False):
    """share: (batch, batches) to the factor of a batch's mean loss."""

    def answer(model, batches):
        if clear_first:
            model.zero_grad()
        for batch in batches:
            if clear_each:
                model.zero_grad()
            (model(**batch).loss * share(batch, batches)).backward()
        return [parameter.grad for parameter in model.parameters()]

    return answer


def _count(batch):
    return len(batch["labels"])


def _right_share(batch, batches):
    return _count(batch) / sum(map(_count, batches))


def _only_one(which):
    def answer(model, batches):
        loss = model(**batches[which]).loss
        return list(torch.autograd.grad(loss, list(model.parameters())))

    return answer


ACCUMULATE = (
    Mistake(
        "each batch counts alike, but the batches differ in size: weigh each mean loss "
        "by its share of all examples.",
        _gradients(lambda batch, batches: 1 / len(batches)),
    ),
    Mistake(
        "the mean losses are added: four batches give a gradient four times as long. "
        "Weigh each by its share of all examples.",
        _gradients(lambda batch, batches: 1),
    ),
    Mistake(
        "the losses are summed, not averaged, over the examples: divide by the number "
        "of all examples.",
        _gradients(lambda batch, batches: _count(batch)),
    ),
    Mistake(
        "old gradients are still in the model, and backward() adds to them: begin with "
        "model.zero_grad().",
        _gradients(_right_share, clear_first=False),
        lambda received, expected, *_: (
            (received[0] - expected[0]).std() < 1e-5
            if received[0].numel() > 1
            else False
        ),
    ),
    Mistake(
        "zero_grad() stands in the loop: only the last batch is left. Clear once, "
        "before the loop.",
        _gradients(_right_share, clear_each=True),
    ),
    Mistake(
        "the gradients come back by name: a list is asked for, in the order of "
        "model.parameters().",
        lambda model, batches: dict(
            enumerate(_gradients(_right_share)(model, batches))
        ),
        lambda received, *_: isinstance(received, dict),
    ),
    Mistake("only the last batch counts: add up the gradients of all.", _only_one(-1)),
    Mistake("only the first batch counts: is `return` in the loop?", _only_one(0)),
)

# --- 7.5 fit -------------------------------------------------------------------------


def _adamw(parameters, lr):
    return torch.optim.AdamW(parameters, lr=lr, fused=True)


def _loop(zero="each", eval_mode=True, back_to_train=True, restart=False, **slip):
    steps = slip.get("optimizer", _adamw)

    def answer(make_model, batches, validation, epochs, rate):
        model, losses = make_model(), []
        optimizer = steps(model.parameters(), lr=rate)
        model.train()
        for _ in range(epochs):
            if back_to_train:
                model.train()
            if restart:
                optimizer = steps(model.parameters(), lr=rate)
            for batch in batches:
                loss = model(**batch).loss
                if zero == "each":
                    optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            if zero == "epoch":
                optimizer.zero_grad()
            if eval_mode:
                model.eval()
            losses.append(loss if "every" in slip else model(**validation).loss)
        return [loss.item() for loss in losses]

    return answer


FIT = (
    Mistake(
        "both faults are still there: gradients are never cleared, and dropout is on "
        "while the model is scored.",
        _loop(zero="never", eval_mode=False),
    ),
    Mistake(
        "the gradients are still added up: optimizer.zero_grad() after each step.",
        _loop(zero="never"),
    ),
    Mistake(
        "the gradients are cleared once in an epoch: after each step is right.",
        _loop(zero="epoch"),
    ),
    Mistake(
        "dropout is still on while the model is scored: model.eval() before it.",
        _loop(eval_mode=False),
    ),
    Mistake(
        "after the first evaluation dropout stays off: model.train() at the start of "
        "each epoch.",
        _loop(back_to_train=False),
    ),
    Mistake(
        "a new optimiser in each epoch forgets its means: make it once.",
        _loop(restart=True),
    ),
    Mistake(
        "this is the loss of the last training batch: score the validation batch.",
        _loop(every=True),
    ),
    Mistake(
        "the steps are those of SGD: AdamW is asked for, as in the given function.",
        _loop(optimizer=torch.optim.SGD),
    ),
    Mistake(
        "only the last loss comes back: one for each epoch is asked for.",
        lambda *given: _loop()(*given)[-1],
    ),
    Mistake(
        "the model is never trained: no batch is used for a step.",
        lambda make_model, batches, *rest: _loop()(make_model, [], *rest),
    ),
)

# --- 7.6 stop_early ------------------------------------------------------------------


def _stopped(better=lambda new, best, least: new < best - least, extra=0, **slip):
    def answer(losses, patience, least):
        best = since = 0
        for last in range(1, len(losses)):
            if better(losses[last], losses[best], least):
                best = last
                since = since if slip.get("in_all") else 0
            else:
                since += 1
            if since >= patience + extra:
                return (last - patience, last) if slip.get("guess") else (best, last)
        return best, len(losses) - 1

    return answer


def _by_neighbour(losses, patience, least):
    best = since = 0
    for last in range(1, len(losses)):
        since = 0 if losses[last] < losses[last - 1] - least else since + 1
        best = last if losses[last] < losses[best] - least else best
        if since >= patience:
            return best, last
    return best, len(losses) - 1


def _nan_is_best(losses, patience, least):
    return _stopped(lambda new, best, least: not new >= best - least)(
        losses, patience, least
    )


def _least_of_all(losses, patience, least):
    last = _stopped()(losses, patience, least)[1]
    seen = [loss if loss == loss else float("inf") for loss in losses[: last + 1]]
    return seen.index(min(seen)), last


def _best_loss(losses, patience, least):
    best, last = _stopped()(losses, patience, least)
    return losses[best], last


STOP_EARLY = (
    Mistake(
        "one evaluation too many: stop as soon as `patience` in a row were no better.",
        _stopped(extra=1),
    ),
    Mistake(
        "one evaluation too few: `patience` of them may bring nothing better.",
        _stopped(extra=-1),
    ),
    Mistake(
        "all evaluations without a gain are counted: only those in a row. A better one "
        "starts the count again.",
        _stopped(in_all=True),
    ),
    Mistake(
        "each loss is compared with the one before: compare with the best so far.",
        _by_neighbour,
    ),
    Mistake(
        "`least` is ignored: a gain that is not above it does not count.",
        _stopped(lambda new, best, least: new < best),
    ),
    Mistake(
        "a loss equal to the best is no gain: it must be lower.",
        _stopped(lambda new, best, least: new <= best - least),
    ),
    Mistake(
        "the larger loss is taken for the better one.",
        _stopped(lambda new, best, least: new > best + least),
    ),
    Mistake(
        "nan is taken for a gain: a comparison with nan is always False. Ask whether "
        "the loss is lower, not whether it is not higher.",
        _nan_is_best,
    ),
    Mistake(
        "the lowest loss is returned, even if it was no gain: the best is the last "
        "that was lower by more than `least`.",
        _least_of_all,
    ),
    Mistake(
        "one number came back: the best evaluation and the last one are asked for.",
        lambda *given: _stopped()(*given)[0],
        lambda received, *_: isinstance(received, int),
    ),
    Mistake(
        "the best loss comes back: give its number, the evaluation that had it.",
        _best_loss,
    ),
    Mistake(
        "it never stops: return as soon as the patience is used up.",
        _stopped(extra=99),
    ),
)
