"""Questions and predictions of lesson 07, with a sentence for each wrong choice."""

import torch
from torch import nn

from course_utils.checks.exercise import Estimate, Question
from course_utils.optimizer import linear_schedule


def _gradient_of_added_losses():
    """Return how many times as long a gradient is where four mean losses are added."""
    with torch.enable_grad(), torch.random.fork_rng():
        torch.manual_seed(0)
        x, y = torch.randn(8, 3), torch.arange(8) % 2
        layer, cross_entropy = nn.Linear(3, 2), nn.functional.cross_entropy
        whole = cross_entropy(layer(x), y)
        parts = zip(x.split(2), y.split(2), strict=True)
        added = sum(cross_entropy(layer(some), labels) for some, labels in parts)
        lengths = [
            torch.autograd.grad(loss, layer.weight, retain_graph=True)[0].norm()
            for loss in (whole, added)
        ]
    return round((lengths[1] / lengths[0]).item(), 3)


def _step_with_larger_gradient():
    """Compare AdamW's first step with that from a gradient four times as long."""
    moved = []
    for factor in (1, 4):
        weight = nn.Parameter(torch.ones(3))
        optimizer = torch.optim.AdamW([weight], lr=0.1, weight_decay=0.0)
        weight.grad = factor * torch.tensor([0.3, -0.2, 0.1])
        optimizer.step()
        moved.append((1 - weight.detach()).norm())
    return "a" if torch.isclose(*moved, rtol=1e-3) else "b"


def _highest_rate():
    """Step a schedule of 200 steps once an epoch, four times; return the choice."""
    optimizer = torch.optim.AdamW([nn.Parameter(torch.zeros(1))], lr=1e-4)
    schedule, rates = linear_schedule(optimizer, 200), []
    for _ in range(4):
        rates += schedule.get_last_lr()
        optimizer.step()
        schedule.step()
    choices = {"a": 1e-4, "b": 1.5e-5, "c": 7.5e-5, "d": 0.0}
    return min(choices, key=lambda letter: abs(choices[letter] - max(rates)))


def _slowest():
    """Return by which factor the embeddings are slower than the head: 6 layers, 1/2."""
    rate = 1.0
    for _ in [*range(6), "embeddings"]:
        rate = rate / 2
    return 1 / rate


QUESTIONS = [
    Question(
        "7.q1",
        _highest_rate,
        {
            "a": "The peak comes at step 20 of the schedule. It is never reached.",
            "c": "The rate rises by a twentieth of the peak for each step of the "
            "schedule, and there are only three before the last epoch.",
            "d": "In the first epoch it is 0, then it rises a little.",
        },
        "four epochs are steps 0 to 3 of the schedule: at most 3/20 of the peak, and "
        "the whole first epoch at rate 0",
    ),
    Estimate(
        "7.p1",
        _gradient_of_added_losses,
        "the mean of all is a quarter of the sum of the four means, so the gradient "
        "is four times as long",
        within=0.01,
        wrong={
            1: "That would be so if each loss were divided by 4. backward() only adds.",
            8: "That would be so with sums over the texts. Each loss is a mean of two.",
            16: "4 once, not twice: each of the four is about as long as the whole.",
        },
        too_low="backward() adds to what is there. What is the mean of four means?",
        too_high="Each small batch's loss is a mean already.",
    ),
    Question(
        "7.q2",
        _step_with_larger_gradient,
        {
            "b": "That holds for plain gradient descent. AdamW divides by a "
            "gradient's usual size, and that is larger by this factor, too.",
            "c": "Nothing in AdamW shortens a step because a gradient is long.",
        },
        "AdamW divides by the usual size, so a factor that is always there cancels; "
        "only clipping notices it, and so the mistake is hard to see",
    ),
    Question(
        "7.q3",
        "c",
        {
            "a": "The weights do not change between the two calls, whatever the rate.",
            "b": "no_grad saves memory. It does not switch dropout off.",
            "d": "bfloat16 rounds, but it rounds in the same way each time.",
        },
        "dropout draws anew on each call until model.eval() switches it off",
    ),
    Estimate(
        "7.p2",
        _slowest,
        "six layers and then the embeddings: seven halvings, 2 to the power 7",
        wrong={
            64: "That is layer 0: six halvings. The embeddings lie one step deeper.",
            14: "The factors are multiplied, not added.",
            12: "The factors are multiplied, not added; and the embeddings come after "
            "the six layers.",
        },
        too_low="Layer 5 has half of the head's rate, layer 4 half of that. Go on.",
        too_high="Count the halvings: six layers, then the embeddings.",
    ),
]
