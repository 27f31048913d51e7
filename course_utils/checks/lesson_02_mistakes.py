"""Plausible wrong answers of lesson 02, exercises 2.1 to 2.3: words and pieces."""

import re
import string
import unicodedata
from collections import defaultdict

from course_utils.checks.exercise import Mistake
from course_utils.wordpiece import normalize

# --- 2.1 pieces_per_word -------------------------------------------------------------


def _share(pieces_of, words_of):
    def answer(texts, tokenizer):
        pieces = sum(len(pieces_of(tokenizer, text)) for text in texts)
        return pieces / sum(len(words_of(tokenizer, text)) for text in texts)

    return answer


def _pieces(tokenizer, text):
    return tokenizer.tokenize(text)


def _words(tokenizer, text):
    return [p for p in tokenizer.tokenize(text) if not p.startswith("##")]


def _mean_of_ratios(texts, tokenizer):
    each = [_share(_pieces, _words)([text], tokenizer) for text in texts if text]
    return sum(each) / len(each)


def _different(texts, tokenizer):
    pieces = {piece for text in texts for piece in tokenizer.tokenize(text)}
    return len(pieces) / sum(not piece.startswith("##") for piece in pieces)


PIECES_PER_WORD = (
    Mistake(
        "[CLS] and [SEP] are counted as pieces: they stand for no word. Use "
        "tokenizer.tokenize, or add_special_tokens=False.",
        _share(lambda tokenizer, text: tokenizer(text)["input_ids"], _words),
    ),
    Mistake(
        "the words are cut at spaces: BERT's words are also cut around punctuation. "
        'Each piece without "##" begins one.',
        _share(_pieces, lambda tokenizer, text: text.split()),
    ),
    Mistake(
        "the ratios of the texts are averaged, so that a short text counts as much as "
        "a long one: divide all pieces by all words.",
        _mean_of_ratios,
    ),
    Mistake(
        "this is words per piece, the other way up.",
        _share(_words, _pieces),
    ),
    Mistake(
        'only the pieces with "##" are counted: a word\'s first piece is one, too.',
        _share(
            lambda tokenizer, text: [
                p for p in tokenizer.tokenize(text) if p.startswith("##")
            ],
            _words,
        ),
    ),
    Mistake(
        "these are pieces per text, not per word.",
        lambda texts, tokenizer: (
            sum(map(len, map(tokenizer.tokenize, texts))) / len(texts)
        ),
    ),
    Mistake(
        "only the first text is counted: add up over all of them, then divide. Does "
        "`return` stand in the loop?",
        lambda texts, tokenizer: _share(_pieces, _words)(
            [next(filter(None, texts))], tokenizer
        ),
    ),
    Mistake(
        "each different piece is counted once (a set): one that comes again counts "
        "again.",
        _different,
    ),
)

# --- 2.2 fall_together ---------------------------------------------------------------


def _groups(normal=lambda word: normalize(word)[0], once=True, least=2, order=sorted):
    def answer(words):
        groups = defaultdict(list)
        for word in words:
            if not once or word not in groups[normal(word)]:
                groups[normal(word)].append(word)
        return {key: order(g) for key, g in groups.items() if len(g) >= least}

    return answer


FALL_TOGETHER = (
    Mistake(
        "a word that occurs twice is listed twice: only *different* words fall "
        "together. A set keeps each once.",
        _groups(once=False),
    ),
    Mistake(
        "words that fall together with no other are listed, too: leave out groups of "
        "one.",
        _groups(least=1),
    ),
    Mistake("the lists are not sorted.", _groups(order=list)),
    Mistake(
        "accents still tell words apart: lower() is not all that normalizing does.",
        _groups(str.lower),
    ),
    Mistake(
        "capitals still tell words apart.",
        _groups(lambda w: unicodedata.normalize("NFC", w)),
    ),
    Mistake(
        "the lists are asked for, not their lengths.",
        lambda words: {key: len(group) for key, group in _groups()(words).items()},
    ),
    Mistake(
        "sets come back: sorted(...) makes a list of each.",
        _groups(order=set),
        lambda received, *_: any(isinstance(group, set) for group in received.values()),
    ),
    Mistake(
        "the key is a word of the group: it should be the form that they share.",
        lambda words: {group[0]: group for group in _groups()(words).values()},
    ),
    Mistake(
        "letters with accents are dropped whole: only the accent goes, é becomes e.",
        _groups(lambda w: w.lower().encode("ascii", "ignore").decode()),
    ),
)

# --- 2.3 words_of --------------------------------------------------------------------


def _letters(text, order):
    for step in order:
        if step == "apart":
            text = unicodedata.normalize("NFD", text)
        else:
            text = "".join(c for c in text if unicodedata.category(c) != "Mn")
    return text.lower()


RIGHT_ORDER, WRONG_ORDER = ("apart", "strip"), ("strip", "apart")
PUNCTUATION = rf"([{re.escape(string.punctuation)}\u201c\u201d\u2014\u00bf])"


def _cut(order=RIGHT_ORDER, pattern=PUNCTUATION, new=r" \1 ", replace=re.sub):
    return lambda text: replace(pattern, new, _letters(text, order)).split()


def _as_plain_text(pattern, new, text):
    return text.replace(pattern, new)


def _ascii_only(text):
    text = _letters(text, RIGHT_ORDER).encode("ascii", "ignore").decode()
    return re.sub(PUNCTUATION, r" \1 ", text).split()


def _shows_marks(received, expected, text):
    parts = unicodedata.normalize("NFD", "".join(received))
    return any(unicodedata.category(part) == "Mn" for part in parts)


WORDS_OF = (
    Mistake(
        "both faults are still there: the accents, and the punctuation.",
        _cut(WRONG_ORDER, replace=_as_plain_text),
    ),
    Mistake(
        "the accents are still there: a composed é is one letter (Ll), and no mark can "
        "be dropped. Take it apart first.",
        _cut(WRONG_ORDER),
        _shows_marks,
    ),
    Mistake(
        "punctuation still sticks to the words: str.replace knows no patterns and "
        "finds nothing. Use re.sub, or go character by character.",
        _cut(replace=_as_plain_text),
    ),
    Mistake(
        "punctuation is thrown away: each character of it is a word.",
        _cut(new=" "),
    ),
    Mistake(
        r"the underscore is punctuation to BERT, but \w takes it for a letter; a euro "
        "sign is none. Ask string.punctuation and the category P.",
        _cut(pattern=r"([^\w\s])"),
    ),
    Mistake(
        "only ASCII punctuation is cut off: the category P has more, such as "
        "typographic quotes and the dash.",
        _cut(pattern=rf"([{re.escape(string.punctuation)}])"),
    ),
    Mistake(
        "runs of punctuation stay together: each character is a word of its own.",
        _cut(pattern=PUNCTUATION.replace("])", "]+)")),
    ),
    Mistake(
        r"runs of what \w does not know stay together, and a euro sign is cut off: cut "
        "around each single punctuation character, as string.punctuation and the "
        "category P have them.",
        _cut(pattern=r"([^\w\s]+)"),
    ),
    Mistake(
        "the last word is missing: after the loop it is still to be added.",
        lambda text: _cut()(text)[:-1],
    ),
    Mistake(
        "everything outside ASCII is dropped, with it quotes and the euro sign: "
        '"ignore" does more than strip accents.',
        _ascii_only,
    ),
    Mistake(
        "capitals are still there.",
        lambda text: re.sub(
            PUNCTUATION,
            r" \1 ",
            "".join(
                c
                for c in unicodedata.normalize("NFD", text)
                if unicodedata.category(c) != "Mn"
            ),
        ).split(),
    ),
)
