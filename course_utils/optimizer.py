"""AdamW with weight-decay groups, and a learning rate that warms up and then falls.

Lesson 07 develops these functions; a test holds the notebook and this module to the
same code. They follow Devlin et al. 2019, appendix A.2, and Loshchilov and Hutter 2019.
"""

import torch

from course_utils import batch_checks
from course_utils.call_guard import guarded


def weight_decay_groups(model, weight_decay):
    """Return AdamW's two parameter groups: matrices decay, vectors do not.

    Biases and LayerNorm weights are vectors; frozen parameters are left out.
    """
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.dim() > 1], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.dim() <= 1], "weight_decay": 0.0},
    ]


def make_optimizer(model, learning_rate, weight_decay=0.01):
    """Return AdamW over the model's trained parameters, in their two groups.

    Fused: all of a step's arithmetic in one pass over the memory, which is quicker.
    """
    groups = weight_decay_groups(model, weight_decay)
    return torch.optim.AdamW(groups, lr=learning_rate, fused=True)


def linear_schedule(optimizer, steps, warmup=0.1):
    """Let the learning rate rise over the first share of the steps, then fall to 0.

    steps: int, of the whole training. warmup: float, the share that rises.
    """
    rising = int(warmup * steps)

    def factor(step):
        if step < rising:
            return step / max(1, rising)
        return max(0.0, (steps - step) / max(1, steps - rising))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


weight_decay_groups = guarded(weight_decay_groups, batch_checks.check_decay)
make_optimizer = guarded(make_optimizer, batch_checks.check_learning)
linear_schedule = guarded(linear_schedule, batch_checks.check_schedule)
