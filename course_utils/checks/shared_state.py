"""What models, tokenizers and generators hold: what tells a change, how to undo it.

They are too large, or too much one thing, to be copied for each call. So all calls
share them, and each call finds them as the one before did.
"""

import copy
import pickle
import random
from weakref import WeakKeyDictionary

import numpy as np
import torch
from tokenizers import Tokenizer

KINDS = torch.nn.Module, torch.Generator, np.random.Generator, random.Random
MOST_ITEMS = 1000  # larger lists and dicts of a tokenizer are kept as they are
_texts = WeakKeyDictionary()  # of tokenizers: (what tells a change, the whole as text)


def is_tokenizer(value):
    """Return whether a value is one of transformers' tokenizers."""
    return hasattr(value, "convert_tokens_to_ids") and hasattr(value, "padding_side")


def is_restored(value):
    """Return whether `restorer` knows how to put a value back."""
    return isinstance(value, KINDS) or is_tokenizer(value)


def traces(value):
    """Return what tells a later change of a model or tokenizer, None of others.

    A tokenizer's padding and truncation of the last call do not count: each call sets
    them anew.
    """
    if isinstance(value, torch.nn.Module):
        modes = [module.training for module in value.modules()]
        return modes, [(p._version, p.requires_grad) for p in value.parameters()]
    if is_tokenizer(value):
        sides = value.padding_side, value.truncation_side, value.model_max_length
        return sides, dict(value.special_tokens_map), _backend_traces(value)
    return None


def restorer(value, numbers=True):
    """Return a function that puts back what a value holds now; it does so once.

    value: a model, a tokenizer or a generator. numbers: of a model also parameters,
    buffers and gradients, which takes a copy of them.
    """
    if isinstance(value, torch.nn.Module):
        return _model_restorer(value, numbers)
    if is_tokenizer(value):
        return _tokenizer_restorer(value)
    if isinstance(value, torch.Generator):
        state = value.get_state()
        return lambda: value.set_state(state)
    if isinstance(value, np.random.Generator):
        state = copy.deepcopy(value.bit_generator.state)
        return lambda: setattr(value.bit_generator, "state", state)
    state = value.getstate()
    return lambda: value.setstate(state)


# --- models --------------------------------------------------------------------------


def bytes_of(model):
    """Return how much memory a copy of a model's numbers takes."""
    kept = [t for tensor in _tensors(model) for t in (tensor, tensor.grad)]
    return sum(t.numel() * t.element_size() for t in kept if t is not None)


def _tensors(model):
    return [*model.parameters(), *model.buffers()]


def _model_restorer(model, numbers):
    parts = [
        (m, m.training, dict(m._parameters), dict(m._buffers), dict(m._modules))
        for m in model.modules()
    ]
    tensors = [
        (tensor, tensor.requires_grad, tensor.grad, _copies(tensor) if numbers else ())
        for tensor in _tensors(model)
    ]

    def put_back():
        for module, mode, *tables in parts:
            module.training = mode
            now = module._parameters, module._buffers, module._modules
            for table, before in zip(now, tables, strict=True):
                table.clear()
                table.update(before)
        for tensor, trained, gradient, copies in tensors:
            tensor.requires_grad_(trained)
            tensor.grad = gradient
            for place, kept in zip((tensor, gradient), copies, strict=False):
                _write(place, kept)

    return put_back


def _copies(tensor):
    """Return copies of a tensor's numbers and, where it has one, of its gradient's."""
    return [t.data.clone() for t in (tensor, tensor.grad) if t is not None]


def _write(tensor, numbers):
    """Write numbers into a tensor; its count of changes stays, for backward passes."""
    now = tensor.data
    if now.shape != numbers.shape or now.dtype != numbers.dtype:
        tensor.data = numbers
    elif not torch.equal(now, numbers):
        now.copy_(numbers)


# --- tokenizers ----------------------------------------------------------------------


def _backend(tokenizer):
    """Return the part of a tokenizer that is written in Rust, None without one."""
    found = getattr(tokenizer, "backend_tokenizer", None)
    return found if isinstance(found, Tokenizer) else None


def _backend_traces(tokenizer):
    found, sizes = (
        _backend(tokenizer),
        (len(tokenizer), len(tokenizer.get_added_vocab())),
    )
    if found is None:
        return sizes
    steps = found.normalizer, found.pre_tokenizer, found.post_processor, found.decoder
    return *sizes, pickle.dumps(steps)


def _as_text(tokenizer):
    """Return the whole backend as text, written anew only where it has changed."""
    traces = _backend_traces(tokenizer)
    if _texts.get(tokenizer, (None,))[0] != traces:
        _texts[tokenizer] = traces, _backend(tokenizer).to_str()
    return _texts[tokenizer][1]


def _tokenizer_restorer(tokenizer):
    names = {name: _shallow_copy(x) for name, x in vars(tokenizer).items()}
    backend, before = _backend(tokenizer), _backend_traces(tokenizer)
    if backend is not None:
        text, last_call = _as_text(tokenizer), (backend.padding, backend.truncation)

    def put_back():
        vars(tokenizer).clear()
        vars(tokenizer).update(names)
        if backend is None:
            return
        if _backend_traces(tokenizer) != before:  # tokens cannot be taken away again
            tokenizer._tokenizer = Tokenizer.from_str(text)
        _set_last_call(tokenizer._tokenizer, *last_call)

    return put_back


def _shallow_copy(value):
    small = isinstance(value, dict | list) and len(value) <= MOST_ITEMS
    return copy.copy(value) if small else value


def _set_last_call(backend, padding, truncation):
    if padding is None:
        backend.no_padding()
    else:
        backend.enable_padding(**padding)
    if truncation is None:
        backend.no_truncation()
    else:
        backend.enable_truncation(**truncation)
