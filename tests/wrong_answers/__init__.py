"""Plausible wrong answers, one module a lesson, written apart from the checks' own.

WRONG maps an exercise to a list of (answer, words that its message must contain).
"""

from functools import cache

from course_utils.checks.engine import examine


@cache
def tried(id, answer):
    """Return the Result of a wrong answer, computed once for all tests."""
    return examine(id, answer, seconds=2)
