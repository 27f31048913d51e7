"""Statement pairs from two files: wordings of a thing said, and of its opposite.

In a frame A+ and A- cannot both be true, A* says A+ more exactly, and B and C are about
other things. What is said of A tells nothing of B.
"""

from dataclasses import dataclass
from functools import cache

from course_utils.newsroom.marks import sentence
from course_utils.newsroom.names import Person
from course_utils.newsroom.patterns import for_split, read_lines
from course_utils.newsroom.people import draw_person, draw_somebody

OPPOSITE = {"+": "-", "-": "+", "*": "-"}
FILES = ("frames.txt", "situations.txt")
JOINED = (
    "{0}, and {1}",
    "{0}, but {1}",
    "{0}; {1}",
    "{0}, while {1}",
    "although {0}, {1}",
    "{0}, though {1}",
    "{0}, and by the way, {1}",
)


@dataclass(frozen=True)
class Frame:
    """A frame. family: str. names: (name, kind) pairs. said: {"A+": wordings, ...}."""

    number: int
    family: str
    names: tuple
    said: dict

    @property
    def subjects(self):
        """The letters of what the frame speaks about."""
        return sorted({key[0] for key in self.said})


@cache
def read_frames():
    """Return {family: [Frame, ...]} of the files."""
    frames = {}
    for line in (line for name in FILES for line in read_lines(name)):
        head, _, rest = line.partition(" ")
        if head == "##":
            family, _, names = rest.partition(" = ")
            pairs = tuple(tuple(pair.split()) for pair in names.split(";"))
            frame = Frame(sum(map(len, frames.values())), family, pairs, {})
            frames.setdefault(family, []).append(frame)
        else:
            frame.said[head] = tuple(x.strip() for x in rest.split("|"))
    return frames


def draw_names(writer, names):
    """Return {name: value}, all values different. names: (name, kind) pairs.

    WHO is a person with a short name; so is PER, mostly.
    """
    bound = {}
    for name, kind in names:
        value = draw_name(writer, kind)
        while str(value) in map(str, bound.values()):
            value = draw_name(writer, kind)
        bound[name] = value
    return bound


def draw_name(writer, kind):
    """Return a value of a kind."""
    if kind == "WHO":
        return draw_somebody(writer)
    return draw_person(writer) if kind == "PER" else writer.draw(kind, {})


def frame_pair(writer, label, family):
    """Return (hypothesis, premise, pattern) of a frame of the family.

    The hypothesis is drawn before the label is looked at: nothing in it can tell.
    """
    frame = writer.pick(read_frames()[family])
    bound = draw_names(writer, frame.names)
    key = writer.pick(sorted(frame.said))
    number, wording = writer.pick(for_split(frame.said[key], writer.split))
    hypothesis = writer.fill(wording, dict(bound))
    parts = choose_premise(writer, label, frame, key, wording, hypothesis)
    writer.chance.shuffle(parts)
    if len(parts) > 1 and str(bound.get("w", "")) and len(people(bound)) == 1:
        parts[1] = refer_back(writer, parts[1])
    parts = [writer.fill(part, dict(bound)) for part in parts]
    return hypothesis, join(writer, parts), f"frame{frame.number}.{key}{number}"


def people(bound):
    """Return the names that stand for people."""
    return [name for name, value in bound.items() if isinstance(value, Person)]


def refer_back(writer, wording):
    """Return the wording with he or she for the person w at its beginning, mostly."""
    if writer.often(0.3):
        return wording
    if wording.startswith("{w}'s "):
        return "{w.his} " + wording.removeprefix("{w}'s ")
    return "{w.he} " + wording[4:] if wording.startswith("{w} ") else wording


def join(writer, parts):
    """Return one or two parts as one text: two sentences, or one with two clauses."""
    if len(parts) == 1 or writer.often(0.5):
        return " ".join(sentence(part) for part in parts)
    return writer.pick(JOINED).format(*parts)


def choose_premise(writer, label, frame, key, wording, hypothesis):
    """Return the wordings of one or two sentences that make the label true."""
    letter, sign = key
    others = [x for x in sorted(frame.said) if x[0] != letter]
    context = writer.pick(frame.said[writer.pick(others)])
    two = writer.often(0.35)
    if label == "neutral":
        if sign == "*" and writer.often(0.6):
            told = writer.pick(frame.said[letter + "+"])
            return [told, context] if two else [told]
        letters = sorted({x[0] for x in others})
        if two and len(letters) > 1:
            return [writer.pick(frame.said[x + writer.pick("+-")]) for x in letters]
        return [context, writer.pick(writer.words["filler"])] if two else [context]
    if label == "contradiction":
        told = writer.pick(frame.said[letter + OPPOSITE[sign]])
        if sign == "-" and letter + "*" in frame.said and writer.often(0.4):
            told = writer.pick(frame.said[letter + "*"])
    elif sign == "*":
        return [hypothesis, context]
    else:
        told = writer.pick([x for x in frame.said[key] if x != wording])
        if sign == "+" and letter + "*" in frame.said and writer.often(0.5):
            told = writer.pick(frame.said[letter + "*"])
    return [told, context] if two else [told]
