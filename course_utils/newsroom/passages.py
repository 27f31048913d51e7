"""Write a passage: facts about a subject, about another one like it, and asides.

Who is meant stays certain: a pronoun or a short name is used only where nothing else in
the passage could be meant.
"""

import re
from dataclasses import dataclass

from course_utils.newsroom.marks import mark, plain, sentence, strip_marks
from course_utils.newsroom.names import Person

TITLE = re.compile(r'(?<=\s)"[a-z]')  # the first letter of a title in quotes
MOVABLE = {  # what may move to the front, by the kind of question
    "why": re.compile(r"(.+) ((?:because|since|as) \{answer\})"),
    "when": re.compile(r"(.+) ((?:in|on) \{answer\})"),
    "where": re.compile(r"(.+) ((?:in|at) \{answer\})"),
    "how": re.compile(r"(.+) (\{answer\})"),
}
STAYING = ("is", "was", "be", "by", "with", "of", "falls", "to")
PRONOUN = {"it": ("it", "it", "its")}


@dataclass
class Subject:
    """Whom or what a passage is about. full: Person or marked str; short: marked str.

    clear: bool, whether the short name can mean nothing else in the passage.
    """

    topic: object
    full: object
    short: str
    clear: bool = True

    @property
    def pronouns(self):
        """The pronoun as subject, as object, as possessive."""
        if isinstance(self.full, Person):
            return self.full.he, self.full.him, self.full.his
        return PRONOUN["it"]


@dataclass
class Told:
    """A fact as told: which fact, whose, its marked value and text, pattern's id."""

    fact: object
    subject: Subject
    value: str
    text: str
    pattern: str


def draw_size(writer):
    """Return how many sentences a question's passage has: 2 to 6, few more often."""
    return min(writer.chance.randint(2, 6) for _ in range(2))


def new_subject(writer, topic):
    """Return a new Subject of a topic."""
    if topic.pronoun == "he":
        person = writer.person()
        return Subject(topic, person, str(person.last))
    names = {}
    return Subject(topic, *(writer.fill(x, names) for x in (topic.full, topic.short)))


def other_subject(writer, subject):
    """Return another Subject of the same topic, with other names."""
    while True:
        other = new_subject(writer, subject.topic)
        ours = {plain(str(subject.full)).lower(), plain(subject.short).lower()}
        theirs = {plain(str(other.full)).lower()}
        if isinstance(other.full, Person):
            theirs.add(plain(other.short).lower())
        if not ours & theirs:
            return other


def refer(pattern, subject, how):
    """Return the pattern with {S}, {O}, {P} replaced. how: "full", "short", "pronoun".

    Only the first reference is made as `how` says; the later ones are pronouns.
    """
    he, him, his = subject.pronouns
    if how == "pronoun" and "of {O}" in pattern:
        how = "short" if subject.clear else "full"
    state = {"how": how}

    def replace(field):
        pronoun = {"S": he, "O": him, "P": his}[field[1]]
        manner, state["how"] = state["how"], "pronoun"
        if manner == "pronoun" and pattern[: field.start()].endswith(" of "):
            manner = "short" if isinstance(subject.full, Person) else manner
        if manner == "pronoun":
            return pronoun
        name = str(subject.full) if manner == "full" else subject.short
        return name + "'s" if field[1] == "P" else name

    return re.sub(r"\{([SOP])\}", replace, pattern)


def lower_first(pattern):
    """Return a pattern whose first word, if not a field, begins with a small letter."""
    return pattern[:1].lower() + pattern[1:]


def draw_value(writer, fact, subject):
    """Return a new marked value of a fact."""
    return writer.fill(refer(writer.pick(fact.values), subject, "pronoun"))


def tell(writer, fact, subject, how, taken=()):
    """Return the fact Told in one sentence, without capital and full stop.

    taken: values, plain, that another subject has: the new one is another.
    """
    told, wording = prepare(writer, fact, subject, taken)
    told.text = writer.fill(refer(wording, subject, how), {"answer": told.value})
    return told


def prepare(writer, fact, subject, taken=()):
    """Return (Told without its text, wording): a value drawn, a wording chosen."""
    number, wording = writer.wording(fact.sentences)
    value = draw_value(writer, fact, subject)
    for _ in range(
        9 if writer.reordered else 0
    ):  # articles allow what questions do not
        if plain(value) in taken:
            value = draw_value(writer, fact, subject)
    value = mark("ANSWER", value)
    told = Told(fact, subject, value, "", f"{fact.relation}.s{number}")
    if writer.reordered and writer.often(writer.reordered):
        wording = reorder(writer, wording, fact.kind)
    if writer.reordered and fact.values == ("{YEAR}",) and writer.often(0.2):
        wording = wording.replace("in {answer}", "in the year {answer}")
    return told, lower_first(wording)


def reorder(writer, wording, kind):
    """Return the wording with the answer in front, where it stands at the end.

    "The bridge was closed because ..." becomes "Because ..., the bridge was closed" or
    "It was because ... that the bridge was closed".
    """
    pattern = MOVABLE.get(kind)
    found = pattern and pattern.fullmatch(wording)
    if not found or found[1].split()[-1] in STAYING:
        return wording
    rest, answer = lower_first(found[1]).rstrip(","), found[2]
    if answer[:2] not in ("in", "on", "be") or writer.often(0.7):
        return f"{answer}, {rest}"
    return f"it was {answer} that {rest}"


def tell_two(writer, facts, subject, how, taken=()):
    """Return two facts Told, the first with the text of one sentence for both."""
    (one, first), (two, second) = (
        prepare(writer, fact, subject, taken) for fact in facts
    )
    first, second = first.replace("answer}", "one}"), second.replace("answer}", "two}")
    simple = one.fact.kind not in ("why", "how") and not re.search("[:;]", first)
    shared = first.startswith("{S} ") and second.startswith("{S} ")
    if simple and shared and how != "pronoun" and writer.often(0.5):
        relative = "who" if isinstance(subject.full, Person) else "which"
        both = f"{{S}}, {relative} {first[4:]}, {second[4:]}"
    elif simple and shared:
        both = f"{first} and {second[4:]}"
    else:
        both = first + (", and " if simple and writer.often(0.6) else "; ") + second
    text = writer.fill(refer(both, subject, how), {"one": one.value, "two": two.value})
    one.text, two.text = text, text
    return one, two


def choose_reference(writer, subject, told_before, last):
    """Return how to refer to the subject: "full", "short" or "pronoun".

    told_before: bool, named already. last: Told, the sentence before, or None for an
    aside.
    """
    if not told_before:
        return "full"
    person = isinstance(subject.full, Person)
    follows = last is not None and last.subject is subject
    if follows and person:
        names = [label for *_, label in strip_marks(last.text)[1] if label == "PER"]
        follows = len(names) <= 1 and plain(subject.short) in plain(last.text)
    draw = writer.chance.random()
    if follows and draw < 0.5:
        return "pronoun"
    return "short" if subject.clear and draw < 0.85 else "full"


def embellish(writer, text):
    """Return the sentence, now and then with an adverbial or a source around it."""
    draw = writer.chance.random()
    if draw < 0.12:
        front = writer.fill("{fronted}")
        return front + (" " if front.endswith(" that") else ", ") + text
    if draw < 0.16:
        return text + writer.fill(", according to {PER} of {ORG}")
    if draw < 0.19:
        return text + writer.fill(", {PER} {saidverb}")
    if draw < 0.22:
        return writer.fill("as {ORG} reported {ON}, ") + text
    return text


def write_passage(writer, topic, size, absent=False):
    """Return (sentences, target, subject) of a new passage.

    size: int, number of sentences. sentences: list of (marked text, [Told, ...]).
    target: the FactPattern that a question may ask; absent: bool, True leaves it out of
    the passage. Its sentence is any of them, each as likely.
    """
    subject = new_subject(writer, topic)
    other = other_subject(writer, subject) if writer.often(0.6) else None
    subject.clear = other is None or topic.pronoun == "he"
    facts = writer.chance.sample(topic.facts, len(topic.facts))
    target = facts.pop()
    rivals = writer.chance.sample(topic.facts, len(topic.facts)) if other else []
    if other and writer.often(0.5):
        rivals.append(rivals.pop(rivals.index(target)))
    place = writer.chance.randrange(size)
    asides = writer.chance.sample(writer.words["filler"], size)
    sentences, named, last, taken = [], False, None, set()
    for number in range(size):
        due = number == place and (bool(facts) or not absent)
        draw = writer.chance.random()
        if not due and rivals and (draw < 0.3 or (not facts and number)):
            last = tell(writer, rivals.pop(), other, "full", taken)
            taken.add(plain(last.value))
            sentences.append((embellish(writer, last.text), [last]))
        elif not due and number and (draw < 0.45 or not facts):
            last = None
            sentences.append((writer.fill(asides.pop()), []))
        else:
            how = choose_reference(writer, subject, named, last)
            chosen = [target if due and not absent else facts.pop()]
            if facts and writer.often(0.25):
                chosen.append(facts.pop())
            writer.chance.shuffle(chosen)
            told = (
                tell_two(writer, chosen, subject, how, taken)
                if chosen[1:]
                else [tell(writer, chosen[0], subject, how, taken)]
            )
            taken |= {plain(one.value) for one in told}
            named, last = True, told[0]
            sentences.append((embellish(writer, last.text), list(told)))
    return sentences, target, subject


def join_sentences(sentences):
    """Return (text, spans, starts) of marked sentences put together.

    spans: [(start, end, label)] over the text. starts: offset of each sentence.
    """
    text, spans, starts = "", [], []
    for marked in sentences:
        words, found = strip_marks(sentence(marked))
        words = TITLE.sub(lambda title: title[0].upper(), words)
        text += " " if text else ""
        starts.append(len(text))
        spans += [(a + len(text), b + len(text), label) for a, b, label in found]
        text += words
    return text, spans, starts
