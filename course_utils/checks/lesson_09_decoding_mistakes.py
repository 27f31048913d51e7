"""Plausible wrong answers to 9.5 to 9.7: names and scores, each with its cause."""

from itertools import chain

from course_utils.checks.exercise import Mistake
from course_utils.entity_spans import spans_of

# --- 9.5 names_in --------------------------------------------------------------------


def _fused(text, offsets, tags, last=True, apart=False):
    """Take names out of the text with the published faults, or one of them mended."""
    names, open_name = [], None
    for (start, end), tag in zip(offsets, tags, strict=True):
        goes_on = open_name and tag[2:] == open_name[2]
        if goes_on and not (apart and tag[0] == "B"):
            open_name[1] = end
            continue
        names += [open_name] if open_name else []
        open_name = [start, end, tag[2:]] if tag != "O" else None
    names += [open_name] if open_name and last else []
    return [(text[start:end], label) for start, end, label in names]


def _slices(text, offsets, tags, read):
    return [(read(text, offsets[a:b]), label) for a, b, label in spans_of(tags)]


def _up_to_the_next(text, offsets, tags):
    starts = [start for start, _ in offsets] + [len(text)]
    return [(text[starts[a] : starts[b]], label) for a, b, label in spans_of(tags)]


NAMES_IN = (
    Mistake(
        "both faults are still there: two names side by side become one, and a name "
        "that ends the text is lost.",
        lambda *given: _fused(*given, last=False),
    ),
    Mistake(
        "two names side by side with one label are still one: a B- always begins a new "
        "name.",
        _fused,
    ),
    Mistake(
        "the name that ends the text is still lost: after the loop it is open.",
        lambda *given: _fused(*given, last=False, apart=True),
    ),
    Mistake(
        "the words are joined with spaces. A name is a slice of the text: what stands "
        "between its words, a hyphen or two spaces, belongs to it.",
        lambda *given: _slices(
            *given, lambda text, places: " ".join(text[a:b] for a, b in places)
        ),
    ),
    Mistake(
        "the last character of each name is missing: `end` is the character after it, "
        "text[start:end] is the whole.",
        lambda *given: _slices(
            *given, lambda text, places: text[places[0][0] : places[-1][1] - 1]
        ),
    ),
    Mistake(
        "the slice runs on to the next word, and takes the gap with it: end it where "
        "the name's last word ends.",
        _up_to_the_next,
    ),
    Mistake(
        "numbers of words are used as characters: offsets[start] and offsets[end - 1] "
        "say where the words stand.",
        lambda text, offsets, tags: [(text[a:b], x) for a, b, x in spans_of(tags)],
    ),
    Mistake(
        "only the first word of a name is kept: its slice goes to the end of the last.",
        lambda *given: _slices(
            *given, lambda text, places: text[places[0][0] : places[0][1]]
        ),
    ),
)

# --- 9.6 join_names ------------------------------------------------------------------


def _join(
    words,
    spans,
    joiners,
    fits=lambda gap, joiners: len(gap) == 1 and gap[0].lower() in joiners,
    labels=True,
):
    joined = []
    for start, end, label in spans:
        before = joined[-1] if joined else None
        alike = before and (not labels or before[2] == label)
        if alike and fits(words[before[1] : start], joiners):
            joined[-1] = (before[0], end, before[2])
        else:
            joined.append((start, end, label))
    return joined


def _join_pairs(words, spans, joiners):
    joined, i = [], 0
    while i < len(spans):
        pair = _join(words, spans[i : i + 2], joiners)
        joined.append(pair[0])
        i += 3 - len(pair) if len(spans) - i > 1 else 1
    return joined


def _join_and_keep(words, spans, joiners):
    return sorted({*spans, *_join(words, spans, joiners)})


JOIN_NAMES = (
    Mistake(
        "names of different labels are joined: a person of a city stays two names.",
        lambda *given: _join(*given, labels=False),
    ),
    Mistake(
        "names side by side, without a word between them, are joined: the model "
        "began a new one there.",
        lambda *given: _join(
            *given,
            lambda gap, joiners: (
                len(gap) < 2 and all(w.lower() in joiners for w in gap)
            ),
        ),
    ),
    Mistake(
        "a gap of several words is bridged: exactly one word may stand between.",
        lambda *given: _join(
            *given,
            lambda gap, joiners: bool(gap) and all(w.lower() in joiners for w in gap),
        ),
    ),
    Mistake(
        "any word joins: only those in `joiners` do.",
        lambda *given: _join(*given, lambda gap, joiners: len(gap) == 1),
    ),
    Mistake(
        'capitals count here: "Of" joins as "of" does. Compare word.lower().',
        lambda *given: _join(
            *given, lambda gap, joiners: len(gap) == 1 and gap[0] in joiners
        ),
    ),
    Mistake(
        "a chain stops after two names: what was joined may be joined with the next.",
        _join_pairs,
    ),
    Mistake(
        "the parts are still in the list beside the joined name: replace them.",
        _join_and_keep,
    ),
)

# --- 9.7 overlap_scores --------------------------------------------------------------


def _rows(true, predicted):
    pairs = zip(true, predicted, strict=True)
    return [(spans_of(t), spans_of(p)) for t, p in pairs]


def _meet(x, y):
    return x[0] < y[1] and y[0] < x[1] and x[2] == y[2]


def _three(found, predicted, met, true):
    p, r = found / max(predicted, 1), met / max(true, 1)
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def _overlap(true, predicted, meet=_meet):
    rows = _rows(true, predicted)
    found = sum(any(meet(y, x) for x in t) for t, p in rows for y in p)
    met = sum(any(meet(x, y) for y in p) for t, p in rows for x in t)
    return _three(
        found, sum(len(p) for _, p in rows), met, sum(len(t) for t, _ in rows)
    )


def _one_count(true, predicted):
    rows = _rows(true, predicted)
    found = sum(any(_meet(y, x) for x in t) for t, p in rows for y in p)
    return _three(
        found, sum(len(p) for _, p in rows), found, sum(len(t) for t, _ in rows)
    )


def _pairs_counted(true, predicted):
    rows = _rows(true, predicted)
    both = sum(_meet(x, y) for t, p in rows for x in t for y in p)
    return _three(
        both, sum(len(p) for _, p in rows), both, sum(len(t) for t, _ in rows)
    )


def _per_sentence(true, predicted):
    rows = [_overlap([t], [p]) for t, p in zip(true, predicted, strict=True)]
    return tuple(sum(column) / len(rows) for column in zip(*rows, strict=True))


def _over_all_sentences(true, predicted):
    every = [
        [span for row in rows for span in spans_of(row)] for rows in (true, predicted)
    ]
    t, p = every
    found = sum(any(_meet(y, x) for x in t) for y in p)
    met = sum(any(_meet(x, y) for y in p) for x in t)
    return _three(found, len(p), met, len(t))


def _of_words(true, predicted):
    rows = zip(chain(*true), chain(*predicted), strict=True)
    pairs = [(t[2:], p[2:]) for t, p in rows]
    right = sum(t == p != "" for t, p in pairs)
    named = [sum(label != "" for label in column) for column in zip(*pairs)]  # noqa: B905
    return _three(right, named[1], right, named[0])


OVERLAP_SCORES = (
    Mistake(
        "only names with exactly the same words count: that is the strict score. Here "
        "one shared word is enough.",
        lambda *given: _overlap(*given, meet=lambda x, y: x == y),
    ),
    Mistake(
        "the label is not looked at: a name counts only where the label is right, too.",
        lambda *given: _overlap(*given, meet=lambda x, y: x[0] < y[1] and y[0] < x[1]),
    ),
    Mistake(
        "names that only touch are counted: the end of one is the start of the other, "
        "and no word is shared. Compare with <, not <=.",
        lambda *given: _overlap(
            *given, meet=lambda x, y: x[0] <= y[1] and y[0] <= x[1] and x[2] == y[2]
        ),
    ),
    Mistake(
        "names that only touch are counted, and the label is not looked at: compare "
        "with <, and the labels as well.",
        lambda *given: _overlap(
            *given, meet=lambda x, y: x[0] <= y[1] and y[0] <= x[1]
        ),
    ),
    Mistake(
        "words are counted: here a name counts once, however many words it has.",
        _of_words,
    ),
    Mistake(
        "precision and recall swapped: precision is a share of the names predicted.",
        lambda true, predicted: _overlap(predicted, true),
    ),
    Mistake(
        "recall counts predicted names. One long name may meet two true ones: count, "
        "for recall, the true names that are met.",
        _one_count,
    ),
    Mistake(
        "pairs are counted. A name that meets two others counts once: use any(...).",
        _pairs_counted,
    ),
    Mistake(
        "the scores are averaged over sentences: count in all sentences, then divide.",
        _per_sentence,
    ),
    Mistake(
        "names of different sentences are compared: go sentence by sentence.",
        _over_all_sentences,
    ),
)
