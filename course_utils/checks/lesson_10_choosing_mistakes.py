"""Plausible wrong answers of lesson 10, exercises 10.5 to 10.8: what to choose."""

import torch

from course_utils.checks.exercise import Mistake

# --- 10.5 distinct_spans -------------------------------------------------------------


def _keep(clash, order=lambda spans: sorted(spans, reverse=True), early=False):
    """Keep the spans that do not clash with those kept: clash(span, kept)."""

    def answer(spans, count):
        kept = []
        for span in order(spans)[: count if early else None]:
            if not clash(span, kept):
                kept.append(span)
        return kept[:count]

    return answer


def _shares_token(span, other):
    return span[1] <= other[2] and other[1] <= span[2]


def _with_any(pair):
    return lambda span, kept: any(pair(span, other) for other in kept)


DISTINCT_SPANS = (
    Mistake(
        "the first `count` are taken before those that overlap are dropped, so that "
        "too few are left: drop first, then count.",
        _keep(_with_any(_shares_token), early=True),
    ),
    Mistake(
        "a span is compared with the last kept one only: compare with all of them.",
        _keep(lambda span, kept: bool(kept) and _shares_token(span, kept[-1])),
    ),
    Mistake(
        "the spans are taken in the given order: the best first.",
        _keep(_with_any(_shares_token), order=list),
    ),
    Mistake(
        "the worst spans are kept: sort from the highest score down.",
        _keep(_with_any(_shares_token), order=sorted),
    ),
    Mistake(
        "neighbours are dropped: a span that ends at token 4 and one that begins at 5 "
        "share no token.",
        _keep(_with_any(lambda a, b: a[1] <= b[2] + 1 and b[1] <= a[2] + 1)),
    ),
    Mistake(
        "two spans that share their last or first token are both kept: start and end "
        "belong to the span, so compare with <=.",
        _keep(_with_any(lambda a, b: a[1] < b[2] and b[1] < a[2])),
    ),
    Mistake(
        "only a span inside of another one is dropped: half an overlap is one, too.",
        _keep(
            _with_any(
                lambda a, b: (
                    b[1] <= a[1] <= a[2] <= b[2] or a[1] <= b[1] <= b[2] <= a[2]
                )
            )
        ),
    ),
    Mistake(
        "nothing is dropped: these are the best spans, overlapping ones among them.",
        _keep(lambda span, kept: False),
    ),
)

# --- 10.6 extract --------------------------------------------------------------------


def _extract(inside=True, together=True, own_letters=True, shift=0):
    """The repaired function, with some of the faults left in."""

    def answer(question, passage, start, end, tokenizer):
        row = tokenizer(question, passage, return_offsets_mapping=True)
        T = len(row["input_ids"])
        ok = torch.tensor([part == 1 or not inside for part in row.sequence_ids(0)])
        first = start.masked_fill(~ok, -torch.inf)
        last = end.masked_fill(~ok, -torch.inf)
        if together:
            table = (first[:, None] + last).masked_fill(
                ~torch.ones(T, T).triu().bool(), -torch.inf
            )
            i, j = divmod(int(table.argmax()), T)
        else:
            i, j = int(first.argmax()), int(last.argmax())
        score = float(start[i] + end[j])
        if not own_letters:
            return tokenizer.decode(row["input_ids"][i : j + 1 + shift]), score
        offsets = row["offset_mapping"]
        return passage[offsets[i][0] : offsets[j + shift][1]], score

    return answer


def _letters(text):
    return "".join(text.lower().replace("##", "").split())


def _same_letters(received, expected, *_):
    """Return whether only spaces, capitals or "##" tell the two texts apart."""
    return received[0] != expected[0] and _letters(received[0]) == _letters(expected[0])


EXTRACT = (
    Mistake(
        "all three faults are still there: start and end are chosen apart, the "
        "question may answer itself, and the text is glued from pieces.",
        _extract(inside=False, together=False, own_letters=False),
    ),
    Mistake(
        "start and end are still chosen apart, so that the end may stand before the "
        "start: search the best pair with i <= j.",
        _extract(together=False),
    ),
    Mistake(
        "[CLS], the question and [SEP] are still allowed: only tokens of the passage "
        "may answer.",
        _extract(inside=False),
    ),
    Mistake(
        "the text is still glued from pieces, in lower case: cut the passage by the "
        "offsets.",
        _extract(own_letters=False),
        _same_letters,
    ),
    Mistake("the last token is missing: j belongs to the answer.", _extract(shift=-1)),
)

# --- 10.7 tune_then_test -------------------------------------------------------------


def _share(rows, threshold, above=torch.ge, what="all"):
    answered, answerable = above(rows["score"], threshold), rows["answerable"].bool()
    right = torch.where(answered, rows["exact"].float(), (~answerable).float())
    if what == "answered":
        return right[answered].mean().item() if answered.any() else 0.0
    if what == "answerable":
        return (answered * rows["exact"]).float().mean().item()
    return right.mean().item()


def _tune(tuned_on=0, measured_on=1, highest=False, above=torch.ge, what="all"):
    def answer(*parts):
        tried = sorted(parts[tuned_on]["score"].tolist(), reverse=highest)
        shares = [_share(parts[tuned_on], t, above, what) for t in tried]
        threshold = tried[shares.index(max(shares))]
        return threshold, _share(parts[measured_on], threshold, above)

    return lambda validation, test: answer(validation, test)


def _share_of_the_answered(validation, test):
    threshold, _ = _tune()(validation, test)
    return threshold, _share(test, threshold, what="answered")


TUNE_THEN_TEST = (
    Mistake(
        "the threshold is tuned on the test set: then its score is no test any more.",
        _tune(tuned_on=1),
    ),
    Mistake(
        "the share is that of the validation set: the test set has not been asked.",
        _tune(measured_on=0),
    ),
    Mistake(
        "among equally good thresholds the lowest is asked for.", _tune(highest=True)
    ),
    Mistake(
        "a score equal to the threshold is answered: compare with >=.",
        _tune(above=torch.gt),
    ),
    Mistake(
        "only the answered questions are counted: silence is right, too, where there "
        "is no answer, and wrong where there is one.",
        _tune(what="answered"),
    ),
    Mistake(
        "the threshold is right, but the share is that of the answered questions: all "
        "questions of the test set count, silence included.",
        _share_of_the_answered,
    ),
    Mistake(
        "silence is never counted as right: where there is no answer, it is.",
        _tune(what="answerable"),
    ),
    Mistake(
        "the threshold is fixed at 0: try the scores of the validation set.",
        lambda validation, test: (0.0, _share(test, 0.0)),
    ),
)

# --- 10.8 merge_windows --------------------------------------------------------------


def _merge(choose):
    """Choose for each token among [(left, right, window, score)] of its windows."""

    def answer(firsts, logits):
        seen = {}
        for w, (first, scores) in enumerate(zip(firsts, logits, strict=True)):
            for n, score in enumerate(scores.tolist()):
                place = (n, len(scores) - 1 - n, w, score)
                seen.setdefault(first + n, []).append(place)
        return torch.tensor([float(choose(seen[t])) for t in sorted(seen)])

    return answer


MERGE_WINDOWS = (
    Mistake(
        "a token keeps the score of the first window that has it, often at that "
        "window's very end. (Left plus right is the same in every window: take the "
        "smaller of both.)",
        _merge(lambda seen: seen[0][3]),
    ),
    Mistake(
        "a token takes the score of the last window that has it: often it stands at "
        "that window's very beginning.",
        _merge(lambda seen: seen[-1][3]),
    ),
    Mistake(
        "the scores of all windows are averaged: one window's is asked for.",
        _merge(lambda seen: sum(place[3] for place in seen) / len(seen)),
    ),
    Mistake(
        "the highest score is kept: it may come from a window that shows little.",
        _merge(lambda seen: max(place[3] for place in seen)),
    ),
    Mistake(
        "the larger side decides: a token at the very end has much on its left. Take "
        "the smaller of both sides.",
        _merge(lambda seen: max(seen, key=lambda place: max(place[:2]))[3]),
    ),
    Mistake(
        "of two equally good windows the earlier one is asked for.",
        _merge(lambda seen: max(seen, key=lambda place: (min(place[:2]), place[2]))[3]),
    ),
    Mistake(
        "the scores of all windows stand one after the other: a token that two windows "
        "have is one token.",
        lambda firsts, logits: torch.cat(logits),
    ),
)
