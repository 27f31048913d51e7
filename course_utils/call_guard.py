"""Checks before a call, for functions whose own code a lesson shows.

A lesson builds them line by line, and a test holds the module to that code: checks of
what a student hands in would hide the idea. So they stand beside the function.
"""

import inspect
from functools import wraps


def _needed(function):
    """Return the names of the arguments that have no default."""
    return {
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    }


def guarded(function, check):
    """Return the function with `check` called before it, with the same arguments.

    check: takes the function's arguments by name, and `**_` for those that it does not
    look at. It returns nothing, or raises TypeError or ValueError. Where an argument is
    missing, Python's own message is left to say so.
    """
    names = tuple(inspect.signature(function).parameters)
    needed = _needed(function)
    if not _needed(check) <= needed:
        raise TypeError(
            f"{check.__name__} needs {_needed(check) - needed}, which a call of "
            f"{function.__name__} may leave out: give it the same default"
        )

    @wraps(function)
    def call(*args, **kwargs):
        given = dict(zip(names, args, strict=False))
        given.update(kwargs)
        if needed <= given.keys():
            check(**given)
        return function(*args, **kwargs)

    return call
