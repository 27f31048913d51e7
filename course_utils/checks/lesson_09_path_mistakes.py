"""Plausible wrong answers to 9.8 and 9.9: legal paths, each with its cause."""

import torch

from course_utils.checks.exercise import Mistake

# --- 9.8 legal_moves -----------------------------------------------------------------


def _moves(tags, legal):
    return torch.tensor([[bool(legal(a, b)) for b in tags] for a in tags])


COURSE_TAGS = ["O", *(f"{x}-{y}" for y in ("PER", "ORG", "LOC", "DATE") for x in "BI")]


LEGAL_MOVES = (
    Mistake(
        "rows and columns are exchanged: the row is the tag before, the column the tag "
        "after.",
        lambda tags: _moves(tags, lambda b, a: b[0] != "I" or b[2:] == a[2:]),
    ),
    Mistake(
        "an I- after an I- of its label is forbidden: a name may have three words.",
        lambda tags: _moves(tags, lambda a, b: b[0] != "I" or a == "B" + b[1:]),
    ),
    Mistake(
        "an I- may follow a name of another label here: compare the labels, tag[2:].",
        lambda tags: _moves(tags, lambda a, b: b[0] != "I" or a != "O"),
    ),
    Mistake(
        "an I- may follow O here: only a B- may begin a name.",
        lambda tags: _moves(
            tags, lambda a, b: b[0] != "I" or a == "O" or a[2:] == b[2:]
        ),
    ),
    Mistake(
        "a B- may not follow a name here: two names may stand side by side.",
        lambda tags: _moves(
            tags,
            lambda a, b: a[2:] == b[2:] if b[0] == "I" else b == "O" or a == "O",
        ),
    ),
    Mistake(
        "the table is inverted: True stands for what is allowed.",
        lambda tags: _moves(tags, lambda a, b: b[0] == "I" and b[2:] != a[2:]),
    ),
    Mistake(
        "the table is that of the course's own tags: make one for the tags given.",
        lambda tags: _moves(COURSE_TAGS, lambda a, b: b[0] != "I" or a[2:] == b[2:]),
        lambda received, expected, *_: (
            len(received) == len(COURSE_TAGS) != len(expected)
        ),
    ),
)

# --- 9.9 best_path -------------------------------------------------------------------


def _viterbi(log_p, allowed, start=True, order=1, last=None):
    wall = torch.zeros(allowed.shape).masked_fill(~allowed.bool(), -torch.inf)
    score, backs = log_p[0] + (wall[0] if start else 0), []
    for row in log_p[1:]:
        best, back = (score[:, None] + wall).max(dim=0)
        score, backs = best + row, [*backs, back]
    tag = int(score.argmax()) if last is None else last(log_p)
    path = [tag]
    for back in reversed(backs):
        path.append(int(back[path[-1]]))
    return path[::-order]


def _step_by_step(log_p, allowed):
    path, before = [], 0
    for row in log_p:
        before = int(row.masked_fill(~allowed[before].bool(), -torch.inf).argmax())
        path.append(before)
    return path


def _scores_of_prefixes(log_p, allowed):
    wall = torch.zeros(allowed.shape).masked_fill(~allowed.bool(), -torch.inf)
    score, path = log_p[0] + wall[0], []
    for row in log_p[1:]:
        path.append(int(score.argmax()))
        score = (score[:, None] + wall).amax(dim=0) + row
    return [*path, int(score.argmax())]


def _best_sum(log_p, allowed):
    tags = _viterbi(log_p, allowed)
    return float(sum(row[tag] for row, tag in zip(log_p, tags, strict=True)))


BEST_PATH = (
    Mistake(
        "each word takes its own best tag, whatever stands before it: `allowed` is not "
        "used, and illegal paths come out.",
        lambda log_p, allowed: log_p.argmax(dim=-1).tolist(),
    ),
    Mistake(
        "the path is legal, but chosen word by word: a tag that is best now may close "
        "the way to a better one later. Keep a best sum for every tag.",
        _step_by_step,
    ),
    Mistake(
        "the first tag is free here: before the first word stands tag 0, so only tags "
        "with allowed[0] may begin.",
        lambda *given: _viterbi(*given, start=False),
    ),
    Mistake(
        "`allowed` is read the wrong way round: the row is the tag before.",
        lambda log_p, allowed: _viterbi(log_p, allowed.T),
    ),
    Mistake(
        "the path is backwards: following the notes from the end gives the last tag "
        "first.",
        lambda *given: _viterbi(*given, order=-1),
    ),
    Mistake(
        "the best tag of each prefix is read off on the way. The path is known at the "
        "end only: note for each tag where it came from, and go back.",
        _scores_of_prefixes,
    ),
    Mistake(
        "the largest sum comes back: the tags of its path are asked for.",
        _best_sum,
        lambda received, *_: isinstance(received, float),
    ),
    Mistake(
        "the way back starts from the best tag of the last word alone: start from the "
        "tag with the largest sum.",
        lambda *given: _viterbi(*given, last=lambda log_p: int(log_p[-1].argmax())),
    ),
)
