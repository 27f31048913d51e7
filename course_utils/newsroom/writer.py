"""Fill patterns with names, words and numbers: the newsroom's one source of chance.

A pattern is a sentence with fields in braces:

| field | becomes |
|---|---|
| `{role}` | an item of the list `role`, whose own fields are filled in turn |
| `{p=PER}`, `{p}`, `{p.last}`, `{p.he}` | a person, the same one again, its parts |
| `{a role}`, `{s animal}` | the same with "a" or "an", in the plural |
| `{3-12}`, `{#3-12}` | a number, in words or digits; in digits only |
| `{ORG}`, `{LOC}`, `{CITY}`, `{COUNTRY}` | a name |
| `{DAY}`, `{MONTH}`, `{YEAR}`, `{IN}`, `{ON}` | a date; with its preposition |
"""

import random
import re

from course_utils.newsroom import calendar_dates
from course_utils.newsroom.marks import plain
from course_utils.newsroom.names import Person, mark_name, name_lists
from course_utils.newsroom.patterns import for_split, read_lists

FIELD = re.compile(r"\{(?:(\w+)=)?(?:([as]) )?([\w.#,-]+)\}")
RANGE = re.compile(r"(#?)([\d,]+)-([\d,]+)")
AN = re.compile(r"[aeiou]|hour|honest|heir|8|11\b|18\b", re.IGNORECASE)
NOT_AN = re.compile(r"uni|use|usu|one\b|once|eu|ukr", re.IGNORECASE)
UNTITLED = re.compile(r"(^|[,.;] |\b(and|by|with|that|of|to) )$")
NAMED = ("ORG", "LOC", "CITY", "COUNTRY", "RIVER", "PLACE")
DATES = {
    "YEAR": calendar_dates.write_year,
    "DAY": calendar_dates.write_day,
    "MONTH": calendar_dates.write_month,
    "MONTHNAME": calendar_dates.write_month_name,
    "WEEKDAY": calendar_dates.write_weekday,
    "DECADE": calendar_dates.write_decade,
    "IN": calendar_dates.write_in,
    "ON": calendar_dates.write_on,
}


def with_article(text):
    """Return the text with "a" or "an" in front, by its first sound."""
    first = plain(text)
    vowel = AN.match(first) and not NOT_AN.match(first)
    return f"{'an' if vowel else 'a'} {text}"


def plural(text):
    """Return a regular noun in the plural; people who end in -man become -men."""
    if text.endswith("man") and text not in ("human", "german"):
        return text[:-3] + "men"
    if text in ("sheep", "fish"):
        return text
    if re.search(r"(s|x|z|ch|sh)$", text):
        return text + "es"
    if re.search(r"[^aeiou]y$", text):
        return text[:-1] + "ies"
    return text + "s"


class Writer:
    """Write text from patterns for one split, from one seed.

    split: "train", "validation" or "test". seed: int. chance: the random.Random that
    every choice of the newsroom comes from. titles: float, the share of people who are
    written with a title such as Dr. reordered: float, the share of facts that are told
    with the answer moved to the front.
    """

    def __init__(self, split, seed, titles=0.0, reordered=0.0):
        self.split, self.titles, self.reordered = split, titles, reordered
        self.chance = random.Random(f"newsroom {split} {seed}")
        self.names = name_lists(split)
        self.words = read_lists("words.txt")

    def pick(self, options):
        """Return one of the options, each as likely. options: sequence."""
        return options[int(self.chance.random() * len(options))]

    def often(self, share):
        """Return True with the probability share (0 to 1)."""
        return self.chance.random() < share

    def wording(self, wordings):
        """Return (index, wording) of one that the split may use. wordings: sequence."""
        return self.pick(for_split(wordings, self.split))

    def fill(self, pattern, bound=None):
        """Return the pattern, marked, with every field filled.

        bound: {name: value} that fields may use and `{x=...}` adds to. Raises KeyError
        for a field that is no list, no kind of name and not bound.
        """
        bound = {} if bound is None else bound
        return FIELD.sub(lambda field: self.fill_field(field, bound), pattern)

    def fill_field(self, field, bound):
        """Return the text of one field; keep its value in bound where it says so."""
        bind, form, name = field.groups()
        owner, _, part = name.partition(".")
        if owner in bound:
            value = getattr(bound[owner], part) if part else bound[name]
        else:
            value = self.draw(name, bound)
        if bind:
            bound[bind] = value
        text = str(value)
        before = field.string[: field.start()]
        if name == "PER" and UNTITLED.search(before) and self.often(self.titles):
            text = self.fill("{prefix} ") + text
        if form == "a":
            return with_article(text)
        return plural(text) if form == "s" else text

    def draw(self, name, bound):
        """Return a new value for a field's name: str, or Person for PER."""
        if name == "PER":
            return self.person()
        if name in DATES:
            return DATES[name](self.chance)
        if name in NAMED:
            return self.named(name)
        if found := RANGE.fullmatch(name):
            low, high = (int(n.replace(",", "")) for n in found.groups()[1:])
            number = self.chance.randint(low, high)
            if high >= 10_000:
                number = round(number, -2)
            if found[1]:
                return f"{number:,}"
            return calendar_dates.write_number(number, self.chance)
        if name in self.words:
            return self.fill(self.pick(self.words[name]), bound)
        if name in self.names:
            return self.fill(self.pick(self.names[name]), {})
        raise KeyError(
            f"the field {{{name}}} is neither bound nor a list in words.txt or "
            "names.txt: perhaps it is misspelt?"
        )

    def named(self, kind):
        """Return a marked organisation or place. kind: one of NAMED."""
        if kind == "ORG":
            return mark_name("ORG", self.fill("{org}"))
        if kind == "LOC":
            lists = ("city", "city", "city", "country", "country", "river", "place")
            return mark_name("LOC", self.fill(f"{{{self.pick(lists)}}}"))
        return mark_name("LOC", self.fill(f"{{{kind.lower()}}}"))

    def person(self):
        """Return a new Person, now and then with an initial or a second first name."""
        gender = self.pick(("female", "male"))
        first, family = self.pick(self.names[gender]), self.pick(self.names["last"])
        draw = self.chance.random()
        if draw < 0.04:
            first = f"{first} {self.pick('ABCDEFGHJKLMNPRSTW')}."
        elif draw < 0.08:
            first = f"{first} {self.pick(self.names[gender])}"
        return Person(first, family, gender)
