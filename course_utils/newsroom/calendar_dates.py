"""Dates as the newsroom writes them, marked DATE, and numbers in words."""

from course_utils.dates import MONTHS, WEEKDAYS, ordinal
from course_utils.newsroom.marks import mark

SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve",
)  # fmt: skip


def write_year(chance):
    """Return a marked year, mostly after 1850. chance: random.Random."""
    first, last = chance.choice(((1850, 2024), (1950, 2024), (1200, 1850)))
    return mark("DATE", str(chance.randint(first, last)))


def write_decade(chance):
    """Return a marked decade, such as 1960s; the article stays outside."""
    return mark("DATE", f"{chance.randrange(1700, 2020, 10)}s")


def write_month(chance):
    """Return a marked month, with its year three times out of four."""
    month = chance.choice(MONTHS)
    if chance.random() < 0.25:
        return mark("DATE", month)
    return mark("DATE", f"{month} {chance.randint(1850, 2024)}")


def write_month_name(chance):
    """Return a marked month without a year."""
    return mark("DATE", chance.choice(MONTHS))


def write_weekday(chance):
    """Return a marked day of the week."""
    return mark("DATE", chance.choice(WEEKDAYS))


def write_day(chance):
    """Return a marked calendar day, in one of seven forms."""
    day, month = chance.randint(1, 28), chance.choice(MONTHS)
    year, weekday = chance.randint(1850, 2024), chance.choice(WEEKDAYS)
    forms = (
        f"{day} {month} {year}", f"{month} {day}, {year}", f"{day} {month}",
        f"{month} {day}", f"{weekday}", f"{weekday} {day} {month}",
        f"{weekday}, {day} {month} {year}", f"{ordinal(day)} {month} {year}",
        f"{day} {month} {year}", f"{month} {ordinal(day)}",
    )  # fmt: skip
    return mark("DATE", chance.choice(forms))


def write_in(chance):
    """Return "in" with a marked month, year or decade."""
    kind = chance.choice((write_year, write_year, write_month, write_decade))
    return "in " + ("the " if kind is write_decade else "") + kind(chance)


def write_on(chance):
    """Return "on" with a marked day, or such as "last Tuesday" without "on"."""
    if chance.random() < 0.2:
        near = f"{chance.choice(('last', 'next', 'this'))} {chance.choice(WEEKDAYS)}"
        return mark("DATE", near.replace("next", "last"))
    return "on " + write_day(chance)


def write_number(number, chance):
    """Return the number in words up to twelve (mostly), else in digits with commas."""
    if number < len(SMALL) and chance.random() < 0.7:
        return SMALL[number]
    return f"{number:,}"
