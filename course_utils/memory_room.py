"""Say so before a training that cannot fit in memory.

Linux ends a process that takes more than a container or the machine has, without a
word: Jupyter then says that the kernel died. Here is counted what a training takes at
least, so that one which may fit is not refused, as far as the system tells what is
left. Where the limits are not known, and on a GPU, nothing is said.

Importing this module makes each Adam ask before its first step. `seeding` and
`pretrained` import it, for every lesson and every loop of one's own passes there.
"""

import torch
from torch.optim.optimizer import register_optimizer_step_pre_hook

from course_utils.batching import grouped_batches
from course_utils.machine import memory_left, release_memory

ADAM = (torch.optim.Adam, torch.optim.AdamW)
FEW_BYTES = 4_000_000


def check_room(needed, what):
    """Raise MemoryError where fewer than `needed` bytes are left.

    what: str, the step that needs them, as the subject of a sentence.
    """
    left = memory_left()
    if left is not None and left < needed:
        release_memory()  # what is no longer used may be enough
        left = memory_left()
    if left is not None and left < needed:
        raise MemoryError(
            f"{what} needs {needed / 1e6:.0f} MB of memory or more, and "
            f"{left / 1e6:.0f} MB are left: the system would end this kernel. Shut "
            "other notebooks down (Running Terminals and Kernels), restart this kernel "
            "and run the lesson from its top. If that is not enough, set "
            "COURSE_PROFILE=small before you start JupyterLab, or take a smaller batch"
        )


def check_training_room(model, examples, epochs, batch_size, chosen, precision):
    """Raise MemoryError where a training with AdamW cannot fit.

    model: on the CPU; on a GPU nothing is checked. The others: as `train` has them;
    chosen: its options. precision: "float32" or "bfloat16".
    """
    trained = [p for p in model.parameters() if p.requires_grad]
    if any(p.device.type != "cpu" for p in trained):
        return
    weights = _bytes(trained)
    means = 2 * weights  # AdamW's two
    an_epoch = -(-len(examples) // batch_size)
    often = (chosen.every or an_epoch) < epochs * an_epoch
    best = weights if often else 0  # a copy, kept while it trains on
    gradients = _bytes(p for p in trained if p.grad is None)  # those yet to come
    sizes = [len(example["input_ids"]) for example in examples]
    kept = max(
        activations(model, tokens, width, precision)
        for tokens, width in _shapes(sizes, epochs, batch_size, chosen)
    )
    # A gradient comes when the layer's activations go: the larger of the two counts.
    needed = means + best + max(gradients, kept) + unwritten(trained)
    check_room(needed, f"{chosen.what}, with {batch_size} examples at a time,")


def _shapes(sizes, epochs, batch_size, chosen):
    """Return the batches that a training will have, as a set of (tokens, width).

    The longest text may come in a small batch: the last of an epoch has what is left.
    """
    shapes = set()
    for seed in range(chosen.seed, chosen.seed + epochs):
        for rows in grouped_batches(sizes, batch_size, seed, chosen.together):
            width = max(sizes[row] for row in rows)
            shapes.add((len(rows) * width, width))
    return shapes


def activations(model, tokens, width, precision):
    """Return the bytes that a forward pass of BERT keeps for the backward pass.

    tokens: int, of the batch, padding included. width: int, of one text. At least so
    many, as counted with `training_memory`: for each token and layer 16 numbers a
    hidden unit, in bfloat16 the size of 9 and the weights once more; with dropout 2
    more, and 3 for each head and token looked at. Layers below the first that is
    trained keep nothing. 0 for models that are built in another way.
    """
    encoder = getattr(getattr(model, "base_model", None), "encoder", None)
    layers = list(getattr(encoder, "layer", []))
    is_trained = [any(p.requires_grad for p in x.parameters()) for x in layers]
    if not any(is_trained):
        return 0
    layers = layers[is_trained.index(True) :]
    reduced, config = precision == "bfloat16", model.config
    each = (9 if reduced else 16) * config.hidden_size
    if config.hidden_dropout_prob:
        each += 2 * config.hidden_size
    if config.attention_probs_dropout_prob:
        each += 3 * config.num_attention_heads * width
    again = [p for x in layers for p in x.parameters() if p.requires_grad]
    return 4 * tokens * each * len(layers) + (_bytes(again) // 2 if reduced else 0)


def unwritten(parameters):
    """Return how many bytes of the weights are still only mapped from their file.

    The first step that changes them makes a copy of each page. 0 off Linux, and for
    a model of less than FEW_BYTES: the list of mappings takes long to read.
    """
    places = [(p.data_ptr(), p.numel() * p.element_size()) for p in parameters]
    if sum(size for _, size in places) < FEW_BYTES:
        return 0
    try:
        with open("/proc/self/smaps", encoding="utf-8") as file:
            lines = [line.split() for line in file]
    except OSError:
        return 0
    total, inside = 0, 0
    for line in lines:
        if "-" in line[0]:  # a mapping: first-last in hexadecimal, ..., its file
            first, last = (int(number, 16) for number in line[0].split("-"))
            from_file = line[-1].endswith(".safetensors")
            inside = sum(n for a, n in places if from_file and first <= a < last)
        elif line[0] == "Size:":
            clean = 1024 * int(line[1])
        elif line[0] == "Private_Dirty:" and inside:
            total += min(inside, clean - 1024 * int(line[1]))
    return total


def check_first_step(optimizer, args, kwargs):
    """Raise MemoryError where there is no room for what Adam keeps from its first step.

    A hook for every optimizer: so a training loop of one's own is warned as well, and
    the library's Trainer. args, kwargs: of `step`, not used.
    """
    if optimizer.state or not isinstance(optimizer, ADAM):
        return
    trained = [p for group in optimizer.param_groups for p in group["params"]]
    trained = [p for p in trained if p.grad is not None and p.device.type == "cpu"]
    check_room(2 * _bytes(trained) + unwritten(trained), "The first step of AdamW")


def _bytes(parameters):
    return sum(p.numel() * p.element_size() for p in parameters)


register_optimizer_step_pre_hook(check_first_step)
