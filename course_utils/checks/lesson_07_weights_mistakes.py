"""Plausible wrong answers of lesson 07: averaged weights, rates by layer."""

import torch

from course_utils.checks.exercise import Mistake

# --- 7.7 average_weights -------------------------------------------------------------


def _averaged(step, first=lambda value: value, whole=True):
    """Average in a loop; whole: integers come from the last state, as asked."""

    def answer(states, decay):
        average = {name: first(value) for name, value in states[0].items()}
        for state in states[1:]:
            for name, value in state.items():
                if value.is_floating_point() or not whole:
                    average[name] = step(average[name], value, decay)
                else:
                    average[name] = value
        return average

    return answer


def _toward(average, value, decay):
    return decay * average + (1 - decay) * value


def _all_alike(states, decay):
    found = {}
    for name, value in states[-1].items():
        rows = torch.stack([state[name] for state in states]).double()
        found[name] = rows.mean(0).to(value.dtype)
    return found


AVERAGE_WEIGHTS = (
    Mistake(
        "decay and 1 - decay are exchanged: the average keeps the share `decay`.",
        _averaged(lambda average, value, decay: (1 - decay) * average + decay * value),
    ),
    Mistake(
        "each new state gets a half: its share is 1 - decay.",
        _averaged(lambda average, value, decay: (average + value) / 2),
    ),
    Mistake(
        "the average begins at 0 and is too small: begin with the first state.",
        lambda states, decay: _averaged(_toward)(
            [{n: v * 0 for n, v in states[0].items()}, *states], decay
        ),
    ),
    Mistake(
        "the first state comes in twice, or not with its whole share.",
        _averaged(_toward, lambda value: value * 0.5 if value.dim() else value),
    ),
    Mistake(
        "integers are averaged, too: a counter is no weight. Take the last state's.",
        _averaged(_toward, whole=False),
    ),
    Mistake(
        "the integers are left out: a state has all of its names, a counter is the "
        "last state's.",
        lambda *given: {
            name: value
            for name, value in _averaged(_toward)(*given).items()
            if value.is_floating_point()
        },
    ),
    Mistake(
        "integers are those of the first state: take the last state's.",
        lambda states, decay: {
            name: value if value.is_floating_point() else states[0][name]
            for name, value in _averaged(_toward)(states, decay).items()
        },
    ),
    Mistake("all states count alike: that is the plain mean.", _all_alike),
    Mistake(
        "the last state comes back: the average moves towards it by 1 - decay only.",
        lambda states, decay: dict(states[-1]),
    ),
    Mistake(
        "the first state comes back: take a step towards each later one.",
        lambda states, decay: dict(states[0]) | {"steps": states[-1]["steps"]},
    ),
)

# --- 7.8 layer_rates -----------------------------------------------------------------


def _by_place(power, frozen=False):
    """power: (words of the name without "bert.", L) to the exponent of decay."""

    def answer(model, rate, decay):
        L, rates = model.config.num_hidden_layers, {}
        for name, parameter in model.named_parameters():
            if frozen or parameter.requires_grad:
                words = name.removeprefix("bert.").split(".")
                rates[name] = rate * decay ** power(words, L)
        return rates

    return answer


def _power(words, L, layer=lambda i, L: L - i, embeddings=lambda L: L + 1, pooler=0):
    if words[0] == "encoder":
        return layer(int(words[2]), L)
    return (
        embeddings(L) if words[0] == "embeddings" else pooler * (words[0] == "pooler")
    )


LAYER_RATES = (
    Mistake(
        "the order is reversed: the layer next to the head (L - 1) is the fastest.",
        _by_place(lambda w, L: _power(w, L, lambda i, L: i + 1)),
    ),
    Mistake(
        "one factor is missing: layer L - 1 already has rate * decay.",
        _by_place(lambda w, L: _power(w, L, lambda i, L: L - 1 - i, lambda L: L)),
    ),
    Mistake(
        "the embeddings are as fast as layer 0: they lie one step deeper.",
        _by_place(lambda w, L: _power(w, L, embeddings=lambda L: L)),
    ),
    Mistake(
        "the embeddings have the head's rate: they are the slowest.",
        _by_place(lambda w, L: _power(w, L, embeddings=lambda L: 0)),
    ),
    Mistake(
        "the pooler is new to the task as the head is: it has the full rate.",
        _by_place(lambda w, L: _power(w, L, pooler=1)),
    ),
    Mistake(
        "frozen parameters are there, too: leave out what has requires_grad False.",
        _by_place(_power, frozen=True),
    ),
    Mistake(
        "layer 1 is taken for layer 10: read the whole number between the dots.",
        _by_place(
            lambda w, L: _power([*w[:2], w[2][:1], *w[3:]] if len(w) > 2 else w, L)
        ),
    ),
    Mistake(
        "these are groups for an optimizer: a dict {name: rate} is asked for.",
        lambda model, rate, decay: [
            {"params": [parameter], "lr": rate} for parameter in model.parameters()
        ],
        lambda received, *_: isinstance(received[0], dict) and "lr" in received[0],
    ),
    Mistake(
        "all layers have one rate: multiply by decay once for each layer below the "
        "head.",
        _by_place(lambda w, L: 0 if w[0] != "encoder" else 1),
    ),
)
