"""BERT's uncased tokenizer, built by hand: normalize, pre-tokenize, split, number.

Lesson 02 develops this code; a test holds the notebook and this module to the same.
It follows the library's fast tokenizer, whose ids it matches on every text. Known
difference: the library sorts combining marks before it drops accents, which can move
the end of an offset by one after a musical note (U+1D15E) with a struck-through mark.
"""

import re
import string
import unicodedata

from course_utils import text_checks
from course_utils.call_guard import guarded
from course_utils.unicode_tables import library_category
from course_utils.value_checks import check_text

CJK_BLOCKS = [
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),  # sic: Unicode's block begins at 2B820
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
SPECIAL_PATTERN = re.compile("(" + "|".join(map(re.escape, SPECIAL)) + ")")


def clean(character):
    """Return a space for white space, nothing for a control character, else itself."""
    if character in "\t\n\r":
        return " "
    if character in "\0\ufffd" or library_category(character) in ("Cc", "Cf", "Co"):
        return ""
    return " " if character.isspace() else character


def space_cjk(character):
    """Put spaces around a Chinese character, so that each becomes a word."""
    chinese = any(first <= ord(character) <= last for first, last in CJK_BLOCKS)
    return f" {character} " if chinese else character


def decompose(character):
    """Take a composed character apart (Unicode's form NFD): base letter, then marks."""
    return unicodedata.normalize("NFD", character)


def strip_mark(character):
    """Drop a mark that takes no space of its own, such as an accent."""
    return "" if library_category(character) == "Mn" else character


def normalize(text):
    """Return the normalized text and, for each of its characters, its place in text.

    text: str of any length. Returns (str, list of int), equally long.
    """
    pairs = list(zip(text, range(len(text)), strict=True))
    for step in (clean, space_cjk, decompose, strip_mark, str.lower):
        pairs = [(new, place) for old, place in pairs for new in step(old)]
    return "".join(new for new, _ in pairs), [place for _, place in pairs]


def is_punctuation(character):
    """Return whether BERT cuts here: ASCII punctuation, or Unicode's category P."""
    return character in string.punctuation or library_category(character)[0] == "P"


def pre_tokenize(text):
    """Cut normalized text at spaces and around punctuation: [(word, start, end)].

    text: str. The ends are exclusive, so that `text[start:end] == word`.
    """
    spans, inside = [], False
    for i, character in enumerate(text):
        alone = is_punctuation(character)
        if character.isspace():
            inside = False
        elif inside and not alone:
            spans[-1][1] = i + 1
        else:
            spans.append([i, i + 1])
            inside = not alone
    return [(text[start:end], start, end) for start, end in spans]


def split_word(word, vocab, longest_word=100):
    """Cut a word into the longest pieces of vocab, left to right.

    word: str, normalized. vocab: a container of pieces; those inside a word start with
    "##". Returns [(piece, start, end)]. Where no piece fits, or the word has more than
    longest_word characters, the whole word becomes one [UNK].
    """
    pieces, start = [], 0
    while start < len(word):
        mark = "##" if start else ""
        ends = range(len(word), start, -1)
        fitting = (end for end in ends if mark + word[start:end] in vocab)
        end = next(fitting, None) if len(word) <= longest_word else None
        if end is None:
            return [("[UNK]", 0, len(word))]
        pieces.append((mark + word[start:end], start, end))
        start = end
    return pieces


def find_pieces(text, vocab):
    """Return [(piece, start, end)]; text[start:end] is what the piece stands for.

    text: str. Special tokens are found first, before anything is normalized; the text
    between them is normalized, cut into words, and each word into pieces of vocab.
    Raises TypeError for anything but one str.
    """
    if not isinstance(text, str):
        raise TypeError(f"expected one text (str), got a {type(text).__name__}")
    found, begin = [], 0
    for part in SPECIAL_PATTERN.split(text):
        if part in SPECIAL:
            found.append((part, begin, begin + len(part)))
            begin += len(part)
            continue
        normal, places = normalize(part)
        for word, offset, _ in pre_tokenize(normal):
            for piece, start, end in split_word(word, vocab):
                first, last = places[offset + start], places[offset + end - 1]
                found.append((piece, begin + first, begin + last + 1))
        begin += len(part)
    return found


def join_pieces(pieces):
    """Join pieces to text: "##" is glued on, and so are . , ! and ?

    pieces: iterable of str. Returns a str.
    """
    text = ""
    for position, piece in enumerate(pieces):
        if position and piece.startswith("##"):
            text += piece[2:]
        elif position and piece[0] not in ".,!?":
            text += " " + piece
        else:
            text += piece
    return text


class WordPieceTokenizer:
    """Turn text into BERT's pieces and ids, and ids back into text.

    vocab: {piece: id}, with the five special tokens. `tokenize`, `encode` and `offsets`
    take one str and return a list with an entry for each piece: the piece, its id, and
    (start, end) in the text. No [CLS] or [SEP] is added (lesson 03 does); those that
    stand in the text are kept in one piece. Raises TypeError where vocab is no dict or
    the text no str, ValueError for a missing special token or an unknown id.
    """

    def __init__(self, vocab):
        if not isinstance(vocab, dict):
            kind = type(vocab).__name__
            raise TypeError(f"vocab is a {kind}, expected a dict of piece: id")
        missing = [token for token in SPECIAL if token not in vocab]
        if missing:
            raise ValueError(f"vocab lacks {missing}: is it the whole vocabulary?")
        self.vocab = vocab
        self.piece_of = {id: piece for piece, id in vocab.items()}

    def tokenize(self, text):
        return [piece for piece, _, _ in find_pieces(text, self.vocab)]

    def encode(self, text):
        return [self.vocab[piece] for piece in self.tokenize(text)]

    def offsets(self, text):
        return [(start, end) for _, start, end in find_pieces(text, self.vocab)]

    def decode(self, ids):
        wrong = [id for id in ids if id not in self.piece_of]
        if wrong:
            raise ValueError(f"no piece has the id {wrong[0]!r}")
        return join_pieces(self.piece_of[id] for id in ids)


normalize = guarded(normalize, check_text)
pre_tokenize = guarded(pre_tokenize, check_text)
find_pieces = guarded(find_pieces, check_text)
split_word = guarded(split_word, text_checks.check_pieces_of)
WordPieceTokenizer.__init__ = guarded(
    WordPieceTokenizer.__init__, text_checks.check_vocab
)
WordPieceTokenizer.decode = guarded(
    WordPieceTokenizer.decode, text_checks.check_known_ids
)
