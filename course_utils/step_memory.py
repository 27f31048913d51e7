"""What a training step keeps in memory, counted byte by byte."""

import torch

from course_utils.batch_checks import check_batch


def training_memory(model, batch):
    """Return what a training step on a batch needs, a dict of MB (1e6 bytes).

    model: its `loss` for the batch, a dict of tensors as `collate` makes it, is
        computed, but not its gradients.

    "weights": all parameters. "gradients" and "AdamW" (two running means): of those
    that are trained. "activations": what the forward pass keeps for the backward pass,
    counted as PyTorch saves it, each block once.
    """
    check_batch(model, batch)
    parameters = list(model.parameters())
    weights = sum(p.numel() * p.element_size() for p in parameters)
    trained = sum(p.numel() * p.element_size() for p in parameters if p.requires_grad)
    known = {p.untyped_storage().data_ptr() for p in parameters}
    kept = {}

    def note(tensor):  # keeps the block, so that its address is not used again
        block = tensor.untyped_storage()
        if block.data_ptr() not in known:
            kept[block.data_ptr()] = block

    was_training = model.training
    model.train()
    with torch.autograd.graph.saved_tensors_hooks(note, lambda nothing: nothing):
        model(**batch)
    model.train(was_training)
    sizes = {"weights": weights, "gradients": trained, "AdamW": 2 * trained}
    sizes["activations"] = sum(block.nbytes() for block in kept.values())
    return {name: size / 1e6 for name, size in sizes.items()}
