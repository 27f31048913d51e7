"""nbgrader's own validation of every exercise notebook and its solution."""

import pytest

from tests.exercise_notebooks import SOLUTIONS, count_with_nbgrader

pytest.importorskip("nbgrader")


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_nbgrader_counts_right_answers_and_no_blanks(path):
    count_with_nbgrader(path)
