"""Statements about one event: what was done, and when, where, with whom, why."""

from course_utils.newsroom.marks import plain
from course_utils.newsroom.people import draw_person

DONE = (
    "opened {a adj} bakery",
    "bought {a adj} {building}",
    "learned {language}",
    "wrote {a art}",
    "repaired {a adj} {vehicle}",
    "gave a talk about {s animal}",
    "founded a choir",
    "painted {a building}",
    "built {a material} {thing}",
    "sold {a adj} {thing}",
    "swam across a lake",
    "planted {2-40} {s plant}",
    "taught {field}",
    "rescued {a animal}",
    "won {a sport} tournament",
    "cooked {food} for {2-90} {people}",
    "lost {a color} {thing}",
    "found {a adj} {material} coin",
    "met {a role}",
    "crossed the desert by {vehicle}",
    "filmed {s animal} in the wild",
    "recorded an album",
    "began to study {field}",
    "broke {a adj} window",
    "adopted {a adj} {animal}",
    "organised {a event}",
    "translated {a art} into {language}",
    "drew a map of the coast",
    "invented a toy",
    "photographed {a adj} {building}",
    "climbed {a adj} tower",
    "collected old {s thing}",
)
SLOTS = {
    "when": ("in {v}", "{YEAR}"),
    "where": ("in {v}", "{CITY}"),
    "with": ("together with {v}", "{p.his} {kin}"),
    "how_long": ("after {v} of work", "{period}"),
    "why": ("because of {v}", "{weather}"),
    "money": ("with {v} from a bank", "{money}"),
}
CLAIMS = ("{p} {did} {slot}", "{slot}, {p} {did}", "it was {slot} that {p} {did}")
MORE_CLAIMS = {
    "when": ("the year in which {p} {did} was {v}", "it happened in {v}: {p} {did}"),
    "where": ("the place where {p} {did} was {v}", "it happened in {v}: {p} {did}"),
    "with": (
        "{p} was not alone but with {v} when {p.he} {did}",
        "{p} and {v} {did} together",
    ),
}
ALONE = ("all alone", "alone and without {v}", "without {v}", "entirely alone")
OPENINGS = (
    "{p}, {a role}, {did}",
    "{p} {did}",
    "like {p.his} {kin} before {p.him}, {p} {did}",
    "{p}, who grew up in {COUNTRY}, {did}",
    "although many had advised against it, {p} {did}",
    "{p} ({a role} by trade) {did}",
    "as {ORG} reported, {p} {did}",
    "to everyone's surprise {p} {did}",
    "nobody helped, but {p} {did}",
)


def draw_slot(writer, slot, person, unlike=""):
    """Return a value of a slot, other than `unlike`."""
    while True:
        value = writer.fill(SLOTS[slot][1], {"p": person})
        if plain(value) != plain(unlike):
            return value


def event_pair(writer, label):
    """Return (hypothesis, premise, pattern): an event, and one of its circumstances."""
    person = draw_person(writer)
    did = writer.fill(writer.pick(DONE))
    slot = writer.pick(("when", "where", "with"))
    value = draw_slot(writer, slot, person)
    wrong = draw_slot(writer, slot, person, unlike=value)
    form = SLOTS[slot][0].replace("{v}", value)
    number, claim = writer.wording(CLAIMS + MORE_CLAIMS[slot])
    bound = {"p": person, "did": did, "slot": form, "v": value}
    hypothesis = writer.fill(claim, dict(bound))
    others = [
        x for x in ("when", "where", "with", "how_long", "why", "money") if x != slot
    ]
    told = writer.chance.sample(others, writer.chance.randint(0, 2))
    filled = {x: SLOTS[x][0].replace("{v}", draw_slot(writer, x, person)) for x in told}
    if label == "neutral":
        extra = writer.pick([x for x in others if x not in told])
        filled[extra] = SLOTS[extra][0].replace("{v}", draw_slot(writer, extra, person))
    else:
        given = value if label == "entailment" else wrong
        filled[slot] = SLOTS[slot][0].replace("{v}", given)
        if slot == "with" and given is wrong:
            filled[slot] = writer.pick(ALONE).replace("{v}", value)
    parts = list(filled.values())
    writer.chance.shuffle(parts)
    openings = OPENINGS
    if slot == "with" or "with" in filled:
        openings = [x for x in openings if "nobody" not in x]
    premise = writer.fill(writer.pick(openings), {"p": person, "did": did})
    if writer.often(0.4):
        front = parts.pop()
        if "his" not in front and "her" not in front:
            premise = f"{front}, {premise}"
        else:
            premise = f"{premise} {front}"
    premise = " ".join([premise, *parts])
    return hypothesis, premise, f"event.{slot}{number}"
