"""A pytest plugin for `make bench`: a lesson that grew by half fails, and is named.

Seconds differ between machines, so each lesson's are divided by those of a fixed matrix
product, taken in the same run just before and after it. The committed page keeps the
least that was seen of each lesson. A run above 1.5 times that, in time or in memory,
fails and leaves the page as it is; another one can only lower it. Where a lesson grew
for a good reason, delete its row: the next run begins anew.
"""

import re
import statistics
import time
from itertools import pairwise
from pathlib import Path

import pytest
import torch

from tests.benchmarks.page_parts import platform_line, table
from tests.lesson_runs import name_of

PAGE = Path(__file__).with_name("LESSONS.md")
OVER = 1.5
SIDE, PRODUCTS, TAKES = 1024, 10, 5
HEADER = ("lesson", "seconds", "products", "MB", "least products", "least MB")
NOT_KNOWN = "-"  # a system that does not tell a process's memory
ROW = re.compile(r"^\| (\d\d_\w+) \|((?: *(?:[\d.]+|-) *\|){5})$", re.M)


def product_seconds():
    """Return the median seconds of PRODUCTS products of two SIDE x SIDE matrices."""
    left, right = torch.ones(2, SIDE, SIDE)
    taken = []
    for _ in range(TAKES):
        start = time.perf_counter()
        for _ in range(PRODUCTS):
            left @ right
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def read_rows(text):
    """Return the rows of a page, as tuples of str in HEADER's order."""
    return [(row[1], *row[2].replace("|", " ").split()) for row in ROW.finditer(text)]


def read_budgets(text):
    """Return {lesson: (least products, least MB)} of a page, floats or None."""
    return {
        row[0]: tuple(None if n == NOT_KNOWN else float(n) for n in row[4:])
        for row in read_rows(text)
    }


def compare(measured, budgets):
    """Return (rows of the new page, what is over), both as lists of str or tuples.

    measured: {lesson: (seconds, products, MB)}. budgets: {lesson: (products, MB)}; a
    lesson that is not in it has no limit yet. None stands for what is not known: it is
    not compared, and the least that was known before stays.
    """
    rows, over = [], []
    for lesson, (seconds, *now) in sorted(measured.items()):
        least, lowest = budgets.get(lesson, now), []
        for what, value, limit in zip(("products", "MB"), now, least, strict=True):
            known = [n for n in (value, limit) if n is not None]
            lowest.append(min(known, default=None))
            if len(known) == 2 and value > OVER * limit:
                over.append(
                    f"{lesson} took {value:.0f} {what}, its least is {limit:.0f}: more "
                    f"than {OVER} times as much"
                )
        figures = (seconds, *now, *lowest)
        shown = (NOT_KNOWN if n is None else f"{n:.0f}" for n in figures)
        rows.append((lesson, *shown))
    return rows, over


def page_text(rows):
    """Return the page's text for the rows that `compare` gave.

    Raises ValueError where a row could not be read back: its budget would be lost.
    """
    text = f"""# Each lesson, measured

Written by `make bench`: do not edit. Each lesson ran once, alone, from start to end;
the memory is the most that its kernel held. Another machine gives other seconds.

*Products*: the seconds, divided by those of {PRODUCTS} products of matrices with a
side of {SIDE:,}, taken in the same run. More than {OVER} times the least, in products
or in memory, fails; where a lesson grew for a good reason, its row is deleted first.

{platform_line()}

{table(HEADER, rows)}
"""
    lost = set(rows) - set(read_rows(text))
    if lost:
        raise ValueError(
            f"{sorted(lost)[0]} cannot be read back, expected whole numbers, or "
            f"{NOT_KNOWN!r} where the memory is not known: the page stays as it was"
        )
    return text


def pytest_configure(config):
    config.pluginmanager.register(LessonBudgets(), "lesson_budgets_instance")


class LessonBudgets:
    """The hooks, and the seconds of the product before each notebook and at the end."""

    def __init__(self):
        self.begun, self.products = [], []

    def pytest_runtest_logstart(self, nodeid):
        path = Path(nodeid.split("::")[0])
        if path.suffix == ".ipynb" and name_of(path) not in self.begun:
            self.begun.append(name_of(path))
            self.products.append(product_seconds())

    def pytest_sessionfinish(self, session):
        runs = session.config.pluginmanager.get_plugin("lesson_runs_instance")
        around = pairwise([*self.products, product_seconds()])
        measured = {
            name.split("/")[1]: (
                runs.seconds[name],
                runs.seconds[name] / statistics.mean(before_and_after),
                runs.peak_mb.get(name),
            )
            for name, before_and_after in zip(self.begun, around, strict=True)
        }
        before = PAGE.read_text("utf-8")
        self.rows, self.over = compare(measured, read_budgets(before))
        if self.over:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        elif session.exitstatus == pytest.ExitCode.OK:
            others = [row for row in read_rows(before) if row[0] not in measured]
            PAGE.write_text(page_text(sorted([*others, *self.rows])), "utf-8")

    def pytest_terminal_summary(self, terminalreporter):
        terminalreporter.section("budgets of the lessons")
        terminalreporter.write_line(table(HEADER, self.rows))
        for line in self.over:
            terminalreporter.write_line(f"OVER BUDGET: {line}")
