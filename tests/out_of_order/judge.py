"""Is a cell run out of order right, stopped, or silently wrong?"""

import traceback
from pathlib import Path


class Reference:
    """What the run in order gave, cell by cell, and what may be compared with it.

    first, second: the records of two runs in order, each with a clock of its own pace.
    What differs between these, such as seconds, is not compared.
    declared: {cell id: reason} of cells that may give others.
    """

    def __init__(self, cells, first, second, declared):
        self.records, self.declared = first, declared
        self.ids = [cell.id for cell in cells]
        pairs = list(zip(first, second, strict=True))
        self.varying = {
            name
            for a, b in pairs
            for name, value in a["values"].items()
            if b["values"].get(name) != value
        }
        self.varying_texts = {
            (number, kind)
            for number, (a, b) in enumerate(pairs)
            for kind, text in a["texts"].items()
            if b["texts"][kind] != text
        }
        self.failing_claims = {
            where for a in first for where, held in a["claims"].items() if not held
        }
        self.live = [self._live_after(cells, number) for number in range(len(cells))]

    @staticmethod
    def _live_after(cells, number):
        """Return the names that may be looked up after a cell: a set."""
        later = [name for cell in cells[number + 1 :] for name in cell.loads]
        return {*later, *(name for cell in cells for name in cell.lasting)}

    def changed_by(self, number):
        """Return {name: digest} of what a cell set or changed, in order."""
        before = self.records[number - 1]["values"] if number else {}
        after = self.records[number]["values"]
        return {
            name: value
            for name, value in after.items()
            if before.get(name) != value and name not in self.varying
        }

    def is_as_in_order(self, kernel, number):
        """Return whether what comes after a cell can only be as in order."""
        record = self.records[number]
        if kernel.surroundings() != record["surroundings"]:
            return False
        names = self.live[number] & set(record["values"]) - self.varying
        now = kernel.values(names)
        if any(now.get(name) != record["values"][name] for name in names):
            return False
        return not kernel.shadows(record["values"])

    def not_compared(self):
        """Return what differs from run to run: a sorted list of str."""
        texts = [f"{self.ids[number]}: {kind}" for number, kind in self.varying_texts]
        return sorted([*texts, *self.varying])


def judge_cell(kernel, cell, number, outcome, reference):
    """Return what a cell gave otherwise than in order: a list of str."""
    if cell.id in reference.declared:
        return []
    record, wrong = reference.records[number], []
    for kind, text in outcome.texts.items():
        if (number, kind) not in reference.varying_texts:
            expected = record["texts"][kind]
            if text != expected:
                wrong.append(f"{cell.id} {kind}: {_first_difference(expected, text)}")
    expected = reference.changed_by(number)
    now = kernel.values(expected)
    names = [name for name in expected if now.get(name) != expected[name]]
    if names:
        wrong.append(f"{cell.id} values: {', '.join(sorted(names))}")
    return wrong


def _first_difference(expected, text):
    pairs = zip(expected.splitlines(), text.splitlines(), strict=False)
    for a, b in pairs:
        if a != b:
            return f"{a[:90]!r} became {b[:90]!r}"
    return f"{len(expected)} characters became {len(text)}"


def sort_of_error(error, cell, cells, way):
    """Return how well an error says what is the matter: "name", "message" ...

    "name": a name is missing. "message": the course's own words. "check": an assertion
    of the lesson. "other": a library's words, which may not lead to the cause.
    """
    if isinstance(error, NameError):
        return "name"
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, AssertionError):
        return "check"
    ours = "course_utils" in Path(frames[-1].filename).parts if frames else False
    if ours or (frames and frames[-1].line.startswith("raise ")):
        return "message"
    return "other"
