"""Truths and cases of 11.2, a checkpoint's size, and of 11.4, pruning."""

import numpy as np
import torch

# --- 11.2 checkpoint_bytes -----------------------------------------------------------


def checkpoint_bytes(tensors, bits):
    """Write every tensor's bits as zeros, eight to a byte, and count the bytes."""
    written, size = [], 0
    for name, tensor in tensors.items():
        if any(tensor is other for other in written):
            continue
        written.append(tensor)
        width = 32
        for start in sorted(bits, key=len):
            if name[: len(start)] == start:
                width = bits[start]
        size += np.packbits(np.zeros(tensor.numel() * width, dtype=bool)).size
    return size


def checkpoint_cases(rng):
    """Return named tensors, some of them shared, and the bits of their numbers."""
    one, two = torch.ones(3), torch.ones(2, 2)
    cases = [({"w": torch.ones(1)}, {}), ({"w": one}, {"w": 4}), ({"w": one}, {"": 16})]
    cases.append(({"a.w": torch.ones(2), "b.w": torch.ones(2)}, {}))
    cases.append(({"a.w": two, "b.w": two}, {}))
    cases.append(({"a.w": one, "a.b": torch.zeros(3), "b.w": torch.ones(3)}, {"a": 4}))
    cases.append(({"table": two, "head.w": two}, {"head": 8}))
    cases.append(({"a.0.w": one, "a.1.w": two}, {"a": 8, "a.1": 16}))
    cases.append(({"layer.head.w": one, "head.w": two}, {"head": 8, "": 16}))
    for _ in range(5):
        cases.append(_random_checkpoint(rng))
    return cases


def _random_checkpoint(rng):
    """Return a table, a head tied to it, and layers of which some are the same."""
    table = torch.randn(rng.randint(5, 9), 3)
    tensors = {"embeddings.words": table, "embeddings.places": torch.ones(3, 3)}
    layers = [torch.ones(3, rng.choice((3, 5))) for _ in range(2)]
    for n in range(rng.randint(3, 5)):
        tensors[f"encoder.{n}.weight"] = layers[0] if n < 2 else rng.choice(layers)
        tensors[f"encoder.{n}.norm"] = torch.ones(3)
    tensors["head.weight"] = table
    tensors["pooler.encoder.weight"] = torch.ones(3, 7)
    width = rng.choice((2, 4, 6))
    bits = {"enc": 8, "encoder.1": 16, "head": 8, "encoder": width}
    if rng.random() < 0.5:
        bits["embeddings"] = 16
    return tensors, bits


# --- 11.4 prune_smallest -------------------------------------------------------------


def prune_smallest(weights, share):
    """Sort all numbers, one by one, and leave out the first of them."""
    sizes = []
    for m, weight in enumerate(weights):
        sizes += [(abs(x), m, k) for k, x in enumerate(weight.flatten().tolist())]
    gone = {(m, k) for _, m, k in sorted(sizes)[: int(share * len(sizes))]}
    pruned = []
    for m, weight in enumerate(weights):
        kept = [0.0 if (m, k) in gone else 1.0 for k in range(weight.numel())]
        pruned.append(weight * torch.tensor(kept).view(weight.shape))
    return pruned


def pruning_cases(rng):
    """Return lists of tensors and a share: no two sizes are equal, 0 excepted."""
    row, flat = torch.tensor([1.0, -2.0]), torch.tensor([[0.1, -0.2], [0.3, -0.5]])
    cases = [([torch.tensor([0.7])], 1.0), ([row], 0.5), ([row], 0.0), ([row], 0.25)]
    cases.append(([torch.tensor([3.0, -1.0, 4.0, 1.5, -5.0])], 0.5))
    cases.append(([torch.tensor([0.0, 2.0, 0.0, -1.0])], 0.75))
    cases += [([flat, 4 * flat + 0.01], 0.5), ([flat, 9 * flat], 1.0)]
    for share in (0.125, 0.25, 0.5, 0.75, 0.875):
        shapes = [(rng.randint(1, 4), rng.randint(2, 5)) for _ in range(3)]
        count = sum(a * b for a, b in shapes)
        drawn = rng.sample(range(1, 20 * count), count)
        numbers = torch.tensor([rng.choice((-1, 1)) * n / 100 for n in drawn])
        parts = numbers.split([a * b for a, b in shapes])
        weights = [part.view(shape) for part, shape in zip(parts, shapes, strict=True)]
        weights[0] = weights[0] / 7.001  # this one has smaller numbers
        cases.append((weights, share))
    return cases
