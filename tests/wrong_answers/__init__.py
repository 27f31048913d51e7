"""Plausible wrong answers, one module a lesson, written apart from the checks' own.

WRONG maps an exercise to a list of (answer, words that its message must contain).
"""
