"""Work is taken home as a zip, and is there in the next session."""

import json
import shutil
import zipfile

import pytest

from course_utils import take_home as saving
from course_utils.__main__ import main
from course_utils.bring_back import restore
from course_utils.take_home import WorkError, take_home
from tests.small_course import EXERCISE, files_of, notebook, work_in


def test_work_of_one_session_is_there_in_the_next(new_session):
    first = new_session("first")
    work_in(first)
    (first / "notebooks/my_own.ipynb").write_bytes(notebook("mine"))
    saved = take_home()
    assert repr(saved) == "Saved 2 notebooks and 2 done exercises."
    with zipfile.ZipFile(saved.zip_file) as file:
        names = {"released.json", "done.json", EXERCISE, "notebooks/my_own.ipynb"}
        assert set(file.namelist()) == names

    second = new_session("second")
    (second / "my_work.zip").write_bytes(saved.zip_file.read_bytes())
    report = restore("my_work.zip")
    assert (second / EXERCISE).read_bytes() == notebook("my answer")
    assert (second / "notebooks/my_own.ipynb").read_bytes() == notebook("mine")
    kept = second / "my_work/aside_1" / EXERCISE
    assert kept.read_bytes() == notebook("as given") and str(kept.name) in report
    done = json.loads((second / "exercises/.progress.json").read_text())["done"]
    assert done == ["3.1", "3.2"] and "2 new" in report
    assert "another version" not in report
    again = restore("my_work.zip")
    assert again.count("the same already") == 2 and "0 new" in again
    assert not (second / "my_work/aside_2").exists()


def test_a_link_downloads_the_zip(new_session):
    work_in(new_session("first"))
    link = '<a href="../my_work/my_work.zip" download>Download my_work.zip</a>'
    assert link in take_home()._repr_html_()


def test_nothing_changed_leaves_nothing_behind(new_session):
    folder = new_session("first")
    before = files_of(folder)
    saved = take_home()
    assert "Nothing to take home yet" in repr(saved) and saved.zip_file is None
    assert "<a " not in saved._repr_html_() and files_of(folder) == before


def test_a_zip_is_never_overwritten(new_session):
    folder = new_session("first")
    work_in(folder)
    first = take_home().zip_file
    kept = first.read_bytes()
    assert take_home().zip_file == first  # the same work: the same file
    work_in(folder, "another answer")
    second = take_home().zip_file
    assert second.name == "my_work_2.zip" and first.read_bytes() == kept


def test_without_history_every_notebook_is_taken(new_session, monkeypatch):
    shutil.rmtree(new_session("first") / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")
    assert repr(take_home()).startswith("Saved 4 notebooks")
    monkeypatch.setenv("PATH", "")  # no git
    assert repr(take_home()).startswith("Saved 4 notebooks")


def test_a_missing_zip_and_no_course_are_said(new_session, tmp_path, monkeypatch):
    new_session("first")
    with pytest.raises(WorkError, match=r"no file 'mine\.zip'"):
        restore("mine.zip")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WorkError, match="no course around the folder"):
        restore("mine.zip")
    assert "On Colab" in repr(take_home())


def test_the_commands(new_session, monkeypatch, capsys):
    work_in(new_session("first"))

    def command(*words):
        monkeypatch.setattr("sys.argv", ["course_utils", *words])
        return main(), *capsys.readouterr()

    status, shown, _ = command("take-home")
    assert status == 0 and "Saved 1 notebook and 2 done" in shown
    zipped = shown.splitlines()[-1]
    new_session("second")
    status, shown, _ = command("restore", zipped)
    assert status == 0 and f"{EXERCISE}: brought back" in shown
    status, _, shown = command("restore", "none.zip")
    assert status == 1 and "Upload it" in shown


def test_unreadable_names_are_left_out(new_session):
    folder = new_session("first")
    (folder / "notebooks/a\nb.ipynb").write_bytes(notebook("mine"))
    assert "notebooks/a\nb.ipynb" not in saving.changed_pages(folder)
