"""Names of people, organisations and places, other ones for each kind of split."""

from dataclasses import dataclass
from functools import cache

from course_utils.newsroom.marks import mark
from course_utils.newsroom.patterns import read_lists

PRONOUNS = {
    "female": {"he": "she", "him": "her", "his": "her"},
    "male": {"he": "he", "him": "him", "his": "his"},
}
COMPOSED = (
    "org",
    "place",
    "prefix",
    "nationality",
    "first1",
    "petname",
)  # rules and titles: for all splits


@cache
def name_lists(split, file="names.txt", composed=COMPOSED):
    """Return {kind: (name, ...)} of a split: every fifth name is kept for test.

    file: str, beside this module. composed: the kinds that every split has whole.
    """
    lists = {}
    for kind, items in read_lists(file).items():
        if kind in composed:
            lists[kind] = items
        else:
            held_out = split == "test"
            kept = [x for i, x in enumerate(items) if (i % 5 == 4) == held_out]
            lists[kind] = tuple(kept)
    return lists


@dataclass(frozen=True)
class Person:
    """A person: first and last name, and "female" or "male" for the pronouns."""

    first: str
    family: str
    gender: str

    def __str__(self):
        return mark("PER", f"{self.first} {self.family}".strip())

    @property
    def last(self):
        """The family name alone, marked; the only name where there is but one."""
        return mark("PER", self.family or self.first)

    @property
    def given(self):
        """The first name alone, marked."""
        return mark("PER", self.first)

    @property
    def he(self):
        """The subject pronoun: he or she."""
        return PRONOUNS[self.gender]["he"]

    @property
    def him(self):
        """The object pronoun: him or her."""
        return PRONOUNS[self.gender]["him"]

    @property
    def his(self):
        """The possessive: his or her."""
        return PRONOUNS[self.gender]["his"]


def mark_name(label, name):
    """Return the marked name; a leading "the" stays outside the mark."""
    if name.startswith("the "):
        return "the " + mark(label, name[4:])
    return mark(label, name)
