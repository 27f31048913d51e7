"""What a training step keeps in memory, counted byte by byte."""

import torch


def training_memory(model, batch):
    """Return what a training step on a batch needs, a dict of MB (1e6 bytes).

    model: gives a `loss` for the batch, a dict of tensors as `collate` makes it. Its
        gradients are not touched.

    "weights": all parameters. "gradients" and "AdamW" (two running means): of those
    that are trained. "activations": what the forward pass keeps for the backward pass,
    counted as PyTorch saves it, each block once.
    """
    parameters = list(model.parameters())
    weights = sum(p.numel() * p.element_size() for p in parameters)
    trained = sum(p.numel() * p.element_size() for p in parameters if p.requires_grad)
    known = {p.untyped_storage().data_ptr() for p in parameters}
    kept = {}

    def note(tensor):
        block = tensor.untyped_storage()
        if block.data_ptr() not in known:
            kept[block.data_ptr()] = block.nbytes()
        return tensor

    was_training = model.training
    model.train()
    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        loss = model(**batch).loss
    model.train(was_training)
    del loss  # until here it held the blocks, so that none was counted twice
    sizes = {"weights": weights, "gradients": trained, "AdamW": 2 * trained}
    sizes["activations"] = sum(kept.values())
    return {name: size / 1e6 for name, size in sizes.items()}
