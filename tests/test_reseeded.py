"""The source of a lesson with other seeds: what is shifted, and what is not."""

import nbformat
import pytest

from tests.slow.reseeded import reseeded
from tests.slow.test_seeds import DRAWING


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("set_seed(0)", "set_seed(3)"),
        ("rng = np.random.default_rng(1)", "rng = np.random.default_rng(4)"),
        ("t.sample(5, random_state=0)", "t.sample(5, random_state=3)"),
        ("def f(x, n=2, seed=0):\n    pass", "def f(x, n=2, seed=3):\n    pass"),
        ("[fit(seed) for seed in range(5)]", "[fit(seed) for seed in range(3, 8)]"),
        ("train(m, e, watch='a')", "train(m, e, watch='a', seed=3)"),
        ("train(m, **o)", "train(m, **{'seed': 3, **o})"),
    ],
)
def test_seeds_are_shifted(source, expected):
    assert reseeded(source, 3) == (expected, 1)


@pytest.mark.parametrize(
    "source",
    ["f(seed=s)", "[f(i) for i in range(5)]", "Random(s)", "clip(0)", "model.train()"],
)
def test_other_numbers_stay(source):
    assert reseeded(source, 3) == (source, 0)


def test_assertions_that_are_reached_are_counted():
    source = "if full:\n    assert a > 1\nassert b"
    claims, names = set(), {"full": False, "a": 0, "b": 1}
    exec(reseeded(source, 1)[0], names | {"claims": claims})
    assert claims == {"assert b"}


@pytest.mark.parametrize("lesson", DRAWING, ids=lambda path: path.stem)
def test_each_lesson_has_seeds_to_replace(lesson):
    cells = nbformat.read(lesson, as_version=4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    assert sum(reseeded(source, 1)[1] for source in sources) >= 2
