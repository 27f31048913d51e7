"""One run of a lesson in a new kernel: how long, how much memory. Loads no torch."""

import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from tests.lesson_runs import peak_memory_mb


def run_lesson(path, asked=None):
    """Return (seconds, peak memory in MB, text) of one run. The file is not changed.

    asked: code for the same kernel, after the last cell; what it prints is the text.
    Raises nbclient's CellExecutionError where a cell fails, and DeadKernelError; as
    `cell_index`, they say in which cell.
    """
    notebook = nbformat.read(path, as_version=4)
    cells = list(notebook.cells)
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, timeout=600, resources=resources)
    start = time.perf_counter()
    with client.setup_kernel():
        for index, cell in enumerate(cells):
            try:
                client.execute_cell(cell, index)
            except (CellExecutionError, DeadKernelError) as problem:
                problem.cell_index = index
                raise
        seconds = time.perf_counter() - start
        peak = peak_memory_mb(client.km.provisioner.pid) or float("nan")
        text = ""
        if asked is not None:
            notebook.cells.append(nbformat.v4.new_code_cell(asked))
            answer = client.execute_cell(notebook.cells[-1], len(cells))
            text = "".join(output.get("text", "") for output in answer.outputs)
        return seconds, peak, text.strip()
