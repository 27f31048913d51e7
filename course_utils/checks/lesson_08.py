"""Checks of lesson 08: segments, leaks, scores, and decisions made of judgements."""

import math
import re
from collections import Counter

import torch

from course_utils.checks import lesson_08_cases as cases
from course_utils.checks import lesson_08_decision_mistakes as decisions
from course_utils.checks import lesson_08_leak_mistakes as leaks
from course_utils.checks import lesson_08_mistakes as mistakes
from course_utils.checks.compare import same_inputs, same_numbers
from course_utils.checks.edge_mistakes import EDGES
from course_utils.checks.exercise import Coding
from course_utils.checks.lesson_08_questions import QUESTIONS
from course_utils.newsroom.statements import LABELS

# --- 8.1 and 8.2: one input, two segments --------------------------------------------


def _segments_of(input_ids, sep_id):
    rows = []
    for ids in input_ids.tolist():
        first = ids.index(sep_id)
        second = ids.index(sep_id, first + 1)
        rows.append([int(first < t <= second) for t in range(len(ids))])
    return torch.tensor(rows)


def _encode_rows(premises, hypotheses, max_length, tokenizer):
    rows = []
    for premise, hypothesis in zip(premises, hypotheses, strict=True):
        second = [*tokenizer.tokenize(hypothesis), "[SEP]"]
        room = max_length - len(second) - 2
        first = ["[CLS]", *tokenizer.tokenize(premise)[:room], "[SEP]"]
        ids = tokenizer.convert_tokens_to_ids(first + second)
        rows.append((ids, [0] * len(first) + [1] * len(second), [1] * len(ids)))
    width = max(len(row[0]) for row in rows)
    names = ("input_ids", "token_type_ids", "attention_mask")
    return {
        name: torch.tensor([row[i] + [0] * (width - len(row[i])) for row in rows])
        for i, name in enumerate(names)
    }


# --- 8.3 and 8.4: leaks --------------------------------------------------------------


def _label_shares(pairs, least):
    counts = Counter()
    for pair in pairs:
        for word in set(re.findall(r"\w+", pair["hypothesis"].lower())):
            counts[word] += 1
            counts[word, pair["label"]] += 1
    words = [key for key in counts if isinstance(key, str) and counts[key] >= least]
    return {w: [counts[w, label] / counts[w] for label in LABELS] for w in words}


def _folds_by_premise(premises, folds):
    texts = [" ".join(premise.lower().split()) for premise in premises]
    different = list(dict.fromkeys(texts))
    return [different.index(text) % folds for text in texts]


# --- 8.5: a matrix, read -------------------------------------------------------------


def _precision_recall(matrix):
    counts, C = matrix.tolist(), len(matrix)
    rows = []
    for c in range(C):
        said, true = sum(row[c] for row in counts), sum(counts[c])
        rows.append([counts[c][c] / said if said else 0.0, 0.0])
        rows[-1][1] = counts[c][c] / true if true else 0.0
    return torch.tensor(rows)


# --- 8.6 and 8.7: decisions ----------------------------------------------------------


def _compare_meaning(forward, backward):
    words = {
        (True, True): "same",
        (True, False): "first says more",
        (False, True): "second says more",
        (False, False): "neither",
    }
    follows = [
        [row[0] == max(row) for row in logits.tolist()]
        for logits in (forward, backward)
    ]
    return [words[pair] for pair in zip(*follows, strict=True)]


def _shares(row):
    powers = [math.exp(x - max(row)) for x in row]
    return [x / math.fsum(powers) for x in powers]


def _verdict(logits, threshold):
    found = []
    for sentence, row in enumerate(logits.double().tolist()):
        entailed, _, denied = _shares(row)
        found += [(entailed, "supported", sentence), (denied, "refuted", sentence)]
    best, word, sentence = max(found)
    return (word, sentence) if best >= threshold else ("open", None)


# --- 8.8 and 8.9: what a score hides -------------------------------------------------


def _premise_accuracy(premises, right):
    wrong = {p for p, good in zip(premises, right.tolist(), strict=True) if not good}
    return 1 - len(wrong) / len(set(premises))


def _word_drops(premise, hypothesis, judge):
    words = hypothesis.split()
    whole = judge(premise, hypothesis)
    drops = []
    for place, word in enumerate(words):
        rest = [other for i, other in enumerate(words) if i != place]
        drops.append((judge(premise, " ".join(rest)) - whole, place, word))
    return [(word, -change) for change, _, word in sorted(drops)]


CODING = [
    Coding(
        "8.1", "segments_of", "1 after the first [SEP] up to the second, 0 elsewhere",
        _segments_of, cases.id_cases, mistakes.SEGMENTS_OF, same_numbers,
    ),
    Coding(
        "8.2", "encode_rows", "both faults are mended: the segments tell the texts "
        "apart, and the hypothesis stays whole", _encode_rows, cases.row_cases,
        mistakes.ENCODE_ROWS, same_inputs,
    ),
    Coding(
        "8.3", "label_shares", "each hypothesis counts once for each of its words",
        _label_shares, cases.pair_cases, leaks.LABEL_SHARES + EDGES["8.3"],
    ),
    Coding(
        "8.4", "folds_by_premise", "no premise is in two folds, however it is spaced",
        _folds_by_premise, cases.premise_cases, leaks.FOLDS_BY_PREMISE + EDGES["8.4"],
    ),
    Coding(
        "8.5", "precision_recall", "columns for precision, rows for recall, 0 for a "
        "class that never occurs", _precision_recall, cases.matrix_cases,
        mistakes.PRECISION_RECALL,
    ),
    Coding(
        "8.6", "compare_meaning", "each direction is asked on its own",
        _compare_meaning, cases.direction_cases, decisions.COMPARE_MEANING,
    ),
    Coding(
        "8.7", "verdict", "the strongest sentence decides, below the threshold none",
        _verdict, cases.claim_cases, decisions.VERDICT + EDGES["8.7"],
    ),
    Coding(
        "8.8", "premise_accuracy", "a premise counts if all of its rows are right, "
        "wherever they stand", _premise_accuracy, cases.right_cases,
        decisions.PREMISE_ACCURACY,
    ),
    Coding(
        "8.9", "word_drops", "each word is left out alone, the largest drop comes "
        "first", _word_drops, cases.drop_cases, decisions.WORD_DROPS,
    ),
]  # fmt: skip

EXERCISES = [*CODING, *QUESTIONS]
