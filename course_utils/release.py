"""Write exercises/ from solutions/: `python -m course_utils.release [STEM ...]`

For those who write exercises (needs the extra `instructor`). What stands between
`### BEGIN SOLUTION` and `### END SOLUTION` becomes a blank, outputs and counts go, and
nbgrader's metadata get their locks and checksums, so that the notebooks can be used in
nbgrader, too. `--check` writes nothing and exits with 1 if a file differs.
"""

import argparse
import ast
import re
import sys
from pathlib import Path

import nbformat

try:
    from nbgrader.preprocessors import (
        ClearOutput,
        ClearSolutions,
        ComputeChecksums,
        LockCells,
    )
except ModuleNotFoundError as problem:
    raise ModuleNotFoundError(
        f"{problem}: releasing needs nbgrader. Try: make setup EXTRAS=instructor"
    ) from None

ROOT = Path(__file__).resolve().parent.parent
CODE_BLANK, ANSWER_BLANK = "# your code here", "# your answer here"
REGION = re.compile(
    r"^(?P<indent> *)### BEGIN SOLUTION\n(?P<inside>.*?)^ *### END SOLUTION *$\n?",
    re.M | re.S,
)


class MakeBlanks(ClearSolutions):
    """nbgrader's step that clears solutions, with blanks that fit the place.

    In a function: `...`. Where names are set: `name = ...` for each, so that the check
    cell below finds them.
    """

    def _replace_solution_region(self, cell, language):
        if cell.cell_type != "code":
            return False
        blanked = REGION.sub(_blank, cell.source)
        if "SOLUTION" in blanked:
            raise ValueError(f"a solution marker is alone in cell {cell.id}")
        ast.parse(blanked)
        replaced = blanked != cell.source
        cell.source = blanked.rstrip("\n")
        return replaced


def _blank(region):
    indent, names = region["indent"], []
    if not indent:
        for statement in ast.parse(region["inside"]).body:
            if not isinstance(statement, ast.Assign):
                raise ValueError(f"only `name = ...` can be blanked: {region[0]}")
            names += [target.id for target in statement.targets]
    lines = [ANSWER_BLANK, *(f"{name} = ..." for name in names)]
    lines = lines if names else [CODE_BLANK, "..."]
    return "".join(f"{indent}{line}\n" for line in lines)


def make_exercise(solution):
    """Return the text of the exercise notebook made from the notebook at `solution`.

    Raises ValueError or RuntimeError where a marker is alone or a cell with a solution
    is not marked as nbgrader's solution cell.
    """
    notebook = nbformat.read(solution, as_version=4)
    resources = {}
    for step in (MakeBlanks, ClearOutput, LockCells, ComputeChecksums):
        notebook, resources = step().preprocess(notebook, resources)
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def release(stems=(), check=False, root=ROOT):
    """Write the exercises of these stems (of all, if none). Returns those that differ.

    check: write nothing. An exercise without a solution counts as one that differs.
    Raises FileNotFoundError where a stem has no solution.
    """
    solutions = {
        path.stem: path for path in sorted((root / "solutions").glob("*.ipynb"))
    }
    unknown = set(stems) - set(solutions)
    if unknown:
        there = ", ".join(solutions)
        raise FileNotFoundError(
            f"no solution for {sorted(unknown)}; there are: {there}"
        )
    differing = []
    for stem in stems or solutions:
        target = root / "exercises" / f"{stem}.ipynb"
        text = make_exercise(solutions[stem])
        if not target.exists() or target.read_text("utf-8") != text:
            differing.append(stem)
            if not check:
                target.write_text(text, "utf-8", newline="\n")
    if not stems:
        exercises = {path.stem for path in (root / "exercises").glob("*.ipynb")}
        differing += sorted(exercises - set(solutions))
    return differing


def main(arguments=None):
    """Read the command line and release. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course_utils.release")
    parser.add_argument("stems", nargs="*", help="such as 03_special_tokens_...; all")
    parser.add_argument("--check", action="store_true", help="only compare")
    options = parser.parse_args(arguments)
    differing = release(options.stems, options.check)
    for stem in differing:
        print(f"exercises/{stem}.ipynb", "differs" if options.check else "written")
    return int(options.check and bool(differing))


if __name__ == "__main__":
    sys.exit(main())
