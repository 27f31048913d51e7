"""Plausible wrong answers of lesson 11, exercises 11.5 to 11.8: training, serving."""

import torch
import torch.nn.functional as F

from course_utils.checks.exercise import Mistake

# --- 11.5 distillation_loss ----------------------------------------------------------


def _distilled(
    soft=None, power=2, exchanged=False, hard_at=None, soften=(True, True), dim=1
):
    """The loss with one slip; soft: how the divergences of (B, C) become one number."""
    soft = soft or (lambda kl: kl.sum(dim=1).mean())

    def answer(student, teacher, labels, temperature, share):
        ours = student / (temperature if soften[0] else 1)
        theirs = teacher / (temperature if soften[1] else 1)
        q, p = ours.log_softmax(dim=dim), theirs.log_softmax(dim=dim)
        if exchanged:
            q, p = p, q
        kl = soft(p.exp() * (p - q)) * temperature**power
        hard = F.cross_entropy(student / (temperature if hard_at else 1), labels)
        return share * kl + (1 - share) * hard

    return answer


def _shares_exchanged(student, teacher, labels, temperature, share):
    return _distilled()(student, teacher, labels, temperature, 1 - share)


def _logs_forgotten(student, teacher, labels, temperature, share):
    p, q = ((x / temperature).softmax(dim=1) for x in (teacher, student))
    kl = F.kl_div(q, p, reduction="batchmean") * temperature**2
    return share * kl + (1 - share) * F.cross_entropy(student, labels)


DISTILLATION_LOSS = (
    Mistake(
        "the square of the temperature is missing: without it the soft part fades as "
        "the temperature rises.",
        _distilled(power=0),
    ),
    Mistake(
        "the soft part is multiplied by the temperature: by its square is right.",
        _distilled(power=1),
    ),
    Mistake(
        "the labels are not used: the soft part weighs `share`, the cross-entropy with "
        "the labels 1 - share.",
        lambda *given: _distilled()(*given[:-1], 1.0),
    ),
    Mistake(
        "the mean is taken over rows *and* classes, as F.kl_div does by default: sum "
        "over the classes (reduction='batchmean').",
        _distilled(soft=lambda kl: kl.mean()),
    ),
    Mistake(
        "the rows are summed: take their mean, as the cross-entropy does.",
        _distilled(soft=lambda kl: kl.sum()),
    ),
    Mistake(
        "teacher and student are exchanged: the teacher's probabilities are the "
        "weights, KL(teacher || student).",
        _distilled(exchanged=True),
    ),
    Mistake(
        "F.kl_div wants the *logarithm* of the student's probabilities: log_softmax.",
        _logs_forgotten,
    ),
    Mistake(
        "the temperature is left out of the soft part: both logits are divided by it.",
        _distilled(soften=(False, False)),
    ),
    Mistake(
        "only the teacher is softened: the student's logits, too, are divided by the "
        "temperature.",
        _distilled(soften=(False, True)),
    ),
    Mistake(
        "the hard part is softened, too: the labels meet the student's own logits.",
        _distilled(hard_at=True),
    ),
    Mistake(
        "`share` is the weight of the soft part, 1 - share that of the labels.",
        _shares_exchanged,
    ),
    Mistake(
        "the softmax runs over the batch: the classes are the last axis.",
        _distilled(dim=0),
    ),
)

# --- 11.6 loss_in_parts --------------------------------------------------------------


def _in_parts(loss_of, zero=True):
    """Loss and gradient of loss_of(sums, counts), given for each part."""

    def answer(model, parts):
        if zero:
            model.zero_grad()
        sums = [F.cross_entropy(model(x), y, reduction="sum") for x, y in parts]
        loss = loss_of(sums, [int((y != -100).sum()) for _, y in parts])
        loss.backward()
        return loss.item(), model.weight.grad

    return answer


def _of_means(sums, counts):
    means = [s / torch.tensor(float(n)) for s, n in zip(sums, counts, strict=True)]
    return sum(means) / len(means)


def _of_means_without_nan(sums, counts):
    means = [s / max(n, 1) for s, n in zip(sums, counts, strict=True)]
    return sum(means) / len(means)


def _of_labelled_parts(sums, counts):
    means = [s / n for s, n in zip(sums, counts, strict=True) if n]
    return sum(means) / len(means)


def _by_rows(model, parts):
    rows = sum(len(labels) for _, labels in parts)
    return _in_parts(lambda sums, counts: sum(sums) / rows)(model, parts)


LOSS_IN_PARTS = (
    Mistake(
        "all three faults are still there: a mean of means, nan from a part without a "
        "label, and the gradient of an earlier step.",
        _in_parts(_of_means, zero=False),
    ),
    Mistake(
        "the gradient of an earlier step is still in it: set it to zero (or None) "
        "before the first part.",
        _in_parts(lambda sums, counts: sum(sums) / sum(counts), zero=False),
    ),
    Mistake(
        "the gradient of an earlier step is still in it, and it is still a mean of "
        "means, those without a label left out.",
        _in_parts(_of_labelled_parts, zero=False),
    ),
    Mistake(
        "it is still a mean of means, and a part without any label divides 0 by 0: "
        "its mean is nan. Take sums.",
        _in_parts(_of_means),
    ),
    Mistake(
        "it is still a mean of means, and small parts weigh too much: divide the sum "
        "over all parts by the number of all labels.",
        _in_parts(_of_means_without_nan),
    ),
    Mistake(
        "it is still a mean of the parts' means, those without a label left out: "
        "divide the sum of all by the number of all labels.",
        _in_parts(_of_labelled_parts),
    ),
    Mistake(
        "rows with the label -100 are counted: divide by the number of labels.",
        _by_rows,
    ),
    Mistake(
        "only the last part is left: zero_grad() stands in the loop. Clear once, "
        "before the first part, and add up the losses.",
        _in_parts(lambda sums, counts: sums[-1] / sum(counts)),
    ),
    Mistake(
        "the sum over all labels is not divided by their number.",
        _in_parts(lambda sums, counts: sum(sums)),
    ),
)

# --- 11.7 shard_rows -----------------------------------------------------------------


def _sharded(seed=lambda rank, epoch: epoch, fill=True, drop=False, blocks=False):
    def answer(count, world, rank, epoch):
        generator = torch.Generator().manual_seed(seed(rank, epoch))
        order = torch.randperm(count, generator=generator).tolist()
        while fill and len(order) % world:
            order.append(order[len(order) - count])
        order = order[: count // world * world] if drop else order
        if blocks:
            each = -(-len(order) // world)
            return order[rank * each : (rank + 1) * each]
        return order[rank::world]

    return answer


def _unshuffled(count, world, rank, epoch):
    each = -(-count // world)
    return [place % count for place in range(rank, each * world, world)]


SHARD_ROWS = (
    Mistake(
        "every epoch has the same order: seed the generator with the epoch. (With "
        "torch's sampler: a forgotten set_epoch.)",
        _sharded(lambda rank, epoch: 0),
    ),
    Mistake(
        "each process shuffles in its own way, so that some rows are read twice and "
        "others never: the seed must not depend on the rank.",
        _sharded(lambda rank, epoch: epoch + rank),
    ),
    Mistake(
        "the processes get unequal numbers of rows, and one would wait for ever: go on "
        "from the beginning of the order.",
        _sharded(fill=False),
    ),
    Mistake(
        "the rest is dropped: here the order is filled up from its beginning.",
        _sharded(fill=False, drop=True),
    ),
    Mistake(
        "each process gets a block: take every `world`-th row of the order, from "
        "`rank` on.",
        _sharded(blocks=True),
    ),
    Mistake("the rows are not shuffled.", _unshuffled),
)

# --- 11.8 answer_times ---------------------------------------------------------------


def _served(begin=max, waits=lambda t, start: t <= start, least=False, **more):
    def answer(arrivals, most, start_up, each):
        most = more.get("most", most)
        times, free, n = [], 0, 0
        while n < len(arrivals):
            if least:
                start = max(free, arrivals[n : n + most][-1])
            else:
                start = begin(free, arrivals[n])
            batch = [t for t in arrivals[n : n + most] if waits(t, start)]
            size = len(batch) or 1
            free = start + start_up * (size if more.get("each") else 1) + each * size
            times += [free] * size
            n += size
        if more.get("latency"):
            return [a - b for a, b in zip(times, arrivals, strict=True)]
        return times

    return answer


ANSWER_TIMES = (
    Mistake(
        "the texts are answered one by one: take all that wait, at most `most`.",
        _served(most=1),
    ),
    Mistake("a batch is larger than `most`.", _served(most=10**6)),
    Mistake(
        "the server waits until the batch is full: it takes what is there.",
        _served(least=True),
    ),
    *(
        Mistake(
            "the server begins before the text has come: where nobody waits, it "
            "begins with the next arrival.",
            _served(begin=lambda free, arrival: free, waits=waits),
        )
        for waits in (lambda t, start: True, lambda t, start: t <= start)
    ),
    Mistake(
        "texts that come later are in the batch already: only those that have come "
        "when it begins.",
        _served(waits=lambda t, start: True),
    ),
    Mistake(
        "a text that comes at the moment when the batch begins is taken, too: "
        "compare with <=.",
        _served(waits=lambda t, start: t < start),
    ),
    Mistake(
        "the start-up is paid once for each batch, not for each text.",
        _served(each=True),
    ),
    Mistake(
        "the last batch is lost: it may be smaller than `most`.",
        lambda arrivals, most, *rest: _served()(arrivals, most, *rest)[
            : len(arrivals) // most * most
        ],
    ),
    Mistake(
        "these are waiting times: the moments of the answers are asked for.",
        _served(latency=True),
    ),
)
