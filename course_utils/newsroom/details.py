"""Statements about one act: who did what, where, when, with whom, and what for.

The hypothesis names the act and some of its circumstances. The premise names them too
(and more), names another value of one of them, denies the act, or leaves something out.
"""

import re
from functools import cache

from course_utils.newsroom.marks import plain
from course_utils.newsroom.patterns import read_lines
from course_utils.newsroom.people import draw_relative, draw_somebody
from course_utils.newsroom.scenes import FLIP, pair_of

ALONE = ("alone", "all by {w.him}self", "without any company")
CIRCUMSTANCES = {  # kind: groups of values; two of one group exclude each other
    "where": (
        ("in {CITY}",),
        (
            "in the garden", "in the attic", "at school", "at the market",
            "in a church", "near the harbour", "in the mountains", "at the station",
            "on a farm",
        ),
    ),
    "when": (
        ("in {YEAR}",),
        ("on Monday", "on Tuesday", "on Thursday", "on Friday", "on Sunday"),
        ("in March", "in June", "in August", "in October"),
        ("before breakfast", "at noon", "at midnight", "in the afternoon"),
        ("last summer", "last winter", "ten years ago", "yesterday"),
    ),
    "with": (
        ("with {w.his} {kin}", "with an old friend", "with two colleagues"),
        ALONE,
    ),
    "why": (
        (
            "to please {w.his} mother", "for a bet", "out of boredom",
            "for a newspaper", "to earn some money", "because of a promise",
            "because it was raining", "to surprise a friend",
            "as a present for {w.his} aunt",
        ),
    ),
}  # fmt: skip
ASIDES = (
    "; {w.his} diary says so", ", to the surprise of all", " for the first time",
    " and was proud of it", ", although {w.he} was tired", " and told us about it",
    ", which took hours", " after a long search", " in spite of the rain",
)  # fmt: skip
TOLD = (
    "{w} {verb} {what}{rest}",
    "what {w} {verb}{rest} was {what}",
    "it was {what} that {w} {verb}{rest}",
    "it is certain that {w} {verb} {what}{rest}",
    "we know that {w} {verb} {what}{rest}",
)
FRONTED = (
    "{first}, {w} {verb} {what}{rest}",
    "it was {first} that {w} {verb} {what}{rest}",
    "{w}, {first}, {verb} {what}{rest}",
    "we know that {first}, {w} {verb} {what}{rest}",
)
PASSIVE = (
    "{what} was {done} by {w}{rest}",
    "{what} was {done}{rest} by {w}",
    "we know that {what} was {done} by {w}{rest}",
)
DENIED = (
    "{w} never {verb} {what}{rest}",
    "it is not true that {w} {verb} {what}{rest}",
    "it is not the case that {w} {verb} {what}{rest}",
)
JOINED = (
    "{0}, and {1}",
    "{0}, but {1}",
    "{0} before {1}",
    "{0} after {1}",
    "{0} because {1}",
    "although {0}, {1}",
    "while {0}, {1}",
)
IRREGULAR = {
    "wrote": "written", "drew": "drawn", "stole": "stolen", "broke": "broken",
    "sang": "sung", "hid": "hidden", "saw": "seen", "ate": "eaten", "drank": "drunk",
    "threw away": "thrown away", "chose": "chosen", "gave back": "given back",
    "cut down": "cut down", "came across": "", "got": "",
}  # fmt: skip
PLURAL = re.compile(r"s$|people$|fish$|(flowers|plants|vegetables) .*")
MANY = re.compile(r"^(two|three|four|five|six|seven|eight|nine|ten)\b")
USUAL = {"train": 0.6, "validation": 0.6, "test": 0.0}  # of hypotheses
NUMBERS = ("two", "three", "four", "five", "six", "seven", "nine", "ten", "twelve")


@cache
def read_acts():
    """Return [(verbs, objects)] of details.txt; objects may be "exact > general"."""
    acts = []
    for line in read_lines("details.txt"):
        verbs, _, objects = line.partition(" : ")
        acts.append((tuple(verbs.split(" ~ ")), tuple(objects.split(" | "))))
    return acts


def draw_circumstance(writer, kind, who):
    """Return (group, text) of a circumstance. group: the values it was drawn from."""
    group = writer.pick(CIRCUMSTANCES[kind])
    return group, writer.fill(writer.pick(group), {"w": who})


def exclude(writer, kind, who, group, text):
    """Return a circumstance that cannot be true beside the one given."""
    if kind == "with":
        group = next(x for x in CIRCUMSTANCES["with"] if x is not group)
    while True:
        other = writer.fill(writer.pick(group), {"w": who})
        if plain(other) != plain(text):
            return other


def tell(writer, words, rest, usual, denied=False):
    """Return (name of the wording, sentence) that tells of an act.

    words: w, verb, what. rest: {kind: circumstance}. usual: the share of sentences in
    the plainest wording, if the split may use it.
    """
    rest, verb = dict(rest), words["verb"]
    done = IRREGULAR.get(verb, "" if " " in verb else verb)
    one = not PLURAL.search(words["what"]) and done
    fronts = [kind for kind in rest if kind != "with"]
    front = not denied and fronts and writer.often(0.3)
    forms, name = (FRONTED, "fronted") if front else (TOLD, "told")
    if denied:
        forms, name = DENIED, "denied"
    elif not front and one and writer.often(0.25):
        forms, name = PASSIVE, "passive"
    number, form = writer.wording(forms)
    if writer.often(usual):
        number, form = 0, forms[0]
    first = rest.pop(writer.pick(fronts)) if front else ""
    tail = list(rest.values())
    writer.chance.shuffle(tail)
    tail = "".join(f" {text}" for text in tail)
    words = words | {"first": first, "rest": tail, "done": done}
    return f"{name}{number}", writer.fill(form, words)


def tell_more(writer, who, text, verbs):
    """Return the text, joined with a clause about another act of the same person."""
    others, objects = writer.pick([act for act in read_acts() if act[0] != verbs])
    what = pair_of(writer.pick(objects))[0]
    he = who.he if writer.often(0.7) else str(who)
    clause = f"{he} {writer.pick(others)} {what}"
    form = writer.pick(JOINED)
    if form.startswith("{0}, and") and writer.often(0.5) and he != who.he:
        return form.format(clause, text)
    return form.format(text, clause)


def detail_pair(writer, label):
    """Return (hypothesis, premise, pattern): an act and its circumstances."""
    who = draw_somebody(writer)
    verbs, objects = writer.pick(read_acts())
    chosen = writer.pick(objects)
    exact, general = pair_of(chosen)
    asks_exact = writer.often(0.5) or not general
    kinds = writer.chance.sample(sorted(CIRCUMSTANCES), writer.pick((0, 0, 1, 1, 2)))
    drawn = {kind: draw_circumstance(writer, kind, who) for kind in kinds}
    told = {kind: text for kind, (_, text) in drawn.items()}
    words = {"w": who, "verb": writer.pick(verbs)}
    what = exact if asks_exact else general
    denies = writer.often(0.12)
    number, hypothesis = tell(
        writer, words | {"what": what}, told, USUAL[writer.split], denied=denies
    )
    words |= {"verb": writer.pick(verbs), "what": exact}
    if denies:
        label = FLIP.get(label, label)
        words["what"] = exact if label == "entailment" or asks_exact else general
    spare = [kind for kind in CIRCUMSTANCES if kind not in kinds]
    denied = False
    if label == "contradiction":
        change = writer.pick(
            ["what", "not", *(kind for kind in kinds if kind != "why")]
        )
        if denies:
            change = "not"
        if change == "not":
            denied = True
            words["what"] = general if general and writer.often(0.5) else what
            told = {}
        elif change == "what":
            words["what"] = another_object(writer, objects, chosen, asks_exact)
        else:
            told[change] = exclude(writer, change, who, *drawn[change])
    elif label == "neutral":
        options = [*kinds, "what" if asks_exact and general else "w", "act"]
        change = writer.pick(options)
        if denies:
            change = writer.pick(("w", "act"))
        if change == "what":
            words["what"] = general
        elif change == "w":
            words["w"] = draw_relative(writer, who)
        elif change == "act":
            verbs, objects = writer.pick([x for x in read_acts() if x[0] != verbs])
            words["verb"] = writer.pick(verbs)
            words["what"] = pair_of(writer.pick(objects))[0]
        else:
            del told[change]
    if spare and not denied and writer.often(0.6 if label == "neutral" else 0.3):
        kind = writer.pick(spare)
        told[kind] = draw_circumstance(writer, kind, who)[1]
    premise = tell(writer, words, told, 0.8, denied=denied)[1]
    if writer.often(0.2) and words["w"] is who:
        premise = tell_more(writer, who, premise, verbs)
    elif writer.often(0.15) and not denied:
        premise += writer.fill(writer.pick(ASIDES), {"w": who})
    return hypothesis, premise, f"detail.{number}"


def another_object(writer, objects, chosen, asks_exact):
    """Return an object that is not the one chosen: another, or another number of it."""
    exact, general = pair_of(chosen)
    if (found := MANY.match(exact)) and asks_exact and writer.often(0.6):
        number = writer.pick([x for x in NUMBERS if x != found[0]])
        return number + exact[found.end() :]
    rivals = [pair_of(x) for x in objects if x != chosen]
    return writer.pick([x for x, kind in rivals if asks_exact or kind != general])
