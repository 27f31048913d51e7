"""Correct answers that differ from the solution's, one module a lesson.

RIGHT maps an exercise to a list of answers that its check must accept.
"""
