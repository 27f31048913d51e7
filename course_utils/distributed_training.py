"""Fine-tune on several processes, machines or GPUs; any launcher can start it.

    python -m torch.distributed.run --standalone --nproc-per-node 2 \\
        -m course_utils.distributed_training --report FOLDER --tiny
    torchrun --nnodes 4 --nproc-per-node 8 --rdzv-backend c10d \\
        --rdzv-endpoint HOST:29500 -m course_utils.distributed_training --save mine

A launcher starts it once for each process and sets RANK, WORLD_SIZE, LOCAL_RANK,
MASTER_ADDR and MASTER_PORT. Without them it is an ordinary training on one process.
GPUs are used where there is one for each process. Lesson 11 develops `WholeBatchLoss`
and `train_shard`; a test holds the notebook and this module to the same code.
"""

import argparse
import gc
import json
import os
from datetime import timedelta
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

from course_utils.assets import model_folder
from course_utils.batch_checks import check_shard
from course_utils.batching import collate, grouped_batches
from course_utils.call_guard import guarded
from course_utils.model_checks import check_module
from course_utils.optimizer import linear_schedule, make_optimizer
from course_utils.pretrained import SAFELY, load_bert_for
from course_utils.reviews import LABEL_NAMES, load_reviews
from course_utils.saving import save_model
from course_utils.training import train_step
from course_utils.value_checks import check_whole

MINUTES = 10  # a process that is waited for in vain ends the training after these


class WholeBatchLoss(nn.Module):
    """Weighs a process's loss, so that the mean over W processes is that of all rows.

    model: returns an object with loss, the mean over its own labels (-100: none).
    """

    def __init__(self, model, world):
        super().__init__()
        self.model, self.world = model, world
        self.device = next(model.parameters()).device

    def forward(self, **batch):
        output = self.model(**batch)
        mine = (batch["labels"] != -100).sum().float()
        total = mine.clone()
        distributed.all_reduce(total)  # the sum over all processes
        output.loss = output.loss * self.world * mine / total
        return output


def train_shard(model, examples, rank, world, *, batch_size, rate=1e-3, epochs=1):
    """Train on every world-th row of each batch; returns the losses, one a step.

    model: as `wrap` returns it. rank: 0 to world - 1. batch_size: rows of all processes
    together. Each process makes the same plan, so that they need not talk about it.
    """
    lengths = [len(example["input_ids"]) for example in examples]
    plan = [b for n in range(epochs) for b in grouped_batches(lengths, batch_size, n)]
    plan = [rows for rows in plan if len(rows) >= world]
    optimizer = make_optimizer(model, rate)
    schedule = linear_schedule(optimizer, len(plan))
    losses = []
    for rows in plan:
        mine = [examples[i] for i in rows[rank::world]]
        batch = collate(mine, device=model.device)
        losses.append(train_step(model, batch, optimizer, schedule))
    return losses


def check_world(model, world, **_):
    """Check a model, and how many processes there are."""
    check_module("model", model)
    check_whole("world", world, 1, "how many processes there are")


WholeBatchLoss.__init__ = guarded(WholeBatchLoss.__init__, check_world)
train_shard = guarded(train_shard, check_shard)


def join():
    """Join the processes that a launcher has started; returns (rank, world).

    Without a launcher it is (0, 1), and nothing is joined.
    """
    if "RANK" not in os.environ or "WORLD_SIZE" not in os.environ:
        return 0, 1
    backend = "nccl" if a_gpu_for_each() else "gloo"
    distributed.init_process_group(backend, timeout=timedelta(minutes=MINUTES))
    return distributed.get_rank(), distributed.get_world_size()


def leave(world):
    """Wait for the others, then part from them.

    What still holds the group must be gone before it is destroyed: where DDP is the
    last to hold it, its threads and the interpreter may wait for each other for ever.
    """
    gc.collect()
    if world > 1:
        distributed.barrier()
        distributed.destroy_process_group()


def a_gpu_for_each():
    """Return whether this machine has a GPU for each process on it."""
    return torch.cuda.device_count() >= int(os.environ.get("LOCAL_WORLD_SIZE", 1))


def wrap(model, world):
    """Put the model on this process's device, its gradients averaged over all.

    Returns the model itself where world is 1.
    """
    local = int(os.environ.get("LOCAL_RANK", 0))
    if a_gpu_for_each():
        torch.cuda.set_device(local)
        model = model.to(f"cuda:{local}")
    if world == 1:
        return model
    return WholeBatchLoss(DistributedDataParallel(model), world)


def gradient_of(model, wrapped, batch):
    """Return {parameter: gradient} of one batch, by the wrapped model; then forget it.

    model: the one inside. batch: the process's own rows.
    """
    wrapped(**batch).loss.backward()
    named = [(n, p) for n, p in model.named_parameters() if p.grad is not None]
    found = {name: p.grad.detach().cpu().clone() for name, p in named}
    model.zero_grad()
    return found


def tiny_bert(vocabulary=30522, seed=0):
    """Return a random BERT of two layers with a head of two classes, no dropout."""
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=256,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return BertForSequenceClassification(config)


def review_examples(tokenizer, count, split="train"):
    """Return the first `count` reviews of a split, as `collate` takes them."""
    table = load_reviews()
    table = table[table["split"] == split].head(count)
    inputs = tokenizer(table["text"].tolist(), truncation=True)
    columns = inputs["input_ids"], inputs["token_type_ids"], table["label"].tolist()
    keys = ("input_ids", "token_type_ids", "labels")
    return [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]


def options(arguments=None):
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="course_utils.distributed_training")
    parser.add_argument("--tiny", action="store_true", help="a random BERT, to try it")
    parser.add_argument("--examples", type=int, default=4000, help="reviews to learn")
    parser.add_argument("--batch-size", type=int, default=32, help="of all processes")
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--save", metavar="STEM", help="save to artifacts/STEM")
    parser.add_argument("--report", type=Path, help="folder for losses and a gradient")
    return parser.parse_args(arguments)


def main(arguments=None):
    """Train as the command line says; the first process reports and saves."""
    chosen = options(arguments)
    rank, world = join()
    run(chosen, rank, world)
    leave(world)


def run(chosen, rank, world):
    """Train as `options` gave it, on this process of `world`."""
    torch.manual_seed(rank)  # each process drops out other numbers
    if chosen.tiny:
        source = os.environ.get("COURSE_MODEL") or model_folder()
        tokenizer = AutoTokenizer.from_pretrained(source, **SAFELY)
        model = tiny_bert(len(tokenizer))
    else:
        task = "sequence-classification"
        tokenizer, model = load_bert_for(task, LABEL_NAMES[2])
    examples = review_examples(tokenizer, chosen.examples)
    wrapped = wrap(model, world)
    gradient = None
    if chosen.report:
        rows = examples[: chosen.batch_size][rank::world]
        batch = collate(rows, device=wrapped.device)
        gradient = gradient_of(model, wrapped, batch)
    losses = train_shard(
        wrapped,
        examples,
        rank,
        world,
        batch_size=chosen.batch_size,
        rate=chosen.learning_rate,
        epochs=chosen.epochs,
    )
    losses = mean_over_processes(losses, wrapped.device, world)
    if rank == 0:
        print(f"{world} processes, {len(losses)} steps, last loss {losses[-1]:.4f}")
        if chosen.report:
            write_report(chosen.report, world, losses, gradient)
        if chosen.save:
            card = f"# {chosen.save}\n\nSentiment of reviews; {world} processes."
            save_model(chosen.save, model, tokenizer, card)


def mean_over_processes(losses, device, world):
    """Return the losses, each the mean of all processes: the whole batch's."""
    losses = torch.tensor(losses, device=device)
    if world > 1:
        distributed.all_reduce(losses)
    return (losses / world).tolist()


def write_report(folder, world, losses, gradient):
    """Write report.json and gradient.safetensors into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(gradient, folder / "gradient.safetensors")
    report = {"world": world, "losses": losses}
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main()
