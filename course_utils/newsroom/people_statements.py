"""Statements about who did it: pronouns, active and passive, one person or another."""

from course_utils.newsroom.marks import sentence
from course_utils.newsroom.people import draw_person

ONLY_ONE = (
    "paid the whole bill",
    "won the game",
    "arrived first",
    "drove the car home",
    "was the older of the two",
    "had the last word",
    "scored the only goal",
    "lost the only key",
    "made the first mistake",
    "ate the last piece of cake",
    "carried the heavier bag",
    "was the better swimmer",
    "fell asleep first",
    "got the larger room",
    "spoke first",
    "took the only umbrella",
    "did all the cooking",
    "held the ladder alone",
    "found the way out first",
    "caught the bigger fish",
)
MEETINGS = (
    "{p} met {q} at {spot}",
    "{p} and {q} spent {shortperiod} together",
    "{p} had invited {q} to {a event}",
    "{q} knew {p} from {CITY}",
    "{p} travelled to {CITY} with {q}",
    "{q} stood next to {p} at {spot}",
    "{p}, {a role}, shared a room with {q}",
    "{q} played chess with {p} {ON}",
)
ONE_DID = (
    "{w} {did}",
    "it was {w} who {did}",
    "the one who {did} was {w}",
    "of the two, it was {w} who {did}",
    "the person who {did} was {w}",
)
EITHER = (
    "one of them {did}, but nobody remembers who",
    "who {did} is not known",
    "nobody can say which of the two {did}",
    "they {shared}",
    "later it began to rain",
)


def pronoun_pair(writer, label):
    """Return (hypothesis, premise, pattern): he or she, only one of them did it."""
    people = []
    while len({person.gender for person in people}) < 2:
        people = [draw_person(writer), writer.person()]
    who, rival = people
    did = writer.pick(ONLY_ONE)
    number, form = writer.wording(ONE_DID)
    bound = {"w": who, "did": did, "p": who, "q": rival, "shared": "talked all night"}
    if writer.often(0.5):
        bound |= {"p": rival, "q": who}
    hypothesis = writer.fill(form, dict(bound))
    meeting = writer.fill(writer.pick(MEETINGS), dict(bound))
    if label == "neutral":
        second = writer.fill(writer.pick(EITHER), dict(bound))
    else:
        doer = who if label == "entailment" else rival
        second = writer.fill(
            writer.pick(("{w.he} {did}", "{w.he} was the one who {did}")),
            {"w": doer, "did": did},
        )
    link = writer.pick((", and ", ". ", "; "))
    if link == ". ":
        meeting, second = sentence(meeting), " " + sentence(second)
        return hypothesis, meeting + second, f"pronoun.{number}"
    return hypothesis, meeting + link + second, f"pronoun.{number}"


MADE = (
    ("wrote", "written", "the letter"),
    ("built", "built", "the boat"),
    ("painted", "painted", "the portrait"),
    ("stole", "stolen", "the silver cup"),
    ("broke", "broken", "the window"),
    ("designed", "designed", "the garden"),
    ("chose", "chosen", "the winner"),
    ("drew", "drawn", "the map"),
    ("sang", "sung", "the first song"),
    ("drove", "driven", "the last bus"),
    ("took", "taken", "the photograph"),
    ("threw", "thrown", "the ball"),
    ("found", "found", "the lost dog"),
    ("baked", "baked", "the cake"),
    ("led", "led", "the search"),
    ("discovered", "discovered", "the cave"),
    ("composed", "composed", "the tune"),
    ("cut", "cut", "the rope"),
    ("cleaned", "cleaned", "the hall"),
    ("opened", "opened", "the gate"),
    ("planted", "planted", "the oldest tree"),
    ("founded", "founded", "the club"),
    ("told", "told", "the story"),
    ("rescued", "rescued", "the child"),
    ("invented", "invented", "the machine"),
    ("translated", "translated", "the poem"),
)
ACTIVE = ("{p} {v} {x}", "it was {p} who {v} {x}", "the person who {v} {x} was {p}")
PASSIVE = (
    "{x} was {d} by {p}",
    "the one by whom {x} was {d} was {p}",
    "it was by {p} that {x} was {d}",
)
NOT_BY = (
    "{x} was {d} by {q} alone",
    "{q} {v} {x} without any help",
    "{p} had no part in it when {x} was {d}",
    "{p} had nothing to do with it when {q} {v} {x}",
    "{x} was not {d} by {p}",
    "it was {q}, not {p}, who {v} {x}",
)
UNSURE_BY = (
    "{x} was {d} {ON}",
    "{p} saw {x} for the first time {ON}",
    "{x} was {d} by somebody in {CITY}",
    "{p} talked to {q} about {x}",
    "nobody knows by whom {x} was {d}",
    "{p} knows who {v} {x}",
    "{q} asked {p} who {v} {x}",
    "{p} liked {x} very much",
    "{p}'s {kin} was there when {x} was {d}",
)
AND_MORE = (
    "",
    "",
    " {ON}",
    " in {CITY}",
    ", as everyone knows",
    ", {a role}, said",
    " at {spot}",
)
NOT_DONE = ("{p} never {v} {x}", "{x} was not {d} by {p}", "it was not {p} who {v} {x}")


def voice_pair(writer, label):
    """Return (hypothesis, premise, pattern): active and passive, and who did not."""
    verb, done, thing = writer.pick(MADE)
    people = {"p": draw_person(writer), "q": writer.person()}
    bound = people | {"v": verb, "d": done, "x": thing}
    denied = writer.often(0.25)
    voice = writer.pick((ACTIVE, PASSIVE))
    number, form = writer.wording(NOT_DONE if denied else voice)
    hypothesis = writer.fill(form, dict(bound))
    agrees = (label == "entailment") != denied
    if label == "neutral":
        premise = writer.fill(writer.pick(UNSURE_BY), dict(bound))
    elif agrees:
        other = PASSIVE if voice is ACTIVE else ACTIVE
        premise = writer.fill(
            writer.pick(other) + writer.pick(AND_MORE[:4]), dict(bound)
        )
    else:
        premise = writer.fill(writer.pick(NOT_BY), dict(bound))
    kind = "denied" if denied else "active" if voice is ACTIVE else "passive"
    return hypothesis, premise, f"voice.{kind}{number}"
