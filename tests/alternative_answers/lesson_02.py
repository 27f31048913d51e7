"""Other correct ways to solve the exercises of lesson 02."""

import re
import string
import unicodedata
from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import accumulate, groupby, pairwise

from course_utils.wordpiece import find_pieces, normalize, pre_tokenize


def ratio_by_the_lesson(texts, tokenizer):
    vocab = tokenizer.get_vocab()
    pieces = sum(len(find_pieces(text, vocab)) for text in texts)
    words = sum(len(pre_tokenize(normalize(text)[0])) for text in texts)
    return float(Fraction(pieces, words))


def groups_by_sorting(words):
    def form(word):
        marks = unicodedata.normalize("NFD", word)
        return "".join(c for c in marks if not unicodedata.combining(c)).lower()

    ordered = sorted(set(words), key=lambda word: (form(word), word))
    found = {key: tuple(group) for key, group in groupby(ordered, key=form)}
    return {key: group for key, group in found.items() if len(group) > 1}


def words_by_pattern(text):
    apart = unicodedata.normalize("NFD", text.lower())
    bare = re.sub("[\u0300-\u036f]", "", apart)
    others = {c for c in bare if unicodedata.category(c).startswith("P")}
    every = "".join(map(re.escape, sorted(others | set(string.punctuation))))
    return re.findall(rf"[{every}]|[^\s{every}]+", bare)


def words_by_the_lesson(text):
    return [word for word, _, _ in pre_tokenize(normalize(text)[0])]


def masks_by_counting(pieces, chosen):
    special = {"[CLS]", "[SEP]", "[PAD]"}
    starts = [p not in special and not p.startswith("##") for p in pieces]
    numbers = accumulate(map(int, starts))
    return [
        "[MASK]" if n - 1 in set(chosen) and p not in special else p
        for p, n in zip(pieces, numbers, strict=True)
    ]


def cut_by_words(pieces, room):
    words, kept = [], []
    for piece in pieces:
        if piece.startswith("##") and words:
            words[-1].append(piece)
        else:
            words.append([piece])
    for word in words:
        if len(kept) + len(word) > room:
            return kept or pieces[:room]
        kept = kept + word
    return kept


def cut_by_recursion(pieces, room, full=None):
    full = room if full is None else full
    if room == 0:
        return pieces[:full]
    if room >= len(pieces) or not pieces[room].startswith("##"):
        return pieces[:room]
    return cut_by_recursion(pieces, room - 1, full)


def at_by_characters(text, start, end, tokenizer):
    offsets = tokenizer(text, return_offsets_mapping=True)["offset_mapping"]
    span = set(range(start, end))
    return tuple(i for i, pair in enumerate(offsets) if span & set(range(*pair)))


def merges_in_text(words, n):
    counted = {tuple(word): count for word, count in words.items()}
    merges = []
    for _ in range(n):
        pairs = Counter()
        for split, count in counted.items():
            for pair in pairwise(split):
                pairs[pair] += count
        most = max(pairs.values(), default=0)
        if not most:
            break
        best = min(pair for pair, count in pairs.items() if count == most)
        merges.append(list(best))
        renewed = {}
        for split, count in counted.items():
            new = []
            for piece in split:
                if new and (new[-1], piece) == best:
                    new[-1] = Joined(new[-1] + piece)
                else:
                    new.append(piece)
            renewed[tuple(map(str, new))] = count
        counted = renewed
    return merges


class Joined(str):
    """A piece made in this round: it joins no other before the next one."""

    def __eq__(self, other):
        return False

    __hash__ = None


def fewest_by_recursion(word, vocab):
    known = set(vocab)

    @cache
    def best(start):
        if start == len(word):
            return ()
        found = []
        for end in range(start + 1, len(word) + 1):
            piece = ("##" if start else "") + word[start:end]
            rest = best(end) if piece in known else None
            if rest is not None:
                found.append((piece, *rest))
        return min(found, key=lambda s: (len(s), [-len(p) for p in s]), default=None)

    return list(best(0) or ["[UNK]"])


def fewest_by_breadth(word, vocab):
    layer = {0: []}
    while layer and len(word) not in layer:
        following = {}
        for start, pieces in layer.items():
            for end in range(start + 1, len(word) + 1):
                piece = "##" * bool(start) + word[start:end]
                if piece in vocab:
                    new = [*pieces, piece]
                    old = following.get(end, new)
                    following[end] = max(new, old, key=lambda s: [len(p) for p in s])
        layer = following if following else {}
        layer = {e: s for e, s in layer.items() if len(s) <= len(word)}
    return layer.get(len(word), ["[UNK]"])


RIGHT = {
    "2.1": [ratio_by_the_lesson],
    "2.2": [groups_by_sorting],
    "2.3": [words_by_pattern, words_by_the_lesson],
    "2.4": [masks_by_counting],
    "2.5": [cut_by_words, cut_by_recursion],
    "2.6": [at_by_characters],
    "2.7": [merges_in_text],
    "2.8": [fewest_by_recursion, fewest_by_breadth],
}
