"""Run a lesson in order, then in other orders, each in a fork of its process.

    python -m tests.out_of_order.play NOTEBOOK FOLDER

FOLDER: an empty one, for what the lesson writes. Prints one line of JSON: what became
of each way. The process is forked where a way leaves the order, so that what comes
before is run once. Where a way is back in order, with every value that later cells may
look up as it was, the rest is the run in order, and is not run again.
"""

import gc
import json
import os
import pickle
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from tests.out_of_order.cells import Kernel, preload, read_cells
from tests.out_of_order.judge import Reference, judge_cell, sort_of_error
from tests.out_of_order.shorter import DECLARED, SHORTER, VARYING
from tests.out_of_order.ways import draw_ways

LARGE = 5_000_000  # bytes; such a file is replaced, never changed in place


def in_fork(work, function, *arguments):
    """Run a function in a fork of this process; returns what it returns.

    What it wrote in the folder `work` is put back. Raises RuntimeError if it dies.
    """
    kept, result = work.with_name("kept"), work.with_name("result")
    shutil.copytree(work, kept, copy_function=_copy)
    child = os.fork()
    if not child:
        try:
            result.write_bytes(pickle.dumps(function(*arguments)))
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    shutil.rmtree(work)
    kept.rename(work)
    os.chdir(work / "notebooks")
    if status:
        raise RuntimeError(f"a fork ended with status {status}")
    return pickle.loads(result.read_bytes())


def _copy(source, target):
    if os.path.getsize(source) > LARGE:
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def run_in_order(kernel, cells):
    """Return the record of each cell of the run in order: a list of dicts."""
    return [record_of(kernel, cell) for cell in cells]


def record_of(kernel, cell):
    """Run a cell; return what it showed, claimed and left behind: a dict."""
    outcome = kernel.run(cell)
    if outcome.error is not None:
        raise RuntimeError(f"{cell.id} fails in order: {outcome.error!r}")
    shown = {"texts": outcome.texts, "claims": outcome.claims}
    return shown | {"values": kernel.values(), "surroundings": kernel.surroundings()}


def play_ways(kernel, cells, reference, ways, work):
    """Run the cells in order once more, and each way in a fork where it begins."""
    kernel.may_fail = reference.failing_claims
    verdicts = []
    for at in range(len(cells) + 1):
        for way in (way for way in ways if way.start == at):
            start = [kernel, cells, reference, way]
            verdicts.append(in_fork(work, play_way, *start))
        if at < len(cells):
            kernel.run(cells[at])
    return verdicts


def play_way(kernel, cells, reference, way):
    """Run a way's cells; returns the verdict as a dict."""
    kernel.may_fail = reference.failing_claims
    verdict = {"kind": way.kind, "way": way_in_words(way, cells), "wrong": []}
    for place, number in enumerate(way.script):
        outcome = kernel.run(cells[number])
        if outcome.error is not None:
            sort = sort_of_error(outcome.error)
            said = f"{type(outcome.error).__name__}: {outcome.error}"
            return verdict | {"error": sort, "at": cells[number].id, "said": said[:300]}
        verdict["wrong"] += judge_cell(
            kernel, cells[number], number, outcome, reference
        )
        rest = way.script[place + 1 :]
        if rest == tuple(range(number + 1, len(cells))) and reference.is_as_in_order(
            kernel, number
        ):
            break
    return verdict


def way_in_words(way, cells):
    """Return a way for a person: where it leaves the order, and the cells then run."""
    tail, n = list(way.script), len(cells)
    while len(tail) > 1 and tail[-1] == n - 1 and tail[-2] == n - 2:
        n -= 1
        tail.pop()
    names = ", ".join(cells[number].id for number in tail[:12])
    after = "a restart" if way.restart else cells[max(way.start - 1, 0)].id
    return f"after {after}: {names}{' ...' if tail != list(way.script) else ''}"


def try_ways(path, folder, changes=(), declared=(), varying=()):
    """Run a lesson in order, twice, and then its ways; returns a dict.

    path: Path of the notebook. folder: Path, empty, for what it writes. changes: as for
    `read_cells`. declared: ids of cells that may give other numbers. varying: texts and
    values that are not compared, as in `shorter.VARYING`. "ways": a list of verdicts.
    "compared": how many texts and values of the run in order. "not compared": a list
    of the others. "differs": what else differed between two runs in order.
    """
    work = folder / "work"
    for name in ("notebooks", "tmp", "artifacts"):
        (work / name).mkdir(parents=True)
    if (exercises := path.parent.parent / "exercises").is_dir():
        shutil.copytree(exercises, work / "exercises")
    os.environ["COURSE_ARTIFACTS"] = str(work / "artifacts")
    tempfile.tempdir = str(work / "tmp")
    os.chdir(work / "notebooks")
    cells = read_cells(path, changes)
    preload(cells[0])
    kernel = Kernel()
    gc.freeze()  # else a fork that collects garbage would copy all pages
    twice = [in_fork(work, run_in_order, kernel, cells) for _ in range(2)]
    reference = Reference(cells, *twice, declared, varying)
    ways = draw_ways(path.stem, cells)
    restarts = [way for way in ways if way.restart]
    verdicts = [in_fork(work, play_way, kernel, cells, reference, w) for w in restarts]
    on = [way for way in ways if not way.restart]
    verdicts += play_ways(kernel, cells, reference, on, work)
    return {"ways": verdicts, **reference.comparisons()}


def main(notebook, folder):
    """Print the verdicts on a lesson's ways as JSON."""
    path = Path(notebook).resolve()
    changes, varying = SHORTER.get(path.stem, ()), VARYING.get(path.stem, ())
    folder = Path(folder).resolve()
    print(json.dumps(try_ways(path, folder, changes, DECLARED, varying)))


if __name__ == "__main__":
    main(*sys.argv[1:])
