"""Explorers: change an input in the notebook, see at once what a lesson's code does."""
