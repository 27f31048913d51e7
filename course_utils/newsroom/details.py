"""Statements about one act: who did what, where, when, with whom, and what for.

The hypothesis names the act and some of its circumstances. The premise names them too
(and more), names another value of one of them, or leaves one out.
"""

from functools import cache

from course_utils.newsroom.marks import plain
from course_utils.newsroom.patterns import read_lines
from course_utils.newsroom.people import draw_somebody
from course_utils.newsroom.scenes import pair_of

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
    "{what}: that is what {w} {verb}{rest}",
    "it was {what} that {w} {verb}{rest}",
)
FRONTED = (
    "{first}, {w} {verb} {what}{rest}",
    "it was {first} that {w} {verb} {what}{rest}",
    "it happened {first}: {w} {verb} {what}{rest}",
    "{w}, {first}, {verb} {what}{rest}",
)


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


def tell(writer, words, rest, usual=0.6):
    """Return (number, sentence). words: w, verb, what. rest: {kind: circumstance}."""
    rest = dict(rest)
    fronts = [kind for kind in rest if kind != "with"]
    front = fronts and writer.often(0.4)
    forms = FRONTED if front else TOLD
    number, form = writer.wording(forms)
    if writer.split != "test" and writer.often(usual):
        number, form = 0, forms[0]
    first = rest.pop(writer.pick(fronts)) if front else ""
    tail = list(rest.values())
    writer.chance.shuffle(tail)
    tail = "".join(f" {text}" for text in tail)
    text = writer.fill(form, words | {"first": first, "rest": tail})
    return f"{'fronted' if front else 'told'}{number}", text


def detail_pair(writer, label):
    """Return (hypothesis, premise, pattern): an act and its circumstances."""
    who = draw_somebody(writer)
    verbs, objects = writer.pick(read_acts())
    chosen = writer.pick(objects)
    exact, general = pair_of(chosen)
    asks_exact = writer.often(0.5) or not general
    kinds = writer.chance.sample(sorted(CIRCUMSTANCES), writer.pick((0, 1, 1, 2)))
    drawn = {kind: draw_circumstance(writer, kind, who) for kind in kinds}
    told = {kind: text for kind, (_, text) in drawn.items()}
    words = {"w": who, "verb": writer.pick(verbs)}
    what = exact if asks_exact else general
    number, hypothesis = tell(writer, words | {"what": what}, told)
    words |= {"verb": writer.pick(verbs), "what": exact}
    spare = [kind for kind in CIRCUMSTANCES if kind not in kinds]
    if label == "contradiction":
        change = writer.pick(["what", *(kind for kind in kinds if kind != "why")])
        if change == "what":
            rivals = [pair_of(x) for x in objects if x != chosen]
            words["what"] = writer.pick(
                [x for x, kind in rivals if asks_exact or kind != general]
            )
        else:
            told[change] = exclude(writer, change, who, *drawn[change])
    elif label == "neutral":
        change = writer.pick([*kinds, "what" if asks_exact and general else "w"])
        if change == "what":
            words["what"] = general
        elif change == "w":
            words["w"] = writer.fill("{w}'s {kin}", {"w": who})
        else:
            del told[change]
    if spare and writer.often(0.6 if label == "neutral" else 0.3):
        kind = writer.pick(spare)
        told[kind] = draw_circumstance(writer, kind, who)[1]
    premise = tell(writer, words, told, usual=0.8)[1]
    if writer.often(0.2):
        premise += writer.fill(writer.pick(ASIDES), {"w": who})
    return hypothesis, premise, f"detail.{number}"
