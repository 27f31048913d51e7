"""Put the course's own cells back into a submission: checks as they were given out."""

import copy

from nbgrader.preprocessors import CheckCellMetadata, DeduplicateIds, OverwriteCells

from course_utils.grading.examination import exercise_of


class WrongNotebook(ValueError):
    """The file is not the notebook that its name says; the text says what it is."""


def restore(notebook, stem, released):
    """Restore the graded cells of `notebook`, in place.

    Returns {id: "missing" or "changed"} of the check cells that were not as given out.
    First the course's marks are put on the cells they belong to, missing cells are put
    in where they stood, then nbgrader's own steps overwrite every locked cell from the
    gradebook. Raises WrongNotebook where no cell of the notebook is of this lesson.
    """
    given = released.notebook(stem)
    marked = [cell for cell in given.cells if "nbgrader" in cell.metadata]
    _adopt(notebook, marked)
    resources = released.resources(stem)
    DeduplicateIds().preprocess(notebook, resources)
    for cell in notebook.cells:
        if not cell.metadata.get("nbgrader"):
            cell.metadata.pop("nbgrader", None)
    if not any("nbgrader" in cell.metadata for cell in notebook.cells):
        raise WrongNotebook(_what_it_is(notebook, stem, released))
    damaged = _damaged(notebook, marked)
    _insert_missing(notebook, marked)
    OverwriteCells(add_missing_cells=True).preprocess(notebook, resources)
    CheckCellMetadata().preprocess(notebook, resources)
    return damaged


def check_cells(notebook):
    """Return {cell's index: (id, name)} of the check cells of a restored notebook."""
    found = {}
    for index, cell in enumerate(notebook.cells):
        if cell.metadata.get("nbgrader", {}).get("grade"):
            found[index] = exercise_of(cell.source)
    return found


def _adopt(notebook, marked):
    """Mark the cells of the submission as they were marked, by mark, id or source."""
    by_mark = {cell.metadata.nbgrader.grade_id: cell for cell in marked}
    by_id = {cell.id: cell for cell in marked}
    by_source = {cell.source: cell for cell in marked if cell.metadata.nbgrader.grade}
    seen = {_mark(cell) for cell in notebook.cells}
    for cell in notebook.cells:
        original = by_mark.get(_mark(cell))
        if original is None:
            original = by_id.get(cell.id) or by_source.get(cell.source.strip())
            if original is not None and _mark(original) in seen:
                original = None  # the marked one is there, too
        cell.metadata.pop("nbgrader", None)
        if original is not None:
            cell.metadata["nbgrader"] = copy.deepcopy(original.metadata.nbgrader)


def _mark(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _damaged(notebook, marked):
    """Return {id: "missing" or "changed"} of check cells that are not as given out."""
    there = {_mark(cell): cell for cell in notebook.cells}
    damaged = {}
    for cell in marked:
        if not cell.metadata.nbgrader.grade:
            continue
        id, _ = exercise_of(cell.source)
        mine = there.get(_mark(cell))
        if mine is None:
            damaged[id] = "missing"
        elif (mine.cell_type, mine.source.strip()) != ("code", cell.source):
            damaged[id] = "changed"
    return damaged


def _insert_missing(notebook, marked):
    """Put missing cells in.

    An answer cell comes after the marked cell before it: what the student wrote in
    other cells then still counts. A check cell comes before the next marked cell.
    """
    cells = notebook.cells
    for number, cell in enumerate(marked):
        places = {_mark(c): i for i, c in enumerate(cells) if "nbgrader" in c.metadata}
        if _mark(cell) in places:
            continue
        before = places.get(_mark(marked[number - 1]), -1) if number else -1
        after = [place for place in places.values() if place > before]
        is_check = cell.metadata.nbgrader.grade
        place = min(after, default=len(cells)) if is_check else before + 1
        cells.insert(place, copy.deepcopy(cell))


def _what_it_is(notebook, stem, released):
    """Say what a notebook is that has no cell of the lesson it is named after."""
    ids = {cell.id for cell in notebook.cells}
    sources = {cell.source for cell in notebook.cells}
    for other in released.stems:
        given = released.notebook(other)
        same_ids = ids & {cell.id for cell in given.cells}
        if other != stem and len(same_ids) > 2:
            return f"the file is named {stem}, but holds {other}"
    if any("check(" in source for source in sources):
        return f"the file is named {stem}, but holds the checks of another lesson"
    return f"the file is named {stem}, but no cell of that notebook is in it"
