"""Mistakes of several lessons that show only at an edge: a tie, a quote, a rare word.

EDGES maps an exercise to mistakes that are known besides those of its own lesson.
"""

import math
import re
import string
from itertools import pairwise

import torch
import torch.nn.functional as F

from course_utils.checks.exercise import Mistake
from course_utils.newsroom.statements import LABELS

NOT_ASCII = "punctuation beyond ASCII still tells twins apart: \u201c\u201d \u2019 "


def _pairs_from_above(documents, is_random, picks):
    pairs = []
    for number, document in enumerate(documents):
        rest = documents[:number] + documents[number + 1 :]
        others = [sentence for other in rest for sentence in other]
        for first, following in pairwise(document):
            n = len(pairs)
            stranger = others[math.ceil(picks[n] * len(others)) - 1]
            pairs.append((first, stranger if is_random[n] else following, is_random[n]))
    return pairs


def _phrase_at_a_border(hidden, offsets, begin, end):
    first, last = offsets.unbind(dim=1)
    begins = (begin <= first) & (first < end) & (first < last)
    inside = (begins | ((begin < last) & (last <= end))).to(hidden.dtype)
    return inside @ hidden / inside.sum().clamp(min=1)


def _above_threshold(vectors, threshold):
    rows, kept = F.normalize(vectors, dim=1), []
    for i, row in enumerate(rows):
        if not any(row @ rows[k] > threshold for k in kept):
            kept.append(i)
    return kept


def _twins_of_ascii(train, test):
    gone = str.maketrans("", "", string.punctuation + string.whitespace)
    known = {text.lower().translate(gone) for text in train}
    return [i for i, text in enumerate(test) if text.lower().translate(gone) in known]


def _shares_of(pattern):
    def answer(pairs, least):
        counts = {}
        for pair in pairs:
            for word in set(re.findall(pattern, pair["hypothesis"].lower())):
                row = counts.setdefault(word, [0, 0, 0])
                row[LABELS.index(pair["label"])] += 1
        kept = {word: row for word, row in counts.items() if sum(row) >= least}
        return {word: [n / sum(row) for n in row] for word, row in kept.items()}

    return answer


def _folds_by(key):
    def answer(premises, folds):
        numbers = {}
        for premise in premises:
            numbers.setdefault(key(premise.lower()), len(numbers))
        return [numbers[key(premise.lower())] % folds for premise in premises]

    return answer


def _verdict_by_class(logits, threshold):
    shares = logits.softmax(dim=1)
    sides = shares[:, [0, 2]] * (shares.argmax(dim=1) != 1)[:, None]
    sentence, side = divmod(int(sides.argmax()), 2)
    if sides[sentence, side] < threshold:
        return "open", None
    return ("supported", "refuted")[side], sentence


def _joined(leads_on):
    def answer(words, spans, joiners):
        names = []
        for start, end, label in spans:
            last = names[-1] if names else (0, -9, "")
            gap = "".join(words[last[1] : start]).lower()
            one = start - last[1] == 1 and last[2] == label
            if one and leads_on(gap, joiners, label):
                names[-1] = last[0], end, label
            else:
                names.append((start, end, label))
        return names

    return answer


def _places_by(begins_and_ends):
    def answer(passage, answer, offsets):
        ends = {end: t for t, (_, end) in enumerate(offsets)}
        starts = {start: t for t, (start, _) in enumerate(offsets)}
        found = begins_and_ends(passage, answer)
        return [(starts[a], ends[b]) for a, b in found if a in starts and b in ends]

    return answer


def _as_pattern(passage, answer):
    found = re.finditer(f"(?=({answer}))", passage, re.IGNORECASE)
    return [match.span(1) for match in found]


def _by_tokens(split):
    def answer(passage, answer, offsets):
        tokens = [passage[a:b].lower() for a, b in offsets]
        T, wanted = len(tokens), split(answer.lower().split())
        pairs = [(i, j) for i in range(T) for j in range(i, T)]
        return [(i, j) for i, j in pairs if split(tokens[i : j + 1]) == wanted]

    return answer


def _filled_once(count, world, rank, epoch):
    generator = torch.Generator().manual_seed(epoch)
    order = torch.randperm(count, generator=generator).tolist()
    return (order + order[: -count % world])[rank::world]


EDGES = {
    "4.5": (
        Mistake(
            "a pick is rounded up: int() cuts off, so that 0.0 takes the first one.",
            _pairs_from_above,
        ),
    ),
    "5.3": (
        Mistake(
            "a piece that begins before the phrase and ends behind it is left out: "
            "they share characters all the same.",
            _phrase_at_a_border,
        ),
    ),
    "5.7": (
        Mistake(
            "a cosine equal to the threshold is near, too: >=, not >.", _above_threshold
        ),
    ),
    "6.3": (
        Mistake(
            f"{NOT_ASCII}\u2014 \u2026 are none of string.punctuation. str.isalnum() "
            "knows what counts.",
            _twins_of_ascii,
        ),
    ),
    "7.2": (
        Mistake(
            "a chance equal to the share is dropped, too: it must be below, <.",
            lambda ids, special, chance, share, mask_id: ids.masked_fill(
                (chance <= share) & (special == 0), mask_id
            ),
        ),
    ),
    "8.3": (
        Mistake(
            r"only a to z make words here: \w knows digits and accents, too.",
            _shares_of("[a-z]+"),
        ),
    ),
    "8.4": (
        Mistake(
            "premises that differ in punctuation are taken for one: only capitals and "
            "spaces make no difference.",
            _folds_by(lambda text: "".join(re.findall(r"\w", text))),
        ),
        Mistake(
            "premises of the same words in another order are taken for one.",
            _folds_by(lambda text: str(sorted(text.split()))),
        ),
        Mistake(
            "two spaces become one, but three become two: split() takes any number.",
            _folds_by(lambda text: text.strip().replace("  ", " ")),
        ),
    ),
    "8.7": (
        Mistake(
            "a sentence whose likeliest class is neutral is left out: below one half "
            "entailment or contradiction may still reach the threshold.",
            _verdict_by_class,
        ),
    ),
    "9.6": (
        Mistake(
            "a part of a joining word joins as well: look for the whole word.",
            _joined(lambda gap, joiners, label: gap in " ".join(joiners)),
        ),
        Mistake(
            "only organisations are joined: names of any label are.",
            _joined(lambda gap, joiners, label: gap in joiners and label == "ORG"),
        ),
    ),
    "10.3": (
        Mistake(
            "the answer is read as a pattern: $ . ( have a meaning there. re.escape().",
            _places_by(_as_pattern),
        ),
        Mistake(
            "the answer is cut at spaces, the passage into tokens: a word may be "
            "several tokens. Compare characters.",
            _by_tokens(list),
        ),
        Mistake(
            "spaces are left out, so that 'an other' is found for 'another'.",
            _by_tokens("".join),
        ),
    ),
    "11.7": (
        Mistake(
            "the order is continued once only: with more than twice as many processes "
            "as rows it has to begin again.",
            _filled_once,
        ),
    ),
}
