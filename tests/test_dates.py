"""The generator of dates: right, varied, repeatable, no test day in training."""

import datetime
import re

import pytest

from course_utils import date_parts, make_dates
from course_utils.dates import MONTHS, PATTERNS, ordinal, write_date

DAY = datetime.date(1987, 3, 3)


def test_ordinals():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd",
        "30th", "31st",
    ]  # fmt: skip


def test_one_day_in_all_patterns():
    written = [write_date(DAY, pattern) for pattern in PATTERNS]
    assert len(set(written)) == len(PATTERNS) == 12
    assert {"the 3rd of March 1987", "March 3, 1987", "Tuesday 3 Mar 87"} <= set(
        written
    )
    assert write_date(DAY, PATTERNS[1], str.lower) == "march 3, 1987"
    assert write_date(datetime.date(2004, 3, 3), "{s}") == "04"


def test_every_pair_says_the_same_day_twice():
    for words, iso in make_dates(3000, 0)[0]:
        day = datetime.date.fromisoformat(iso)
        assert re.search(day.strftime("%b"), words, re.IGNORECASE)
        assert re.search(rf"\b{day.day}(\b|st|nd|rd|th)", words)
        assert re.search(rf"\b({day.year}|{iso[2:4]})\b", words)


def test_lists_share_no_day_and_repeat():
    train, test = make_dates(2000, 500, seed=3)
    assert (len(train), len(test)) == (2000, 500)
    assert len({iso for _, iso in train + test}) == 2500
    assert make_dates(2000, 500, seed=3) == (train, test)
    assert make_dates(2000, 500, seed=4) != (train, test)


@pytest.mark.parametrize(("train", "test"), [(-1, 5), (5, -1), (36_525, 1)])
def test_impossible_numbers_are_refused(train, test):
    with pytest.raises(ValueError, match=f"train={train} and test={test}"):
        make_dates(train, test)


def test_all_days_can_be_used():
    train, test = make_dates(36_525, 0)
    assert len({iso for _, iso in train}) == 36_525 and test == []


def test_parts_are_where_they_were_written():
    for words, iso in make_dates(3000, 0)[0]:
        year, month, day = (words[slice(*span)] for span in date_parts(words).values())
        full = MONTHS[int(iso[5:7]) - 1].lower()
        assert year in (iso[:4], iso[2:4]) and month.lower() in (full, full[:3])
        assert day in (str(int(iso[8:])), ordinal(int(iso[8:])))


def test_parts_of_an_iso_date():
    assert date_parts("1987-03-04") == {"year": (0, 4), "month": (5, 7), "day": (8, 10)}


@pytest.mark.parametrize("text", ["", "March 1987", "3 1987", "3 4 March 1987", "x"])
def test_parts_of_another_text_are_refused(text):
    with pytest.raises(ValueError, match="is not a date"):
        date_parts(text)


def test_parts_of_no_text_are_refused():
    with pytest.raises(TypeError, match="got a NoneType"):
        date_parts(None)
