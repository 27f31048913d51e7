"""A lesson's code cells, and a kernel in this process that runs them one by one."""

import ast
import builtins
import contextlib
import io
import re
import sys
from dataclasses import dataclass, field
from unittest.mock import patch

import nbformat
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from tests.out_of_order.digests import digest, surroundings
from tests.out_of_order.figures import take_figures
from tests.slow.lesson_copies import PROGRESS

ADDRESS = re.compile(r"0x[0-9a-f]+")
PLOT = re.compile(r"\bplots?[._]\w+\(|\bexplore_\w+\(|_explorer\(")
TRAINS = re.compile(r"^history = train\(|^    train_step\(|^    loss\.backward\(", re.M)
CLAIM = "claim_of_the_lesson"


@dataclass(frozen=True)
class Cell:
    """A code cell. section: int, how many headings of the second level came before."""

    id: str
    source: str
    section: int
    is_plot: bool
    trains: bool
    shows: bool
    loads: frozenset  # names that it may look up, now or in its functions
    lasting: frozenset  # names that its functions and classes may look up later


class TickingClock:
    """Stands in for `time.perf_counter`: a call is 0.25 s after the one before.

    It begins anew with each cell. So seconds are the same on each computer and in each
    order, and what holds them, such as a training's history, can be compared whole.
    """

    def __init__(self):
        self.calls = 0

    def __call__(self):
        self.calls += 1
        return self.calls / 4


@dataclass
class Outcome:
    """What a run of a cell gave: texts by kind, and the error that ended it, if any."""

    texts: dict
    error: BaseException | None
    claims: dict = field(default_factory=dict)  # {where: did it always hold}


def read_cells(path, changes=()):
    """Return the code cells of a notebook, made shorter: a list of Cell.

    changes: pairs (pattern, replacement) of regular expressions. Raises ValueError
    where a pattern is found in no cell: then the lesson has changed.
    """
    section, cells, used = 0, [], set()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            section += bool(re.match(r"## ", cell.source))
        if cell.cell_type != "code":
            continue
        source = cell.source
        for pattern, replacement in changes:
            source, count = re.subn(pattern, replacement, source)
            used |= {pattern} if count else set()
        cells.append(_cell(cell.id, source, section))
    unused = [pattern for pattern, _ in changes if pattern not in used]
    if unused:
        raise ValueError(f"{path.stem} has no cell with {unused}: has it changed?")
    return cells


def _cell(id, source, section):
    body = ast.parse(source).body
    code = compile(source, id, "exec")
    inner = [part for part in code.co_consts if hasattr(part, "co_names")]
    lasting = {name for part in inner for name in _names(part)}
    return Cell(
        id=id,
        source=source,
        section=section,
        is_plot=bool(PLOT.search(source)) and "def " not in source,
        trains=bool(TRAINS.search(source)) and "def train" not in source,
        shows=isinstance(body[-1], ast.Expr) if body else False,
        loads=frozenset(lasting | set(code.co_names)),
        lasting=frozenset(lasting),
    )


def _names(code):
    yield from code.co_names
    for part in code.co_consts:
        if hasattr(part, "co_names"):
            yield from _names(part)


class ClaimsAreNoted(ast.NodeTransformer):
    """Turns `assert x` into a call that notes whether x holds.

    A shortened lesson learns less, and its claims about accuracy fail. They fail in the
    order as it stands as well; only one that held there may stop another order.
    """

    def __init__(self, kernel):
        self.kernel = kernel

    def visit_Assert(self, node):
        where = ast.Constant(f"{self.kernel.cell_id}, line {node.lineno}")
        call = ast.Call(ast.Name(CLAIM, ast.Load()), [node.test, where], [])
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node))


class Kernel:
    """Runs cells in this process, as Jupyter would, and takes what they show."""

    def __init__(self):
        config = Config()
        config.HistoryManager.enabled = False
        self.shell = InteractiveShell.instance(config=config)
        self.shell.showtraceback = lambda *args, **kwargs: None
        self.shell.showsyntaxerror = lambda *args, **kwargs: None
        self.shell.display_pub = CapturingDisplayPublisher(shell=self.shell)
        self.shell.display_trap.hook = self._take_result
        self.shell.ast_transformers.append(ClaimsAreNoted(self))
        self.shell.user_ns[CLAIM] = self._claim
        self.own = set(self.shell.user_ns)
        self.may_fail, self.cell_id = None, None

    def run(self, cell):
        """Run a cell; returns its Outcome."""
        self.cell_id, self.claims, self.results = cell.id, {}, []
        printed = io.StringIO()
        self.shell.display_pub.outputs.clear()
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(io.StringIO()),
            patch("time.perf_counter", TickingClock()),
        ):
            done = self.shell.run_cell(cell.source)
        shown = [
            str(x["data"].get("text/plain")) for x in self.shell.display_pub.outputs
        ]
        texts = {
            "printed": PROGRESS.sub("PROGRESS", printed.getvalue()),
            "shown": "\n".join([*shown, *self.results]),
            "figures": take_figures(),
        }
        texts = {kind: ADDRESS.sub("0x", text) for kind, text in texts.items()}
        return Outcome(texts, done.error_before_exec or done.error_in_exec, self.claims)

    def values(self, names=None):
        """Return {name: digest} of the lesson's variables; of those named, if given."""
        space = self.shell.user_ns
        if names is None:
            names = [n for n in space if n not in self.own and n[0] != "_"]
        return {name: digest(space[name]) for name in names if name in space}

    def shadows(self, known):
        """Return the variables named as a builtin is that are not among the known."""
        return {n for n in self.shell.user_ns if hasattr(builtins, n)} - set(known)

    surroundings = staticmethod(surroundings)

    def _take_result(self, value):
        if value is not None:
            data, _ = self.shell.display_formatter.format(value, include={"text/plain"})
            self.results.append(data.get("text/plain", ""))

    def _claim(self, holds, where):
        holds = bool(holds)
        self.claims[where] = self.claims.get(where, True) and holds
        if not holds and self.may_fail is not None and where not in self.may_fail:
            raise AssertionError(where)


def preload(cell):
    """Import what the first cell imports, so that each fork finds it loaded."""
    imports = (ast.Import, ast.ImportFrom)
    for node in ast.parse(cell.source).body:
        if isinstance(node, imports):
            exec(compile(ast.Module([node], []), cell.id, "exec"), {})
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].use("Agg")
    if "pandas" in sys.modules:  # as in a notebook: no column is left out
        sys.modules["pandas"].set_option("display.max_columns", 20)
