"""What a student's cell prints: a flood of it is cut short inside the kernel.

The kernel sends what was printed a few times a second. The grader refuses a message of
more than 32 MB, so that a kernel that prints a gigabyte at once would be lost.
"""

import time

from ipykernel.iostream import OutStream

WINDOW = 0.2  # seconds
MOST = 1_000_000  # characters in one window: more than the grader keeps of a cell


class BoundedStream(OutStream):
    """The kernel's standard output, or error, with at most MOST characters a WINDOW."""

    _room, _until = 0, 0.0

    def write(self, string):
        """Write the beginning, as far as there is room. Returns the whole length."""
        now = time.monotonic()
        if now > self._until:
            self._room, self._until = MOST, now + WINDOW
        kept = string[: self._room]
        if kept:
            super().write(kept)
        self._room -= len(kept)
        return len(string)
