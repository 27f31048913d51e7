"""Everyday scenes: who does what where, in more exact and more general words."""

GROUPS = (
    "cooking",
    "music",
    "sports",
    "resting",
    "learning",
    "working",
    "leisure",
)
AFFIRMED = (
    "{who} {be} {act}",
    "there {be} {who} {act}",
    "{act} is what {who} {be} doing",
    "{who} can be seen {act}",
    "{who} {be} busy {act}",
    "here one sees {who} {act}",
    "{who} {be} {act} right now",
    "{who} {be} {act} just now",
    "at this moment {who} {be} {act}",
    "what {who} {be} doing is {act}",
)
DENIED = (
    "{who} {be} not {act}",
    "{act} is not what {who} {be} doing",
    "it is not true that {who} {be} {act}",
    "{who} {be} doing something other than {act}",
    "{who} {be} not busy {act}",
    "it is not the case that {who} {be} {act}",
)
FLIP = {"entailment": "contradiction", "contradiction": "entailment"}


def pair_of(entry):
    """Return (exact, general) of an entry such as "a rose > a flower"."""
    exact, _, general = entry.partition(" > ")
    return exact, general


def draw_scene(writer):
    """Return a scene: dict of who, person (general), be, act, kind (general), group."""
    many = writer.often(0.3)
    who = writer.pick(writer.words["person_many" if many else "person_one"])
    exact, general = pair_of(who)
    group = writer.pick(GROUPS)
    act, kind = pair_of(writer.pick(writer.words[group]))
    return {
        "who": exact,
        "person": general,
        "be": "are" if many else "is",
        "act": act,
        "kind": kind,
        "group": group,
    }


def say(writer, scene, who, act, forms=AFFIRMED):
    """Return (number, sentence) about a scene. who, act: str, as exact as wanted."""
    if forms is AFFIRMED and writer.split != "test" and writer.often(0.4):
        number, form = 0, forms[0]
    else:
        number, form = writer.wording(forms)
    words = {"who": who, "act": act, "be": scene["be"]}
    return number, form.format(**words)


def another_act(writer, scene, general=False):
    """Return an activity of another group: nobody does both at once."""
    group = writer.pick([x for x in GROUPS if x != scene["group"]])
    return pair_of(writer.pick(writer.words[group]))[general]


def scene_pair(writer, label):
    """Return (hypothesis, premise, pattern): an activity, more or less exactly told."""
    scene = draw_scene(writer)
    mild = " " + writer.fill("{mild}") if writer.often(0.6) else ""
    exact_who, exact_act = writer.often(0.5), writer.often(0.4)
    extra = " " + writer.fill("{extra}") if writer.often(0.35) else ""
    denied = writer.often(0.2) and not extra
    who = scene["who"] if exact_who else scene["person"]
    act = (scene["act"] if exact_act else scene["kind"]) + extra
    number, hypothesis = say(writer, scene, who, act, DENIED if denied else AFFIRMED)
    if denied:
        label = FLIP.get(label, label)
    if label == "entailment":
        told = scene["act"] + extra
    elif label == "contradiction":
        told = another_act(writer, scene)
    elif extra and writer.often(0.7):
        told = scene["act"]
    elif exact_act and scene["act"] != scene["kind"] and writer.often(0.7):
        told = scene["kind"]
    else:
        told = writer.pick(writer.words["still"])
    premise = say(writer, scene, scene["who"], told + mild, AFFIRMED[:1])[1]
    if mild and not mild.startswith((" with", " while")) and writer.often(0.3):
        premise = f"{scene['who']}{mild} {scene['be']} {told}"
    kind = "denied" if denied else "told"
    return hypothesis, premise, f"scene.{kind}{number}"


PLACED = (
    "{who} {be} {act} in {place}",
    "in {place}, {who} {be} {act}",
    "{who} {be} in {place}, {act}",
    "it is in {place} that {who} {be} {act}",
    "{place} is where {who} {be} {act}",
)


def place_pair(writer, label):
    """Return (hypothesis, premise, pattern): the same activity, here or elsewhere."""
    scene = draw_scene(writer)
    rooms = [f"the {x}" for x in ("park", "garage", "kitchen", "library", "attic")]
    rooms += [f"a {x}" for x in ("church", "forest", "theatre", "station", "prison")]
    here, there = writer.chance.sample(rooms, 2)
    number, form = writer.wording(PLACED)
    who = writer.pick((scene["who"], scene["person"]))
    act = writer.pick((scene["act"], scene["kind"]))
    words = {"be": scene["be"]}
    hypothesis = form.format(who=who, act=act, place=here, **words)
    form = writer.pick([x for x in PLACED if x != form])
    words |= {"who": scene["who"], "act": scene["act"]}
    if label == "neutral":
        extra = writer.fill("{mild}" if writer.often(0.5) else "{extra}")
        premise = f"{scene['who']} {scene['be']} {scene['act']} {extra}"
    else:
        place = here if label == "entailment" else there
        premise = form.format(place=place, **words)
    return hypothesis, premise, f"place.{number}"
