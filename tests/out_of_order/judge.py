"""Is a cell run out of order right, stopped, or silently wrong?"""

import traceback
from pathlib import Path

import course_utils

CELL = "<ipython-input-"  # so IPython's shell names the source of a cell
COURSE = Path(course_utils.__file__).parent
ASSERTIONS = Path(__file__).with_name("cells.py")  # see ClaimsAreNoted


class Reference:
    """What the run in order gave, cell by cell, and what may be compared with it.

    first, second: the records of two runs in order. What differs between them cannot
    be compared, and what `known` names is not: "cell id: kind of text", or a variable.
    declared: {cell id: reason} of cells that may give others.
    """

    def __init__(self, cells, first, second, declared, known=()):
        self.records, self.declared, self.known = first, declared, set(known)
        self.ids = [cell.id for cell in cells]
        pairs = list(zip(first, second, strict=True))
        self.varying = {
            name
            for a, b in pairs
            for name in a["values"].keys() | b["values"].keys()
            if name in self.known or b["values"].get(name) != a["values"].get(name)
        }
        self.varying_texts = {
            (number, kind)
            for number, (a, b) in enumerate(pairs)
            for kind, text in a["texts"].items()
            if self.place(number, kind) in self.known or b["texts"][kind] != text
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

    def place(self, number, kind):
        """Return what a text of a cell is called."""
        return f"{self.ids[number]}: {kind}"

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

    def comparisons(self):
        """Return how much can be compared, and what not: a dict, see `try_ways`."""
        numbers = range(len(self.ids))
        values = sum(len(self.changed_by(number)) for number in numbers)
        texts = sum(
            bool(text) and (number, kind) not in self.varying_texts
            for number in numbers
            for kind, text in self.records[number]["texts"].items()
        )
        varying = {self.place(*text) for text in self.varying_texts} | self.varying
        return {
            "compared": values + texts,
            "not compared": sorted(varying),
            "differs": sorted(varying - self.known),
        }


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


def sort_of_error(error):
    """Return how well an error says what is the matter: a str.

    "name": a cell looks up a name that is missing. "message": raised by a `raise` of
    the course or of a cell. "check": an assertion of a cell. "other": all else, such
    as a library's words, which may not lead to the cause.
    """
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:  # a cell that cannot be read
        return "other"
    path, line = Path(frames[-1].filename), frames[-1].line
    in_cell = path.name.startswith(CELL)
    if isinstance(error, NameError):
        return "name" if in_cell else "other"
    if isinstance(error, AssertionError):
        asserted = in_cell or path == ASSERTIONS or "testing" in path.parts
        return "check" if asserted else "other"
    ours = in_cell or COURSE in path.parents
    return "message" if ours and line.startswith("raise ") else "other"
