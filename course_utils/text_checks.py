"""Checks of what is handed to the tokenizer and to the input builder of lesson 03."""

from collections.abc import Mapping
from numbers import Integral

from course_utils.value_checks import check_list, check_text, check_whole, shown


def check_pieces_of(word, vocab, longest_word=100, **_):
    """Check a word and the container of pieces it is cut by."""
    check_text(word)
    if isinstance(vocab, str) or not hasattr(vocab, "__contains__"):
        raise TypeError(
            f"vocab is {shown(vocab)}, expected a set or dict of pieces: in a str "
            "every stretch of letters would count as a piece"
        )
    check_whole("longest_word", longest_word, 1, "BERT takes 100")


def check_vocab(vocab, **_):
    """Check a vocabulary {piece: id}: one id for one piece."""
    if not isinstance(vocab, dict):
        raise TypeError(
            f"vocab is a {type(vocab).__name__}, expected a dict of piece: id: try "
            "{piece: id for id, piece in enumerate(pieces)}"
        )
    if len(set(vocab.values())) < len(vocab):
        raise ValueError(
            f"vocab gives {len(vocab)} pieces only {len(set(vocab.values()))} ids, "
            "expected one for each: number them with enumerate"
        )


def check_known_ids(self, ids, **_):
    """Check the ids to be decoded: a list of int that the vocabulary has."""
    check_list("ids", ids, "int", "of a tensor (1, T), ids[0].tolist()")
    for id in ids:
        if isinstance(id, Mapping | list | tuple) or id not in self.piece_of:
            raise ValueError(
                f"no piece has the id {id!r}, expected an int from 0 to "
                f"{max(self.piece_of)}: from another tokenizer, or a list in a list "
                "(take ids[0])?"
            )


def check_input_request(text, tokenizer, max_length, pair=None, **_):
    """Check what `prepare_inputs` is given."""
    check_text(text)
    if pair is not None:
        check_text(pair)
    check_tokenizer(tokenizer)
    if isinstance(max_length, bool) or not isinstance(max_length, Integral):
        raise TypeError(
            f"expected max_length as an int, got {max_length!r}: T, the special tokens "
            "included, such as 64"
        )
    least = 3 if pair is None else 4
    limit = tokenizer.model_max_length
    if not least <= max_length <= limit:
        raise ValueError(
            f"max_length={max_length}: too small for a text, or > {limit}; expected "
            f"{least} to {limit}: {least - 1} places are for special tokens, and the "
            f"model has {limit} positions"
        )


def check_tokenizer(tokenizer, **_):
    """Check the library's tokenizer."""
    if not callable(tokenizer) or not hasattr(tokenizer, "convert_tokens_to_ids"):
        raise TypeError(
            f"tokenizer is {shown(tokenizer)}, expected the library's tokenizer: "
            "load_bert() returns (tokenizer, model), in this order"
        )
