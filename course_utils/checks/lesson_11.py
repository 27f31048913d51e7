"""Checks of lesson 11: counting, shrinking, distilling, sharing out and serving."""

import copy
import math

import torch
from torch import nn
from torch.utils.data.distributed import DistributedSampler

from course_utils.checks import lesson_11_mistakes as mistakes
from course_utils.checks import lesson_11_storage as storage
from course_utils.checks import lesson_11_storage_mistakes as of_storage
from course_utils.checks import lesson_11_training_mistakes as training
from course_utils.checks.edge_mistakes import EDGES
from course_utils.checks.exercise import Coding
from course_utils.checks.lesson_11_questions import QUESTIONS


def _normal(rng, *shape):
    """Draw a tensor of normal numbers, two digits after the point."""
    numbers = [round(rng.gauss(0, 1), 2) for _ in range(math.prod(shape))]
    return torch.tensor(numbers).view(shape)


# --- 11.1: counting ------------------------------------------------------------------


def _bytes_to_train(parts, optimizer):
    """Make a step with torch's own optimizer, and count what is there after it."""
    tensors = [nn.Parameter(torch.zeros(n), requires_grad=yes) for n, yes in parts]
    made = {
        "sgd": lambda: torch.optim.SGD(tensors, lr=0.1),
        "momentum": lambda: torch.optim.SGD(tensors, lr=0.1, momentum=0.9),
        "adamw": lambda: torch.optim.AdamW(tensors, lr=0.1),
    }[optimizer]()
    for tensor in tensors:
        if tensor.requires_grad:
            tensor.grad = torch.ones_like(tensor)
    made.step()
    kept = [*tensors, *(t.grad for t in tensors if t.grad is not None)]
    for state in made.state.values():
        own = [x for x in state.values() if isinstance(x, torch.Tensor)]
        kept += [x for x in own if x.dim()]  # not the one number that counts steps
    return sum(x.numel() * x.element_size() for x in kept)


def _memory_cases(rng):
    cases = [([(1, True)], "sgd"), ([(10, True)], "momentum"), ([(10, True)], "adamw")]
    cases += [([(7, False)], "adamw"), ([(3, True), (5, False)], "adamw")]
    cases += [([(4, False), (6, True)], "momentum"), ([(9, False), (2, True)], "sgd")]
    for name in ("sgd", "momentum", "adamw") * 2:
        sizes = [rng.randint(10, 4000) for _ in range(rng.randint(2, 5))]
        cases.append(([(size, rng.random() < 0.6) for size in sizes], name))
    return cases


# --- 11.3: weights -------------------------------------------------------------------


def _quantize_groups(weight, size, bits):
    top = 2 ** (bits - 1) - 1
    rows = []
    for row in weight.tolist():
        restored = []
        for first in range(0, len(row), size):
            group = row[first : first + size]
            scale = max(map(abs, group)) / top
            restored += [round(x / scale) * scale if scale else 0.0 for x in group]
        rows.append(restored)
    return torch.tensor(rows)


def _weight_cases(rng):
    small = torch.tensor([[1.0, -0.3, 8.0, 2.1]])
    cases = [(torch.tensor([[0.7]]), 1, 8), (small, 4, 3), (small, 2, 3)]
    cases += [
        (torch.tensor([[0.0, 0.0, 5.0, 1.3]]), 2, 4),
        (small.T.repeat(1, 2), 1, 4),
    ]
    for bits in (8, 4, 4, 3):
        size, groups, rows = rng.randint(2, 4), rng.randint(2, 3), rng.randint(2, 4)
        weight = torch.tensor([rng.gauss(0, 1) for _ in range(rows * groups * size)])
        cases.append((weight.view(rows, groups * size), size, bits))
    return cases


# --- 11.5 and 11.6: losses and gradients ---------------------------------------------


def _softmax(row, temperature):
    powers = [math.exp((x - max(row)) / temperature) for x in row]
    return [power / sum(powers) for power in powers]


def _distillation_loss(student, teacher, labels, temperature, share):
    soft = hard = 0.0
    rows = zip(student.tolist(), teacher.tolist(), labels.tolist(), strict=True)
    for ours, theirs, label in rows:
        p, q = _softmax(theirs, temperature), _softmax(ours, temperature)
        soft += sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))
        hard -= math.log(_softmax(ours, 1)[label])
    soft, hard = soft / len(labels), hard / len(labels)
    return share * temperature**2 * soft + (1 - share) * hard


def _loss_cases(rng):
    one, two = torch.tensor([[2.0, -1.0]]), torch.tensor([[0.5, 1.5]])
    first = torch.tensor([0])
    cases = [(one, two, first, 1.0, 1.0), (one, two, first, 2.0, 1.0)]
    cases += [(one, two, first, 2.0, 0.0), (one, one, first, 4.0, 0.5)]
    for B, C in ((2, 3), (3, 2), (4, 5), (5, 3), (6, 4)):
        labels = torch.tensor([rng.randrange(C) for _ in range(B)])
        student, teacher = 3 * _normal(rng, B, C), 3 * _normal(rng, B, C)
        share = rng.choice((0.3, 0.5, 0.9))
        cases.append((student, teacher, labels, rng.choice((1.0, 2.0, 4.0)), share))
    return cases


def _loss_in_parts(model, parts):
    """By hand: the gradient is (softmax - one-hot) times x, a mean over labels."""
    weight = model.weight.detach().double()
    x = torch.cat([x for x, _ in parts]).double()
    labels = torch.cat([labels for _, labels in parts])
    x, labels = x[labels >= 0], labels[labels >= 0]
    error = (x @ weight.T).softmax(dim=1)  # (N, C), the probabilities
    places = torch.arange(len(labels)), labels
    loss = -error[places].log().mean().float()
    error[places] -= 1
    return loss, (error.T @ x / len(labels)).float()


def _call_with_old_gradient(answer, model, parts):
    """Call with a copy of the model that still has the gradient of an earlier step."""
    model = copy.deepcopy(model)
    model.weight.grad = torch.ones_like(model.weight)
    with torch.enable_grad():
        result = answer(model, parts)
    if not isinstance(result, list | tuple):
        return result
    kinds = torch.Tensor, float, int
    return [torch.as_tensor(x).detach() if isinstance(x, kinds) else x for x in result]


def _part_cases(rng):
    sizes = [[([0], 1)], [([1, -100], 2)], [([0], 1), ([1], 1)]]
    sizes += [[([0, 1, 1], 3), ([1], 1)], [([0], 1), ([-100, -100], 2)]]
    for _ in range(4):
        part = [rng.randint(1, 5) for _ in range(rng.randint(2, 4))]
        labels = [[rng.choice((0, 1, 1, -100)) for _ in range(n)] for n in part]
        labels[0][0] = 0
        sizes.append([(row, len(row)) for row in labels])
    cases = []
    for rows in sizes:
        model = nn.Linear(3, 2, bias=False)
        with torch.no_grad():
            model.weight.copy_(_normal(rng, 2, 3))
        parts = [(_normal(rng, n, 3), torch.tensor(labels)) for labels, n in rows]
        cases.append((model, parts))
    return cases


# --- 11.7 and 11.8: processes and queues ---------------------------------------------


def _shard_rows(count, world, rank, epoch):
    sampler = DistributedSampler(range(count), num_replicas=world, rank=rank, seed=0)
    sampler.set_epoch(epoch)
    return list(sampler)


def _shard_cases(rng):
    cases = [(1, 1, 0, 0), (4, 2, 0, 0), (4, 2, 1, 0), (4, 2, 1, 1), (5, 2, 1, 0)]
    cases += [(2, 3, 2, 1), (9, 4, 3, 2), (9, 4, 0, 3), (8, 1, 0, 5), (2, 5, 4, 1)]
    for _ in range(5):
        world = rng.randint(2, 6)
        row = rng.randint(10, 60), world, rng.randrange(world), rng.randint(1, 9)
        cases.append(row)
    return cases


def _answer_times(arrivals, most, start_up, each):
    """Go through the time millisecond by millisecond."""
    times, waiting, left, now, busy_until = [], 0, list(arrivals), 0, 0
    while left or waiting:
        while left and left[0] == now:
            waiting += 1
            left.pop(0)
        if waiting and now >= busy_until:
            taken = min(waiting, most)
            busy_until = now + start_up + each * taken
            times += [busy_until] * taken
            waiting -= taken
        now += 1
    return times


def _arrival_cases(rng):
    cases = [
        ([0], 1, 20, 5),
        ([3], 4, 20, 5),
        ([0, 0], 4, 20, 5),
        ([0, 0, 0], 2, 20, 5),
    ]
    cases += [([0, 100], 4, 20, 5), ([0, 25], 4, 20, 5), ([0, 5, 9, 12], 2, 10, 1)]
    cases.append(([], 4, 20, 5))
    for _ in range(5):
        span, most = rng.choice((60, 200)), rng.randint(2, 6)
        arrivals = sorted(rng.randint(0, span) for _ in range(rng.randint(6, 16)))
        cases.append((arrivals, most, rng.randint(5, 30), rng.randint(1, 8)))
    return cases


CODING = [
    Coding(
        "11.1", "bytes_to_train", "as many bytes as torch's optimizers hold after a "
        "step", _bytes_to_train, _memory_cases, mistakes.BYTES_TO_TRAIN,
    ),
    Coding(
        "11.2", "checkpoint_bytes", "each tensor once, each number in its format, "
        "whole bytes", storage.checkpoint_bytes, storage.checkpoint_cases,
        of_storage.CHECKPOINT_BYTES,
    ),
    Coding(
        "11.3", "quantize_groups", "each group has its own scale, also one of zeros",
        _quantize_groups, _weight_cases, mistakes.QUANTIZE_GROUPS,
    ),
    Coding(
        "11.4", "prune_smallest", "the smallest of all numbers are 0, the others as "
        "they were", storage.prune_smallest, storage.pruning_cases,
        of_storage.PRUNE_SMALLEST,
    ),
    Coding(
        "11.5", "distillation_loss", "both parts, at every temperature, equal a sum by "
        "hand", _distillation_loss, _loss_cases, training.DISTILLATION_LOSS,
    ),
    Coding(
        "11.6", "loss_in_parts", "all three faults are mended: loss and gradient are "
        "those of the whole batch", _loss_in_parts, _part_cases,
        training.LOSS_IN_PARTS, call=_call_with_old_gradient,
    ),
    Coding(
        "11.7", "shard_rows", "the same rows as torch's DistributedSampler",
        _shard_rows, _shard_cases, training.SHARD_ROWS + EDGES["11.7"],
    ),
    Coding(
        "11.8", "answer_times", "equal to a clock that ticks every millisecond",
        _answer_times, _arrival_cases, training.ANSWER_TIMES,
    ),
]  # fmt: skip

EXERCISES = [*CODING, *QUESTIONS]
