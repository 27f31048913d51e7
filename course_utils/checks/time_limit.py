"""Call a function for at most so many seconds: an endless loop ends with OutOfTime.

In the main thread (where a notebook's cells run) on Linux and macOS: SIGALRM by
`signal.setitimer`. Elsewhere: a second thread raises OutOfTime in this one. Both act
between two steps of Python, so one long call into C (a huge product of matrices) is
stopped only after it. A bare `except:` in a loop swallows OutOfTime, so it is raised
again, and by the signal at last so often that it also meets the few steps outside of
`try`. The second thread cannot do that: there such a loop needs a kernel restart.
"""

import ctypes
import signal
import sys
import threading
import time
from collections import deque

AGAIN, OFTEN = 0.02, 0.00002  # seconds until it is raised once more
SETTLE = 0.005
PATIENCE = 10  # times, until it is raised often


class OutOfTime(BaseException):
    """Raised inside the student's code when its time is up."""


def call_within(seconds, function):
    """Call `function()`. Returns (value, error, whether the time ran out).

    Every exception is caught, SystemExit and KeyboardInterrupt as well. An alarm that
    was set before goes on after. OutOfTime inside a destructor is not raised further:
    Python would print it, by a hook that may itself be interrupted. That hook rests.
    """
    here = threading.current_thread() is threading.main_thread()
    limit = (_Alarm if here and hasattr(signal, "setitimer") else _Watcher)()
    value = error = None
    hook_before = sys.unraisablehook
    try:
        sys.unraisablehook = deque(maxlen=0).append  # written in C: no ring inside
        limit.start(seconds)
        try:
            value = function()
        finally:
            limit.armed = False
    except OutOfTime:
        pass
    except BaseException as problem:
        error = problem
    finally:
        limit.armed = False
        limit.stop()
        sys.unraisablehook = hook_before
    return value, error, bool(limit.fired)


class _Alarm:
    """The limit by signal."""

    def __init__(self):
        self.armed, self.fired = False, 0

    def start(self, seconds):
        self.started = time.monotonic()
        self.handler_before = signal.signal(signal.SIGALRM, self._ring)
        self.armed = True
        self.timer_before = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)

    def _ring(self, number, frame):
        if not self.armed or frame is None or frame.f_code is call_within.__code__:
            return  # the student's code is not running: nobody may be disturbed
        self.fired += 1
        if self.fired == PATIENCE:
            signal.setitimer(signal.ITIMER_REAL, OFTEN, OFTEN)
        raise OutOfTime

    def stop(self):
        signal.setitimer(signal.ITIMER_REAL, 0)
        if self.fired:
            time.sleep(SETTLE)  # a last ring, caught by another thread, comes here yet
        signal.signal(signal.SIGALRM, self.handler_before)
        delay, interval = self.timer_before
        if delay:
            passed = time.monotonic() - self.started
            signal.setitimer(signal.ITIMER_REAL, max(delay - passed, 0.001), interval)


class _Watcher:
    """The limit by a thread that watches."""

    def __init__(self):
        self.armed = self.fired = False
        self.lock, self.done = threading.Lock(), threading.Event()

    def start(self, seconds):
        self.target = ctypes.c_ulong(threading.get_ident())
        self.armed = True
        self.thread = threading.Thread(target=self._watch, args=(seconds,), daemon=True)
        self.thread.start()

    def _watch(self, seconds):
        self.done.wait(seconds)
        while not self.done.is_set():
            with self.lock:
                if not self.armed:
                    return
                self.fired = True
                self._raise(ctypes.py_object(OutOfTime))
            self.done.wait(AGAIN)

    def _raise(self, what):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(self.target, what)

    def stop(self):
        while True:
            try:
                self.done.set()
                self.thread.join()
                self._raise(None)  # takes back what was not raised yet
                return
            except OutOfTime:  # raised late: here instead of in the student's code
                continue
