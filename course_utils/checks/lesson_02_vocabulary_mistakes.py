"""Plausible wrong answers of lesson 02, 2.6 to 2.8: offsets, merges, splits."""

from collections import Counter
from itertools import pairwise

from course_utils.checks.exercise import Mistake
from course_utils.wordpiece import split_word

# --- 2.6 pieces_at -------------------------------------------------------------------


def _spans(text, tokenizer, special=True):
    options = {"return_offsets_mapping": True, "add_special_tokens": special}
    return list(enumerate(tokenizer(text, **options)["offset_mapping"]))


def _touching(test, special=True):
    def answer(text, start, end, tokenizer):
        spans = _spans(text, tokenizer, special)
        return [i for i, (a, b) in spans if test(a, b, start, end)]

    return answer


PIECES_AT = (
    Mistake(
        "only pieces that lie wholly inside the span are found: one shared character "
        "is enough.",
        _touching(lambda a, b, start, end: start <= a < b <= end),
    ),
    Mistake(
        "a neighbour is found, too: ends are exclusive, so spans that only touch share "
        "no character. Compare with <, not <=.",
        _touching(lambda a, b, start, end: a < b and a <= end and start <= b),
    ),
    Mistake(
        "the pieces come back: their places are asked for.",
        lambda text, start, end, tokenizer: [
            tokenizer.tokenize(text)[i - 1]
            for i in _touching(lambda a, b, s, e: a < e and s < b)(
                text, start, end, tokenizer
            )
        ],
        lambda received, *_: isinstance(received[0], str),
    ),
    Mistake(
        "[CLS] or [SEP] is found: their offsets (0, 0) hold no character.",
        _touching(lambda a, b, start, end: a < end and start < b if b else start == 0),
    ),
    Mistake(
        "[CLS] is left out of the count: in the ids that the tokenizer gives, the "
        "first piece stands at place 1.",
        _touching(lambda a, b, start, end: a < end and start < b, special=False),
    ),
    Mistake(
        "only the first piece of the span is found.",
        _touching(lambda a, b, start, end: a <= start < b),
    ),
    Mistake(
        "the piece in which the span begins is missing: it may begin before the span.",
        _touching(lambda a, b, start, end: start <= a < b and a < end),
    ),
    Mistake(
        "the piece in which the span ends is missing: it may end after the span.",
        _touching(lambda a, b, start, end: start < b <= end),
    ),
    Mistake(
        "only a piece that holds the whole span is found: a span may go over several.",
        _touching(lambda a, b, start, end: a <= start and end <= b),
    ),
    Mistake(
        "a piece is listed once for each of its characters, and None for a space: list "
        "each piece once, and no None.",
        lambda text, start, end, tokenizer: [
            tokenizer(text).char_to_token(place) for place in range(start, end)
        ],
    ),
    Mistake(
        "text[start:end] is tokenized alone, and its pieces are counted from 1: ask "
        "for their places in the whole text.",
        lambda text, start, end, tokenizer: [
            1 + i for i, _ in enumerate(tokenizer.tokenize(text[start:end]))
        ],
    ),
)

# --- 2.7 bpe_merges ------------------------------------------------------------------


def _merged(split, pair):
    merged, i = [], 0
    while i < len(split):
        hit = tuple(split[i : i + 2]) == pair
        merged.append("".join(pair) if hit else split[i])
        i += 2 if hit else 1
    return merged


def _merged_once(split, pair):
    for i, found in enumerate(pairwise(split)):
        if found == pair:
            return [*split[:i], "".join(pair), *split[i + 2 :]]
    return split


def _merges(rank, weigh=True, join=_merged, within=pairwise):
    def answer(words, n):
        splits, merges = {word: list(word) for word in words}, []
        for _ in range(n):
            pieces, pairs = Counter(), Counter()
            for word, split in splits.items():
                weight = words[word] if weigh else 1
                for piece in split:
                    pieces[piece] += weight
                for pair in within(split):
                    pairs[pair] += weight
            if not pairs:
                break
            best = rank(pairs, pieces)
            merges.append(best)
            splits = {word: join(split, best) for word, split in splits.items()}
        return merges

    return answer


def _most_frequent(pairs, pieces):
    return min(pairs, key=lambda pair: (-pairs[pair], pair))


def _by_score(pairs, pieces):
    return min(pairs, key=lambda p: (-pairs[p] / (pieces[p[0]] * pieces[p[1]]), p))


def _last_in_alphabet(pairs, pieces):
    return max(pairs, key=lambda pair: (pairs[pair], pair))


def _first_met(pairs, pieces):
    return max(pairs, key=pairs.get)


def _from_one_count(words, n):
    pairs = Counter()
    for word, count in words.items():
        for pair in pairwise(word):
            pairs[pair] += count
    return sorted(pairs, key=lambda pair: (-pairs[pair], pair))[:n]


BPE_MERGES = (
    Mistake(
        "this is WordPiece's score: byte pair encoding takes the count alone.",
        _merges(_by_score),
    ),
    Mistake(
        "each word counts once: a pair counts as often as its words occur.",
        _merges(_most_frequent, weigh=False),
    ),
    Mistake(
        "the pairs are counted only once, at the start: a merge makes new pairs, and "
        "takes others away.",
        _from_one_count,
    ),
    Mistake(
        "among equal counts the last in the alphabet is taken: the first is asked for.",
        _merges(_last_in_alphabet),
    ),
    Mistake(
        "among equal counts the pair that was met first is taken: the first in the "
        "alphabet is asked for.",
        _merges(_first_met),
    ),
    Mistake(
        "only the first occurrence in a word is merged: merge them all.",
        _merges(_most_frequent, join=_merged_once),
    ),
    Mistake(
        "the merged pieces are given: pairs are asked for, (left, right).",
        lambda words, n: ["".join(p) for p in _merges(_most_frequent)(words, n)],
    ),
    Mistake(
        "the same pair comes again and again: put the merged piece into the words "
        "before the pairs are counted anew.",
        _merges(_most_frequent, join=lambda split, pair: split),
    ),
    Mistake(
        "the rarest pair is merged: the most frequent one is asked for.",
        _merges(lambda pairs, pieces: min(pairs, key=lambda p: (pairs[p], p))),
    ),
    Mistake(
        'the right part has "##": that is WordPiece\'s mark, here pieces have none.',
        lambda words, n: [
            (left, "##" + right) for left, right in _merges(_most_frequent)(words, n)
        ],
    ),
    Mistake(
        "empty pairs stand where nothing is left to merge: stop there, with fewer than "
        "n merges.",
        lambda words, n: [*_merges(_most_frequent)(words, n), *[("", "")] * n][:n],
    ),
)

# --- 2.8 fewest_pieces ---------------------------------------------------------------


def _best(word, vocab, prefer, marks=True):
    """Return the best split by `prefer`, built from the end of the word."""
    best = {len(word): []}
    for start in range(len(word) - 1, -1, -1):
        mark = "##" if start and marks else ""
        found = [
            [mark + word[start:end], *best[end]]
            for end in range(start + 1, len(word) + 1)
            if mark + word[start:end] in vocab and best.get(end) is not None
        ]
        best[start] = min(found, key=prefer) if found else None
    return best[0]


def _greedy(word, vocab):
    return [piece for piece, _, _ in split_word(word, vocab)]


def _count(prefer, unknown=("[UNK]",), marks=True):
    def answer(word, vocab):
        return _best(word, vocab, prefer, marks) or list(unknown)

    return answer


def _backwards(word, vocab):
    pieces, end = [], len(word)
    while end:
        starts = [s for s in range(end) if ("##" if s else "") + word[s:end] in vocab]
        if not starts:
            return ["[UNK]"]
        pieces.insert(0, ("##" if starts[0] else "") + word[starts[0] : end])
        end = starts[0]
    return pieces


def _first_that_works(word, vocab):
    """Take the longest first piece that leaves a rest which can be split."""
    return _best(word, vocab, lambda pieces: -len(pieces[0])) or ["[UNK]"]


FEWEST_PIECES = (
    Mistake(
        "this is BERT's greedy split: the longest first piece may leave a rest that "
        "needs many.",
        _greedy,
    ),
    Mistake(
        "this is greedy from the end of the word: it is no more sure to find the "
        "fewest pieces than from the start.",
        _backwards,
    ),
    Mistake(
        "among splits with equally few pieces another one is asked for: the one whose "
        "first piece is longest, then its second, and so on.",
        _count(lambda pieces: (len(pieces), len(pieces[0]))),
    ),
    Mistake(
        'the mark "##" is missing: every piece but the first is looked up with it.',
        _count(lambda pieces: (len(pieces), -len(pieces[0])), marks=False),
    ),
    Mistake(
        "the longest first piece is taken that leaves no unknown rest: another one may "
        "lead to fewer pieces.",
        _first_that_works,
    ),
    Mistake(
        'the mark "##" is looked up, but missing in the result: every piece but the '
        "first has it.",
        lambda word, vocab: [
            piece.removeprefix("##")
            for piece in _count(lambda p: (len(p), -len(p[0])))(word, vocab)
        ],
    ),
    Mistake(
        "these are the most pieces, not the fewest.",
        _count(lambda pieces: (-len(pieces), -len(pieces[0]))),
    ),
    Mistake(
        "[UNK] stands in the middle of a word: where a rest cannot be split, try "
        "another beginning; where none helps, the whole word is unknown.",
        _count(lambda p: (len(p), -len(p[0])), unknown=("the", "[UNK]")),
        lambda received, *_: "[UNK]" in received and len(received) > 1,
    ),
    Mistake(
        "the number of pieces comes back: the pieces themselves are asked for.",
        lambda *given: len(_count(lambda p: (len(p), -len(p[0])))(*given)),
    ),
    Mistake(
        'a word that cannot be split must give ["[UNK]"].',
        _count(lambda pieces: (len(pieces), -len(pieces[0])), unknown=()),
    ),
)
