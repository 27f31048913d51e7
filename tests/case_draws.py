"""Cases as the grader draws them, from a secret, and the right answers they must take.

The published solutions are read as functions, without running their notebooks.
"""

import ast
from functools import cache
from importlib import import_module
from random import Random

from course_utils.checks.engine import exercises_of, lesson_of, lessons
from course_utils.checks.exercise import Coding
from course_utils.checks.student_state import copy_arguments
from course_utils.checks.trials import compare_result
from tests.exercise_notebooks import SOLUTIONS, code_cells

DEFINITIONS = ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef
ALL = {id: e for lesson in lessons() for id, e in exercises_of(lesson).items()}
CODING = {id: e for id, e in ALL.items() if isinstance(e, Coding)}


@cache
def published(lesson):
    """Return the variables that a lesson's solutions define. lesson: 1 to 11.

    Imports, functions and classes only: what the notebook computes is left out.
    """
    (path,) = [p for p in SOLUTIONS if p.stem.startswith(f"{lesson:02d}_")]
    space = {"__name__": "__main__"}
    for cell in code_cells(path):
        tree = ast.parse(cell.source)
        tree.body = [node for node in tree.body if isinstance(node, DEFINITIONS)]
        exec(compile(tree, f"<{path.stem} {cell.id}>", "exec"), space)
    return space


def right_answers(id):
    """Return the published solution of an exercise and all listed alternatives."""
    lesson = lesson_of(id)
    others = import_module(f"tests.alternative_answers.lesson_{lesson:02d}").RIGHT
    return [published(lesson)[CODING[id].name], *others[id]]


def drawn(id, seed):
    """Return the cases that the grader draws where its secret is this seed."""
    return CODING[id].cases(Random(f"{seed} exercise {id}"))


def refused(id, seeds):
    """Return [(seed, answer, what is wrong)] of the right answers that fail."""
    exercise, found = CODING[id], []
    for seed in seeds:
        for case in drawn(id, seed):
            expected = exercise.truth(*copy_arguments(case))
            for answer in right_answers(id):
                received = exercise.call(answer, *copy_arguments(case))
                difference = compare_result(exercise, received, expected)
                if difference is not None:
                    found.append((seed, answer.__name__, difference.headline))
    return found
