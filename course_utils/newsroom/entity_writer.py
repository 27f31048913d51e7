"""Names and dates of many more shapes, for entity labels only.

Real names of people, places, firms and clubs, and invented ones. The same invented name
may be a person here, a town there and a firm elsewhere: only the words around it tell.
"""

from course_utils.newsroom import calendar_dates
from course_utils.newsroom.marks import mark
from course_utils.newsroom.names import Person, mark_name, name_lists
from course_utils.newsroom.writer import Writer

FILE = "entity_names.txt"
RULES = ("stem", "softstem", "familyend", "townend", "brandend", "softend")
RULES += ("shape", "orgshape", "tint", "headword", "season", "craft", "stuff")
PLACES = ("city", "city", "town", "town", "coined", "region", "water", "landmark")
PLACES += ("shape", "shape", "country", "land", "river", "place")
FIRMS = ("org", "org", "firm", "institution", "institution", "orgshape", "orgshape")
RARER = {"role": "craft", "thing": "stuff"}
ORDINARY = {"Park", "King", "Hill", "Stone", "Wood", "West", "Rose", "Bell", "Knight"}
ORDINARY |= {
    "Will",
    "Prince",
    "Sun",
    "Gray",
    "Green",
    "Grant",
    "Young",
    "Price",
    "Webb",
}
HELD_OUT = 5  # every fifth name and pair of syllables is kept for test


class EntityWriter(Writer):
    """A Writer whose names have many shapes; see the module.

    split, seed: as for Writer. Its lists are those of names.txt and entity_names.txt.
    """

    def __init__(self, split, seed):
        super().__init__(split, seed, titles=0.06)
        self.names = self.names | name_lists(split, FILE, RULES)

    def draw(self, name, bound):
        """Return a new value for a field's name; invented names and dates, too."""
        if name in ("name", "coined", "brand2", "letters"):
            return getattr(self, f"draw_{name}")()
        if name == "ON":
            near = self.often(0.2)
            return self.near_date() if near else "on " + self.draw("DAY", bound)
        if name == "last" and self.often(0.4):
            return self.family_name()
        if name == "first1" and self.often(0.5):
            return self.pick(self.names["given"])
        if name in RARER and self.often(0.3):
            return self.pick(self.names[RARER[name]])
        return super().draw(name, bound)

    def named(self, kind):
        """Return a marked organisation or place. kind: one of writer.NAMED."""
        label = "ORG" if kind == "ORG" else "LOC"
        lists = {
            "ORG": FIRMS,
            "LOC": PLACES,
            "CITY": ("city", "city", "town", "coined"),
            "COUNTRY": ("country", "country", "land", "region"),
            "RIVER": ("river", "water"),
            "PLACE": ("place", "shape"),
        }[kind]
        return mark_name(label, self.fill(f"{{{self.pick(lists)}}}"))

    def person(self):
        """Return a new Person: one to four words, known and invented."""
        draw, gender = self.chance.random(), self.pick(("female", "male"))
        first = self.pick(self.names[self.pick((gender, gender, "given"))])
        family = self.family_name()
        alone = first if draw < 0.16 else family
        if draw < 0.30 and alone not in ORDINARY:
            return Person(alone, "", gender)
        if 0.30 <= draw < 0.35:
            return Person(self.pick(self.names["mononym"]), "", gender)
        if 0.35 <= draw < 0.39:
            initials = f"{self.pick('ABCDEFGHJKLMNPRSTW')}. "
            first = initials * self.pick((1, 1, 2))
        elif 0.39 <= draw < 0.44:
            first = f"{first} {self.pick('ABCDEFGHJKLMNPRSTW')}."
        elif 0.44 <= draw < 0.50:
            first = f"{first} {self.pick(self.names[gender])}"
        elif 0.50 <= draw < 0.54:
            family = f"{family} {self.family_name()}"
        elif 0.54 <= draw < 0.56:
            first, family = family, f"{first} {self.pick(self.names['given'])}"
        return Person(first.strip(), family, gender)

    def family_name(self):
        """Return a family name, a third of them invented."""
        if self.often(0.35):
            return self.coin("familyend")
        return self.pick(self.names[self.pick(("last", "family"))])

    def coin(self, ending):
        """Return an invented name of a stem and an ending. ending: a list's name."""
        stems, endings = "stem", ending
        if ending != "brandend" and self.often(0.3):
            stems, endings = "softstem", "softend"
        stems, endings = self.names[stems], self.names[endings]
        while True:
            i = int(self.chance.random() * len(stems))
            j = int(self.chance.random() * len(endings))
            if ((i + j) % HELD_OUT == HELD_OUT - 1) == (self.split == "test"):
                return stems[i] + endings[j]

    def draw_coined(self):
        """Return an invented town."""
        return self.coin("townend")

    def draw_brand2(self):
        """Return an invented firm of one word."""
        return self.coin("brandend")

    def draw_letters(self):
        """Return an abbreviation of two to four letters."""
        size = self.pick((2, 3, 3, 4))
        return "".join(self.pick("ABCDEFGHIKLMNOPRSTUVW") for _ in range(size))

    def draw_name(self):
        """Return the name of a town, a region or a person, for names made of them."""
        kind = self.pick(("town", "town", "city", "region", "coined", "coined", "last"))
        name = self.fill(f"{{{kind}}}")
        return name.removeprefix("the ")

    def near_date(self):
        """Return such as "last Friday" or "next June", marked; or "on Monday night"."""
        when = self.pick(("last", "next", "last"))
        draw = self.chance.random()
        if draw < 0.35:
            day = self.pick(calendar_dates.WEEKDAYS)
            return mark("DATE", f"{when} {day}")
        if draw < 0.6:
            return mark("DATE", f"{when} {self.pick(calendar_dates.MONTHS)}")
        part = self.pick(("morning", "evening", "night", "afternoon"))
        return f"on {calendar_dates.write_weekday(self.chance)} {part}"
