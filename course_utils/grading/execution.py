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
HURRIED_SECONDS = 10  # for a cell that uses a function known to be endless
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
        run.hurried = run.hurried and not opens_an_exercise(cell)
        if cell.cell_type != "code":
            return cell, resources
        if index in run.checks:
            run.examine(index, self.ask)
            return cell, resources
        if index in run.poisoned:
            return cell, resources
        if run.left() <= 0:
            raise TimeUsedUp
        run.current = index
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


def opens_an_exercise(cell):
    """Return whether the cell is the heading of a task or a question."""
    return cell.cell_type == "markdown" and cell.source.startswith("### ")


def has_code(cell):
    """Return whether more than comments and empty lines stand in a code cell."""
    lines = (line.strip() for line in cell.source.splitlines())
    return cell.cell_type == "code" and any(x and x[0] != "#" for x in lines)


class Run:
    """One submission's run. checks: {cell's index: (id, name)}. Fills `found`.

    found: {id: (status, message)}. trouble: {cell's index: why it was stopped}.
    hurried: whether the cells up to the next exercise only use a function that has just
    run out of time: they get little of it.
    """

    def __init__(self, notebook, checks, place, secret):
        self.notebook, self.checks, self.place = notebook, checks, place
        self.secret, self.found, self.trouble, self.poisoned = secret, {}, {}, set()
        self.current, self.failed_starts, self.hurried = None, 0, False
        self.end = time.monotonic() + place.limits.seconds

    def left(self):
        """Return the seconds left for the notebook."""
        return self.end - time.monotonic()

    def cell_seconds(self):
        """Return the seconds that the next cell may take."""
        limit = self.place.limits.cell_seconds
        return min(limit, HURRIED_SECONDS if self.hurried else limit, self.left())

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
        self.current, self.hurried = None, False
        kernel = WatchedKernel(self.place)
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
        """Judge the exercise whose check cell stands here, unless that is done.

        A name that several exercises use, such as `answer`, is forgotten afterwards: no
        exercise gets the answer of the one before.
        """
        id, name = self.checks[index]
        if id not in self.found:
            if self.left() <= 0:
                raise TimeUsedUp
            self.current = index
            self.found[id] = self._judged(index, ask)
        self.hurried = self.found[id][0] == TIMEOUT
        if sum(other == name for _, other in self.checks.values()) > 1:
            ask(("forget", name))

    def _judged(self, index, ask):
        """Return (status, message) of the exercise whose check cell stands here."""
        id, name = self.checks[index]
        own = self._own_cells(index)
        attempted = any(has_code(self.notebook.cells[i]) for i in own)
        status, message = examine(id, name, ask, self.secret, attempted=attempted)
        reasons = [self.trouble[i] for i in own if i in self.trouble]
        errors = [
            f"{output.ename}: {output.evalue[:200]}"
            for i in own
            for output in self.notebook.cells[i].get("outputs", [])
            if output.output_type == "error"
        ]
        if status in (FAILED, NOT_ATTEMPTED) and reasons:
            status, message = reasons[-1], EXPLAINED[reasons[-1]]
        elif status == FAILED and errors:
            message += f"\n    Your cell stopped with {errors[-1]}"
        return status, message

    def _own_cells(self, index):
        """Return the places of an exercise's cells, its check cell being at `index`.

        From its heading on, and its answer cell wherever it is. What stands between the
        check before and the heading belongs to the exercise before.
        """
        cells = self.notebook.cells
        between = range(
            max((i for i in self.checks if i < index), default=-1) + 1, index
        )
        first = max((i for i in between if opens_an_exercise(cells[i])), default=0)
        return [
            i
            for i in between
            if i >= first or cells[i].metadata.get("nbgrader", {}).get("solution")
        ]
