"""From scores of starts and ends to the best spans of a passage.

Lesson 10 develops these functions; a test holds the notebook and this module to the
same code. They follow Devlin et al. 2019, sections 4.2 and 4.3.
"""

import torch

from course_utils import answer_checks
from course_utils.call_guard import guarded

LONGEST = 16  # tokens of an answer


def brute_force_spans(start, end, inside, count=1, longest=LONGEST):
    """Return the best spans as [(score, i, j)], by looking at every pair.

    start, end: T float, the scores of each token as first and last of the answer.
    inside: T bool, which tokens belong to the passage. count: int, how many spans at
    most. longest: int, tokens of a span at most. Best first.
    """
    found = []
    for i in range(len(start)):
        for j in range(len(end)):
            if inside[i] and inside[j] and i <= j < i + longest:
                found.append((float(start[i] + end[j]), i, j))
    return sorted(found, key=lambda span: -span[0])[:count]


def best_spans(start, end, inside, count=1, longest=LONGEST):
    """Return the same as `brute_force_spans`, with a table in place of the loops.

    start, end: (T,) float tensors. inside: (T,) bool tensor or T bool.
    """
    inside = torch.as_tensor(inside)
    scores = start[:, None] + end[None, :]  # (T, T): row = start, column = end
    allowed = inside[:, None] & inside[None, :]
    allowed = allowed.triu().tril(longest - 1)  # start <= end < start + longest
    scores = scores.masked_fill(~allowed, -torch.inf)
    top = scores.flatten().topk(min(count, scores.numel()))
    places = [divmod(int(n), len(end)) for n in top.indices]
    ranked = zip(top.values.tolist(), places, strict=True)
    return [(value, i, j) for value, (i, j) in ranked if value > -torch.inf]


def no_answer_score(start, end):
    """Return the score of the empty answer: `[CLS]` as start and as end (float)."""
    return float(start[0] + end[0])


best_spans = guarded(best_spans, answer_checks.check_span_scores)
