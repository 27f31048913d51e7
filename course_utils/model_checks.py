"""Checks of what is handed to masks, encodings, pooling, BERT and its integer layers.

They stand beside functions that a lesson shows (see `call_guard`). Each returns None
where all fits, and otherwise raises TypeError or ValueError: what was given, what was
expected, the likely cause.
"""

import torch

from course_utils.tensor_checks import check_float, check_ids, check_integers
from course_utils.text_checks import check_tokenizer
from course_utils.value_checks import check_list, check_text, check_whole, shown


def check_mask_size(T, **_):
    """Check the side T of a causal mask."""
    check_whole("T", T, 1, "the number of tokens, len(tokens)")


def check_padded_ids(ids, pad_id=0, **_):
    """Check a batch of ids (B, S), of which padding is to be found."""
    check_integers("ids", ids)
    if ids.dim() != 2:
        raise ValueError(
            f"ids has shape {tuple(ids.shape)}, expected (B, S): for one text try "
            "ids.unsqueeze(0)"
        )
    check_whole("pad_id", pad_id, 0, "BERT's is 0, tokenizer.pad_token_id")


def check_positions(T, D, **_):
    """Check the shape (T, D) of positional encodings: D even."""
    check_whole("T", T, 1, "the number of tokens")
    check_whole("D", D, 1, "numbers a token, such as 64")
    if D % 2:
        raise ValueError(
            f"D = {D} is odd, expected an even number: each wavelength needs a sin and "
            f"a cos, try {D + 1}"
        )


def check_transformer(source_size, target_size, L=1, **_):
    """Check the sizes of a transformer's vocabularies, and its layers."""
    check_whole("source_size", source_size, 1, "entries of the vocabulary, len(vocab)")
    check_whole("target_size", target_size, 1, "entries of the vocabulary, len(vocab)")
    check_whole("L", L, 1, "layers, such as 2")


def check_decoding(start_id, end_id, max_length, **_):
    """Check the ids that open and close a text, and how long it may become."""
    for name, id in (("start_id", start_id), ("end_id", end_id)):
        check_whole(name, id, 0, "an id of the target's vocabulary")
    check_whole("max_length", max_length, 1, "start_id included, such as 12")


def check_masking(input_ids, special_ids, mask_id, vocab_size, **_):
    """Check ids (B, T) to be masked, and the special ids of their vocabulary."""
    check_whole("vocab_size", vocab_size, 1, "try len(tokenizer)")
    check_ids("input_ids", input_ids, vocab_size)
    check_list("special_ids", special_ids, "int", "try tokenizer.all_special_ids")
    check_whole("mask_id", mask_id, 0, "try tokenizer.mask_token_id")
    if mask_id >= vocab_size:
        raise ValueError(
            f"mask_id is {mask_id}, expected 0 to {vocab_size - 1}: is it from another "
            "tokenizer?"
        )


def check_bert_config(config, **_):
    """Check a configuration from which BERT is built."""
    names = ("hidden_size", "num_attention_heads", "num_hidden_layers", "vocab_size")
    missing = [name for name in names if not hasattr(config, name)]
    if missing:
        raise TypeError(
            f"config is {shown(config)}, expected a BertConfig (it has no "
            f"{missing[0]}): try BertConfig() or model.config"
        )
    D, A = config.hidden_size, config.num_attention_heads
    if D % A:
        heads = [a for a in range(1, D + 1) if D % a == 0]
        raise ValueError(
            f"{A} heads do not divide hidden size {D}, expected a number that does: "
            f"try one of {heads}"
        )


def check_hidden_states(hidden, **_):
    """Check hidden states (B, T, D) float."""
    check_float("hidden", hidden)
    if hidden.dim() != 3 or 0 in hidden.shape:
        raise ValueError(
            f"hidden has shape {tuple(hidden.shape)}, expected (B, T, D), none of them "
            "0: take one layer, hidden_states[-1], or add the batch axis with "
            "hidden.unsqueeze(0)"
        )


def check_pooling(hidden, mask, **_):
    """Check hidden states (B, T, D) and their mask (B, T), a token in each text."""
    check_hidden_states(hidden)
    if not torch.is_tensor(mask):
        raise TypeError(
            f"mask is {shown(mask)}, expected a tensor (B, T): the tokenizer's "
            "attention_mask, with return_tensors='pt'"
        )
    if mask.shape != hidden.shape[:2]:
        raise ValueError(
            f"mask has shape {tuple(mask.shape)}, expected (B, T) = "
            f"{tuple(hidden.shape[:2])}: does it belong to another batch, or lack its "
            "batch axis (mask.unsqueeze(0))?"
        )
    if not ((mask == 0) | (mask == 1)).all():
        raise ValueError(
            f"mask has values from {mask.min().item()} to {mask.max().item()}, "
            "expected 1 (text) and 0 (padding): are these ids, or a mask of scores "
            "(0, -inf)?"
        )
    if not mask.any(dim=1).all():
        raise ValueError(
            "a row of the mask is all 0, expected a 1 in each: a text of padding only "
            "has no mean (0 / 0 is nan). Was the mask turned around?"
        )


def check_placed_vectors(text, hidden, offsets, **_):
    """Check a text, the vectors (..., T, D) of its pieces, and their places (T, 2)."""
    check_text(text)
    check_float("hidden", hidden)
    if not torch.is_tensor(offsets) or offsets.is_floating_point():
        raise TypeError(
            f"offsets is {shown(offsets)}, expected an int tensor (T, 2): "
            "torch.tensor(encoding['offset_mapping'])"
        )
    T = hidden.shape[-2] if hidden.dim() > 1 else None
    if offsets.dim() != 2 or tuple(offsets.shape) != (T, 2):
        raise ValueError(
            f"offsets has shape {tuple(offsets.shape)} and hidden "
            f"{tuple(hidden.shape)}, expected (T, 2) and (..., T, D): take one text, "
            "offset_mapping[0]"
        )


def check_bert(bert=None, **_):
    """Check a pair (tokenizer, model); None stands for the course's."""
    if bert is None:
        return
    if not isinstance(bert, tuple | list) or len(bert) != 2:
        raise TypeError(
            f"bert is a {type(bert).__name__}, expected (tokenizer, model): hand over "
            "what load_bert() returns, both together"
        )
    check_tokenizer(bert[0])
    check_module("bert[1]", bert[1])


def check_names_model(bert, **_):
    """Check a pair (tokenizer, model with a head that labels tokens)."""
    check_bert(bert)
    kind = "None" if bert is None else type(bert[1]).__name__
    whole_texts = "SequenceClassification" in kind
    if bert is None or whole_texts or not hasattr(bert[1], "classifier"):
        raise TypeError(
            f"bert has the model {kind}, expected one with a token-classification head:"
            " load_bert_for('token-classification', name=saved_folder(...))"
        )


def check_module(name, model):
    """Check that something is a model."""
    if not isinstance(model, torch.nn.Module):
        hint = "load_bert() returns (tokenizer, model), take the second"
        raise TypeError(
            f"{name} is a {type(model).__name__}, expected a model (nn.Module): {hint}"
        )


def check_weight(weight, bits=8, **_):
    """Check a matrix (R, C) to be written in so many bits: finite numbers."""
    check_float("weight", weight)
    if weight.dim() != 2:
        raise ValueError(
            f"weight has shape {tuple(weight.shape)}, expected (R, C): a bias is kept "
            "as it is; of a batch take x.reshape(-1, x.shape[-1])"
        )
    check_whole("bits", bits, -(2**62), "8 is usual")
    if not weight.sum().isfinite() and not weight.isfinite().all():
        raise ValueError(
            "weight holds nan or inf, expected numbers: its scale would be nan. Did "
            "the training overflow?"
        )


def check_table_ids(self, ids, **_):
    """Check ids for a table of vectors, of whatever shape."""
    check_integers("ids", ids)
    size = len(self.numbers)
    if ids.numel() and not 0 <= int(ids.min()) <= int(ids.max()) < size:
        raise ValueError(
            f"ids go from {int(ids.min())} to {int(ids.max())}, expected 0 to "
            f"{size - 1}: the table has no other row. Was another vocabulary used?"
        )


def check_linear(linear, **_):
    """Check that a layer is an nn.Linear."""
    if not isinstance(linear, torch.nn.Linear):
        raise TypeError(
            f"linear is {shown(linear)}, expected an nn.Linear: hand over the layer, "
            "not its weight; for a whole model call quantize(model)"
        )


def check_table(embedding, **_):
    """Check that a layer is an nn.Embedding."""
    if not isinstance(embedding, torch.nn.Embedding):
        raise TypeError(
            f"embedding is {shown(embedding)}, expected an nn.Embedding: hand over the "
            "layer, such as model.embeddings.word_embeddings"
        )


def check_to_quantize(model, linear=None, **_):
    """Check a model and the class that takes the place of its linear layers."""
    check_module("model", model)
    if linear is not None and not isinstance(linear, type):
        raise TypeError(
            f"linear is {shown(linear)}, expected a class such as Int8Linear: give its "
            "name, without brackets"
        )
