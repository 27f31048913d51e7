"""The texts of the exercises: titles, difficulty, minutes, lengths, and their table."""

import re

import nbformat
import pytest

from course_utils.checks.engine import exercises_of, lessons
from course_utils.checks.exercise import Coding
from tests.exercise_notebooks import ROOT, SOLUTIONS, checked_ids, code_cells

by_stem = pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
LEVELS = ("warm-up", "core", "stretch")
TITLE = re.compile(
    r"^### (?P<id>\d+\.[pq]?\d+) (?P<name>[^·]+) ·( (?P<kind>question|prediction) ·)? "
    rf"(?P<level>{'|'.join(LEVELS)}) · (?P<minutes>\d+) min$",
    re.M,
)
NUMBERS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
)


def texts(path):
    """Return the markdown cells of a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "markdown"]


def titles(path):
    """Return the titles of a notebook's exercises, each a match of TITLE."""
    return list(TITLE.finditer("\n".join(cell.source for cell in texts(path))))


def kinds(path):
    """Return what a title calls each exercise: question, prediction or None."""
    return [title["kind"] for title in titles(path)]


@by_stem
def test_every_exercise_is_there_with_its_title_and_its_check(path):
    exercises = exercises_of(int(path.stem[:2]))
    text = "\n".join(cell.source for cell in texts(path))
    ids = [title["id"] for title in titles(path)]
    assert ids == checked_ids(path) and sorted(ids) == sorted(exercises)
    assert len(ids) == len(re.findall(r"^### ", text, re.M))
    letters = {"q": "question", "p": "prediction"}
    assert kinds(path) == [letters.get(id.split(".")[1][0]) for id in ids]
    coding = [e for e in exercises.values() if isinstance(e, Coding)]
    assert len(coding) == kinds(path).count(None) >= 5
    assert kinds(path).count("question") >= 3 and "prediction" in kinds(path)
    assert any(title["name"] == "Find the bug" for title in titles(path))
    assert text.count("<summary>Hint</summary>") == len(coding)
    assert text.count("<summary>Help: ") >= len(coding)
    assert code_cells(path)[-1].source == "progress_panel()"


@by_stem
def test_difficulty_grows(path):
    """In each part: the parts stand by topic. A notebook begins with a warm-up."""
    levels = [title["level"] for title in titles(path) if not title["kind"]]
    assert levels[0] == "warm-up" and set(levels) == set(LEVELS)
    parts = re.split(
        r"^## ", "\n".join(cell.source for cell in texts(path)), flags=re.M
    )
    for part in parts:
        found = [t for t in TITLE.finditer(part) if not t["kind"]]
        ranks = [LEVELS.index(title["level"]) for title in found]
        assert ranks == sorted(ranks), [title["id"] for title in found]


@by_stem
def test_points_follow_the_difficulty(path):
    graded = [
        c.metadata.nbgrader
        for c in code_cells(path)
        if "points" in c.metadata.get("nbgrader", {})
    ]
    for title, marks in zip(titles(path), graded, strict=True):
        points = 1 if title["kind"] else 1 + LEVELS.index(title["level"])
        assert marks["points"] == points, title["id"]


def counts(path):
    """Return how many functions, predictions and questions a notebook has."""
    return [kinds(path).count(kind) for kind in (None, "prediction", "question")]


def minutes(path):
    """Return the sum of the minutes in a notebook's titles."""
    return sum(int(title["minutes"]) for title in titles(path))


@by_stem
def test_a_notebook_says_what_awaits_the_student(path):
    functions, predictions, questions = (NUMBERS[count] for count in counts(path))
    said = f"{functions.capitalize()} functions to write, {predictions} predictions, "
    opening, how = (cell.source for cell in texts(path)[:2])
    assert f"{said}{questions} questions." in opening
    hours = re.search(r"\*\*Time:\*\* about two hours( and a half)?, in any", how)
    assert abs(minutes(path) - (150 if hours[1] else 120)) <= 20, minutes(path)


def test_the_table_of_the_exercises_is_right():
    readme = (ROOT / "exercises" / "README.md").read_text("utf-8")
    rows = [
        f"| [{path.stem}]({path.name}) | "
        f"{' | '.join(map(str, [*counts(path), minutes(path)]))} |"
        for path in SOLUTIONS
    ]
    assert "\n".join(rows) in readme
    assert "| functions to write | predictions | questions | minutes |" in readme


def test_no_exercise_is_there_twice():
    names = [
        e.name for n in lessons() for e in exercises_of(n).values() if is_coding(e)
    ]
    again = {name for name in names if names.count(name) > 1}
    assert again == {"precision_recall"}  # of classes in 08, of words in 10


def is_coding(exercise):
    return isinstance(exercise, Coding)


@by_stem
def test_tasks_are_short(path):
    cells = nbformat.read(path, as_version=4).cells
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 25, cell.id
            continue
        words = len(cell.source.split())
        assert words <= (100 if "- **a**" in cell.source else 80), (cell.id, words)
        is_task = TITLE.search(cell.source) or "BEGIN SOLUTION" in following.source
        if is_task and "- **a**" not in cell.source:
            assert len(TITLE.sub("", cell.source).split()) <= 60, cell.id


MENDED = [  # what gave an answer away, was not so, or was no English
    ("01", "with two beams"),
    ("04", "has it more"),
    ("02", "### 2.p2 Greedy"),
    ("06", "Perfect on noise"),
    ("07", "times too long"),
    ("07", "Four times two"),
    ("07", "Seven steps down"),
    ("09", "The price of a rule"),
]


@pytest.mark.parametrize(("lesson", "words"), MENDED)
def test_mended_words_do_not_come_back(lesson, words):
    [path] = [path for path in SOLUTIONS if path.stem.startswith(lesson)]
    assert not [cell.id for cell in texts(path) if words in cell.source]


@pytest.mark.parametrize(
    ("lesson", "types"),
    [
        ("04", "`budget: int`"),
        ("04", "`is_random`: list of int"),
        ("05", "Dropout draws anew on each call"),
        ("08", "the number of spaces between words or at the ends"),
    ],
)
def test_tasks_say_exactly_what_is_given(lesson, types):
    [path] = [path for path in SOLUTIONS if path.stem.startswith(lesson)]
    assert any(types in cell.source for cell in texts(path))


def test_whole_premises_tell_judges_apart():
    [path] = [path for path in SOLUTIONS if path.stem.startswith("08")]
    [cell] = [cell for cell in code_cells(path) if cell.id == "08x-show-8"]
    shown = dict(
        re.findall(r"^(.+?) +rows .+ premises (.+)$", cell.outputs[0].text, re.M)
    )
    assert shown["always neutral"] == "0.00"
    assert abs(float(shown["60 % by chance"]) - 0.6**3) < 0.02
    assert "quick judge" in shown
