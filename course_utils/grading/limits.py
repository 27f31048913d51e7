"""What one submission may use, and the words for how an exercise ended."""

from dataclasses import asdict, dataclass

OK, NOT_ATTEMPTED, FAILED = "ok", "not attempted", "failed"
TIMEOUT, MEMORY, CRASHED = "timeout", "memory", "crashed"
UNREADABLE, RESTORED = "unreadable", "check cell missing (restored)"
NEEDS_A_LOOK = "needs a look"
STATUSES = (
    OK,
    NOT_ATTEMPTED,
    FAILED,
    TIMEOUT,
    MEMORY,
    CRASHED,
    UNREADABLE,
    RESTORED,
    NEEDS_A_LOOK,
)


@dataclass(frozen=True)
class Limits:
    """seconds: whole notebook. cell_seconds: one cell. memory_mb: all its processes.

    disk_mb: what it may write. output_kb: what is kept of a cell's output.
    processes: of processes and threads, half as many processes. notebook_mb: the file.
    """

    seconds: float = 600
    cell_seconds: float = 120
    memory_mb: int = 4000
    disk_mb: int = 256
    output_kb: int = 200
    processes: int = 200
    notebook_mb: int = 20

    @property
    def as_dict(self):
        """The limits by name, as they are noted beside the results."""
        return asdict(self)


@dataclass(frozen=True)
class Mark:
    """How one exercise ended. message: plain text for the student; code: their cell."""

    exercise: str
    status: str
    points: float
    possible: float
    message: str = ""
    code: str = ""
