"""Checks of lesson 02: what falls together, words, offsets, merges and splits."""

import re
from collections import Counter, defaultdict
from functools import cache
from itertools import combinations

from course_utils.checks import lesson_02_mistakes as mistakes
from course_utils.checks import lesson_02_vocabulary_mistakes as vocabulary
from course_utils.checks import lesson_02_whole_word_mistakes as whole_words
from course_utils.checks.exercise import Coding
from course_utils.checks.lesson_02_questions import QUESTIONS
from course_utils.pretrained import load_bert

TEXTS = (
    "Boring.",
    "An unwatchable movie.",
    "It isn't unfunny; it's unwatchable!",
    "A naïve café owner smiles: \u201cDéjà vu?\u201d",
    "The screenwriter's mumbo-jumbo costs $5 and two hours.",
    "Nobody expected so much wit from so small a film.",
    "Overlong, overacted and unbelievably tiresome snoozefest ...",
)
NO_WORD = ("[CLS]", "[SEP]", "[PAD]")


@cache
def tokenizer():
    """Return the course's tokenizer, loaded once."""
    return load_bert()[0]


def _text(rng, low, high):
    """Draw words of the sentences above: a text of low to high words."""
    return " ".join(rng.choices(" ".join(TEXTS).split(), k=rng.randint(low, high)))


# --- 2.1 and 2.2: measuring ----------------------------------------------------------


def _pieces_per_word(texts, tokenizer):
    pieces = words = 0
    for text in texts:
        encoded = tokenizer(text, add_special_tokens=False)
        pieces += len(encoded["input_ids"])
        words += len(set(encoded.word_ids()))
    return pieces / words


def _measure_cases(rng):
    given = [["Boring."], ["unwatchable"], ["a", "unfunny"], ["", "So unfunny!"]]
    given += [list(TEXTS[:3]), list(TEXTS)]
    given += [[_text(rng, 1, 9) for _ in range(rng.randint(2, 4))] for _ in range(4)]
    return [(texts, tokenizer()) for texts in given]


def _fall_together(words):
    normal = tokenizer().backend_tokenizer.normalizer.normalize_str
    groups = defaultdict(set)
    for word in words:
        groups[normal(word)].add(word)
    return {key: sorted(group) for key, group in groups.items() if len(group) > 1}


def _word_cases(rng):
    cases = [["us"], ["us", "us"], ["US", "us"], ["resume", "résumé"], []]
    cases += [["Café", "tea", "cafe", "CAFÉ", "tea"], ["Élan", "e\u0301lan", "elan"]]
    pool = ("may", "Émile", "polish", "naïve", "turkey", "Zoë", "will", "rosé", "us")
    for _ in range(6):
        words = rng.choices(pool, k=rng.randint(6, 14))
        cases.append([rng.choice((str.lower, str.upper, str))(word) for word in words])
    return [(words,) for words in cases]


# --- 2.3: the words of a text --------------------------------------------------------


def _words_of(text):
    backend = tokenizer().backend_tokenizer
    normal = backend.normalizer.normalize_str(text)
    return [word for word, _ in backend.pre_tokenizer.pre_tokenize_str(normal)]


def _cut_cases(rng):
    texts = ["ok", "Oh!", "é", "a,b", "Crème brûlée!", "", "snake_case", "5€ or $5"]
    texts += ["e\u0301te\u0301", "\u201cÇa va?\u201d \u2014 \u00bfQué?", *TEXTS[2:5]]
    texts += [_text(rng, 3, 9) for _ in range(4)]
    return [(text,) for text in texts]


# --- 2.4 and 2.5: whole words --------------------------------------------------------


def _mask_words(pieces, chosen):
    number, masked = -1, []
    for piece in pieces:
        number += piece not in NO_WORD and not piece.startswith("##")
        hide = piece not in NO_WORD and number in chosen
        masked.append("[MASK]" if hide else piece)
    return masked


def _mask_cases(rng):
    cases = [(["boring"], [0]), (["un", "##fu", "##nn", "##y"], [0]), (["a"], [])]
    cases += [(["[CLS]", "a", "gem", "[SEP]"], [1]), (["[CLS]", "[UNK]", "a"], [0])]
    cases += [(["[CLS]", "[UNK]", "a", "b"], [1])]
    for text in [*TEXTS[1:], *(_text(rng, 3, 8) for _ in range(3))]:
        pieces = tokenizer().tokenize(text)
        count = sum(not piece.startswith("##") for piece in pieces)
        chosen = sorted(rng.sample(range(count), max(1, count // 3)))
        row = ["[CLS]", *pieces, "[SEP]", *["[PAD]"] * rng.randint(0, 2)]
        cases.append((row, chosen))
    return cases


def _cut_between_words(pieces, room):
    ends = [
        n
        for n in range(1, min(room, len(pieces)) + 1)
        if n == len(pieces) or not pieces[n].startswith("##")
    ]
    return pieces[: max(ends, default=room)]


def _room_cases(rng):
    unfunny = ["un", "##fu", "##nn", "##y"]
    cases = [(["a"], 1), (["a"], 3), (["a", "b"], 1), (unfunny, 2), (unfunny, 4)]
    cases += [(["so", *unfunny], n) for n in (1, 3, 5)]
    cases += [([*unfunny, "film"], 4), (["so", *unfunny, "!"], 5)]
    for text in [*TEXTS[2:], *(_text(rng, 5, 12) for _ in range(3))]:
        pieces = tokenizer().tokenize(text)
        cases.append((pieces, rng.randint(2, len(pieces))))
    return cases


# --- 2.6: offsets --------------------------------------------------------------------


def _pieces_at(text, start, end, tokenizer):
    encoded = tokenizer(text)
    found = {encoded.char_to_token(place) for place in range(start, end)}
    return sorted(found - {None})


def _span_cases(rng):
    cases = [("ok", 0, 2), ("a b", 0, 1), ("a b", 2, 3), ("a b", 1, 2), ("a  b", 0, 4)]
    cases += [("unfunny", 3, 4), ("so unfunny!", 3, 10), ("Café noir", 1, 4)]
    cases += [("CAFÉ!", 4, 5), ("unfunny", 0, 2), ("unfunny", 2, 3)]
    for text in [*TEXTS[1:], *(_text(rng, 3, 8) for _ in range(3))]:
        start = rng.randrange(len(text) - 4)
        cases.append((text, start, rng.randint(start + 1, min(start + 20, len(text)))))
    return [(*case, tokenizer()) for case in cases]


# --- 2.7: merges by count ------------------------------------------------------------


def _bpe_merges(words, n):
    """Merge in text: spaces stand between symbols, as in Sennrich et al. 2016."""
    spelt = {" ".join(word): count for word, count in words.items()}
    merges = []
    for _ in range(n):
        pairs = Counter()
        for word, count in spelt.items():
            symbols = word.split()
            for i in range(len(symbols) - 1):
                pairs[symbols[i], symbols[i + 1]] += count
        if not pairs:
            break
        best = sorted(sorted(pairs), key=pairs.get, reverse=True)[0]
        merges.append(best)
        pattern = rf"(?<!\S){best[0]} {best[1]}(?!\S)"
        spelt = {re.sub(pattern, "".join(best), w): c for w, c in spelt.items()}
    return merges


def _merge_cases(rng):
    toy = {"hug": 10, "pug": 5, "pun": 12, "bun": 4, "hugs": 5}
    cases = [({"ab": 1}, 1), ({"ab": 1}, 3), ({"a": 2}, 2), ({"ba": 2, "cb": 2}, 2)]
    cases += [({"abab": 1, "cd": 1}, 2), ({"aab": 3, "abc": 1}, 3), ({"ab": 5}, 0)]
    cases += [({"banana": 2, "ban": 1}, 4), (toy, 1), (toy, 4), (toy, 9)]
    for _ in range(5):
        words = [
            "".join(rng.choices("abcd", k=rng.randint(2, 6)))
            for _ in range(rng.randint(3, 7))
        ]
        cases.append(({word: rng.randint(1, 9) for word in words}, rng.randint(2, 6)))
    return cases


# --- 2.8: fewest pieces --------------------------------------------------------------


def _fewest_pieces(word, vocab):
    """Try every way to cut, few cuts first, late cuts first."""
    for count in range(len(word)):
        for inner in sorted(combinations(range(1, len(word)), count), reverse=True):
            ends = [*inner, len(word)]
            spans = zip([0, *inner], ends, strict=True)
            pieces = [("##" if a else "") + word[a:b] for a, b in spans]
            if all(piece in vocab for piece in pieces):
                return pieces
    return ["[UNK]"]


def _split_cases(rng):
    cases = [("a", ["a"]), ("ab", ["a", "##b"]), ("ab", ["ab", "a", "##b"])]
    cases += [("ab", ["a"]), ("abcd", ["a", "ab", "##bcd", "##c", "##d"])]
    cases += [("aaa", ["a", "aa", "##a", "##aa"]), ("abc", ["ab", "##b", "##c"])]
    cases += [("abc", ["ab", "a", "##bc", "##b"])]
    known = tokenizer().get_vocab()
    for word in ("unfunny", "unwatchable", "snoozefest", "overacted"):
        places = [(a, b) for a in range(len(word)) for b in range(a + 1, len(word) + 1)]
        spelt = {("##" if a else "") + word[a:b] for a, b in places}
        cases.append((word, sorted(piece for piece in spelt if piece in known)))
    for _ in range(8):
        word = "".join(rng.choices("ab", k=rng.randint(4, 8)))
        parts = {word[a : a + n] for a in range(len(word)) for n in (1, 2, 3, 4)}
        some = rng.sample(sorted(parts), max(2, len(parts) * 2 // 3))
        cases.append((word, [mark + part for part in some for mark in ("", "##")]))
    return cases


CODING = [
    Coding(
        "2.1", "pieces_per_word", "all pieces by all words, special tokens left out",
        _pieces_per_word, _measure_cases, mistakes.PIECES_PER_WORD,
    ),
    Coding(
        "2.2", "fall_together", "all words with one normal form, each once, in order; "
        "lonely ones left out", _fall_together, _word_cases, mistakes.FALL_TOGETHER,
    ),
    Coding(
        "2.3", "words_of", "both faults are mended: the words are the library's",
        _words_of, _cut_cases, mistakes.WORDS_OF,
    ),
    Coding(
        "2.4", "mask_words", "whole words are masked, special tokens and the length "
        "stay", _mask_words, _mask_cases, whole_words.MASK_WORDS,
    ),
    Coding(
        "2.5", "cut_between_words", "as many whole words as fit, none cut in two",
        _cut_between_words, _room_cases, whole_words.CUT_BETWEEN_WORDS,
    ),
    Coding(
        "2.6", "pieces_at", "every piece that shares a character with the span, no "
        "other", _pieces_at, _span_cases, vocabulary.PIECES_AT,
    ),
    Coding(
        "2.7", "bpe_merges", "the most frequent pair each time, counted anew after "
        "every merge", _bpe_merges, _merge_cases, vocabulary.BPE_MERGES,
    ),
    Coding(
        "2.8", "fewest_pieces", "no split has fewer pieces; among equals the longest "
        "piece comes first", _fewest_pieces, _split_cases, vocabulary.FEWEST_PIECES,
    ),
]  # fmt: skip

EXERCISES = [*CODING, *QUESTIONS]
