"""People as stories name them: by first name, by what they do, by kinship."""

from dataclasses import dataclass

from course_utils.newsroom.marks import mark
from course_utils.newsroom.names import Person

RELATIVES = {
    "female": ("sister", "mother", "grandmother", "aunt", "daughter"),
    "male": ("brother", "father", "grandfather", "uncle", "son"),
}
OWNERS = ("my", "our", "her", "his")


@dataclass(frozen=True)
class Somebody(Person):
    """A person with a short name. shown: str, such as "Nora" or "the baker"."""

    shown: str = ""

    def __str__(self):
        return self.shown


def draw_somebody(writer):
    """Return a new Somebody: "Nora" (more than half), "the baker", "my uncle"."""
    gender = writer.pick(("female", "male"))
    first, draw = writer.pick(writer.names[gender]), writer.chance.random()
    if draw < 0.6:
        shown = mark("PER", first)
    elif draw < 0.85:
        shown = "the " + writer.pick(writer.words["role"])
    else:
        shown = f"{writer.pick(OWNERS)} {writer.pick(RELATIVES[gender])}"
    return Somebody(first, "", gender, shown)


def draw_relative(writer, who):
    """Return a new Somebody: "Nora's uncle". who: Somebody."""
    gender = writer.pick(("female", "male"))
    return Somebody("", "", gender, f"{who}'s {writer.pick(RELATIVES[gender])}")


def draw_person(writer):
    """Return a new Person, mostly one known by the first name alone."""
    person = writer.person()
    if writer.often(0.7):
        return Person(person.first.split()[0], "", person.gender)
    return person
