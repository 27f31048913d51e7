"""Wrong answers to the exercises of lesson 07, and what the student must be told."""

import math
import re

import torch
from torch import nn
from torch.nn.functional import cross_entropy

# --- 7.1 -----------------------------------------------------------------------------


def warmed(fall):
    def answer(step, steps, rising, peak):
        if step < rising:
            return peak * (step / rising)
        return peak * fall((step - rising) / (steps - rising), step / steps)

    return answer


def half_wave(way):
    return 0.5 + 0.5 * math.cos(math.pi * way)


def rate_without_warmup(step, steps, rising, peak):
    return peak * half_wave(max(0, (step - rising) / (steps - rising)))


def rate_without_peak(step, steps, rising, peak):
    return (
        step / rising
        if step < rising
        else half_wave((step - rising) / (steps - rising))
    )


def rate_always_divided(step, steps, rising, peak):
    return min(
        peak * step / rising, peak * half_wave((step - rising) / (steps - rising))
    )


# --- 7.2 -----------------------------------------------------------------------------


def drop_all_kinds(input_ids, special, chance, share, mask_id):
    return input_ids.masked_fill(chance < share, mask_id)


def drop_the_others(input_ids, special, chance, share, mask_id):
    return input_ids.masked_fill((chance > share) & ~special.bool(), mask_id)


def drop_to_padding(input_ids, special, chance, share, mask_id):
    return input_ids * ~((chance < share) & (special == 0))


def drop_in_place(input_ids, special, chance, share, mask_id):
    return input_ids.masked_fill_((chance < share) & (special == 0), mask_id)


def drop_out_of_rows(input_ids, special, chance, share, mask_id):
    rows = zip(input_ids, (chance < share) & (special == 0), strict=True)
    return [ids[~gone] for ids, gone in rows]


def drop_with_own_chance(input_ids, special, chance, share, mask_id):
    chance = torch.rand(input_ids.shape)
    return torch.where((chance < share) & (special == 0), mask_id, input_ids)


def drop_inverted_special(input_ids, special, chance, share, mask_id):
    return torch.where((chance < share) & special.bool(), mask_id, input_ids)


# --- 7.3 -----------------------------------------------------------------------------


def own(logits, labels):
    return -logits.log_softmax(dim=-1).gather(1, labels[:, None]).squeeze(1)


def loss_over_batch_size(logits, labels, weights):
    return (weights[labels] * own(logits, labels)).sum() / len(labels)


def loss_over_all_weights(logits, labels, weights):
    return (weights[labels] * own(logits, labels)).sum() / weights.sum()


def loss_of_columns(logits, labels, weights):
    chosen = logits.log_softmax(dim=0)[torch.arange(len(labels)), labels]
    return -(weights[labels] * chosen).sum() / weights[labels].sum()


def loss_by_exp(logits, labels, weights):
    p = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
    chosen = p[torch.arange(len(labels)), labels].log()
    return -(weights[labels] * chosen).sum() / weights[labels].sum()


def loss_each(logits, labels, weights):
    return weights[labels] * own(logits, labels) / weights[labels].sum()


# --- 7.4 -----------------------------------------------------------------------------


def accumulated(share, clear="first"):
    def answer(model, batches):
        if clear == "first":
            model.zero_grad(set_to_none=True)
        for batch in batches:
            if clear == "each":
                model.zero_grad(set_to_none=True)
            loss = cross_entropy(model(batch["x"]).logits, batch["labels"])
            (share(batch, batches) * loss).backward()
        return [p.grad.clone() for p in model.parameters()]

    return answer


def true_share(batch, batches):
    return len(batch["x"]) / sum(len(other["x"]) for other in batches)


old_gradients_kept = accumulated(true_share, clear="never")


def accumulated_by_name(model, batches):
    accumulated(true_share)(model, batches)
    return {name: p.grad for name, p in model.named_parameters()}


def accumulated_and_stepped(model, batches):
    found = accumulated(true_share)(model, batches)
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    return found


# --- 7.5 -----------------------------------------------------------------------------


def published(make_model, batches, validation, epochs, rate):
    model, losses = make_model(), []
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    for _ in range(epochs):
        model.train()
        for batch in batches:
            loss = model(**batch).loss
            loss.backward()
            optimizer.step()
        losses.append(model(**validation).loss.item())
    return losses


def mended(zero=True, evaluate=True, train_again=True, optimizer=torch.optim.AdamW):
    def answer(make_model, batches, validation, epochs, rate):
        model, losses = make_model().train(), []
        steps = optimizer(model.parameters(), lr=rate)
        for _ in range(epochs):
            for batch in batches:
                if zero:
                    model.zero_grad()
                model(**batch).loss.backward()
                steps.step()
            if evaluate:
                model.eval()
            with torch.no_grad():
                losses.append(model(**validation).loss.item())
            if train_again:
                model.train()
        return losses

    return answer


gradients_not_zeroed = mended(zero=False)
dropout_left_on = mended(evaluate=False)


def fit_scores_last(make_model, batches, validation, epochs, rate):
    return mended()(make_model, batches, validation, epochs, rate)[-1]


def fit_never_trains(make_model, batches, validation, epochs, rate):
    model = make_model().eval()
    return [model(**validation).loss.item() for _ in range(epochs)]


# --- 7.6 -----------------------------------------------------------------------------


def stopped(gain, reset=True, more=0):
    def answer(losses, patience, least):
        best = waited = 0
        for last, loss in enumerate(losses[1:], 1):
            if gain(loss, losses[best], least):
                best, waited = last, (0 if reset else waited)
            else:
                waited += 1
                if waited == patience + more:
                    return best, last
        return best, len(losses) - 1

    return answer


def lower(loss, best, least):
    return loss < best - least


def stop_with_losses(losses, patience, least):
    best, last = stopped(lower)(losses, patience, least)
    return losses[best], last


def stop_best_only(losses, patience, least):
    return stopped(lower)(losses, patience, least)[0]


def stop_at_the_least(losses, patience, least):
    seen = losses[: stopped(lower)(losses, patience, least)[1] + 1]
    return seen.index(min(loss for loss in seen if loss == loss)), len(seen) - 1


# --- 7.7 -----------------------------------------------------------------------------


def averaged(keep, take, floats_only=True):
    def answer(states, decay):
        average = dict(states[0])
        for state in states[1:]:
            for name in state:
                if state[name].is_floating_point() or not floats_only:
                    average[name] = (
                        keep(decay) * average[name] + take(decay) * state[name]
                    )
                else:
                    average[name] = state[name]
        return average

    return answer


def averaged_in_place(states, decay):
    average = states[0]
    for state in states[1:]:
        for name, value in state.items():
            if value.is_floating_point():
                average[name].mul_(decay).add_(value, alpha=1 - decay)
            else:
                average[name] = value
    return average


def averaged_from_zero(states, decay):
    average = {n: torch.zeros_like(v) for n, v in states[0].items()}
    for state in states:
        for name, value in state.items():
            moved = decay * average[name] + (1 - decay) * value
            average[name] = moved if value.is_floating_point() else value
    return average


def averaged_without_integers(states, decay):
    right = averaged(lambda d: d, lambda d: 1 - d)(states, decay)
    return {name: value for name, value in right.items() if value.is_floating_point()}


def averaged_last(states, decay):
    return states[-1]


# --- 7.8 -----------------------------------------------------------------------------


def layered(power, trained_only=True):
    def answer(model, rate, decay):
        L = model.config.num_hidden_layers
        return {
            name: rate * decay ** power(name, L)
            for name, p in model.named_parameters()
            if p.requires_grad or not trained_only
        }

    return answer


def below(name, L, first=1, deepest=1, number=r"layer\.(\d+)\."):
    found = re.search(number, name)
    if found:
        return L - 1 - int(found[1]) + first
    return L + deepest if ".embeddings." in name else 0


def layered_by_substring(model, rate, decay):
    L, rates = model.config.num_hidden_layers, {}
    for name, p in model.named_parameters():
        power = L + 1 if "embeddings" in name else 0
        for i in range(L):
            if f"layer.{i}" in name:  # layer.1 is in layer.10, too
                power = L - i
                break
        if p.requires_grad:
            rates[name] = rate * decay**power
    return rates


def layered_groups(model, rate, decay):
    return [{"params": [p], "lr": rate} for p in model.parameters()]


def layered_and_frozen(model, rate, decay):
    model.base_model.embeddings.requires_grad_(False)
    return layered(below)(model, rate, decay)


def layered_and_set(model, rate, decay):
    nn.init.zeros_(model.classifier.bias)
    return layered(below)(model, rate, decay)


# --- met later -----------------------------------------------------------------------


def drop_at_the_share(input_ids, special, chance, share, mask_id):
    stays = (chance > share) | (special == 1)
    return torch.where(stays, input_ids, mask_id)


WRONG = {
    "7.1": [
        (warmed(lambda way, whole: half_wave(whole)), "over all steps"),
        (warmed(lambda way, whole: math.cos(math.pi * way)), "from 1 to -1"),
        (warmed(lambda way, whole: 1 - way), "straight line"),
        (warmed(lambda way, whole: half_wave(1 - way)), "rises again"),
        (rate_without_warmup, "there is no warm-up"),
        (rate_without_peak, "the peak is forgotten"),
        (rate_always_divided, "ZeroDivisionError"),
    ],
    "7.2": [
        (drop_all_kinds, "special tokens are masked, too"),
        (drop_the_others, "the wrong side"),
        (drop_to_padding, "id 0 is [PAD]"),
        (drop_in_place, "changes its argument in place (input_ids)"),
        (drop_out_of_rows, "a list came back, expected a tensor"),
        (drop_with_own_chance, "called again"),
        (drop_inverted_special, "the words stay"),
        (drop_at_the_share, "it must be below"),
    ],
    "7.3": [
        (loss_over_batch_size, "divided by B"),
        (loss_over_all_weights, "weights of all classes"),
        (lambda z, y, w: own(z, y).mean(), "the weights are not used"),
        (lambda z, y, w: (w[y] * own(z, y)).sum(), "the sum is not divided"),
        (lambda z, y, w: own(w * z, y).mean(), "multiplied with the logits"),
        (loss_of_columns, "over the batch"),
        (loss_by_exp, "has the logarithm -inf"),
        (loss_each, "each row has a loss of its own"),
    ],
    "7.4": [
        (accumulated(lambda b, all: 1 / len(all)), "each batch counts alike"),
        (accumulated(lambda b, all: 1.0), "the mean losses are added"),
        (accumulated(lambda b, all: len(b["x"])), "summed, not averaged"),
        (old_gradients_kept, "old gradients are still in the model"),
        (accumulated(true_share, clear="each"), "only the last batch is left"),
        (accumulated_by_name, "come back by name"),
        (accumulated_and_stepped, "changes its argument in place (model)"),
    ],
    "7.5": [
        (published, "both faults are still there"),
        (gradients_not_zeroed, "the gradients are still added up"),
        (dropout_left_on, "dropout is still on"),
        (mended(train_again=False), "dropout stays off"),
        (mended(optimizer=torch.optim.SGD), "those of SGD"),
        (fit_scores_last, "only the last loss comes back"),
        (fit_never_trains, "is never trained"),
    ],
    "7.6": [
        (stopped(lower, more=1), "one evaluation too many"),
        (stopped(lower, more=-1), "one evaluation too few"),
        (stopped(lower, reset=False), "only those in a row"),
        (stopped(lambda new, best, least: new < best), "`least` is ignored"),
        (stopped(lambda new, best, least: new <= best - least), "is no gain"),
        (stopped(lambda new, best, least: not new >= best - least), "nan is taken"),
        (stop_at_the_least, "even if it was no gain"),
        (stop_with_losses, "the best loss comes back"),
        (stop_best_only, "one number came back"),
    ],
    "7.7": [
        (averaged(lambda d: 1 - d, lambda d: d), "are exchanged"),
        (averaged(lambda d: d, lambda d: 1 - d, floats_only=False), "averaged, too"),
        (averaged(lambda d: 0.5, lambda d: 0.5), "gets a half"),
        (averaged_in_place, "changes its argument in place (states)"),
        (averaged_from_zero, "begins at 0"),
        (averaged_without_integers, "the integers are left out"),
        (averaged_last, "the last state comes back"),
    ],
    "7.8": [
        (layered(lambda n, L: below(n, L, 0, 0)), "one factor is missing"),
        (layered(lambda n, L: below(n, L, deepest=0)), "as fast as layer 0"),
        (layered(lambda n, L: below(n, L, deepest=-L)), "embeddings have the head's"),
        (layered(below, trained_only=False), "frozen parameters"),
        (layered(lambda n, L: 1 + L - below(n, L) if ".layer." in n else below(n, L)),
         "reversed"),
        (layered_by_substring, "layer 1 is taken for layer 10"),
        (layered_groups, "groups for an optimizer"),
        (layered_and_frozen, "requires_grad was changed"),
        (layered_and_set, "changes its argument in place (model)"),
    ],
}  # fmt: skip
