"""How many cases hypothesis draws: `make test-hypothesis` takes more of them.

It sets HYPOTHESIS_PROFILE=slow; `make test` keeps to the small numbers.
"""

import os

from hypothesis import settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")
FACTOR = {"slow": 3}.get(PROFILE, 1)


def cases(number):
    """Return how many cases to draw where `make test` draws `number`."""
    return number * FACTOR


def use_profile():
    """Let tests that name no number of cases follow the profile, too."""
    settings.register_profile("slow", max_examples=cases(100), deadline=None)
    if PROFILE == "slow":
        settings.load_profile("slow")
