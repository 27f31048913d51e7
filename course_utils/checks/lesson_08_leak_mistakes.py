"""Plausible wrong answers to 8.3 and 8.4: leaks, each with its cause."""

import re
from collections import Counter

from course_utils.checks.exercise import Mistake
from course_utils.newsroom.statements import LABELS

# --- 8.3 label_shares ----------------------------------------------------------------


def _words(text):
    return re.findall(r"\w+", text.lower())


def _shares(
    pairs,
    least,
    read=lambda pair: set(_words(pair["hypothesis"])),
    enough=lambda count, least: count >= least,
    by_label=False,
    divide=True,
):
    """Count labels by word with one slip."""
    counts, sizes = {}, Counter(pair["label"] for pair in pairs)
    for pair in pairs:
        for word in read(pair):
            counts.setdefault(word, Counter())[pair["label"]] += 1
    found = {}
    for word, row in counts.items():
        total = sum(row.values())
        if enough(total, least):
            by = {x: max(sizes[x], 1) if by_label else total for x in LABELS}
            found[word] = [row[x] / (by[x] if divide else 1) for x in LABELS]
    return found


LABEL_SHARES = (
    Mistake(
        "a word that stands twice in a hypothesis counts twice: take the set of its "
        "words.",
        lambda *given: _shares(*given, read=lambda pair: _words(pair["hypothesis"])),
    ),
    Mistake(
        "the premise is read, too: this baseline sees the hypothesis only.",
        lambda *given: _shares(
            *given, lambda pair: set(_words(pair["premise"] + " " + pair["hypothesis"]))
        ),
    ),
    Mistake(
        'capitals are kept: "Nobody" and "nobody" are one word.',
        lambda *given: _shares(
            *given, lambda pair: set(re.findall(r"\w+", pair["hypothesis"]))
        ),
    ),
    Mistake(
        "punctuation sticks to the words: use the pattern of the task, not split().",
        lambda *given: _shares(
            *given, lambda pair: set(pair["hypothesis"].lower().split())
        ),
    ),
    Mistake(
        "a word with exactly `least` hypotheses is left out: compare with >=.",
        lambda *given: _shares(*given, enough=lambda count, least: count > least),
    ),
    Mistake(
        "every word is kept: those in fewer than `least` hypotheses say little.",
        lambda *given: _shares(*given, enough=lambda count, least: True),
    ),
    Mistake(
        "these are shares of each label's hypotheses. Asked is the other direction: of "
        "the hypotheses with this word, how many have the label?",
        lambda *given: _shares(*given, by_label=True),
    ),
    Mistake(
        "these are counts: divide by the number of hypotheses with the word.",
        lambda *given: _shares(*given, divide=False),
    ),
)

# --- 8.4 folds_by_premise ------------------------------------------------------------


def _folds(premises, folds, key):
    numbers = {}
    return [numbers.setdefault(key(p), len(numbers)) % folds for p in premises]


def _as_a_row_of_blocks(premises, folds):
    texts = [" ".join(premise.lower().split()) for premise in premises]
    different = list(dict.fromkeys(texts))
    return [different.index(text) * folds // len(different) for text in texts]


def _in_order_of_the_alphabet(premises, folds):
    texts = [" ".join(premise.lower().split()) for premise in premises]
    different = sorted(set(texts))
    return [different.index(text) % folds for text in texts]


def _new_when_it_changes(premises, folds):
    found, group, before = [], -1, None
    for premise in premises:
        text = " ".join(premise.lower().split())
        group += text != before
        found.append(group % folds)
        before = text
    return found


FOLDS_BY_PREMISE = (
    Mistake(
        "the leak is there: rows are dealt out, and a premise with several hypotheses "
        "comes into several folds. Deal out premises.",
        lambda premises, folds: [i % folds for i in range(len(premises))],
    ),
    Mistake(
        "a premise with other capitals or spaces is taken for another one, and leaks "
        "into another fold.",
        lambda *given: _folds(*given, lambda text: text),
    ),
    Mistake(
        "all spaces are taken out, so that 'can not' and 'cannot' become one: how many "
        "spaces there are makes no difference, but one must stay.",
        lambda *given: _folds(*given, lambda text: "".join(text.lower().split())),
    ),
    Mistake(
        "a premise with other spaces is taken for another one: join its words with one "
        "space each.",
        lambda *given: _folds(*given, lambda text: text.lower().strip()),
    ),
    Mistake(
        "a premise with other capitals is taken for another: compare small letters.",
        lambda *given: _folds(*given, lambda text: " ".join(text.split())),
    ),
    Mistake(
        "a premise that comes back later gets a new fold: remember all premises, not "
        "only the one before.",
        _new_when_it_changes,
    ),
    Mistake(
        "these are numbers of premises, not of folds: take them modulo `folds`.",
        lambda premises, folds: _folds(
            premises, 10**6, lambda text: " ".join(text.lower().split())
        ),
    ),
    Mistake(
        "the premises are cut into blocks: deal them out in turn, 0, 1, 2, 0, 1 ...",
        _as_a_row_of_blocks,
    ),
    Mistake(
        "the premises are numbered in the order of the alphabet (sorted): number them "
        "as they come.",
        _in_order_of_the_alphabet,
    ),
)
