"""Every lesson again, with one thread and with two: its texts are the saved ones.

make test-twice                  all lessons, two side by side
make test-twice TESTS=03         one of them: its row of docs/reliability.md is replaced

The saved outputs are an earlier run's. So two runs that equal them equal each other.
"""

import nbformat
import pytest

from tests.lesson_runs import SETTINGS
from tests.slow.lesson_copies import LESSONS, run_copy, shown_text
from tests.slow.lesson_table import write_row

HEADER = ["cells with text", "with one thread, differ", "with two threads, differ"]


def words(rows):
    """Return the sentences above the table."""
    compared, one, two = (sum(int(row[i]) for row in rows.values()) for i in range(3))
    return (
        f"Lessons run with one thread and with two: {len(rows)} of {len(LESSONS)}.\n"
        f"Of {compared} cells with text, {one} and {two} showed another text than the "
        "saved one. Pictures are not compared."
    )


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_with_one_thread_and_with_two_the_texts_are_the_saved_ones(
    lesson, tmp_path, monkeypatch
):
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    saved, differ = shown_text(nbformat.read(lesson, as_version=4)), {}
    for threads in ("1", "2"):
        folder = tmp_path / threads
        settings = {"OMP_NUM_THREADS": threads, "COURSE_ARTIFACTS": str(folder)}
        settings["OMP_WAIT_POLICY"] = "passive"  # threads of two runs share the cores
        again = shown_text(run_copy(lesson, folder, **settings))
        assert again.keys() == saved.keys()
        differ[threads] = {
            cell: (text, again[cell])
            for cell, text in saved.items()
            if again[cell] != text
        }
    texts = [text for text in saved.values() if text]
    figures = [len(texts), *map(len, differ.values())]
    write_row("determinism", lesson.stem, figures, header=HEADER, words=words)
    assert not any(differ.values()), differ
