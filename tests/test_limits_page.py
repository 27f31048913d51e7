"""The table of lessons under little memory counts runs, and only those."""

from tests.slow.limits_page import shown_outcomes, words

KILLED = {"outcome": "killed", "cell": 58}
STOPPED = {"outcome": "stopped", "cell": 26}
WHOLE = {"outcome": "whole", "seconds": 60}


def test_what_was_not_run_is_in_brackets_and_not_counted():
    rows = {
        "01_a": shown_outcomes({700: WHOLE}),
        "02_b": shown_outcomes({700: KILLED, 1000: STOPPED, 1500: WHOLE}),
    }
    assert rows["01_a"] == ["whole", "(whole)", "(whole)"]
    assert rows["02_b"] == ["killed in cell 58", "stopped in cell 26", "whole"]
    said = words(rows)
    assert "Lessons: 2 of " in said and "Runs: 4." in said
    assert "Outcomes: whole 2, stopped 1, killed 1." in said
