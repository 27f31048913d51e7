"""Statements about numbers: more, fewer, in all, at least, twice as many."""

from course_utils.newsroom.people import draw_person

MADE = ("sold", "repaired", "bought", "counted", "collected", "painted", "carried")
TOLD = (
    "in {a} {p} {did} {n} {things}, and in {b} {m}",
    "{p} {did} {n} {things} in {a} and {m} in {b}",
    "{n} {things} were {did} by {p} in {a}, {m} in {b}",
    "in {b} {p} {did} {m} {things}; in {a} it had been {n}",
    "{p} {did} {m} {things} in {b}, after {n} in {a}",
    "the number of {things} that {p} {did} was {n} in {a} and {m} in {b}",
)
HALF = (
    "in {b} {p} {did} {m} {things}, while {q} {did} {n} in {a}",
    "{q} {did} {n} {things} in {a}, {p} {m} in {b}",
    "{p} {did} {m} {things} in {b}; {q} {did} {n} of them in {a}",
)
CLAIMS = {
    "more": (
        "{p} {did} more {things} in {a} than in {b}",
        "in {a}, {p} {did} more {things} than in {b}",
        "in {b}, {p} {did} fewer {things} than in {a}",
        "{p} {did} fewer {things} in {b} than in {a}",
        "{p} did not {do} as many {things} in {b} as in {a}",
    ),
    "exact": (
        "{p} {did} {n} {things} in {a}",
        "in {a}, {p} {did} {n} {things}",
        "{n} {things} were {did} by {p} in {a}",
        "in {a}, the number of {things} that {p} {did} was {n}",
    ),
    "least": (
        "{p} {did} more than {low} {things} in {a}",
        "in {a}, {p} {did} at least {low} {things}",
        "more than {low} {things} were {did} by {p} in {a}",
        "in {a}, {p} did not {do} as few as {low} {things} but more",
    ),
    "most": (
        "{p} {did} fewer than {high} {things} in {a}",
        "in {a}, {p} {did} at most {high} {things}",
        "fewer than {high} {things} were {did} by {p} in {a}",
        "in {a}, {p} did not {do} as many as {high} {things}",
    ),
    "sum": (
        "in {a} and {b} together, {p} {did} {sum} {things}",
        "{p} {did} {sum} {things} in all in {a} and {b}",
        "over the two months of {a} and {b}, {p} {did} {sum} {things}",
        "in all, {sum} {things} were {did} by {p} in {a} and {b}",
    ),
}
PLAIN = {
    "sold": "sell",
    "repaired": "repair",
    "bought": "buy",
    "counted": "count",
    "collected": "collect",
    "painted": "paint",
    "carried": "carry",
}


def quantity_pair(writer, label):
    """Return (hypothesis, premise, pattern): two numbers, and a claim about them."""
    kind = writer.pick(sorted(CLAIMS))
    a, b = writer.chance.sample(writer.words["month2"], 2)
    did = writer.pick(MADE)
    words = {"p": str(draw_person(writer)), "q": str(writer.person()), "a": a, "b": b}
    words |= {"did": did, "do": PLAIN[did], "things": writer.fill("{s thing}")}
    n, m = writer.chance.randint(20, 60), writer.chance.randint(20, 60)
    step = writer.chance.randint(3, 15)
    claimed = {"n": n, "low": n - step, "high": n + step, "sum": n + m}
    number, form = writer.wording(CLAIMS[kind])
    hypothesis = form.format(**words, **claimed)
    true = label == "entailment"
    if kind == "more":
        m = n - step if true else n + step
    elif not true:
        sign = {"least": -1, "most": 1}.get(kind) or writer.pick((-1, 1))
        n += sign * (step + writer.chance.randint(1, 5))
    premise = writer.pick(HALF if label == "neutral" else TOLD)
    return hypothesis, premise.format(**words, n=n, m=m), f"quantity.{kind}{number}"


GROUPED = (
    ("have been to {place}", "has been to {place}"),
    ("can swim", "can swim"),
    ("speak {language}", "speaks {language}"),
    ("own {a thing}", "owns {a thing}"),
    ("like {food}", "likes {food}"),
    ("were born in {place}", "was born in {place}"),
    ("voted against the plan", "voted against the plan"),
    ("wear glasses", "wears glasses"),
    ("live near {place}", "lives near {place}"),
    ("passed the test", "passed the test"),
    ("enjoy {sport}", "enjoys {sport}"),
    ("arrived by {vehicle}", "arrived by {vehicle}"),
    ("work at night", "works at night"),
    ("signed the letter", "signed the letter"),
    ("drink {drink}", "drinks {drink}"),
)
CLAIMED = {
    "all": (
        "all the {x} {do}",
        "every one of the {x} {does}",
        "each of the {x} {does}",
        "there is not one of the {x} of whom it is untrue that they {do}",
        "the {x} {do}, all of them",
    ),
    "some": (
        "some of the {x} {do}",
        "at least one of the {x} {does}",
        "there are some among the {x} who {do}",
        "it is not so that none of the {x} {do}",
        "one or more of the {x} {do}",
    ),
    "none": (
        "none of the {x} {do}",
        "not one of the {x} {does}",
        "no one among the {x} {does}",
        "there is nobody among the {x} who {does}",
        "of the {x}, nobody {does}",
    ),
    "not all": (
        "not all of the {x} {do}",
        "there is one of the {x} of whom it is untrue that they {do}",
        "it is not true that all the {x} {do}",
        "it is false that each of the {x} {does}",
        "not every one of the {x} {does}",
    ),
}
MEANING = {  # claim: (what entails it, what contradicts it)
    "all": (("each", "everyone"), ("zero", "few", "most")),
    "some": (("each", "few", "most", "everyone"), ("zero", "nobody")),
    "none": (("zero", "nobody"), ("each", "few", "most")),
    "not all": (("zero", "few", "most"), ("each", "everyone")),
}
COUNTED = {
    "each": "of the {n} {x}, {n} {do}",
    "zero": "of the {n} {x}, 0 {do}",
    "few": "of the {n} {x}, only {k} {do}",
    "most": "of the {n} {x}, all but {k} {do}",
    "everyone": "without exception, the {n} {x} {do}",
    "nobody": "we asked all the {n} {x}; the number of those who {do} is zero",
}
UNKNOWN = (
    "there are {n} {x}; how many of them {do} was not asked",
    "of the {n} {x}, {k} {other}",
    "the {n} {x} are friends of {people} who {do}",
    "without exception, the {n} {x} {other}",
    "of the {n} {x}, {n} {other}",
    "of the {n} {x}, none {other}",
)


def quantifier_pair(writer, label):
    """Return (hypothesis, premise, pattern): all, some, none, not all."""
    kind = writer.pick(sorted(CLAIMED))
    (do, does), (other, _) = writer.chance.sample(GROUPED, 2)
    place = writer.draw("CITY", {})
    done = writer.fill(do, {"place": place})
    first = len(do.split(" ")[0])
    does = does.split(" ")[0] + done[first:]
    words = {"x": writer.fill("{people}"), "do": done, "does": does}
    words |= {"other": writer.fill(other, {"place": place}), "people": "others"}
    words |= {"n": writer.chance.randint(5, 30), "k": writer.chance.randint(2, 4)}
    number, form = writer.wording(CLAIMED[kind])
    if label == "neutral":
        premise = writer.pick(UNKNOWN)
    else:
        told = MEANING[kind][label == "contradiction"]
        premise = COUNTED[writer.pick(told)]
    return (
        form.format(**words),
        premise.format(**words),
        f"quantifier.{kind.replace(' ', '_')}{number}",
    )
