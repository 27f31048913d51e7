"""The runner of `make test-order` sees each sin that it is there to see.

Each notebook below hangs on the order in another way. The runner plays it in a fork,
so that neither its folder nor its random numbers reach the other tests.
"""

import os
import re
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import nbformat
import pytest

from tests.out_of_order.page import as_page
from tests.out_of_order.shorter import DECLARED, SHORTER, VARYING
from tests.out_of_order.ways import HOW_MANY
from tests.slow.lesson_copies import LESSONS

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no os.fork")

CLEAN = [
    "import random\nrows = []",
    "numbers = [3, 1, 2]\nsum(numbers)",
    "random.seed(0)\nshuffled = random.sample(numbers, 3)\nshuffled",
    "assert len(numbers) == 4\nprint(max(shuffled))",  # fails in order, too
    "total = 0\nfor n in numbers:\n    total += n\ntotal",
]
SINS = {
    "changed in place": ["", "rows = [1, 2, 3]", "rows.reverse()", "rows[0]"],
    "grows": ["rows = []", "rows += [len(rows)]", "rows"],
    "trained further": ["", "weight = 8.0", "weight = weight / 2", "print(weight)"],
    "draws unseeded": ["import random\nrandom.seed(0)", "random.random()", "'end'"],
    "generator": ["", "words = iter('abcdef')", "next(words)", "next(words)"],
    "two meanings": ["", "n = 3", "n * 2", "n = 10", "n + 1"],
    "hides a builtin": ["a = [2]", "sum(a)", "sum = lambda values: 0", "sum(a)"],
    "file": ["", "open('log', 'a').write('x')", "len(open('log').read())"],
    "model": [
        "from types import SimpleNamespace",
        "model = SimpleNamespace(weights=[8.0])",
        "def train(model):\n    model.weights[0] /= 2\n\n\ntrain(model)",
        "'trained'",
    ],
}


def notebook(folder, sources):
    """Write a notebook of code cells, each two with a heading; returns its Path."""
    cells = []
    for number, source in enumerate(sources):
        if number % 2:
            cells.append(nbformat.v4.new_markdown_cell(f"## Part {number}"))
        cells.append(nbformat.v4.new_code_cell(source, id=f"cell-{number}"))
    path = folder / "tiny.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def tried(path, folder, **options):
    """Return what the runner says of a notebook."""
    from tests.out_of_order.play import try_ways

    return try_ways(path, folder, **options)


@pytest.fixture
def play(tmp_path):
    """A function that returns what the runner says of a notebook of these cells."""

    def run(sources, **options):
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        path = notebook(folder, sources)
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
            return pool.submit(tried, path, folder / "run", **options).result()

    return run


@pytest.fixture
def verdicts(play):
    """A function that returns the verdicts on a notebook of these cells."""

    def run(sources, declared=()):
        said = play(sources, declared=declared)
        assert said["not compared"] == []
        return said["ways"]

    return run


def test_a_clean_notebook_is_right_in_every_order_or_stops(verdicts):
    found = verdicts(CLEAN)
    assert len(found) == sum(HOW_MANY.values())
    assert [way for way in found if way["wrong"]] == []
    assert {way.get("error") for way in found} == {None, "name"}


@pytest.mark.parametrize("sin", SINS)
def test_a_sin_is_seen(verdicts, sin):
    assert any(way["wrong"] for way in verdicts(SINS[sin]))


TIMED = ["import time", "start = time.{}()\n2", "taken = time.{}() - start", "'end'"]


def test_what_differs_from_run_to_run_is_named_unless_known(play):
    said = play([source.format("time") for source in TIMED])
    assert said["differs"] == said["not compared"] == ["start", "taken"]
    known = play(
        [source.format("time") for source in TIMED], varying=["start", "taken"]
    )
    assert known["not compared"] == ["start", "taken"] and known["differs"] == []
    shown = play(["", "import time\ntime.time()", "1"], varying=["cell-1: shown"])
    assert shown["not compared"] == ["cell-1: shown"] and shown["differs"] == []


def test_seconds_are_the_same_in_each_run_and_are_compared(play):
    said = play([source.format("perf_counter") for source in TIMED])
    assert said["not compared"] == [] and said["compared"] == 5, said
    assert not any(way["wrong"] for way in said["ways"])


def test_a_known_value_is_in_its_lesson():
    stems = {path.stem: path for path in LESSONS}
    for stem, known in VARYING.items():
        source = stems[stem].read_text("utf-8")
        for name in known:
            assert re.search(rf"\b{name.split(': ')[0]}\b", source), (stem, name)


def test_the_page_counts_what_was_compared_and_names_what_was_not():
    ways = [{"kind": kind, "wrong": []} for kind in HOW_MANY]
    said = {"ways": ways, "compared": 1200, "not compared": ["seconds"]}
    page = as_page({"01_a": said, "02_b": said | {"not compared": []}})
    assert "compared: 2,400. Not compared: 1: 01 `seconds`.\n" in page
    assert "| 01_a | 7 | 7 | 0 |" in page and "| a cell twice | 2 | 2 |" in page


def test_a_declared_cell_may_give_others(verdicts):
    declared = {"cell-1": "draws again, and says so"}
    assert not any(way["wrong"] for way in verdicts(SINS["draws unseeded"], declared))


ERRORS = {
    "check": "assert n == 3",
    "message": "if n > 3:\n    raise ValueError('n is above 3: run from the head')\n1",
    "other": "[1, 2, 3][n - 1]",
    "message of the course": "from course_utils.value_checks import check_whole\n"
    "check_whole('n', {3: 1}.get(n, 'a'), 0, 'try 1')",
    "other, a library's raise": "import json\njson.loads({3: '1'}.get(n, 'a'))",
    "other, within the course": "from course_utils import scores\n"
    "scores.np = {3: scores.np}.get(n)\n"
    "scores.bootstrap_difference([[1]], [[1]], draws=2)",
    "other, a name in a library": "import json\n"
    "vars(json.decoder).pop('JSONDecodeError', None)\njson.loads({3: '1'}.get(n, 'a'))",
}


@pytest.mark.parametrize("sort", ERRORS)
def test_errors_are_sorted(verdicts, sort):
    """Cells are right where n is 3, as in order, and stop where it is 4."""
    found = verdicts(["", "n = 2", "n = n + 1", ERRORS[sort]])
    errors = {way.get("error") for way in found}
    assert errors == {None, "name", re.match(r"\w+", sort)[0]}, found


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_can_be_made_shorter_and_has_twenty_ways(path):
    from tests.out_of_order.cells import read_cells
    from tests.out_of_order.ways import draw_ways

    cells = read_cells(path, SHORTER.get(path.stem, ()))
    ways = draw_ways(path.stem, cells)
    assert ways == draw_ways(path.stem, cells) and len(set(ways)) == 20
    assert set(range(len(cells))) >= {n for way in ways for n in way.script}
    of_this = {id for id in DECLARED if id.startswith(path.stem[:2])}
    assert of_this <= {cell.id for cell in cells}


def test_each_part_of_a_model_counts():
    torch = pytest.importorskip("torch")
    from tests.out_of_order.digests import digest

    model = torch.nn.Linear(400, 300)
    seen = [digest(model)]
    model.eval()
    seen.append(digest(model))
    model(torch.ones(1, 400)).sum().backward()
    seen.append(digest(model))
    torch.optim.AdamW(model.parameters(), fused=True).step()
    seen.append(digest(model))
    model.bias.requires_grad = False
    seen.append(digest(model))
    with torch.no_grad():
        model.weight += 1
    seen.append(digest(model))
    model.weight.data.mul_(2)  # these two leave the version of the tensor as it was
    seen.append(digest(model))
    model.weight.detach().numpy()[0] = 0
    seen.append(digest(model))
    assert len(set(seen)) == len(seen) and digest(model) == seen[-1]


def test_a_figure_of_other_numbers_differs():
    plt = pytest.importorskip("matplotlib.pyplot")
    from tests.out_of_order.figures import take_figures

    plt.switch_backend("Agg")
    shown = []
    for height in (1, 1, 2):
        plt.plot([1, height])
        plt.gca().bar(["a"], [3])
        shown.append(take_figures())
    assert shown[0] == shown[1] != shown[2] and take_figures() == ""


def test_the_order_of_entries_does_not_count_but_their_values_do():
    torch = pytest.importorskip("torch")
    from tests.out_of_order.digests import digest

    itself = {"a": {"x": 1, "y": 2}, "b": torch.ones(2)}
    itself["self"] = itself
    turned = {"b": torch.ones(2), "a": {"y": 2, "x": 1}}
    turned["self"] = turned
    assert digest(itself) == digest(turned)
    turned["a"]["x"] = 3
    assert digest(itself) != digest(turned)


def test_a_text_is_the_same_wherever_it_is_kept():
    from tests.out_of_order.digests import digest

    assert digest([sys.intern("a word")]) == digest(["".join(["a ", "word"])])
    assert digest(lambda: [1, (2, 3)]) != digest(lambda: [1, (2, 4)])
    assert digest(lambda: lambda: 2) != digest(lambda: lambda: 3)


def test_the_order_of_a_set_does_not_count():
    from tests.out_of_order.digests import digest

    collide = [0, 8, 16]  # the order of these is that of their arrival
    assert repr(set(collide)) != repr(set(collide[::-1]))
    assert digest(set(collide)) == digest(set(collide[::-1]))
    assert digest(set(collide)) != digest({0, 8, 24})
    assert digest({1}) != digest(frozenset({1})) != digest([1])
