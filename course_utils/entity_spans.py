"""From BIO labels to names: whole names, their repair, and scores that count them.

Lesson 09 develops these functions; a test holds the notebook and this module to the
same code. The scores are those of the CoNLL-2003 shared task (Tjong Kim Sang and De
Meulder 2003), and of seqeval with mode="strict", scheme=IOB2.
"""

import numpy as np

from course_utils import score_checks, tag_checks
from course_utils.call_guard import guarded


def spans_of(tags):
    """Return the names that BIO tags mark: a list of (start, end, label).

    tags: list of str for the words of one sentence. A name is words[start:end]. It
    begins with B- and takes the I- of the same label that follow; an I- without a name
    to go on with is no name (see `repair_tags`).
    """
    spans, start = [], None
    for i, tag in enumerate([*tags, "O"]):
        if start is not None and tag != f"I-{tags[start][2:]}":
            spans.append((start, i, tags[start][2:]))
            start = None
        if tag.startswith("B-"):
            start = i
    return spans


def repair_tags(tags):
    """Return the tags with B- for each I- that has no name of its label to go on with.

    tags: list of str. A list that is right comes back as it is.
    """
    repaired = []
    for tag in tags:
        before = repaired[-1] if repaired else "O"
        orphan = tag.startswith("I-") and before[2:] != tag[2:]
        repaired.append(f"B-{tag[2:]}" if orphan else tag)
    return repaired


def count_spans(true, predicted):
    """Return (N, 3) int: for each sentence names right, names predicted, names true.

    true, predicted: N lists of tags. Right is a name with the same words and label.
    Raises TypeError or ValueError where there are not as many sentences, or a sentence
    has not as many tags in both.
    """
    tag_checks.check_sentences(true, predicted)
    counts = []
    for i, (t, p) in enumerate(zip(true, predicted, strict=True)):
        if len(t) != len(p):
            raise ValueError(
                f"sentence {i} has {len(t)} true and {len(p)} predicted tags, expected "
                "as many: was it cut, or were pieces counted for words?"
            )
        t, p = set(spans_of(t)), set(spans_of(p))
        counts.append((len(t & p), len(p), len(t)))
    return np.array(counts, int).reshape(-1, 3)


def entity_scores(counts):
    """Return (precision, recall, F1) of all sentences together, three floats.

    counts: (N, 3), as `count_spans` gives them. A score of nothing is 0.
    """
    right, predicted, true = counts.sum(axis=0)
    precision, recall = right / max(predicted, 1), right / max(true, 1)
    return precision, recall, 2 * right / max(predicted + true, 1)


def f1_interval(counts, draws=1000, seed=0):
    """Return (F1, low, high), 95 %: sentences are drawn anew, with replacement.

    counts: (N, 3), as `count_spans` gives them.
    """
    N, rng = len(counts), np.random.default_rng(seed)
    drawn = [entity_scores(counts[rng.integers(N, size=N)])[2] for _ in range(draws)]
    return entity_scores(counts)[2], *np.quantile(drawn, [0.025, 0.975])


def keep_label(tags, label):
    """Return the tags with every name of another label turned into O."""
    return [tag if tag[2:] == label else "O" for tag in tags]


def count_type_confusions(true, predicted, labels):
    """Return (C + 1, C + 1) int: names by true and predicted label, the last is none.

    true, predicted: lists of tags for each sentence. A name is compared with the one
    that has exactly its words. The last row counts names that are not there, the last
    column names that were not found with these words. Raises TypeError or ValueError
    as `count_spans` does, and ValueError for a name whose label is not in labels.
    """
    tag_checks.check_sentences(true, predicted)
    tag_checks.check_labels(true, predicted, labels)
    number = {label: i for i, label in enumerate(labels)}
    table = np.zeros((len(labels) + 1,) * 2, int)
    for t, p in zip(true, predicted, strict=True):
        t = {(start, end): label for start, end, label in spans_of(t)}
        p = {(start, end): label for start, end, label in spans_of(p)}
        for place in t.keys() | p.keys():
            row, column = (number.get(x.get(place), len(labels)) for x in (t, p))
            table[row, column] += 1
    return table


spans_of = guarded(spans_of, tag_checks.check_tags)
repair_tags = guarded(repair_tags, tag_checks.check_tags)
keep_label = guarded(keep_label, tag_checks.check_label_of)
entity_scores = guarded(entity_scores, score_checks.check_span_counts)
f1_interval = guarded(f1_interval, score_checks.check_resampled_counts)
