"""Questions on passages about several events: who did what, when, where, why, how."""

from course_utils.newsroom.marks import mark, plain, sentence
from course_utils.newsroom.passages import draw_size, join_sentences

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

BASE = {
    "bought": "buy",
    "wrote": "write",
    "gave": "give",
    "built": "build",
    "sold": "sell",
    "swam": "swim",
    "taught": "teach",
    "won": "win",
    "lost": "lose",
    "found": "find",
    "met": "meet",
    "began": "begin",
    "broke": "break",
    "drew": "draw",
    "rescued": "rescue",
    "organised": "organise",
    "translated": "translate",
}
# name of the circumstance: (kind of question, phrases, values)
SLOTS = {
    "when": ("when", ("in {v}",), ("{YEAR}", "{MONTH}")),
    "day": ("when", ("on {v}",), ("{DAY}",)),
    "where": ("where", ("in {v}",), ("{CITY}", "{inspot}", "a village near {CITY}")),
    "at": ("where", ("at {v}",), ("{PLACE}", "{spot}")),
    "why": ("why", ("because {v}", "since {v}"), ("{reasonclause}",)),
    "aim": ("why", ("{v}",), ("{aim}",)),
    "how": ("how", ("{v}",), ("{means}",)),
    "work": ("how_long", ("after {v} of work", "after {v} of trying"), ("{period}",)),
    "money": ("how_much", ("with {v} from a bank", "with a loan of {v}"), ("{money}",)),
    "with": ("who", ("together with {v}", "with the help of {v}"), ("{PER}", "{kin2}")),
    "for": ("who", ("for {v}", "on behalf of {v}"), ("{PER}", "{ORG}")),
    "helpers": ("how_many", ("with {v} helpers",), ("{smallcount}",)),
}
LAST = ("why", "aim")  # nothing may follow a reason, lest it be read as part of it
ASKED = {
    "when": (
        "When did {p} {do}?",
        "When was it that {p} {did}?",
        "When exactly did {p} {do}?",
        "What was the time when {p} {did}?",
        "In what year or month was it that {p} {did}?",
        "At what time did {p} {do}?",
    ),
    "day": (
        "On what day did {p} {do}?",
        "When did {p} {do}?",
        "When was it that {p} {did}?",
        "What was the day on which {p} {did}?",
        "Which day was it when {p} {did}?",
        "On what date did {p} {do}?",
    ),
    "where": (
        "Where did {p} {do}?",
        "In which place did {p} {do}?",
        "Where was it that {p} {did}?",
        "What was the place where {p} {did}?",
        "Where did it happen that {p} {did}?",
        "Where was {p} when {p.he} {did}?",
    ),
    "at": (
        "Where did {p} {do}?",
        "Where was it that {p} {did}?",
        "Where was {p} when {p.he} {did}?",
        "What was the place where {p} {did}?",
        "Where exactly did {p} {do}?",
        "At what place did {p} {do}?",
    ),
    "why": (
        "Why did {p} {do}?",
        "For what reason did {p} {do}?",
        "Why was it that {p} {did}?",
        "What was the reason that {p} {did}?",
        "What led {p} to {do}?",
        "What caused {p} to {do}?",
        "What drove {p} to {do}?",
        "What was it that made {p} want to {do}?",
        "Because of what did {p} {do}?",
        "What made {p} {do}?",
    ),
    "aim": (
        "Why did {p} {do}?",
        "What was the aim of {p} when {p.he} {did}?",
        "What did {p} {do} for?",
        "What was the reason that {p} {did}?",
        "To what end did {p} {do}?",
        "For what purpose did {p} {do}?",
    ),
    "how": (
        "How did {p} {do}?",
        "How was {p} able to {do}?",
        "How was it possible that {p} {did}?",
        "By what means did {p} {do}?",
        "How did {p} manage to {do}?",
        "In what way did {p} {do}?",
    ),
    "work": (
        "How long had {p} tried before {p.he} {did}?",
        "How long did {p} need to {do}?",
        "How long was it until {p} {did}?",
        "How much time did it take {p} to {do}?",
        "After how long did {p} {do}?",
        "How long did it take {p} to {do}?",
    ),
    "money": (
        "How much money did {p} borrow to {do}?",
        "How much was lent to {p}?",
        "How much did the bank lend to {p}?",
        "With how much money did {p} {do}?",
        "What was the loan of {p}?",
        "How much did {p} get from a bank?",
    ),
    "with": (
        "Who helped {p} to {do}?",
        "With whom did {p} {do}?",
        "Who else was there when {p} {did}?",
        "With whose help did {p} {do}?",
        "Who stood by {p} when {p.he} {did}?",
        "Together with whom did {p} {do}?",
    ),
    "for": (
        "For whom did {p} {do}?",
        "On whose behalf did {p} {do}?",
        "For which person or firm did {p} {do}?",
        "Who wanted {p} to {do}?",
        "Whom did {p} {do} for?",
        "Who was it for whom {p} {did}?",
    ),
    "helpers": (
        "How many helpers did {p} have?",
        "With how many helpers did {p} {do}?",
        "How many people were with {p}?",
        "How many others helped {p} to {do}?",
        "What was the number of helpers that {p} had?",
        "How many people helped {p}?",
    ),
    "who": (
        "Who {did}?",
        "Who was it that {did}?",
        "Who is the person that {did}?",
        "What is the name of the person who {did}?",
        "Who was the one that {did}?",
        "Which person {did}?",
    ),
    "what": (
        "What did {p} {verb}?",
        "What was it that {p} {verbed}?",
        "What was the thing that {p} {verbed}?",
        "What exactly did {p} {verb}?",
        "Which thing did {p} {verb}?",
        "What do we know {p} {verbed}?",
    ),
}
OPENINGS = (
    "{p}",
    "{p}",
    "{p}, {a role},",
    "the {role} {p}",
    "{p}, who grew up in {COUNTRY},",
    "{p} ({a role} by trade)",
)
ON_PURPOSE = tuple(x for x in DONE if x.split()[0] not in ("lost", "broke", "met"))
NO_OBJECT = ("crossed", "swam", "began", "gave", "filmed", "cooked", "taught", "won")


def base_form(did):
    """Return "open a bakery" for "opened a bakery"."""
    verb, _, rest = did.partition(" ")
    base = BASE.get(verb) or verb.removesuffix("ed")
    return f"{base} {rest}"


def tell_event(writer, person, did, slots, asked=None):
    """Return the marked sentence of an event. asked: the slot that is the answer."""
    verb, _, rest = did.partition(" ")
    if asked == "what":
        did = f"{verb} {mark('ANSWER', rest)}"
    name = mark("ANSWER", str(person)) if asked == "who" else person
    opening = "{p}" if asked == "who" else writer.pick(OPENINGS)
    parts, reasons = [], []
    for slot in slots:
        _, phrases, values = SLOTS[slot]
        kin = writer.fill("{p.his} {kin}", {"p": person})
        value = writer.fill(writer.pick(values), {"kin2": kin})
        value = mark("ANSWER", value) if slot == asked else value
        phrase = writer.pick(phrases).replace("{v}", value)
        (reasons if slot in LAST else parts).append(phrase)
    text = f"{writer.fill(opening, {'p': name})} {did}"
    if parts and writer.often(0.4):
        front = parts.pop()
        text = f"{front}, {text}" if " of " not in plain(front) else f"{text} {front}"
    return " ".join([text, *parts, *reasons])


def choose_slots(writer, asked, absent):
    """Return the slots of one event, the one asked among them unless absent."""
    kind = SLOTS[asked][0] if asked in SLOTS else asked
    others = [x for x in SLOTS if SLOTS[x][0] != kind or kind == "who"]
    slots, kinds = [], {kind}
    for slot in writer.chance.sample(others, 3):
        if SLOTS[slot][0] not in kinds and not (slots and writer.often(0.4)):
            slots.append(slot)
            kinds.add(SLOTS[slot][0])
    if asked in SLOTS and not absent:
        slots.append(asked)
    writer.chance.shuffle(slots)
    return slots


def write_event_question(writer, absent):
    """Return one question on a passage of two to five events. absent: bool."""
    size = min(5, draw_size(writer))
    place = writer.chance.randrange(size)
    asked = writer.pick(sorted(ASKED))
    done = writer.chance.sample(ON_PURPOSE, size)
    if asked == "what":
        done = [x for x in ON_PURPOSE if x.split()[0] not in NO_OBJECT]
        done = writer.chance.sample(done, size)
    people = [writer.person() for _ in range(size)]
    told, dids = [], [writer.fill(x) for x in done]
    for number in range(size):
        if number != place:
            rival = asked if asked in SLOTS and writer.often(0.6) else "none"
            slots = choose_slots(writer, rival, False) if rival != "none" else []
            slots = slots or choose_slots(writer, "who", True)
            told.append(tell_event(writer, people[number], dids[number], slots))
        elif absent and asked in ("who", "what"):
            told.append(writer.fill("{filler}"))
        else:
            slots = choose_slots(writer, asked, absent)
            here = None if absent else asked
            told.append(tell_event(writer, people[number], dids[number], slots, here))
    text, spans, _ = join_sentences(told)
    did = dids[place]
    number, wording = writer.wording(ASKED[asked])
    verb = did.split()[0]
    bound = {"p": people[place], "did": did, "do": base_form(did), "verbed": verb}
    bound["verb"] = base_form(verb + " ").strip()
    example = {
        "passage": text,
        "question": plain(sentence(writer.fill(wording, bound))),
        "answer": "",
        "start": -1,
        "kind": SLOTS[asked][0] if asked in SLOTS else asked,
        "sentence": -1,
        "sentences": size,
        "pattern": f"event.{asked}.q{number}",
    }
    if not absent:
        start, end = next(span[:2] for span in spans if span[2] == "ANSWER")
        example |= {"answer": text[start:end], "start": start, "sentence": place}
    return example
