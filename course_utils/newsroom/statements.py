"""Pairs of statements: does the second follow from the first, contradict it, or not?

Each family writes the hypothesis first and only then a premise that makes the wanted
label true: so nothing in a hypothesis alone can tell its label.
"""

from functools import partial

from course_utils.newsroom.contrasts import (
    change_pair,
    comparison_pair,
    deed_pair,
    order_pair,
)
from course_utils.newsroom.details import detail_pair
from course_utils.newsroom.events import event_pair
from course_utils.newsroom.frames import frame_pair, read_frames
from course_utils.newsroom.marks import plain, sentence
from course_utils.newsroom.meanings import apposition_pair, general_pair
from course_utils.newsroom.news_statements import news_pair
from course_utils.newsroom.patterns import check_request
from course_utils.newsroom.people_statements import pronoun_pair, voice_pair
from course_utils.newsroom.quantities import quantifier_pair, quantity_pair
from course_utils.newsroom.scenes import place_pair, scene_pair
from course_utils.newsroom.writer import Writer

LABELS = ("entailment", "neutral", "contradiction")
WRITTEN = {
    "news": news_pair,
    "events": event_pair,
    "details": detail_pair,
    "scenes": scene_pair,
    "places": place_pair,
    "numbers": quantity_pair,
    "quantifiers": quantifier_pair,
    "general_words": general_pair,
    "apposition": apposition_pair,
    "coreference": pronoun_pair,
    "active_passive": voice_pair,
    "compared": comparison_pair,
    "order": order_pair,
    "change": change_pair,
    "deeds": deed_pair,
}
WEIGHTS = {  # easy ones often: from them comparing is learned
    "scenes": 40,
    "details": 30,
    "general_words": 20,
    "places": 10,
    "quantifiers": 4,
    "active_passive": 4,
    "events": 3,
    "news": 2,
    "coreference": 2,
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


def families():
    """Return {name: function(writer, label)} of every family."""
    read = {name: partial(frame_pair, family=name) for name in read_frames()}
    return WRITTEN | read


def make_statement_pairs(count, *, split="train", seed=0):
    """Return a list of dicts: premise, hypothesis, label, family, pattern.

    count: int. split: "train", "validation" or "test"; test has names and wordings that
    train has not. seed: int. label: one of LABELS, each as often. family: str, the sort
    of reasoning. pattern: str, the id of the hypothesis's wording.
    Raises TypeError or ValueError for anything else.
    """
    check_request(count, split, seed)
    writer = Writer(split, f"statements {seed}")
    known = families()
    names = [name for name in known for _ in range(WEIGHTS.get(name, 1))]
    labels = [LABELS[number % len(LABELS)] for number in range(count)]
    writer.chance.shuffle(labels)
    pairs = []
    for label in labels:
        family = writer.pick(names)
        hypothesis, premise, pattern = known[family](writer, label)
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
