"""Read a model's folder whole, while another kernel may put another model there."""

import functools
import os

from course_utils.folder_swap import folder_state
from course_utils.pinned_files import AssetError

READINGS = 5


def read_again_if_replaced(load):
    """Let `load(model_class, name, kwargs)` never return half of each of two models.

    name: a folder, a Hub id or None. Where the folder was replaced meanwhile, what was
    read, or what was wrong with it, is dropped, and it is read again. Raises AssetError
    where that happens READINGS times.
    """

    @functools.wraps(load)
    def load_whole(model_class, name, kwargs):
        folder = name or os.environ.get("COURSE_MODEL")
        for _ in range(READINGS):
            before, loaded, failed = folder_state(folder), None, None
            try:
                loaded = load(model_class, name, dict(kwargs))
            except Exception as problem:  # half of each may fail in any way
                failed = problem
            if folder_state(folder) == before:
                if failed:
                    raise failed
                return loaded
        raise AssetError(
            f"The model {str(folder)!r} was replaced {READINGS} times while it was "
            "read. Likely cause: another kernel saves there again and again. Wait for "
            "it, or shut it down, then load again."
        )

    return load_whole
