"""Run lessons in place and save them clean: `python -m course_utils.publish FILE ...`

For those who change a lesson (needs the `test` extra). The saved notebook has counts 1
to n, the outputs of this run, stable cell ids, and in its metadata nothing but the
kernel's and the language's name (in a solution also what nbgrader needs): no time
stamps, no state of the editor. A widget lives in a kernel, so none is saved: JupyterLab
would show "Error displaying widget" in its place.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

METADATA = {
    "kernelspec": {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
KEPT = ("tags", "nbgrader")  # of a cell's metadata
WIDGET = "application/vnd.jupyter.widget-view+json"
CELL_SECONDS = 3600  # other runs may have the machine, too


def publish(path):
    """Execute the notebook at `path` in its own folder and save it there.

    Raises nbclient's CellExecutionError where a cell fails; the file is then unchanged.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(Path(path).parent)}},
    )
    client.execute()
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        kept = {name: cell.metadata.get(name) for name in KEPT}
        kept = {name: value for name, value in kept.items() if value}
        cell.metadata = nbformat.from_dict(kept)
        cell.get("outputs", [])[:] = without_widgets(cell.get("outputs", []))
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def without_widgets(outputs):
    """Return the outputs without widgets, and without those that nothing is left of."""
    for output in outputs:
        output.get("data", {}).pop(WIDGET, None)
    return [output for output in outputs if output.get("data", True)]


def main(paths):
    """Publish each notebook named on the command line."""
    for path in paths:
        print(f"Running {path} ...", flush=True)
        publish(path)


if __name__ == "__main__":
    main(sys.argv[1:])
