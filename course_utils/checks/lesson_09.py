"""Checks of lesson 09: tags, pieces, names in text, scores and legal paths."""

import math
from itertools import groupby, pairwise, product

import torch

from course_utils.checks import lesson_09_cases as cases
from course_utils.checks import lesson_09_decoding_mistakes as decoding
from course_utils.checks import lesson_09_mistakes as mistakes
from course_utils.checks import lesson_09_path_mistakes as paths
from course_utils.checks.compare import same, same_numbers
from course_utils.checks.edge_mistakes import EDGES
from course_utils.checks.exercise import Coding
from course_utils.checks.lesson_09_questions import QUESTIONS

MOST_PATHS = 5000  # up to here the best path is found by trying all


# --- 9.1 and 9.2: two ways to write names --------------------------------------------


def _to_bilou(tags):
    letter = {"BI": "B", "B": "U", "II": "I", "I": "L"}
    pairs = zip(tags, [*tags[1:], "O"], strict=True)
    return [
        "O" if tag == "O" else letter[tag[0] + "I" * (after[0] == "I")] + tag[1:]
        for tag, after in pairs
    ]


# --- 9.3: names in characters --------------------------------------------------------


def _label_pieces(text, names, tokenizer):
    owner = {}
    for number, (start, end, _) in enumerate(names):
        owner |= dict.fromkeys(range(start, end), number)
    encoding = tokenizer(text, return_offsets_mapping=True)
    places = encoding["offset_mapping"]
    tags, seen = [], set()
    for (start, end), text_number in zip(places, encoding.sequence_ids(), strict=True):
        here = [owner[c] for c in range(start, end) if c in owner]
        if text_number is None:
            tags.append(None)
        elif not here:
            tags.append("O")
        else:
            tags.append(("I-" if here[0] in seen else "B-") + names[here[0]][2])
            seen.add(here[0])
    return tags


# --- 9.4: from pieces to words -------------------------------------------------------


def _average_words(logits, word_ids):
    sums = {}
    for row, word in zip(logits.double().tolist(), word_ids, strict=True):
        if word is not None:
            powers = [math.exp(x - max(row)) for x in row]
            sums.setdefault(word, []).append([x / math.fsum(powers) for x in powers])
    return torch.tensor(
        [
            [math.fsum(c) / len(c) for c in zip(*rows, strict=True)]
            for rows in sums.values()
        ]
    )


# --- 9.5: names as slices of the text ------------------------------------------------


def _names_in(text, offsets, tags):
    return [
        (text[offsets[start][0] :][: offsets[end - 1][1] - offsets[start][0]], label)
        for start, end, label in cases.names_of(tags)
    ]


# --- 9.6: names with a gap -----------------------------------------------------------


def _join_names(words, spans, joiners):
    def leads_on(first, second):
        gap = [word.lower() for word in words[first[1] : second[0]]]
        return first[2] == second[2] and len(gap) == 1 and gap[0] in joiners

    breaks = [0]
    for first, second in pairwise(spans):
        breaks.append(breaks[-1] + (not leads_on(first, second)))
    numbered = groupby(zip(breaks, spans, strict=False), key=lambda pair: pair[0])
    groups = [[span for _, span in group] for _, group in numbered]
    return [(group[0][0], group[-1][1], group[0][2]) for group in groups]


# --- 9.7: scores for names that overlap ----------------------------------------------


def _overlap_scores(true, predicted):
    shares = []
    for ours, theirs in ((predicted, true), (true, predicted)):
        met = [
            any(tag[2:] == label for tag in other[start:end])
            for row, other in zip(ours, theirs, strict=True)
            for start, end, label in cases.names_of(row)
        ]
        shares.append(sum(met) / len(met) if met else 0.0)
    both = sum(shares)
    return (*shares, 2 * shares[0] * shares[1] / both if both else 0.0)


# --- 9.8 and 9.9: legal tags ---------------------------------------------------------


def _best_path(log_p, allowed):
    T, C = log_p.shape
    scores, legal = log_p.double().tolist(), allowed.tolist()
    if C**T > MOST_PATHS:
        return _best_from_behind(scores, legal)
    best, best_sum = None, -math.inf
    for path in product(range(C), repeat=T):
        total = math.fsum(scores[t][tag] for t, tag in enumerate(path))
        steps = zip((0, *path), path, strict=False)
        if total > best_sum and all(legal[a][b] for a, b in steps):
            best, best_sum = list(path), total
    return best


def _best_from_behind(scores, legal):
    """Return the best path: for each tag, the best way on from there, from the end."""
    C = len(legal)
    rest = [(0.0, [])] * C  # after tag c: what can still be gained, and how
    for row in reversed(scores):
        ways = [(row[c] + rest[c][0], [c, *rest[c][1]]) for c in range(C)]
        rest = [max(ways[c] for c in range(C) if legal[b][c]) for b in range(C)]
    return rest[0][1]


def _compare_path(received, expected):
    """Accept a tensor of numbers for a list of them."""
    if isinstance(received, torch.Tensor) and received.dim() == 1:
        received = received.tolist()
    return same(received, expected)


CODING = [
    Coding(
        "9.1", "write_tags", "every name begins with B- and goes on with I-, also side "
        "by side", cases.write_tags, cases.span_cases, mistakes.WRITE_TAGS,
    ),
    Coding(
        "9.2", "to_bilou", "one-word names are U-, longer ones end with L-", _to_bilou,
        cases.bio_cases, mistakes.TO_BILOU,
    ),
    Coding(
        "9.3", "label_pieces", "each piece that shares a character with a name is its, "
        "special tokens have None", _label_pieces, cases.text_cases,
        mistakes.LABEL_PIECES,
    ),
    Coding(
        "9.4", "average_words", "probabilities averaged over the pieces of each word",
        _average_words, cases.piece_cases, mistakes.AVERAGE_WORDS,
    ),
    Coding(
        "9.5", "names_in", "both faults are mended: neighbours stay two names, and the "
        "last one is there", _names_in, cases.offset_cases, decoding.NAMES_IN,
    ),
    Coding(
        "9.6", "join_names", "one joining word between two names of a label makes them "
        "one, chains included", _join_names, cases.gap_cases,
        decoding.JOIN_NAMES + EDGES["9.6"],
    ),
    Coding(
        "9.7", "overlap_scores", "precision counts the names found, recall the true "
        "ones", _overlap_scores, cases.score_cases, decoding.OVERLAP_SCORES,
    ),
    Coding(
        "9.8", "legal_moves", "I- follows only the B- or I- of its own label",
        cases.legal_moves, cases.tag_cases, paths.LEGAL_MOVES, same_numbers,
    ),
    Coding(
        "9.9", "best_path", "no legal path has a larger sum", _best_path,
        cases.path_cases, paths.BEST_PATH, _compare_path,
    ),
]  # fmt: skip

EXERCISES = [*CODING, *QUESTIONS]
