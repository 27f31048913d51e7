"""Statements in more general and more exact words: a violin, an instrument; Porto."""

from course_utils.newsroom.people import draw_person
from course_utils.newsroom.scenes import pair_of

BOUGHT = (
    "{p} bought {x}",
    "{x} was bought by {p}",
    "{p} went home with {x} from the shop",
    "what {p} bought was {x}",
    "{p} came home having bought {x}",
)
BOUGHT_NOT = (
    "{p} bought nothing at all",
    "{p} left the shop without having bought anything",
    "nothing was bought by {p}",
    "{p} did not buy anything",
)
UNSURE = (
    "{p} looked at {x} in the shop",
    "{p} thought about buying {x}",
    "{p} asked what {x} would cost",
    "{p}'s {kin} bought {x}",
    "{p} dreamed of {x}",
)
ROLE = (
    "{p} is {x}",
    "{p} works as {x}",
    "by profession {p} is {x}",
    "{p}'s job is that of {x}",
    "{p} has a job as {x}",
)
ROLE_NOT = (
    "{p} has never had a job",
    "{p} is a baby of three months",
    "{p} has never worked",
    "{p} has never had any job",
)
ROLE_UNSURE = (
    "{p} would like to be {x}",
    "{p}'s {kin} is {x}",
    "{p} once met {x}",
    "{p} lives next door to {x}",
    "{p} was mistaken for {x}",
)
ACT = (
    "{p} {x}",
    "yesterday {p} {x}",
    "what {p} did was this: {p.he} {x}",
    "we know that {p} {x}",
)
ACT_NOT = (
    "{p} lay in bed and slept the whole time",
    "{p} sat still and did nothing at all",
    "all the time {p} was fast asleep",
    "{p} slept the whole time",
)
ACT_UNSURE = (
    "{p} was there, as far as we know",
    "{p} was with {p.his} {kin}",
    "{p}'s {kin} {x}",
    "{p} once knew somebody who {x}",
    "{p} was near someone who {x}",
)
LIVES = (
    "{p} lives in {x}",
    "{p}'s home is in {x}",
    "{p} has a home in {x}, the only one {p.he} has",
    "it is in {x} that {p} lives",
    "{p} has {p.his} home in {x}",
)
LIVES_UNSURE = (
    "{p} once visited {x}",
    "{p} reads a lot about {x}",
    "{p}'s {kin} lives in {x}",
    "{p} has friends in {x}",
    "{p} dreams of a house in {x}",
)
FAMILIES = {
    "hyper_thing": (BOUGHT, BOUGHT_NOT, UNSURE),
    "hyper_role": (ROLE, ROLE_NOT, ROLE_UNSURE),
    "hyper_act": (ACT, ACT_NOT, ACT_UNSURE),
    "place_in": (LIVES, None, LIVES_UNSURE),
}


def general_pair(writer, label):
    """Return (hypothesis, premise, pattern): exact words entail the general ones."""
    kind = writer.pick(sorted(FAMILIES))
    told, denied, unsure = FAMILIES[kind]
    exact, general = pair_of(writer.pick(writer.words[kind]))
    bound = {"p": draw_person(writer)}
    asks_exact = writer.often(0.5)
    number, form = writer.wording(told)
    claim = bound | {"x": exact if asks_exact else general}
    hypothesis = writer.fill(form, claim)
    other = writer.pick([x for x in told if x != form])
    premise = bound | {"x": exact}
    if denied and writer.often(0.25):
        return deny(writer, label, FAMILIES[kind], bound, kind, exact)
    if label == "neutral" and asks_exact and writer.often(0.6):
        form, premise["x"] = other, general
    elif label == "neutral":
        form = writer.pick(unsure)
    elif label == "contradiction":
        form = writer.pick(denied or other_places(writer, told, general))
        premise["x"] = premise["x"] if denied else form[1]
        form = form if denied else form[0]
    else:
        form = other
    text = writer.fill(form, premise)
    if label == "entailment" and writer.often(0.3):
        text += writer.fill("; {p.he} often talks of it", bound)
    return hypothesis, text, f"general.{kind}{number}"


def deny(writer, label, wordings, bound, kind, exact):
    """Return a pair whose hypothesis denies: nothing bought, no work, no move."""
    told, denied, unsure = wordings
    number, form = writer.wording(denied)
    hypothesis = writer.fill(form, dict(bound))
    others = [x for x in denied if x != form]
    wordings = {"entailment": others, "neutral": unsure, "contradiction": told}[label]
    premise = writer.fill(writer.pick(wordings), bound | {"x": exact})
    return hypothesis, premise, f"general.no_{kind}{number}"


def other_places(writer, told, general):
    """Return [(wording, town in another country)]."""
    pairs = [pair_of(entry) for entry in writer.words["place_in"]]
    towns = [town for town, country in pairs if country != general]
    return [(writer.pick(told), writer.pick(towns))]
