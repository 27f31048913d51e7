"""Checks of 10.4 to 10.6: which span is best, and the texts it is taken from."""

import math
from functools import cache

import torch

from course_utils.natural_sets import load_natural
from course_utils.pretrained import load_bert

TIE = 1e-3  # rounding may decide between spans whose scores are no further apart
LYON = "Ada Meyer opened a bakery in Lyon. Lyon's mayor ate there in 1987."
WHERE = "Where is it?"


@cache
def tokenizer():
    """Return the course's tokenizer, loaded once."""
    return load_bert()[0]


@cache
def natural():
    """Return (question, passage, answers) of natural questions, of short passages."""
    rows = [q for q in load_natural("qa") if q["answers"] and len(q["passage"]) < 300]
    return [(q["question"], q["passage"], q["answers"]) for q in rows]


# --- scores --------------------------------------------------------------------------


def _lead(start, end, inside, longest):
    """Return by how much the best valid span beats the next. All three: (T,)."""
    places = inside.nonzero().flatten().tolist()
    pairs = [(i, j) for i in places for j in places if i <= j < i + longest]
    scores = sorted(float(start[i] + end[j]) for i, j in pairs)
    return scores[-1] - scores[-2] if len(scores) > 1 else math.inf


def draw_scores(rng, *shape):
    """Draw scores without ties: (shape) float, two digits after the point."""
    count = torch.tensor(shape).prod().item()
    numbers = rng.sample(range(-900, 900), count)
    return torch.tensor(numbers).view(shape) / 100


def _draw_pair(rng, inside, longest, raised=()):
    """Draw start and end, (2, T), so that one valid span is clearly the best.

    inside: (T,) bool. raised: (row, place, by how much) of what is added to a score.
    """
    while True:
        scores = draw_scores(rng, 2, len(inside))
        for row, place, more in raised:
            scores[row, place] += more
        if _lead(*scores, inside, longest) > TIE:
            return scores


# --- 10.4 to 10.6: spans -------------------------------------------------------------


def best_of_batch(start, end, inside, longest):
    found = []
    for s, e, ok in zip(start.tolist(), end.tolist(), inside.tolist(), strict=True):
        places = [t for t, yes in enumerate(ok) if yes]
        valid = [(s[i] + e[j], i, j) for i in places for j in places]
        valid = [span for span in valid if span[1] <= span[2] < span[1] + longest]
        found.append(max(valid, default=(0, 0, 0))[1:])
    return torch.tensor(found)


def batch_cases(rng):
    one = torch.ones(1, 1, dtype=torch.bool)
    cases = [(torch.ones(1, 1), torch.ones(1, 1), one, 1)]
    start, end = torch.tensor([[0.0, 1, 9, 2]]), torch.tensor([[0.0, 9, 2, 4]])
    for inside, longest in (([0, 1, 1, 1], 4), ([0, 1, 1, 1], 1), ([0, 1, 0, 0], 4)):
        cases.append((start, end, torch.tensor([inside]).bool(), longest))
    cases.append((start, end, torch.zeros(1, 4, dtype=torch.bool), 4))
    start, end = torch.tensor([[0.0, 5, 1.5, 1, 0]]), torch.tensor([[0.0, 1, 2, 4, 9]])
    cases.append((start, end, torch.tensor([[0, 1, 1, 1, 1]]).bool(), 2))
    for B, T, longest in ((2, 4, 2), (2, 5, 5), (3, 6, 1), (4, 8, 3), (6, 9, 2)):
        first = torch.tensor([rng.randint(1, T - 2) for _ in range(B)])
        last = torch.tensor([rng.randint(T - 2, T) for _ in range(B)])
        places = torch.arange(T)
        inside = (places >= first[:, None]) & (places < last[:, None])
        pairs = [_draw_pair(rng, row, longest) for row in inside]  # B of (2, T)
        cases.append((*torch.stack(pairs, dim=1), inside, longest))
    return cases


def distinct_spans(spans, count):
    left, kept = list(spans), []
    while left and len(kept) < count:
        best = max(left)
        kept.append(best)
        taken = set(range(best[1], best[2] + 1))
        left = [s for s in left if taken.isdisjoint(range(s[1], s[2] + 1))]
    return kept


def list_cases(rng):
    cases = [([(1.0, 3, 4)], 1), ([(1.0, 3, 4), (2.0, 4, 5)], 2), ([], 3)]
    cases += [([(2.0, 3, 4), (1.0, 5, 5)], 2), ([(2.0, 2, 6), (3.0, 3, 3)], 2)]
    cases += [([(1.0, 1, 2), (5.0, 1, 1), (3.0, 2, 2), (4.0, 7, 9)], 5)]
    for _ in range(8):
        scores = draw_scores(rng, rng.randint(6, 16)).tolist()
        pairs = [(score, rng.randint(1, 20)) for score in scores]
        spans = [(s, i, i + rng.randint(0, 4)) for s, i in pairs]
        cases.append((spans, rng.randint(2, 6)))
    return cases


def extract(question, passage, start, end, tokenizer):
    row = tokenizer(question, passage, return_offsets_mapping=True)
    places = [t for t, part in enumerate(row.sequence_ids(0)) if part == 1]
    start, end = start.tolist(), end.tolist()
    pairs = [(i, j) for i in places for j in places if i <= j]
    score, i, j = max((start[i] + end[j], i, j) for i, j in pairs)
    offsets = row["offset_mapping"]
    return passage[offsets[i][0] : offsets[j][1]], score


def extract_cases(rng):
    pairs = [("Who?", "Ada."), (WHERE, "In Lyon."), ("Who left?", "Ada and Bo left.")]
    pairs += [(WHERE, LYON)] * 3 + [rng.choice(natural())[:2]]
    cases = []
    for n, (question, passage) in enumerate(pairs):
        parts = tokenizer()(question, passage).sequence_ids(0)
        inside = torch.tensor([part == 1 for part in parts])  # (T,)
        places = inside.nonzero().flatten().tolist()
        raised = (0, places[0], 20), (1, places[-1], 20)  # two high scores in order
        if n % 3 == 1:  # the best end stands before the best start
            raised = (0, places[-1], 20), (1, places[0], 20)
        elif n % 3 == 2:  # the question's own words get the highest scores
            raised = (0, 1, 30), (1, 2, 30)
        start, end = _draw_pair(rng, inside, len(parts), raised)
        cases.append((question, passage, start, end, tokenizer()))
    return cases
