"""Other correct ways to solve the exercises of lesson 07."""

import math

import numpy as np
import torch
from torch import nn


def rate_by_interpolation(step, steps, rising, peak):
    way = np.interp(step, [0, rising, steps], [0, 0, math.pi]) if rising else 0
    way = way if rising else math.pi * step / steps
    return peak * math.cos(way / 2) ** 2 * (step / rising if step < rising else 1)


def rate_by_library(step, steps, rising, peak):
    weight = nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=peak)
    fall = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps - rising)
    if step < rising:
        return peak * (step / rising)
    for _ in range(step - rising):
        optimizer.step()
        fall.step()
    return torch.tensor(fall.get_last_lr()[0], dtype=torch.float64)


def drop_on_a_copy(input_ids, special, chance, share, mask_id):
    ids = input_ids.clone()
    ids[(chance < share) & ~special.bool()] = mask_id
    return ids


def drop_by_arithmetic(input_ids, special, chance, share, mask_id):
    gone = chance.lt(share).long() * (1 - special)
    return (input_ids * (1 - gone) + mask_id * gone).int()


def drop_row_by_row(input_ids, special, chance, share, mask_id):
    chance = chance.masked_fill(special == 1, 2.0)
    rows = zip(input_ids, chance, strict=True)
    return torch.stack([ids.masked_fill(c < share, mask_id) for ids, c in rows])


def loss_by_library(logits, labels, weights):
    own = nn.functional.cross_entropy(logits, labels, reduction="none")
    return torch.dot(own, weights[labels]) / weights[labels].sum()


def loss_in_a_loop(logits, labels, weights):
    total = used = 0.0
    for row, label in zip(logits.double(), labels.tolist(), strict=True):
        highest = row.max().item()
        log_sum = math.log(sum(math.exp(z - highest) for z in row.tolist()))
        total += weights[label].item() * (highest + log_sum - row[label].item())
        used += weights[label].item()
    return torch.tensor(total / used)


def loss_by_class(logits, labels, weights):
    return nn.CrossEntropyLoss(weight=weights)(logits, labels)


def accumulate_by_grad(model, batches):
    parameters = list(model.parameters())
    total = [torch.zeros_like(p) for p in parameters]
    count = sum(len(batch["labels"]) for batch in batches)
    for batch in batches:
        found = torch.autograd.grad(model(**batch).loss, parameters)
        for sum_, part in zip(total, found, strict=True):
            sum_ += part * len(batch["labels"]) / count
    return tuple(total)


def accumulate_and_divide(model, batches):
    for parameter in model.parameters():
        parameter.grad = None
    for batch in batches:
        logits = model(**batch).logits
        nn.functional.cross_entropy(logits, batch["labels"], reduction="sum").backward()
    count = sum(batch["labels"].numel() for batch in batches)
    return [parameter.grad / count for parameter in model.parameters()]


def fit_with_zeros_first(make_model, batches, validation, epochs, rate):
    model = make_model()
    adam = torch.optim.AdamW(model.parameters(), lr=rate, fused=True)

    def validated():
        model.eval()
        with torch.no_grad():
            return model(**validation).loss

    def one_epoch():
        for batch in batches:
            model.train()
            model.zero_grad()
            model(**batch).loss.backward()
            adam.step()
        return validated()

    return [one_epoch() for _ in range(epochs)]


def stop_by_class(losses, patience, least):
    class Watch:
        best, at, waited = float("inf"), 0, 0

        def see(self, number, loss):
            if loss + least < self.best:
                self.best, self.at, self.waited = loss, number, 0
                return False
            self.waited += 1
            return self.waited == patience

    watch = Watch()
    for number, loss in enumerate(losses):
        if watch.see(number, loss):
            break
    return [watch.at, number]


def average_by_lerp(states, decay):
    average = {name: value.clone() for name, value in states[0].items()}
    for state in states[1:]:
        for name, value in state.items():
            if value.is_floating_point():
                average[name].lerp_(value, 1 - decay)
            else:
                average[name] = value.clone()
    return average


def average_by_recursion(states, decay):
    if len(states) == 1:
        return states[0]
    before, last = average_by_recursion(states[:-1], decay), states[-1]
    return {
        name: last[name] + decay * (before[name] - last[name])
        if last[name].dtype == torch.float32
        else last[name]
        for name in last
    }


def rates_from_the_top(model, rate, decay):
    encoder = model.base_model.encoder.layer
    depth = {id(p): 0 for p in model.parameters()}
    for below, layer in enumerate(reversed(encoder), 1):
        depth |= {id(p): below for p in layer.parameters()}
    embeddings = model.base_model.embeddings.parameters()
    depth |= {id(p): len(encoder) + 1 for p in embeddings}
    return {
        name: rate * math.pow(decay, depth[id(p)])
        for name, p in model.named_parameters()
        if p.requires_grad
    }


RIGHT = {
    "7.1": [rate_by_interpolation, rate_by_library],
    "7.2": [drop_on_a_copy, drop_by_arithmetic, drop_row_by_row],
    "7.3": [loss_by_library, loss_in_a_loop, loss_by_class],
    "7.4": [accumulate_by_grad, accumulate_and_divide],
    "7.5": [fit_with_zeros_first],
    "7.6": [stop_by_class],
    "7.7": [average_by_lerp, average_by_recursion],
    "7.8": [rates_from_the_top],
}
