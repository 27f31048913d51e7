"""One seed for every source of chance in a lesson."""

import random

import numpy as np
import torch

from course_utils import memory_room  # noqa: F401  every lesson seeds: Adam asks there


def set_seed(seed=0):
    """Seed Python, NumPy and torch (CPU and CUDA), so that a lesson runs twice alike.

    seed: int, 0 <= seed < 2**32. Raises TypeError or ValueError for anything else.
    """
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise TypeError(
            f"seed is a {type(seed).__name__} ({seed!r}), expected an int: "
            "try set_seed(0)"
        )
    if not 0 <= seed < 2**32:
        raise ValueError(f"seed is {seed}, expected 0 <= seed < 2**32: try set_seed(0)")
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
