"""Dates as people write them, and as ISO 8601 writes them: data without a download.

Lesson 01 learns to translate the first into the second. Days run from 1970 to 2069, so
that a year of two digits has one meaning (87 is 1987, 12 is 2012; POSIX draws the line
elsewhere, every such line is a convention).
"""

import datetime
import random
import re

from course_utils.value_checks import check_whole

FIRST_DAY = datetime.date(1970, 1, 1)
LAST_DAY = datetime.date(2069, 12, 31)
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
# d day, o ordinal day, m month's name, b its first three letters, y year, s its last
# two digits, w weekday, a its first three letters.
PATTERNS = (
    "the {o} of {m} {y}", "{m} {d}, {y}", "{d} {m} {y}", "{w} {d} {b} {s}",
    "{w}, {m} {o}, {y}", "{b} {d} {y}", "{o} {b} {s}", "{a} {d} {m} {y}",
    "{d}-{b}-{y}", "{y}, {m} {d}", "{b}. {o}, {y}", "{m} the {o}, {y}",
)  # fmt: skip


def ordinal(number):
    """Return 1st, 2nd, 3rd, 4th, ... 11th, 12th, 13th, ... 21st. number: int."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}" + {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def write_date(day, pattern, case=str):
    """Return the day in words. day: datetime.date. pattern: one of PATTERNS.

    case: str, str.lower or str.upper.
    """
    month, weekday = MONTHS[day.month - 1], WEEKDAYS[day.weekday()]
    words = pattern.format(
        d=day.day,
        o=ordinal(day.day),
        m=month,
        b=month[:3],
        y=day.year,
        s=f"{day.year % 100:02d}",
        w=weekday,
        a=weekday[:3],
    )
    return case(words)


def make_dates(train=12_000, test=1_000, seed=0):
    """Return two lists of (words, iso), for training and for testing.

    train, test: how many. No day of the test list is in the training list, in whatever
    words. Each list's days are all different; at most 36,525 in all, else ValueError.
    """
    for name, number in (("train", train), ("test", test), ("seed", seed)):
        check_whole(name, number, -(2**62), "how many dates" * (name != "seed"))
    days = (LAST_DAY - FIRST_DAY).days + 1
    if min(train, test) < 0 or train + test > days:
        raise ValueError(
            f"train={train} and test={test} were asked for, expected 0 or more each "
            f"and at most {days:,} together: each day is used once"
        )
    chance = random.Random(seed)
    pairs = []
    for offset in chance.sample(range(days), train + test):
        day = FIRST_DAY + datetime.timedelta(offset)
        pattern = chance.choice(PATTERNS)
        case = chance.choice((str, str, str.lower))
        pairs.append((write_date(day, pattern, case), day.isoformat()))
    return pairs[:train], pairs[train:]


def date_parts(text):
    """Return where year, month and day stand in a date: {name: (first, end)}.

    text: str, as write_date or as ISO 8601 writes it. Raises TypeError for anything but
    a str, ValueError where a part is not found.
    """
    if not isinstance(text, str):
        raise TypeError(
            f"expected one date (str), got a {type(text).__name__}: call it for each"
        )
    if iso := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        return {"year": iso.span(1), "month": iso.span(2), "day": iso.span(3)}
    year = re.search(r"\d{4}|\d\d$", text)
    month = re.search(
        rf"({'|'.join(m[:3] for m in MONTHS)})[a-z]*", text, re.IGNORECASE
    )
    numbers = [number.span() for number in re.finditer(r"\d+(st|nd|rd|th)?", text)]
    days = [span for span in numbers if year and span != year.span()]
    if not (year and month and len(days) == 1):
        raise ValueError(
            f"{text!r} is not a date that write_date or ISO 8601 writes: expected a "
            "year, a month's name and a day, such as '4 May 1987' or '1987-05-04'"
        )
    return {"year": year.span(), "month": month.span(), "day": days[0]}
