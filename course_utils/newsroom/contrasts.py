"""Statements about two things side by side: more or less, before or after, up or down.

Also about what somebody did, did not do, or only meant to do.
"""

from course_utils.newsroom.marks import plain
from course_utils.newsroom.people import draw_somebody

COMPARED = {  # kind: (more, less, as ... as, as ... as) on one scale
    "person": (
        ("older", "younger", "old", "young"),
        ("taller", "shorter", "tall", "short"),
        ("richer", "poorer", "rich", "poor"),
        ("stronger", "weaker", "strong", "weak"),
        ("faster", "slower", "fast", "slow"),
        ("more patient", "more impatient", "patient", "impatient"),
        ("more careful", "more careless", "careful", "careless"),
    ),
    "thing": (
        ("heavier", "lighter", "heavy", "light"),
        ("bigger", "smaller", "big", "small"),
        ("more expensive", "cheaper", "expensive", "cheap"),
        ("older", "newer", "old", "new"),
        ("cleaner", "dirtier", "clean", "dirty"),
        ("more beautiful", "uglier", "beautiful", "ugly"),
        ("thicker", "thinner", "thick", "thin"),
    ),
    "town": (
        ("warmer", "colder", "warm", "cold"),
        ("quieter", "noisier", "quiet", "noisy"),
        ("larger", "smaller", "large", "small"),
        ("richer", "poorer", "rich", "poor"),
        ("safer", "more dangerous", "safe", "dangerous"),
        ("older", "younger", "old", "young"),
    ),
}
COMPARISONS = (
    "{a} is {more} than {b}",
    "{b} is {less} than {a}",
    "{b} is not as {base} as {a}",
    "compared with {b}, {a} is {more}",
    "of the two, {a} and {b}, {a} is the {more} one",
    "in fact, {a} is {more} than {b}",
)
NOT_COMPARED = ("{a} is {base}, and so is {b}", "{a} and {b} are both {anti}")


def draw_two(writer, kind):
    """Return two different names of a kind of COMPARED."""
    one = two = None
    while one is None or plain(one) == plain(two):
        if kind == "person":
            one, two = str(draw_somebody(writer)), str(draw_somebody(writer))
        elif kind == "thing":
            one, two = (writer.fill("the {thing}") for _ in range(2))
        else:
            one, two = (writer.fill("{CITY}") for _ in range(2))
    return one, two


def comparison_pair(writer, label):
    """Return (hypothesis, premise, pattern): one of two has more of something."""
    kind = writer.pick(sorted(COMPARED))
    scale, other = writer.chance.sample(COMPARED[kind], 2)
    a, b = draw_two(writer, kind)
    keys = ("more", "less", "base", "anti")
    number, form = writer.wording(COMPARISONS)
    hypothesis = form.format(a=a, b=b, **dict(zip(keys, scale, strict=True)))
    forms = [x for x in COMPARISONS[:-1] if x != form]
    if label == "neutral":
        a, b = writer.chance.sample((a, b), 2)
        forms = NOT_COMPARED if writer.often(0.2) else forms
        scale = scale if forms is NOT_COMPARED else other
    elif label == "contradiction":
        a, b = b, a
    premise = writer.pick(forms).format(a=a, b=b, **dict(zip(keys, scale, strict=True)))
    return hypothesis, premise, f"comparison.{kind}{number}"


ORDERS = (
    "{p} {x} before {p.he} {y}",
    "{p} {y} after {p.he} had {x}",
    "first {p} {x}, then {p.he} {y}",
    "before {p.he} {y}, {p} {x}",
    "after {p.he} had {x}, {p} {y}",
    "{p} {x}; later {p.he} {y}",
    "{p} {x} and then {y}",
)
ORDER_OPEN = (
    "{p} {x} and {y} on the same day",
    "on Monday {p} {x} before {p.he} {z}",
    "{p} {z} after {p.he} had {y}",
    "{p} {x}, and {p.his} {kin} {y}",
    "first {p} {y}, then {p.he} {z}",
)


def draw_deeds(writer, count):
    """Return [(past, infinitive)] of that many deeds."""
    drawn = writer.chance.sample(writer.words["deed"], count)
    return [tuple(deed.split(" ~ ")) for deed in drawn]


def order_pair(writer, label):
    """Return (hypothesis, premise, pattern): one thing was done before another."""
    who = draw_somebody(writer)
    x, y, z = (past for past, _ in draw_deeds(writer, 3))
    number, form = writer.wording(ORDERS)
    words = {"p": who, "x": x, "y": y, "z": z}
    hypothesis = writer.fill(form, dict(words))
    forms = [w for w in ORDERS[:-1] if w != form]
    if label == "contradiction":
        words |= {"x": y, "y": x}
    elif label == "neutral":
        forms = ORDER_OPEN
        if writer.often(0.5):
            words |= {"x": y, "y": x}
    return hypothesis, writer.fill(writer.pick(forms), words), f"order.{number}"


CHANGING = (
    "the price of {food}", "the number of {people}", "the rent in {CITY}",
    "the temperature in {CITY}", "the level of the lake", "the population of {CITY}",
    "the number of {s animal}", "the price of {s thing}", "the noise in {CITY}",
    "the debt of {ORG}", "the speed of the {vehicle}", "the profit of {ORG}",
)  # fmt: skip
CHANGES = {
    "up": (
        "{v} rose {t}", "{v} went up {t}", "{t}, {v} increased",
        "there was an increase in {v} {t}", "{v} was higher {t} than before",
        "{t}, there was a rise in {v}", "{v} grew {t}", "{t}, {v} climbed",
    ),
    "down": (
        "{v} fell {t}", "{v} went down {t}", "{t}, {v} decreased",
        "there was a decrease in {v} {t}", "{v} was lower {t} than before",
        "{t}, there was a fall in {v}", "{v} sank {t}", "{t}, {v} dropped",
    ),
    "same": (
        "{v} stayed the same {t}", "{v} did not change {t}",
        "{t}, {v} neither rose nor fell",
        "there was no change in {v} {t}", "{v} was as high {t} as before",
        "{v} held steady {t}", "{t}, {v} remained the same",
    ),
}  # fmt: skip
FROM_TO = ("{t}, {v} changed from {n} to {m}", "{v} was {n} at first and {m} later {t}")


def change_pair(writer, label):
    """Return (hypothesis, premise, pattern): something rose, fell or stayed."""
    one, two = writer.chance.sample(CHANGING, 2)
    v, w = writer.fill(one), writer.fill(two)
    t, u = (f"in {x}" for x in writer.chance.sample(writer.words["month2"], 2))
    claim = writer.pick(sorted(CHANGES))
    number, form = writer.wording(CHANGES[claim])
    hypothesis = form.format(v=v, t=t)
    told = claim
    if label == "contradiction":
        told = writer.pick([x for x in sorted(CHANGES) if x != claim])
    elif label == "neutral":
        told = writer.pick(sorted(CHANGES))
        v, t = (w, t) if writer.often(0.6) else (v, u)
    if told != "same" and writer.often(0.25):
        n, m = sorted(writer.chance.sample(range(2, 99), 2))
        n, m = (n, m) if told == "up" else (m, n)
        return (
            hypothesis,
            writer.pick(FROM_TO).format(v=v, t=t, n=n, m=m),
            f"change.{claim}{number}",
        )
    forms = [x for x in CHANGES[told][:-1] if x != form]
    return hypothesis, writer.pick(forms).format(v=v, t=t), f"change.{claim}{number}"


DONE = (
    "{p} {x}",
    "it is true that {p} {x}",
    "{p} managed to {i}",
    "{p} did not forget to {i}",
    "in the end, {p} {x}",
)
NOT_DONE = (
    "{p} did not {i}",
    "{p} never {x}",
    "it is false that {p} {x}",
    "{p} forgot to {i}",
    "{p} refused to {i}",
    "it is not true that {p} {x}",
)
MAYBE_DONE = (
    "{p} wanted to {i}",
    "{p} promised to {i}",
    "{p} was asked to {i}",
    "{p.his} {kin} {x}",
    "{p} hopes to {i}",
    "{p} knows how to {i}",
    "{p} saw somebody who {x}",
)
CLAIMED = {True: (*DONE[:2], DONE[4]), False: (*NOT_DONE[:3], NOT_DONE[5])}


def deed_pair(writer, label):
    """Return (hypothesis, premise, pattern): done, not done, or only meant."""
    who, [(past, base)] = draw_somebody(writer), draw_deeds(writer, 1)
    claim = writer.often(0.5)
    number, form = writer.wording(CLAIMED[claim])
    words = {"p": who, "x": past, "i": base}
    hypothesis = writer.fill(form, dict(words))
    told = claim if label == "entailment" else not claim
    forms = MAYBE_DONE if label == "neutral" else (DONE if told else NOT_DONE)
    premise = writer.fill(writer.pick([x for x in forms if x != form]), words)
    if writer.often(0.4):
        premise += " " + writer.fill("{extra}")
    return hypothesis, premise, f"deed.{'done' if claim else 'not'}{number}"
