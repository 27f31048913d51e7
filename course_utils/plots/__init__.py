"""The figures of the lessons, a module for each subject, in one style.

Each function draws one figure and shows it; the caller's title says the finding.
"""
