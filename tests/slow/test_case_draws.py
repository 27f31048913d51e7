"""Cases drawn under many more seeds than `tests/test_case_draws.py` has time for."""

import pytest

from tests.case_draws import CODING, refused

SEEDS = range(1000, 1150)


@pytest.mark.parametrize("id", CODING)
def test_right_answers_pass_under_many_seeds(id):
    assert refused(id, SEEDS) == []
