"""The training loop: fine-tune a model, watch it, keep its best weights.

Lesson 07 develops these functions; a test holds the notebook and this module to the
same code. Fine-tuning follows Devlin et al. 2019, section 3.2.
"""

import torch
from torch import nn

from course_utils import batch_checks
from course_utils.batching import collate, grouped_batches
from course_utils.best_weights import BestWeights
from course_utils.call_guard import guarded
from course_utils.evaluation import run_in
from course_utils.optimizer import linear_schedule, make_optimizer
from course_utils.progress_bar import progress
from course_utils.training_checks import check_loss, check_training, choose_precision
from course_utils.training_history import TrainingHistory


def train_step(model, batch, optimizer, schedule, max_norm=1.0, precision="float32"):
    """Take one step downhill on one batch. Returns its loss as a float."""
    model.train()
    loss = run_in(precision, model, batch).loss
    check_loss(loss, optimizer)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    schedule.step()
    optimizer.zero_grad()
    return loss.item()


def train(model, examples, evaluate, *, watch, epochs=2, batch_size=16, **options):
    """Fine-tune a model on examples; returns a TrainingHistory.

    model: takes the tensors of `collate` and returns an object with `loss`; on any
        device. Parameters with requires_grad=False stay as they are.
    examples: list of dicts, as `collate` takes them.
    evaluate: function of the model, returns a dict of floats. watch: the key to
        maximise. It is called each `every` steps (by default after each epoch) and at
        the end. The model is left in eval mode, with the weights that scored best.
    options: those of `check_training`: learning_rate=1e-4, weight_decay=0.01,
        warmup=0.1, max_norm=1.0, every=None, patience=None (evaluations without a new
        best until it stops), precision="auto", pad_id=0, together=1 (so many
        neighbours among the examples stay in one batch), seed=0, what="Training".

    Interrupting it keeps the best weights and the history so far. Raises
    FloatingPointError where the loss is no number, TypeError or ValueError for what
    cannot be trained.
    """
    o = check_training(model, examples, epochs, batch_size, options)
    sizes = [len(example["input_ids"]) for example in examples]
    seeds = range(o.seed, o.seed + epochs)
    plan = [b for s in seeds for b in grouped_batches(sizes, batch_size, s, o.together)]
    precision = choose_precision(o.precision, model.device)
    torch.manual_seed(o.seed)
    optimizer = make_optimizer(model, o.learning_rate, o.weight_decay)
    schedule = linear_schedule(optimizer, len(plan), o.warmup)
    history, best = TrainingHistory(watch), BestWeights(model, o.patience)
    every = o.every or -(-len(plan) // epochs)
    with history.until_interrupted():
        for step, rows in enumerate(progress(plan, o.what), 1):
            batch = collate([examples[i] for i in rows], o.pad_id, model.device)
            rate = schedule.get_last_lr()[0]
            loss = train_step(model, batch, optimizer, schedule, o.max_norm, precision)
            history.add_step(step, loss, rate, len(rows))
            if step % every == 0 or step == len(plan):
                history.add_scores(step, evaluate(model))
                if best.see(history.scores[-1][watch]):
                    break
    best.restore()
    model.eval()
    return history


train_step = guarded(train_step, batch_checks.check_step)
train = guarded(train, batch_checks.check_evaluate)
