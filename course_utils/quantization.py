"""Weights as 8-bit integers, a scale for each row: built by hand in lesson 11.

A test holds the notebook and this module to the same code. Symmetric, per row, as in
Jacob et al. 2018 (arXiv 1712.05877) with the zero point left out.
"""

import copy
from pathlib import Path

import torch
from torch import nn

from course_utils import model_checks
from course_utils.call_guard import guarded

INT8_FLAGS = {"avx512_vnni", "avx_vnni", "avx512vnni", "amx_int8"}


def quantize_rows(weight, bits=8):
    """Return (numbers, scale) with weight = numbers * scale, nearly.

    weight: (R, C) float. numbers: (R, C) int8, from -top to top, where top is
        2 ** (bits - 1) - 1. scale: (R, 1) float. Raises ValueError for bits not 2 to 8.
    """
    if not 2 <= bits <= 8:
        raise ValueError(f"bits is {bits}, expected 2 to 8: int8 holds no more")
    top = 2 ** (bits - 1) - 1  # 127 for eight bits
    scale = weight.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / top  # (R, 1)
    return (weight / scale).round().to(torch.int8), scale


class Int8Linear(nn.Module):
    """A linear layer whose weight is kept as int8 and unpacked when it is used."""

    def __init__(self, linear, bits=8):
        super().__init__()
        numbers, scale = quantize_rows(linear.weight.detach(), bits)
        self.register_buffer("numbers", numbers)  # (out, in) int8
        self.register_buffer("scale", scale)  # (out, 1)
        self.register_buffer("bias", None if linear.bias is None else linear.bias.data)

    def forward(self, x):
        return nn.functional.linear(x, self.numbers.to(x.dtype) * self.scale, self.bias)


class Int8Embedding(nn.Module):
    """A table of vectors kept as int8: only the rows asked for are unpacked."""

    def __init__(self, embedding, bits=8):
        super().__init__()
        numbers, scale = quantize_rows(embedding.weight.detach(), bits)
        self.register_buffer("numbers", numbers)  # (V, D) int8
        self.register_buffer("scale", scale)  # (V, 1)

    def forward(self, ids):
        return self.numbers[ids] * self.scale[ids]  # (B, T, D)


class DynamicInt8Linear(Int8Linear):
    """Rounds its input to int8 as well, so that the product is one of integers."""

    def forward(self, x):
        flat = x.reshape(-1, x.shape[-1])  # (tokens, in)
        numbers, scale = quantize_rows(flat)
        product = integer_product(numbers, self.numbers.T)  # (tokens, out)
        y = product * scale * self.scale.T
        y = y if self.bias is None else y + self.bias
        return y.view(*x.shape[:-1], -1)


def quantize(model, linear=Int8Linear, bits=8):
    """Return a copy of the model with its linear layers and tables as integers.

    linear: the class that takes the place of nn.Linear. LayerNorms and biases stay.
    """
    small = copy.deepcopy(model)
    for part in list(small.modules()):
        for name, child in list(part.named_children()):
            if isinstance(child, nn.Linear):
                setattr(part, name, linear(child, bits))
            elif isinstance(child, nn.Embedding):
                setattr(part, name, Int8Embedding(child, bits))
    return small


def integer_product(a, b):
    """Multiply two int8 matrices: (M, K) and (K, N) to (M, N) float.

    Where the CPU has instructions for it, torch's integer product is used (its name has
    an underscore: it may change). Elsewhere the same numbers are multiplied as floats,
    in the same result, and no faster.
    """
    if a.device.type == "cpu" and has_fast_int8() and hasattr(torch, "_int_mm"):
        return torch._int_mm(a, b).float()
    return a.float() @ b.float()


def has_fast_int8(root="/"):
    """Return whether the CPU multiplies 8-bit integers natively."""
    try:
        words = set((Path(root) / "proc/cpuinfo").read_text().split())
    except OSError:
        return False
    return bool(words & INT8_FLAGS)


def stored_mb(model):
    """Return the size of the model's weights and buffers in MB (1e6 bytes), float."""
    model_checks.check_module("model", model)
    return sum(t.numel() * t.element_size() for t in model.state_dict().values()) / 1e6


quantize_rows = guarded(quantize_rows, model_checks.check_weight)
Int8Linear.__init__ = guarded(Int8Linear.__init__, model_checks.check_linear)
Int8Embedding.__init__ = guarded(Int8Embedding.__init__, model_checks.check_table)
Int8Embedding.forward = guarded(Int8Embedding.forward, model_checks.check_table_ids)
quantize = guarded(quantize, model_checks.check_to_quantize)
