"""docs/teaching.md: its tables are those of the notebooks, its exercises exist."""

import re
import shutil

import nbformat
import pytest

from course_utils import teaching_plans as plans
from course_utils import teaching_times as times

TEXT = times.PAGE.read_text("utf-8")
BY_HAND = re.sub(r"(<!-- (\w+): by .*? -->).*?(<!-- end \2 -->)", "", TEXT, flags=re.S)
EXERCISE = r"\b\d+\.[pq]?\d+\b"


def test_the_tables_are_up_to_date():
    assert times.written(TEXT) == TEXT, "run 'make teaching-times'"


def test_every_exercise_that_is_named_exists():
    named = re.findall(EXERCISE, BY_HAND.replace("Python 3.11", "").replace("3.12", ""))
    assert named and set(named) <= set(times.exercises())


def test_no_other_number_is_written_by_hand():
    prose = re.sub(
        r"```.*?```|`[^`\n]+`|\]\([^)]*\)|Python\s3\.1\d", "", BY_HAND, flags=re.S
    )
    words = re.sub(EXERCISE, "", prose)
    numbers = set(re.findall(r"(?<![\w])\d[\d.,]*\b", words))
    numbers = {number.rstrip(".,") for number in numbers}
    assert numbers <= {f"{number:02d}" for number in times.lessons()}


def test_each_lesson_has_its_catches_questions_and_what_to_skip():
    part = BY_HAND.split("## Lesson by lesson")[1].split("\n## ")[0]
    sections = re.split(r"^### (\d\d) ", part, flags=re.M)[1:]
    found = dict(zip(map(int, sections[::2]), sections[1::2], strict=True))
    assert set(found) == set(times.lessons())
    for number, text in found.items():
        assert re.findall(r"^- \*\*(\w+):\*\*", text, re.M) == [
            "Catches",
            "Ask",
            "Skip",
        ]
        named = re.findall(EXERCISE, text)
        assert len(named) >= 3 and {int(n.split(".")[0]) for n in named} == {number}


def test_commands_are_in_the_makefile():
    makefile = (times.ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"\bmake ([a-z-]+)", TEXT))
    assert {"slides", "wheelhouse", "grade", "teaching-times", "test-slow"} <= targets
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in targets)


# --- plans ---------------------------------------------------------------------------


@pytest.mark.parametrize("plan", [plans.DAY, plans.EVENINGS, plans.TERM])
def test_a_session_does_exercises_of_the_lesson_before(plan):
    for title, parts in plan:
        number = None
        for part in parts:
            number = part if isinstance(part, int) else number
            assert times.minutes_of(part) > 0
            if part in times.exercises():
                assert part.startswith(f"{number}."), (title, part)
    with pytest.raises(KeyError):
        times.minutes_of("1.99")


def test_plans_fit_a_day_an_evening_and_a_lecture():
    assert 17 * 60 >= times.BEGINS + minutes(plans.DAY) >= 15 * 60
    assert all(90 <= minutes([evening]) <= 150 for evening in plans.EVENINGS)
    assert all(45 <= minutes([week]) <= 90 for week in plans.TERM)
    taught = [
        part for _, parts in plans.TERM for part in parts if isinstance(part, int)
    ]
    assert taught == list(times.lessons())


def minutes(plan):
    return sum(times.minutes_of(part) for _, parts in plan for part in parts)


def test_times_of_day():
    assert times.clock(9 * 60 + 5) == "9:05"
    last, begin = times.day_table()[-1], times.BEGINS
    assert last == f"| {times.clock(begin + minutes(plans.DAY))} | end |  |"


# --- minutes -------------------------------------------------------------------------


@pytest.mark.parametrize("path", times.lessons().values(), ids=lambda path: path.stem)
def test_the_estimate_is_near_the_lesson_s_own(path):
    own = int(re.search(r"about (\d+) minutes to read", times.markdown_of(path))[1])
    assert abs(times.reading_minutes(path) - own) <= 10


def test_words_code_and_figures_take_minutes(tmp_path):
    path = tmp_path / "12_x.ipynb"
    shutil.copy(times.lessons()[3], path)
    before = times.reading_minutes(path)
    notebook = nbformat.read(path, as_version=4)
    more = nbformat.v4.new_markdown_cell("word " * 10 * times.WORDS_A_MINUTE)
    code = nbformat.v4.new_code_cell("x = 1\n" * 5 * times.CODE_LINES_A_MINUTE)
    figures = [nbformat.v4.new_output("display_data", {"image/png": ""})] * 4
    drawn = nbformat.v4.new_code_cell("", outputs=figures)
    notebook.cells += [more, code, drawn]
    nbformat.write(notebook, path)
    assert times.reading_minutes(path) == before + 10 + 5 + 2


def test_measured_seconds_are_copied():
    page = (times.ROOT / times.MEASURED[0]).read_text("utf-8")
    seconds = times.run_seconds("01_transformer_architecture")
    assert f"| 01_transformer_architecture | {seconds} |" in page
    assert times.run_seconds("12_none") == "-"


def test_a_missing_mark_is_reported():
    with pytest.raises(ValueError, match="has no marks <!-- lessons"):
        times.written("# A page")
