"""The progress panel and its file, whatever happens to the file."""

import json

import pytest

from course_utils.checks import progress
from course_utils.checks.engine import exercises_of
from course_utils.checks.panel import progress_panel
from course_utils.checks.result import Result
from course_utils.one_at_a_time import one_at_a_time

ALL = len(exercises_of(3))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder `exercises`, in which the notebook runs, in a new session."""
    folder = tmp_path / "exercises"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("COURSE_PROGRESS", raising=False)
    monkeypatch.setattr(progress, "this_session", {})
    monkeypatch.setattr("course_utils.checks.panel.this_session", progress.this_session)
    return folder


def panel(capsys):
    capsys.readouterr()
    progress_panel()
    return capsys.readouterr().out


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_is_done_is_kept_and_shown(folder, capsys):
    progress.note(Result("3.1", "ok"))
    progress.note(Result("3.2", "failed"))
    progress.note(Result("3.3", "not attempted"))
    progress.note(Result("3.77", "unknown"))
    assert json.loads((folder / ".progress.json").read_text()) == {"done": ["3.1"]}
    shown = panel(capsys)
    assert f"Lesson 3: 1 of {ALL} done" in shown
    assert "✓ 3.1  ✗ 3.2  ○ 3.3" in shown
    assert "The course: 1 of" in shown
    assert names_in(folder) == [".progress.json", ".progress.json.lock"]


def test_a_later_session_still_knows(folder, capsys):
    (folder / ".progress.json").write_text('{"done": ["3.1", "3.2"]}')
    progress.note(Result("3.1", "failed"))
    assert f"Lesson 3: 2 of {ALL} done" in panel(capsys)


def test_before_any_check_the_course_is_shown(folder, capsys):
    assert "The course: 0 of" in panel(capsys)


@pytest.mark.parametrize(
    "damage", [b"", b"{", b'{"done": 3}', b'{"done": [3]}', b"[]", b"\xff\xfe", b"null"]
)
def test_a_damaged_file_is_said_and_written_anew(folder, capsys, damage):
    (folder / ".progress.json").write_bytes(damage)
    assert "cannot be read" in panel(capsys)
    progress.note(Result("3.1", "ok"))
    shown = panel(capsys)
    assert "cannot be read" not in shown and "✓ 3.1" in shown


def test_a_folder_in_the_place_of_the_file(folder, capsys):
    (folder / ".progress.json").mkdir()
    progress.note(Result("3.1", "ok"))
    shown = panel(capsys)
    assert "✓ 3.1" in shown and "cannot be written (Is a directory)" in shown
    assert names_in(folder) == [".progress.json", ".progress.json.lock"]


def test_a_file_that_cannot_be_read_now_is_left_as_it_is(folder, capsys, monkeypatch):
    """A disk that fails for a moment must not cost what is done."""
    path = folder / ".progress.json"
    path.write_text('{"done": ["3.2"]}')
    with monkeypatch.context() as failing:
        failing.setattr(progress.json, "loads", raise_disk_error)
        progress.note(Result("3.1", "ok"))
        assert "cannot be written (Input/output error)" in panel(capsys)
    assert progress.read(path) == (["3.2"], [])
    progress.note(Result("3.1", "ok"))
    assert progress.read(path) == (["3.2", "3.1"], [])


def raise_disk_error(text):
    raise OSError(5, "Input/output error")


def test_another_notebook_that_never_ends_writing_is_said(folder, capsys, monkeypatch):
    monkeypatch.setattr(progress, "LOCK_SECONDS", 0)
    with one_at_a_time(folder / ".progress.json.lock", 0):
        progress.note(Result("3.1", "ok"))
    assert "another notebook is writing it" in panel(capsys)
    progress.note(Result("3.2", "ok"))
    shown = panel(capsys)
    assert "cannot be written" not in shown and "✓ 3.1  ✓ 3.2" in shown


def test_an_unwritable_folder_is_said(folder, capsys, deny_writing):
    deny_writing(folder)
    progress.note(Result("3.1", "ok"))
    shown = panel(capsys)
    assert "cannot be written" in shown and "✓ 3.1" in shown
    assert list(folder.iterdir()) == []


def test_other_folders_and_tests_are_left_alone(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    progress.note(Result("3.1", "ok"))
    monkeypatch.delenv("COURSE_PROGRESS")
    monkeypatch.chdir(tmp_path)
    progress.note(Result("3.2", "ok"))
    assert "kept only for notebooks in the folder exercises" in panel(capsys)
    assert list(folder.iterdir()) == [] and len(list(tmp_path.iterdir())) == 1


def test_the_file_may_be_elsewhere(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "mine.json"))
    progress.note(Result("3.1", "ok"))
    assert (tmp_path / "mine.json").exists() and list(folder.iterdir()) == []


def test_losing_the_file_loses_nothing_else(folder, capsys):
    progress.note(Result("3.1", "ok"))
    (folder / ".progress.json").unlink()
    progress.note(Result("3.2", "ok"))
    assert "✓ 3.1  ✓ 3.2" in panel(capsys)
