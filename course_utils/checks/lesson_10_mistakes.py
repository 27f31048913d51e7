"""Plausible wrong answers of lesson 10, exercises 10.1 to 10.4: places and scores."""

import re

import torch

from course_utils.answer_scores import normalize_answer
from course_utils.checks.exercise import Mistake

# --- 10.1 span_text ------------------------------------------------------------------


def _cut(place, nothing=True, change=str):
    """Cut the passage at place(offsets, i, j); [CLS] is handled where `nothing`."""

    def answer(passage, offsets, i, j):
        if nothing and i == j == 0:
            return "", -1, -1
        first, last = place(offsets, i, j)
        return change(passage[first:last]), first, last

    return answer


def _right(offsets, i, j):
    return offsets[i][0], offsets[j][1]


def _glued(passage, offsets, i, j):
    if i == j == 0:
        return "", -1, -1
    pieces = [passage[a:b] for a, b in offsets[i : j + 1]]
    return " ".join(pieces), offsets[i][0], offsets[j][1]


SPAN_TEXT = (
    Mistake(
        "the numbers of the tokens are used as characters: offsets[i] and offsets[j] "
        "say where the tokens stand.",
        _cut(lambda offsets, i, j: (i, j + 1)),
    ),
    Mistake(
        "the last token is missing: offsets[j] is a pair, and its second number is "
        "where token j ends.",
        _cut(lambda offsets, i, j: (offsets[i][0], offsets[j][0])),
    ),
    Mistake(
        "the span ends one token too early: j belongs to the answer, it is not the "
        "token behind it.",
        _cut(lambda offsets, i, j: (offsets[i][0], offsets[j - 1][1])),
    ),
    Mistake(
        "one character too many: an offset's end is already the place behind the last "
        "letter, as a slice wants it.",
        _cut(lambda offsets, i, j: (offsets[i][0], offsets[j][1] + 1)),
    ),
    Mistake(
        "[CLS] is no place of the passage: for i = j = 0 the result is '', -1, -1.",
        _cut(_right, nothing=False),
    ),
    Mistake(
        "the text is lower case, as the tokens are: cut the passage itself.",
        _cut(_right, change=str.lower),
    ),
    Mistake(
        "the text is joined of pieces, with spaces that the passage does not have: cut "
        "the passage once, from start to end.",
        _glued,
    ),
)

# --- 10.2 precision_recall -----------------------------------------------------------


def _shares(shared, words=lambda text: normalize_answer(text).split()):
    """Return precision and recall with `shared` words of `words`."""

    def answer(predicted, reference):
        given, wanted = words(predicted), words(reference)
        if not given or not wanted:
            return (float(given == wanted),) * 2
        both = shared(given, wanted)
        return both / len(given), both / len(wanted)

    return answer


def _counted(given, wanted):
    return sum(min(given.count(word), wanted.count(word)) for word in set(given))


def _f1_twice(predicted, reference):
    p, r = _shares(_counted)(predicted, reference)
    f1 = 2 * p * r / (p + r) if p + r else 0.0
    return f1, f1


def _of_sets(predicted, reference):
    given = set(normalize_answer(predicted).split())
    wanted = set(normalize_answer(reference).split())
    if not given or not wanted:
        return (float(given == wanted),) * 2
    return len(given & wanted) / len(given), len(given & wanted) / len(wanted)


def _zero_for_nothing(predicted, reference):
    if not normalize_answer(predicted) or not normalize_answer(reference):
        return 0.0, 0.0
    return _shares(_counted)(predicted, reference)


def _undivided(predicted, reference):
    given = normalize_answer(predicted).split()
    wanted = normalize_answer(reference).split()
    both = _counted(given, wanted)
    return both / len(given), both / len(wanted)


PRECISION_RECALL = (
    Mistake(
        "precision and recall are exchanged: precision is the share of the *predicted* "
        "words that are right.",
        lambda predicted, reference: _shares(_counted)(predicted, reference)[::-1],
    ),
    Mistake(
        "words are counted as sets, so that a word given twice counts once: use a "
        "Counter, or take each word of the reference only once.",
        _of_sets,
    ),
    Mistake(
        "a word that the reference has once is found again each time it is predicted: "
        "take it away once it is used.",
        _shares(lambda given, wanted: sum(word in wanted for word in given)),
    ),
    Mistake(
        "the words are not normalised: normalize_answer drops capitals, punctuation "
        "and articles.",
        _shares(_counted, str.split),
    ),
    Mistake(
        "this is F1: give the two numbers that it is made of.",
        lambda *given: _f1_twice(*given)[0],
    ),
    Mistake("this is F1, twice: give the two it is made of.", _f1_twice),
    Mistake(
        "letters are counted, not words: split the normalised text first.",
        _shares(_counted, lambda text: list(normalize_answer(text))),
    ),
    Mistake(
        "nothing against nothing is right: (1.0, 1.0), as for 'no answer'.",
        _zero_for_nothing,
    ),
    Mistake(
        "an answer without words divides by 0: handle it before dividing.", _undivided
    ),
)

# --- 10.3 token_spans ----------------------------------------------------------------


def _found(passage, answer):
    """Return every place of the answer, in characters, overlapping ones included."""
    low, wanted = passage.lower(), answer.lower()
    pairs = [(place, place + len(wanted)) for place in range(len(low))]
    return [(a, b) for a, b in pairs if low[a:b] == wanted]


def _whole(places, offsets):
    firsts = {a: t for t, (a, _) in enumerate(offsets)}
    lasts = {b: t for t, (_, b) in enumerate(offsets)}
    return [(firsts[a], lasts[b]) for a, b in places if a in firsts and b in lasts]


def _overlapping(passage, answer, offsets):
    spans = []
    for start, end in _found(passage, answer):
        hit = [t for t, (a, b) in enumerate(offsets) if a < end and start < b]
        spans.append((hit[0], hit[-1]))
    return spans


def _one_by_one(passage, answer, offsets):
    pattern = re.escape(answer.lower())
    places = [match.span() for match in re.finditer(pattern, passage.lower())]
    return _whole(places, offsets)


def _same_case(passage, answer, offsets):
    places = [(a, b) for a, b in _found(passage, answer) if passage[a:b] == answer]
    return _whole(places, offsets)


def _behind(passage, answer, offsets):
    return [(i, j + 1) for i, j in _whole(_found(passage, answer), offsets)]


TOKEN_SPANS = (
    Mistake(
        "only the first place is found: go on searching behind it.",
        lambda passage, answer, offsets: _whole(_found(passage, answer), offsets)[:1],
    ),
    Mistake(
        "capitals are told apart: compare both in lower case.",
        _same_case,
    ),
    Mistake(
        "a part of a token counts, as 'art' in 'party': a place must begin where a "
        "token begins and end where a token ends.",
        _overlapping,
    ),
    Mistake(
        "places that overlap are lost, as re.finditer and str.count lose them: go on "
        "one character behind the last place.",
        _one_by_one,
    ),
    Mistake("these are characters: give the numbers of the tokens.",
            lambda passage, answer, offsets: _found(passage, answer)),
    Mistake(
        "the end is the token behind the answer: give its own last token.", _behind
    ),
)  # fmt: skip

# --- 10.4 best_of_batch --------------------------------------------------------------


def _best(allow, flip=False, over_batch=False):
    """Search the table of sums; allow(i, j, longest, inside) says what is valid."""

    def answer(start, end, inside, longest):
        T = start.shape[1]
        i, j = torch.arange(T)[:, None], torch.arange(T)  # (T, 1), (T,)
        scores = start[:, :, None] + end[:, None, :]  # (B, T, T)
        scores = scores.masked_fill(~allow(i, j, longest, inside), -torch.inf)
        best = scores.flatten(1).argmax(dim=1)
        if over_batch:
            best = (scores.flatten().argmax() % (T * T)).expand(len(start))
        pair = torch.stack([best // T, best % T], dim=1)
        return pair.flip(1) if flip else pair

    return answer


def _both(inside):
    return inside[:, :, None] & inside[:, None, :]


def _valid(i, j, longest, inside):
    return (i <= j) & (j < i + longest) & _both(inside)


def _apart(start, end, inside, longest):
    start = start.masked_fill(~inside, -torch.inf)
    end = end.masked_fill(~inside, -torch.inf)
    return torch.stack([start.argmax(dim=1), end.argmax(dim=1)], dim=1)


BEST_OF_BATCH = (
    Mistake(
        "the best start and the best end are taken each on its own, and may not fit: "
        "search the best *pair*.",
        _apart,
    ),
    Mistake(
        "an end may stand before its start: allow only i <= j.",
        _best(lambda i, j, n, inside: (j < i + n) & _both(inside)),
    ),
    Mistake(
        "spans longer than `longest` are allowed.",
        _best(lambda i, j, n, inside: (i <= j) & _both(inside)),
    ),
    Mistake(
        "one token too many: a span from i to j has j - i + 1 tokens.",
        _best(lambda i, j, n, inside: (i <= j) & (j <= i + n) & _both(inside)),
    ),
    Mistake(
        "a span of one token is refused: i = j is allowed.",
        _best(lambda i, j, n, inside: (i < j) & (j < i + n) & _both(inside)),
    ),
    Mistake(
        "tokens outside of the passage are allowed: `inside` is not used.",
        _best(lambda i, j, n, inside: (i <= j) & (j < i + n) & (_both(inside) | True)),
    ),
    Mistake(
        "`inside` is asked of the start only: the end must be inside, too.",
        _best(lambda i, j, n, inside: (i <= j) & (j < i + n) & inside[:, :, None]),
    ),
    Mistake("start and end are exchanged in the result.", _best(_valid, flip=True)),
    Mistake(
        "one span is found for the whole batch: each row has its own best.",
        _best(_valid, over_batch=True),
    ),
)  # fmt: skip
