"""Work is taken home as a zip and brought back; nothing of a student's is lost."""

import io
import json
import shutil
import subprocess
import zipfile
from functools import cache

import pytest

from course_utils import take_home as saving
from course_utils.__main__ import main
from course_utils.bring_back import MOST_BYTES, MOST_ENTRIES, restore
from course_utils.take_home import WorkError, take_home

LESSON, EXERCISE = "notebooks/03_masks.ipynb", "exercises/03_masks.ipynb"
UNCHANGED = r"Nothing was\s+changed"
START = "notebooks/00_start_here.ipynb"


def notebook(text):
    """Return the bytes of a notebook with one cell."""
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}
    whole = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole).encode()


def git(folder, *words):
    who = ("-c", "user.name=A", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def given_course(tmp_path_factory):
    """A function: a small course with its history, as it is given out."""

    @cache
    def give(text):
        folder = tmp_path_factory.mktemp("course")
        for page in (START, LESSON, EXERCISE, "solutions/03_masks.ipynb"):
            (folder / page).parent.mkdir(exist_ok=True)
            (folder / page).write_bytes(notebook(text))
        (folder / ".gitignore").write_text(".progress.json*\nmy_work/\n")
        git(folder, "init", "-q")
        git(folder, "add", ".")
        git(folder, "commit", "-qm", "the course")
        return folder

    return give


@pytest.fixture
def new_session(tmp_path, monkeypatch, given_course):
    """A function: a new copy of the course; the session is in it."""
    monkeypatch.delenv("COURSE_PROGRESS", raising=False)

    def begin(name, text="as given"):
        folder = shutil.copytree(given_course(text), tmp_path / name)
        folder.chmod(0o755)
        monkeypatch.chdir(folder / "notebooks")
        return folder

    return begin


def work_in(folder, text="my answer", done=("3.1", "3.2")):
    (folder / EXERCISE).write_bytes(notebook(text))
    (folder / "exercises/.progress.json").write_text(json.dumps({"done": done}))


def files_of(folder):
    paths = [path for path in folder.rglob("*") if ".git/" not in path.as_posix()]
    return {path: path.read_bytes() for path in paths if path.is_file()}


def zip_of(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in entries:
            file.writestr(name, content)
    return buffer.getvalue()


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


def test_what_was_done_here_stays_and_unknown_exercises_are_left_out(new_session):
    work_in(new_session("first"), done=["3.1", "3.q1", "99.9", "<b>"])
    zipped = take_home().zip_file
    second = new_session("second")
    work_in(second, "my later answer", done=["3.2"])
    assert "2 new" in restore(zipped)
    done = json.loads((second / "exercises/.progress.json").read_text())["done"]
    assert done == ["3.2", "3.1", "3.q1"]
    kept = second / "my_work/aside_1" / EXERCISE
    assert kept.read_bytes() == notebook("my later answer")


def test_another_version_of_the_course_is_said_and_its_page_kept(new_session):
    work_in(new_session("first"))
    zipped = take_home().zip_file
    second = new_session("second", text="as given, mended")
    assert "the course has another version of it now" in restore(zipped)
    assert (second / EXERCISE).read_bytes() == notebook("my answer")
    kept = second / "my_work/aside_1" / EXERCISE
    assert kept.read_bytes() == notebook("as given, mended")


def test_the_page_that_restores_is_not_changed_under_its_reader(new_session):
    first = new_session("first")
    (first / START).write_bytes(notebook("my question"))
    zipped = take_home().zip_file
    second = new_session("second")
    assert "you are on this page" in restore(zipped)
    assert (second / START).read_bytes() == notebook("as given")
    kept = second / "my_work/aside_1" / START
    assert kept.read_bytes() == notebook("my question")


HOSTILE = {
    "up and out": [("../outside.ipynb", notebook("x"))],
    "out from a folder": [("notebooks/../../outside.ipynb", notebook("x"))],
    "absolute": [("/tmp/outside.ipynb", notebook("x"))],
    "drive": [("C:/outside.ipynb", notebook("x"))],
    "backslashes": [("notebooks/..\\outside.ipynb", notebook("x"))],
    "hidden": [("notebooks/.outside.ipynb", notebook("x"))],
    "deeper": [("notebooks/a/outside.ipynb", notebook("x"))],
    "code": [("course_utils/bert.py", b"print('x')")],
    "a stream": [("notebooks/a.ipynb:b.ipynb", notebook("x"))],
    "start-up file": [("exercises/.progress.json", b"{}")],
    "no notebook": [(LESSON, b"x = 1")],
    "no cells": [(LESSON, b'{"nbformat": 4}')],
    "deep": [(LESSON, b"[" * 100_000)],
    "twice": [(LESSON, notebook("x")), ("notebooks/03_MASKS.ipynb", notebook("y"))],
    "a list for a table": [("released.json", b"[]"), (LESSON, notebook("x"))],
    "many": [(f"notebooks/{n}.ipynb", b"{}") for n in range(MOST_ENTRIES + 1)],
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_zip_changes_nothing(new_session, tmp_path, case):
    new_session("first")
    good = (EXERCISE, notebook("a good one goes first"))
    path = tmp_path / "first/my_work.zip"
    path.write_bytes(zip_of([good, *HOSTILE[case]]))
    before = files_of(tmp_path)
    with pytest.raises(WorkError, match=UNCHANGED):
        restore("my_work.zip")
    assert files_of(tmp_path) == before


def link_entry(whole):
    entry = zipfile.ZipInfo(LESSON)
    entry.external_attr = 0o120777 << 16
    return zip_of([(entry, b"/etc/passwd")])


def encrypted(whole):
    """Set the bit that says so in both headers of the first entry."""
    flagged = bytearray(whole)
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        flagged[flagged.index(mark) + offset] |= 1
    return bytes(flagged)


DAMAGED = {
    "empty": lambda whole: b"",
    "text": lambda whole: b"this is no zip",
    "cut": lambda whole: whole[: len(whole) // 2],
    "a byte": lambda whole: whole.replace(b"my answer", b"my anSwer"),
    "a link": link_entry,
    "encrypted": encrypted,
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_zip_is_said_and_changes_nothing(new_session, tmp_path, case):
    new_session("first")
    whole = zip_of([(EXERCISE, notebook("my answer"))])
    assert DAMAGED[case](whole) != whole
    (tmp_path / "first/my_work.zip").write_bytes(DAMAGED[case](whole))
    before = files_of(tmp_path)
    with pytest.raises(WorkError, match=UNCHANGED):
        restore("my_work.zip")
    assert files_of(tmp_path) == before


def packed(name):
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def test_a_bomb_is_refused_before_it_is_unpacked(new_session, monkeypatch):
    folder = new_session("first")
    with (
        zipfile.ZipFile(folder / "my_work.zip", "w") as file,
        file.open(packed(LESSON), "w", force_zip64=True) as entry,
    ):
        for _ in range(MOST_BYTES // 10_000_000 + 1):
            entry.write(bytes(10_000_000))
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    with pytest.raises(WorkError, match="expected at most 500 and 200 MB"):
        restore("my_work.zip")


def test_a_folder_that_leads_out_is_refused(new_session, tmp_path):
    work_in(new_session("first"))
    zipped = take_home().zip_file
    second = new_session("second")
    (second / "exercises").rename(tmp_path / "elsewhere")
    (second / "exercises").symlink_to(tmp_path / "elsewhere")
    before = files_of(tmp_path)
    with pytest.raises(WorkError, match="is a link to another place"):
        restore(zipped)
    assert files_of(tmp_path) == before


def test_a_folder_in_the_place_of_a_notebook_is_refused(new_session):
    work_in(new_session("first"))
    zipped = take_home().zip_file
    second = new_session("second")
    (second / EXERCISE).unlink()
    (second / EXERCISE).mkdir()
    with pytest.raises(WorkError, match="is a folder here"):
        restore(zipped)


def test_a_closed_folder_is_said(new_session, deny_writing):
    work_in(new_session("first"))
    zipped = take_home().zip_file
    second = new_session("second")
    zipfile.ZipFile(zipped).close()  # loads a decoder that only we may read
    deny_writing(second)
    with pytest.raises(WorkError, match=r"Restoring stopped: .*[Pp]ermission"):
        restore(zipped)
    assert (second / EXERCISE).read_bytes() == notebook("as given")


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
