"""Learn a WordPiece vocabulary from counted words, by the score of each pair.

Lesson 02 develops `count_pairs`, `score` and `merge` and a trainer that recounts all
after every merge. `train_wordpiece` here gives the same vocabulary and only updates
what a merge has changed. Schuster and Nakajima 2012 (the score as in the HF course).
"""

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import pairwise

from course_utils.value_checks import check_whole
from course_utils.wordpiece import SPECIAL


def spell(word):
    """Return the characters of a word, each but the first with "##" before it."""
    return [word[0], *("##" + character for character in word[1:])]


def count_pairs(splits, words):
    """Count the pieces and the neighbouring pairs of all words.

    splits: {word: [piece, ...]}. words: {word: count}. Returns two Counters.
    """
    pieces, pairs = Counter(), Counter()
    for word, split in splits.items():
        for piece in split:
            pieces[piece] += words[word]
        for pair in pairwise(split):
            pairs[pair] += words[word]
    return pieces, pairs


def score(pair, pieces, pairs):
    """Return count(pair) / (count(first) * count(second)), an exact Fraction."""
    first, second = pair
    return Fraction(pairs[pair], pieces[first] * pieces[second])


def merge(split, pair):
    """Return the split with every occurrence of pair joined to one piece."""
    merged, i = [], 0
    while i < len(split):
        if tuple(split[i : i + 2]) == pair:
            merged.append(pair[0] + pair[1].removeprefix("##"))
            i += 2
        else:
            merged.append(split[i])
            i += 1
    return merged


def train_wordpiece(words, vocab_size, min_count=1):
    """Return a vocabulary of at most vocab_size pieces, a list of str.

    words: {word: count}, each word a str without spaces, each count a positive int.
    vocab_size: int, with the five special tokens and the alphabet. min_count: pairs
    seen less often are never merged. The order is special tokens, alphabet, then the
    merges, best score first; equal scores go by the alphabet. Fewer pieces come back
    where no pair is left. Raises TypeError where words is not a dict of int, ValueError
    for an empty word, a count below 1, or a vocab_size that the alphabet exceeds.
    """
    check_words(words)
    check_whole("vocab_size", vocab_size, 1, "pieces, such as 1000")
    check_whole("min_count", min_count, 1, "1 merges every pair")
    splits = {word: spell(word) for word in words}
    pieces, pairs = count_pairs(splits, words)
    vocab = [*SPECIAL, *sorted(pieces)]
    if vocab_size < len(vocab):
        raise ValueError(
            f"vocab_size={vocab_size}, expected at least {len(vocab)}: "
            f"{len(SPECIAL)} special tokens and {len(pieces)} characters need a place"
        )
    known = set(vocab)
    words_with = defaultdict(set)  # pair: the words in which it has stood
    for word, split in splits.items():
        for pair in pairwise(split):
            words_with[pair].add(word)

    while len(vocab) < vocab_size:
        best = best_pair(pieces, pairs, min_count)
        if best is None:
            break
        for word in words_with.pop(best):
            old, new = splits[word], merge(splits[word], best)
            for split, sign in ((old, -words[word]), (new, words[word])):
                for piece in split:
                    pieces[piece] += sign
                for pair in pairwise(split):
                    pairs[pair] += sign
                    if sign > 0:
                        words_with[pair].add(word)
            splits[word] = new
        del pairs[best]
        joined = best[0] + best[1].removeprefix("##")
        if joined not in known:  # "ab" may come from a + ##b and from elsewhere
            vocab.append(joined)
            known.add(joined)
    return vocab


def best_pair(pieces, pairs, min_count):
    """Return the pair of the highest score, the alphabet's first among equals."""
    best, best_score = None, 0.0
    for pair, count in pairs.items():
        if count >= min_count and count > 0:
            value = count / (pieces[pair[0]] * pieces[pair[1]])
            if value > best_score or (value == best_score and pair < best):
                best, best_score = pair, value
    return best


def check_words(words):
    """Raise TypeError or ValueError where words is not {word: count}."""
    if not isinstance(words, dict):
        kind = type(words).__name__
        raise TypeError(
            f"words is a {kind}, expected a dict of word: count: try Counter(words)"
        )
    for word, count in words.items():
        if not isinstance(word, str) or not isinstance(count, int):
            raise TypeError(
                f"{word!r}: {count!r} is not a str and its count, an int, as expected: "
                "try Counter(words)"
            )
        if not word or count < 1:
            raise ValueError(
                f"{word!r}: {count!r}, expected a word and a count above 0: leave "
                "empty words out"
            )
