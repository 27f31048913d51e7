"""docs/budgets.md has a row for a lesson; a new run replaces its own row only."""

from tests.slow.budget_page import LIMIT_MB, PAGE, ROW, with_row
from tests.slow.lesson_copies import LESSONS

HERE, THERE = (
    "This computer.\nThe memory limit: one.",
    "Another.\nThe memory limit: two.",
)


def measured(seconds, kernel_mb=600):
    return {"seconds": seconds, "cells": 35, "kernel_mb": kernel_mb, "server_mb": 150}


def rows(text):
    return [found[0].rstrip("\n") for found in ROW.finditer(text)]


def test_rows_come_one_at_a_time_in_order():
    text = with_row("", "02_tokens", measured(40), HERE)
    text = with_row(text, "01_attention", measured(90), HERE)
    text = with_row(text, "02_tokens", measured(41), HERE)
    assert rows(text) == [
        "| 01_attention | 90 | 600 | 150 | 750 | 35 |",
        "| 02_tokens | 41 | 600 | 150 | 750 | 35 |",
    ]
    assert "(*)" not in text


def test_a_long_run_is_marked():
    text = with_row("", "07_training", measured(151), HERE)
    assert "| 151 (*) |" in text and "(*) over 150 seconds" in text
    assert "(*)" not in with_row(text, "07_training", measured(150), HERE)


def test_another_machine_starts_another_table():
    text = with_row("", "01_attention", measured(90), HERE)
    text = with_row(text, "02_tokens", measured(40), THERE)
    assert len(rows(text)) == 1 and "This computer" not in text


def test_every_row_is_a_lesson_that_fits():
    text = PAGE.read_text("utf-8")
    found = {match[1]: match[0].split(" | ") for match in ROW.finditer(text)}
    assert list(found) == [path.stem for path in LESSONS]
    for columns in found.values():
        kernel, server, together = map(int, columns[2:5])
        assert together == kernel + server < LIMIT_MB
