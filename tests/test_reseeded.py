"""The source of a lesson with other seeds: what is shifted, and what is not."""

import ast
from itertools import combinations

import nbformat
import pytest

from course_utils.training_checks import DEFAULTS
from tests.slow.lesson_copies import ROOT
from tests.slow.reseeded import (
    COUNTED,
    DEFAULT_IS_0,
    KEYWORDS,
    STARTS,
    STAYS_0,
    reseeded,
)
from tests.slow.test_seeds import DRAWING, SHIFTS


def new_seeds(lesson, shift):
    """Return the seeds of a lesson's code cells, raised by `shift`: a list of int."""
    cells = nbformat.read(lesson, as_version=4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    return [seed for source in sources for seed in reseeded(source, shift)[1]]


def functions_of_seed_0():
    """Return the names of the course's functions whose seed is 0 if not given."""
    found = {"train"} if DEFAULTS["seed"] == 0 else set()  # it takes **options
    for path in (ROOT / "course_utils").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                named = [*node.args.posonlyargs, *node.args.args][::-1]
                pairs = [*zip(named, node.args.defaults[::-1], strict=False)]
                pairs += zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                if any(a.arg in KEYWORDS and is_0(default) for a, default in pairs):
                    found.add(node.name)
    return found


def is_0(node):
    return isinstance(node, ast.Constant) and node.value == 0


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("set_seed(0)", "set_seed(3)"),
        ("rng = np.random.default_rng(1)", "rng = np.random.default_rng(4)"),
        ("t.sample(5, random_state=0)", "t.sample(5, random_state=3)"),
        ("def f(x, n=2, seed=0):\n    pass", "def f(x, n=2, seed=3):\n    pass"),
        ("[fit(seed) for seed in range(5)]", "[fit(seed) for seed in range(3, 8)]"),
        ("for seed in range(2):\n    f(seed)", "for seed in range(3, 5):\n    f(seed)"),
        ("bootstrap_difference(*pair)", "bootstrap_difference(*pair, seed=3)"),
        ("train(m, e, watch='a')", "train(m, e, watch='a', seed=3)"),
        ("train(m, **o)", "train(m, **{'seed': 3, **o})"),
    ],
)
def test_seeds_are_shifted(source, expected):
    new, seeds = reseeded(source, 3)
    assert new == expected and seeds and min(seeds) >= 3


@pytest.mark.parametrize(
    "source",
    ["f(seed=s)", "[f(i) for i in range(5)]", "Random(s)", "clip(0)", "model.train()"],
)
def test_other_numbers_stay(source):
    assert reseeded(source, 3) == (source, [])


def test_a_range_of_seeds_without_a_number_is_refused():
    with pytest.raises(ValueError):
        reseeded("[fit(seed) for seed in range(n)]", 100)


def test_assertions_that_are_reached_are_counted():
    source = "if full:\n    assert a > 1\nassert b"
    claims, names = set(), {"full": False, "a": 0, "b": 1}
    exec(reseeded(source, 1)[0], names | {COUNTED: claims})
    assert claims == {"assert b"}


@pytest.mark.parametrize("lesson", DRAWING, ids=lambda path: path.stem)
def test_no_run_of_a_lesson_has_a_seed_of_another_run(lesson):
    runs = [new_seeds(lesson, shift) for shift in (0, *SHIFTS)]
    assert len(runs[0]) >= 2
    assert not any(set(a) & set(b) for a, b in combinations(runs, 2))


def test_a_function_whose_seed_is_0_is_given_another_or_stays_for_a_reason():
    known = {*DEFAULT_IS_0, *STAYS_0}
    assert functions_of_seed_0() - {*STARTS} == known


@pytest.mark.parametrize("lesson", DRAWING, ids=lambda path: path.stem)
def test_a_lesson_names_the_seed_where_its_chance_starts(lesson):
    """`set_seed()` and `default_rng()` would stay as they are."""
    assert COUNTED not in lesson.read_text("utf-8")
    for cell in nbformat.read(lesson, as_version=4).cells:
        if cell.cell_type == "code":
            for call in ast.walk(ast.parse(cell.source)):
                if isinstance(call, ast.Call) and not call.args + call.keywords:
                    name = getattr(call.func, "id", getattr(call.func, "attr", None))
                    assert name not in STARTS, (cell.id, ast.unparse(call))
