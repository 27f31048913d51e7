"""Checks of lesson 07: rates, losses, gradients, loops, averages, layer by layer."""

from functools import cache

import torch
import torch.nn.functional as F
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    get_cosine_schedule_with_warmup,
)

from course_utils.checks import lesson_07_loop_mistakes as slips
from course_utils.checks import lesson_07_loops as loops
from course_utils.checks import lesson_07_mistakes as mistakes
from course_utils.checks import lesson_07_weights_mistakes as weights
from course_utils.checks.compare import Difference, same
from course_utils.checks.edge_mistakes import EDGES
from course_utils.checks.exercise import Coding
from course_utils.checks.lesson_07_loops import generator_from
from course_utils.checks.lesson_07_models import copied
from course_utils.checks.lesson_07_questions import QUESTIONS
from course_utils.checks.shown_values import show
from course_utils.freezing import freeze, inner_name

# --- 7.1 a schedule ------------------------------------------------------------------


def _cosine_rate(step, steps, rising, peak):
    idle = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = get_cosine_schedule_with_warmup(idle, rising, steps)
    return peak * schedule.lr_lambdas[0](step)


def _step_cases(rng):
    given = [(0, 4, 0, 1.0), (4, 4, 0, 1.0), (2, 4, 0, 1.0), (1, 4, 2, 1.0)]
    given += [(0, 9, 3, 2.0), (3, 9, 3, 2.0), (6, 9, 3, 2.0), (9, 9, 3, 2.0)]
    for _ in range(6):
        steps = rng.randint(20, 400)
        rising = rng.randint(1, steps // 3)
        given.append((rng.randint(0, steps), steps, rising, rng.choice((0.5, 3.0))))
    return given


# --- 7.2 dropped tokens --------------------------------------------------------------


def _drop_tokens(input_ids, special, chance, share, mask_id):
    rows = []
    for ids, kept, draws in zip(input_ids, special, chance, strict=True):
        triples = zip(ids.tolist(), kept.tolist(), draws.tolist(), strict=True)
        rows.append([mask_id if d < share and not s else i for i, s, d in triples])
    return torch.tensor(rows)


def _id_cases(rng):
    generator, cases = generator_from(rng), []
    shapes = [(1, 3), (1, 4), (2, 4), (2, 6), (3, 8), (4, 12), (3, 20)]
    for (B, T), share in zip(shapes, (0.9, 0.5, 0.5, 0.3, 0.2, 0.0, 1.0), strict=True):
        ids = torch.randint(1000, 9999, (B, T), generator=generator)
        special = torch.zeros(B, T, dtype=torch.long)
        ids[:, 0], special[:, 0] = 101, 1
        for row in range(B):
            end = rng.randint(2, T - 1)
            ids[row, end], ids[row, end + 1 :], special[row, end:] = 102, 0, 1
        draws = torch.rand(B, T, generator=generator).mul(99).floor()
        chance = draws / 100 + 0.005  # never equal to a share
        cases.append((ids, special, chance, share, 103))
    ids, special, _, _, mask_id = cases[2]
    chance = torch.tensor([0.25, 0.5, 0.75, 0.5]).expand(2, 4).clone()
    return [*cases, (ids, special, chance, 0.5, mask_id)]  # the share itself stays


# --- 7.3 a weighted loss -------------------------------------------------------------


def _weighted_loss(logits, labels, weights):
    return F.cross_entropy(logits, labels, weight=weights)


def _loss_cases(rng):
    given = [([[0.0, 0.0]], [0], [1.0, 3.0]), ([[2.0, 0.0]] * 2, [0, 1], [1.0, 3.0])]
    given += [([[0.0, 1.0, 2.0], [1.0, 0.0, 0.0]], [0, 2], [1.0, 8.0, 1.0])]
    given += [([[90.0, -90.0], [200.0, 0.0]], [1, 1], [1.0, 0.5])]
    cases = [tuple(map(torch.tensor, case)) for case in given]
    generator = generator_from(rng)
    for B, C in ((3, 2), (4, 3), (8, 3), (16, 5)):
        labels = torch.randint(C, (B,), generator=generator)
        logits = 3 * torch.randn(B, C, generator=generator)
        cases.append((logits, labels, 0.2 + 4 * torch.rand(C, generator=generator)))
    return cases


# --- 7.7 averaged weights ------------------------------------------------------------


def _average_weights(states, decay):
    """Weigh each state by its share in closed form; n - 1 - i steps came after it."""
    n, found = len(states), {}
    for name, last in states[-1].items():
        if not last.is_floating_point():
            found[name] = last.clone()
            continue
        shares = [(1 - decay) * decay ** (n - 1 - i) for i in range(n)]
        shares[0] = decay ** (n - 1)
        rows = torch.stack([state[name] for state in states])
        found[name] = torch.tensordot(torch.tensor(shares), rows, dims=1)
    return found


def _call_and_copy(answer, *arguments):
    return copied(answer(*arguments))


def _state_cases(rng):
    generator, cases = generator_from(rng), []
    for count, decay in ((1, 0.9), (2, 0.5), (2, 0.9), (3, 0.5), (5, 0.9), (8, 0.75)):
        states = []
        for step in range(count):
            state = {"weight": torch.randn(2, 2, generator=generator).round(decimals=1)}
            state["steps"] = torch.tensor(step + 7)
            if count > 3:
                state["bias"] = torch.randn(3, generator=generator)
            states.append(state)
        cases.append((states, decay))
    return cases


# --- 7.8 rates by layer --------------------------------------------------------------


@cache
def _tiny_bert(layers, *frozen):
    """Return a random classifier of D = 4; the same one on each call."""
    shape = {"hidden_size": 4, "num_attention_heads": 1, "intermediate_size": 4}
    config = BertConfig(vocab_size=9, num_hidden_layers=layers, **shape)
    with torch.random.fork_rng():
        model = BertForSequenceClassification(config).eval()
    if frozen:
        freeze(model, *frozen)
    return model


def _model_cases(rng):
    models = [_tiny_bert(1), _tiny_bert(2), _tiny_bert(3, "embeddings")]
    models += [_tiny_bert(3, "embeddings", "encoder.layer.0"), _tiny_bert(12)]
    rates = [(1.0, 0.5), (1.0, 0.5), (8.0, 0.5), (1.0, 0.75), (1.0, 0.75)]
    for _ in range(4):
        L = rng.choice((2, 4, 11))
        parts = ["embeddings", *(f"encoder.layer.{i}" for i in range(L))]
        models.append(_tiny_bert(L, *rng.sample(parts, rng.randrange(L))))
        rates.append((rng.randint(1, 9) / 2, rng.randint(3, 19) / 20))
    return [(model, *pair) for model, pair in zip(models, rates, strict=True)]


def _layer_rates(model, rate, decay):
    L, rates = model.config.num_hidden_layers, {}
    for name, parameter in model.named_parameters():
        place = inner_name(name).split(".")
        below = {"embeddings": L + 1}.get(place[0], 0)
        if place[0] == "encoder":
            below = L - int(place[2])
        if parameter.requires_grad:
            rates[name] = rate * decay**below
    return rates


def _call_reading(answer, model, rate, decay):
    """Call; what is trained stays what it was, as later checks use the same model."""
    before = [parameter.requires_grad for parameter in model.parameters()]
    rates = answer(model, rate, decay)
    changed = False
    for parameter, trained in zip(model.parameters(), before, strict=True):
        changed = changed or parameter.requires_grad != trained
        parameter.requires_grad_(trained)
    if changed:
        raise ValueError("requires_grad was changed: it should be read only")
    return rates


def _same_rates(received, expected):
    if isinstance(received, dict) and set(received) != set(expected):
        received, expected = map(dict.fromkeys, (map(str, received), expected))
        missing, extra = set(expected) - set(received), set(received) - set(expected)
        said = f"missing: {min(missing)}" if missing else f"too much: {min(extra)}"
        counts = f"{len(expected)} parameters", f"{len(received)} parameters"
        return Difference(f"other parameters than expected, {said}", *counts)
    difference = same(received, expected)
    if isinstance(difference, Difference) and isinstance(received, dict):
        name = next(n for n in expected if same(received[n], expected[n]))
        pair = show(expected[name]), show(received[name])
        return Difference(f"wrong rate for {name}", *pair)
    return difference


CODING = [
    Coding(
        "7.1", "cosine_rate", "equal to the library's schedule, also without warm-up, "
        "at the peak and at the end", _cosine_rate, _step_cases, mistakes.COSINE_RATE,
    ),
    Coding(
        "7.2", "drop_tokens", "only words are masked; special tokens and the given ids "
        "stay", _drop_tokens, _id_cases, mistakes.DROP_TOKENS + EDGES["7.2"],
    ),
    Coding(
        "7.3", "weighted_loss", "equal to the library's weighted cross-entropy, huge "
        "logits included", _weighted_loss, _loss_cases, mistakes.WEIGHTED_LOSS,
        call=loops.call_with_gradients,
    ),
    Coding(
        "7.4", "accumulate", "the gradients of the whole batch, also from batches of "
        "different sizes and after old gradients", loops.accumulate, loops.batch_cases,
        slips.ACCUMULATE, call=loops.call_on_model,
    ),
    Coding(
        "7.5", "fit", "both faults are mended, and training goes on with dropout after "
        "each evaluation", loops.fit, loops.loop_cases, slips.FIT, loops.same_losses,
        loops.call_with_gradients,
    ),
    Coding(
        "7.6", "stop_early", "best and last evaluation, with plateaus, small steps and "
        "nan", loops.stop_early, loops.history_cases, slips.STOP_EARLY,
    ),
    Coding(
        "7.7", "average_weights", "each state has its share, integers are the last "
        "state's, no state is changed", _average_weights, _state_cases,
        weights.AVERAGE_WEIGHTS, call=_call_and_copy,
    ),
    Coding(
        "7.8", "layer_rates", "every trained parameter has its layer's rate, twelve "
        "layers included; frozen ones have none", _layer_rates, _model_cases,
        weights.LAYER_RATES, _same_rates, _call_reading,
    ),
]  # fmt: skip

EXERCISES = [*CODING, *QUESTIONS]
