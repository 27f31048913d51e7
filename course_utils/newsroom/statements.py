"""Pairs of statements: does the second follow from the first, contradict it, or not?

Each family writes the hypothesis first and only then a premise that makes the wanted
label true: so nothing in a hypothesis alone can tell its label.
"""

from course_utils.newsroom.contrasts import (
    change_pair,
    comparison_pair,
    deed_pair,
    order_pair,
)
from course_utils.newsroom.details import detail_pair
from course_utils.newsroom.marks import plain, sentence
from course_utils.newsroom.meanings import general_pair
from course_utils.newsroom.news_statements import news_pair
from course_utils.newsroom.patterns import check_request
from course_utils.newsroom.scenes import place_pair, scene_pair
from course_utils.newsroom.writer import Writer

LABELS = ("entailment", "neutral", "contradiction")
FAMILIES = {
    "scenes": scene_pair,
    "places": place_pair,
    "deeds": deed_pair,
    "general_words": general_pair,
    "details": detail_pair,
    "rise_fall": change_pair,
    "comparison": comparison_pair,
    "before_after": order_pair,
    "news": news_pair,
}
WEIGHTS = {  # in percent: in training (the hard ones more often), and elsewhere
    "scenes": (30, 44),
    "places": (10, 15),
    "deeds": (8, 12),
    "general_words": (13, 12),
    "details": (20, 8),
    "rise_fall": (8, 5),
    "comparison": (5, 2),
    "before_after": (3, 1),
    "news": (3, 1),
}

PICTURES = ("scenes", "places")  # no other sentence beside what is seen there
FRONTS = (
    "as it turned out",
    "in the end",
    "in fact",
    "it is certain that",
    "as everyone knows",
    "as you may know",
    "it should be added that",
    "everybody agrees that",
)


def surround(writer, premise):
    """Return the premise, now and then with an opening or an aside beside it."""
    draw = writer.chance.random()
    if draw < 0.03 and not plain(premise).endswith("."):
        front = writer.pick(FRONTS)
        return f"{front}{' ' if front.endswith('that') else ', '}{premise}"
    if draw < 0.07:
        return sentence(premise) + " " + sentence(writer.fill("{filler}"))
    if draw < 0.1:
        return sentence(writer.fill("{filler}")) + " " + sentence(premise)
    return premise


def make_statement_pairs(count, *, split="train", seed=0):
    """Return a list of dicts: premise, hypothesis, label, family, pattern.

    count: int. split: "train", "validation" or "test"; test has names and wordings that
    train has not. seed: int. Three neighbours share their hypothesis; their labels are
    those of LABELS, in this order. family: str, the sort of reasoning. pattern: str,
    the id of the hypothesis's wording.
    Raises TypeError or ValueError for anything else.
    """
    check_request(count, split, seed)
    writer = Writer(split, f"statements {seed}")
    column = 0 if split == "train" else 1
    names = [name for name, both in WEIGHTS.items() for _ in range(both[column])]
    pairs = []
    while len(pairs) < count:
        pairs += write_three(writer, writer.pick(names))
    return pairs[:count]


def write_three(writer, family):
    """Return three pairs with one hypothesis, one for each label."""
    pairs, state = [], writer.chance.getstate()
    for label in LABELS:
        writer.chance.setstate(state)  # the same names, words and wording again
        hypothesis, premise, pattern = FAMILIES[family](writer, label)
        if family not in PICTURES:
            premise = surround(writer, premise)
        pairs.append(
            {
                "premise": plain(sentence(premise)),
                "hypothesis": plain(sentence(hypothesis)),
                "label": label,
                "family": family,
                "pattern": pattern,
            }
        )
    return pairs
