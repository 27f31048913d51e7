"""One process at a time, where two kernels may write to the same place."""

import errno
from contextlib import contextmanager

from filelock import FileLock

NO_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP}  # some network folders


@contextmanager
def one_at_a_time(path, seconds):
    """Let one process at a time into the block; the others wait for it.

    path: Path of the lock, a file of no content that stays. A process that is killed
    lets go of it. seconds: how long to wait. Yields whether this process is alone for
    certain: False on a file system that knows no locks.

    Raises TimeoutError after these seconds, and OSError where the file cannot be made.
    """
    lock = FileLock(path, timeout=seconds)
    try:
        lock.acquire()
    except NotImplementedError:  # said by older versions of filelock
        alone = False
    except OSError as problem:
        if problem.errno not in NO_LOCKS:
            raise
        alone = False
    else:
        alone = True
    try:
        yield alone
    finally:
        lock.release()
