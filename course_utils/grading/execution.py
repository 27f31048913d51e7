"""Run the cells of a submission in its kernel, with nbgrader's own preprocessor.

Check cells are not run in the kernel: where one stands, the examination takes place,
and its result becomes the cell's output. A kernel that dies or hangs is replaced: the
cell that did it is left out, the others run again, and exercises already judged keep
their mark.
"""

import base64
import contextlib
import json
import time
from queue import Empty

import zmq
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Any

from course_utils.grading.courier import Courier
from course_utils.grading.examination import examine
from course_utils.grading.kernel import START_SECONDS, WatchedKernel
from course_utils.grading.limits import CRASHED, FAILED, MEMORY, NOT_ATTEMPTED, TIMEOUT
from course_utils.grading.remote import KernelLost, limits_met
from course_utils.grading.sandbox import INBOX

GRACE = 20  # seconds that an interrupted kernel has to answer again
OUTPUT_SECONDS = 20  # until all that a cell has printed must be here
MOST_KERNELS, MOST_FAILED_STARTS = 8, 3
CALL_AGENT = "__import__('course_utils.grading.agent', fromlist=['agent']).handle({!r})"
EXPLAINED = {
    TIMEOUT: "The code ran longer than it may, and was stopped.",
    MEMORY: "The code asked for more memory than it may have, and was stopped.",
    CRASHED: "The kernel stopped while this code ran: it ended itself, started too "
    "many processes, or showed too much at once.",
}


class TimeUsedUp(Exception):
    """The notebook's time is over."""


class ExecuteAndExamine(Execute):
    """nbgrader's Execute, for one kernel, with bounds on time and output."""

    run = Any()  # the Run that this belongs to

    def __init__(self, notebook, run):
        super().__init__()
        self.nb, self.run = notebook, run
        self.iopub_timeout = OUTPUT_SECONDS
        self.startup_timeout = START_SECONDS
        self.timeout_func = lambda cell: max(1, int(self.run.cell_seconds()))
        self.timed_out = False

    def preprocess_cell(self, cell, resources, index):
        """Run a code cell, or examine where a check cell stands."""
        run = self.run
        if cell.cell_type != "code" or index in run.poisoned:
            return cell, resources
        if run.left() <= 0:
            raise TimeUsedUp
        run.current = index
        if index in run.checks:
            run.examine(index, self.ask)
            return cell, resources
        self.timed_out, self.room = False, run.place.limits.output_kb * 1000
        try:
            super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            raise KernelLost(self.km.ended or CRASHED) from None
        except CellTimeoutError:  # the end of its output never came
            if not self.timed_out:
                self.km.end(CRASHED)
                raise KernelLost(CRASHED) from None
        if self.timed_out:
            run.trouble[index] = TIMEOUT
            self.ask(("ping",))
        for output in cell.outputs:
            if output.output_type == "error":
                for reason in limits_met(output.ename, output.evalue):
                    run.trouble.setdefault(index, reason)
        return cell, resources

    async def _async_handle_timeout(self, timeout, cell=None):
        self.timed_out = True
        return await super()._async_handle_timeout(timeout, cell)

    def output(self, outs, msg, display_id, cell_index):
        """Keep errors and the beginning of what is printed; nothing else is needed."""
        content, kind = msg["content"], msg["msg_type"]
        if kind == "stream" and self.room > 0:
            text = str(content.get("text", ""))[: self.room]
            self.room -= len(text)
            outs.append(new_output("stream", text=text))
        elif kind == "error" and len(outs) < 100:
            said = {name: str(content.get(name))[:2000] for name in ("ename", "evalue")}
            outs.append(new_output("error", traceback=[], **said))

    def handle_comm_msg(self, outs, msg, cell_index):
        """Leave widgets alone: nobody looks at them here."""

    def ask(self, request, seconds=0):
        """Send a request to the agent in the kernel. Returns what it says, as a dict.

        Raises KernelLost where no answer comes within `seconds` and a grace.
        """
        if not self.km.is_alive():
            raise KernelLost(self.km.ended or CRASHED)
        path = self.run.courier.write(request)
        try:
            answer = run_sync(self._async_ask)(CALL_AGENT.format(path), seconds + GRACE)
        except zmq.ZMQError:  # nobody is there to receive it
            raise KernelLost(self.km.ended or CRASHED) from None
        return answer if isinstance(answer, dict) else {}

    async def _async_ask(self, expression, seconds):
        kernel, end = self.km, time.monotonic() + min(seconds, self.run.left() + GRACE)
        sent = self.kc.execute(
            "",
            silent=True,
            store_history=False,
            user_expressions={"said": expression},
            stop_on_error=False,
        )
        interrupted = False
        while True:
            with contextlib.suppress(Empty):
                reply = await self.kc.shell_channel.get_msg(timeout=0.5)
                if reply["parent_header"].get("msg_id") == sent:
                    return _read(reply)
            if not kernel.is_alive():
                raise KernelLost(kernel.ended or CRASHED)
            if time.monotonic() > end:
                if interrupted:
                    kernel.end(TIMEOUT)
                    raise KernelLost(TIMEOUT)
                kernel.interrupt_kernel()
                interrupted, end = True, time.monotonic() + GRACE


def _read(reply):
    """Return what the agent said: base64 of json, as the text of an expression."""
    said = reply["content"].get("user_expressions", {}).get("said", {})
    text = said.get("data", {}).get("text/plain", "") if isinstance(said, dict) else ""
    try:
        return json.loads(base64.b64decode(str(text).strip("'\""), validate=True))
    except (ValueError, RecursionError, MemoryError):
        return {}


class Run:
    """One submission's run. checks: {cell's index: (id, name)}. Fills `found`.

    found: {id: (status, message)}. trouble: {cell's index: why it was stopped}.
    """

    def __init__(self, notebook, checks, place, secret):
        self.notebook, self.checks, self.place = notebook, checks, place
        self.secret, self.found, self.trouble, self.poisoned = secret, {}, {}, set()
        self.current, self.failed_starts = None, 0
        self.end = time.monotonic() + place.limits.seconds

    def left(self):
        """Return the seconds left for the notebook."""
        return self.end - time.monotonic()

    def cell_seconds(self):
        """Return the seconds that the next cell may take."""
        return min(self.place.limits.cell_seconds, self.left())

    def execute(self):
        """Run the notebook, with new kernels where one is lost."""
        for _ in range(MOST_KERNELS):
            try:
                self._with_one_kernel()
                break
            except KernelLost as lost:
                self._blame(lost.reason)
            except TimeUsedUp:
                break
        for id, _ in self.checks.values():
            self.found.setdefault(id, (TIMEOUT, self._unreached()))

    def _unreached(self):
        limit = self.place.limits.seconds
        return (
            f"Not reached: the notebook may take {limit:g} seconds in all, and cells "
            "above this one used them up or stopped the kernel."
        )

    def _with_one_kernel(self):
        self.current, kernel = None, WatchedKernel(self.place)
        self.courier = Courier(
            self.place.inbox, self.place.inbox if self.place.unsafe else INBOX
        )
        client = ExecuteAndExamine(self.notebook, self)
        client.km, client.owns_km = kernel, False
        client.reset_execution_trackers()
        try:
            with client.setup_kernel():
                # loads the agent; cut short, the kernel would be of no use
                if client.ask(("ping",), START_SECONDS) != {"answers": True}:
                    raise KernelLost(TIMEOUT)
                for index, cell in enumerate(self.notebook.cells):
                    client.preprocess_cell(cell, {}, index)
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
            kernel.stop()

    def _blame(self, reason):
        """Note why the kernel was lost, and leave the cell that did it out from now."""
        if self.current is None:  # nothing of the student's has run yet
            self.failed_starts += 1
            if self.failed_starts == MOST_FAILED_STARTS:
                raise RuntimeError(f"the kernel did not start ({reason})")
            return
        self.trouble[self.current] = reason
        self.poisoned.add(self.current)
        if self.current in self.checks:
            id, _ = self.checks[self.current]
            self.found.setdefault(id, (reason, EXPLAINED[reason]))

    def examine(self, index, ask):
        """Judge the exercise whose check cell stands here, unless that is done."""
        id, name = self.checks[index]
        if id in self.found:
            return
        status, message = examine(id, name, ask, self.secret)
        reasons, errors = self._above(index)
        if status in (FAILED, NOT_ATTEMPTED) and reasons:
            status, message = reasons[-1], EXPLAINED[reasons[-1]]
        elif status == FAILED and errors:
            message += f"\n    The cell above stopped with {errors[-1]}"
        self.found[id] = status, message

    def _above(self, index):
        """Return what went wrong in the cells between the last check cell and this."""
        start = max((i for i in self.checks if i < index), default=-1)
        cells = range(start + 1, index)
        reasons = [self.trouble[i] for i in cells if i in self.trouble]
        outputs = [
            output
            for i in cells
            for output in self.notebook.cells[i].get("outputs", [])
            if output.output_type == "error"
        ]
        return reasons, [f"{o.ename}: {o.evalue[:200]}" for o in outputs]
