"""Plausible wrong answers of lesson 02, exercises 2.4 and 2.5: whole words."""

from course_utils.checks.exercise import Mistake

# --- 2.4 mask_words ------------------------------------------------------------------


NO_WORD = ("[CLS]", "[SEP]", "[PAD]")


def _mask(no_word=NO_WORD, begins=0, whole=True, one=False):
    def answer(pieces, chosen):
        number, masked = begins - 1, []
        for piece in pieces:
            inside = piece.startswith("##")
            number += piece not in no_word and not inside
            if piece in no_word or number not in chosen or (inside and not whole):
                masked.append(piece)
            elif not (one and inside):
                masked.append("[MASK]")
        return masked

    return answer


def _by_place(pieces, chosen):
    return ["[MASK]" if i in chosen else piece for i, piece in enumerate(pieces)]


def _with_what_follows(pieces, chosen):
    """Give special tokens the number of the word before them."""
    begins = [p not in NO_WORD and not p.startswith("##") for p in pieces]
    numbers = [sum(begins[: i + 1]) - 1 for i in range(len(pieces))]
    pairs = zip(pieces, numbers, strict=True)
    return ["[MASK]" if n in chosen else piece for piece, n in pairs]


def _hides_special(received, expected, pieces, chosen):
    pairs = zip(pieces, received, strict=True)
    return any(p in NO_WORD and r == "[MASK]" for p, r in pairs)


def _misspelt(received, expected, pieces, chosen):
    """Return whether the right places are hidden, but not by "[MASK]"."""
    triples = list(zip(pieces, received, expected, strict=True))
    hidden = [r != p for p, r, _ in triples] == [e != p for p, _, e in triples]
    return hidden and all(r != "[MASK]" for r in received)


MASK_WORDS = (
    Mistake(
        "only the first piece of a word is masked: the rest gives the word away.",
        _mask(whole=False),
    ),
    Mistake(
        "[CLS] is counted as word 0: special tokens are no words.",
        _mask(no_word=()),
    ),
    Mistake(
        "the numbers are taken for places in the list: they count words.",
        _by_place,
    ),
    Mistake(
        "a word's pieces become one [MASK]: the list must keep its length, one [MASK] "
        "a piece.",
        _mask(one=True),
    ),
    Mistake(
        "[UNK] is not counted: it stands for a word, if an unknown one.",
        _mask(no_word=(*NO_WORD, "[UNK]")),
    ),
    Mistake("words are counted from 1: the first is word 0.", _mask(begins=1)),
    Mistake(
        "a special token is masked: one behind a word has that word's number. Special "
        "tokens have none.",
        _with_what_follows,
        _hides_special,
    ),
    Mistake(
        'what is hidden is written in another way: the piece is "[MASK]", in capitals '
        "and brackets.",
        lambda pieces, chosen: [
            "mask" if piece == "[MASK]" else piece for piece in _mask()(pieces, chosen)
        ],
        _misspelt,
    ),
)

# --- 2.5 cut_between_words -----------------------------------------------------------


def _cut_words(at=0, first=True):
    def answer(pieces, room):
        if len(pieces) <= room:
            return list(pieces)
        end = room
        while end > 0 and pieces[end + at].startswith("##"):
            end -= 1
        return pieces[:end] if end or not first else pieces[:room]

    return answer


def _drop_last_word(pieces, room):
    kept = pieces[:room]
    while kept and kept[-1].startswith("##"):
        kept = kept[:-1]
    return kept[:-1] or pieces[:room]


def _skipping(pieces, room):
    words, kept = [], []
    for piece in pieces:
        if piece.startswith("##") and words:
            words[-1].append(piece)
        else:
            words.append([piece])
    for word in words:
        kept += word if len(kept) + len(word) <= room else []
    return kept or pieces[:room]


CUT_BETWEEN_WORDS = (
    Mistake(
        "the last word is cut in two: its other pieces are beyond the room.",
        lambda pieces, room: pieces[:room],
    ),
    Mistake(
        "a word that does fit is cut: whether a word ends shows in the piece *after* "
        "the cut, not in the one before it.",
        _cut_words(at=-1),
    ),
    Mistake(
        "nothing is left where the first word alone is too long: then its first pieces "
        "are asked for.",
        _cut_words(first=False),
    ),
    Mistake(
        "the last word is dropped even where it fits to its end: one that fills the "
        "room exactly may stay (<=).",
        _drop_last_word,
    ),
    Mistake(
        "a word that does not fit is skipped, and later ones are taken: the text ends "
        "at the first that does not fit.",
        _skipping,
    ),
    Mistake(
        "one place is left unused: [CLS] and [SEP] are not asked for.",
        lambda pieces, room: _cut_words()(pieces, max(room - 1, 1)),
    ),
    Mistake(
        "whole words are counted, but the room is one of pieces.",
        lambda pieces, room: [
            piece
            for i, piece in enumerate(pieces)
            if sum(not p.startswith("##") for p in pieces[: i + 1]) <= room
        ],
    ),
)
