"""Work is brought back from a zip; a hostile or damaged one changes nothing."""

import json
import zipfile

import pytest

from course_utils.bring_back import MOST_BYTES, MOST_ENTRIES, restore
from course_utils.take_home import WorkError, take_home
from tests.small_course import (
    EXERCISE,
    LESSON,
    START,
    files_of,
    notebook,
    work_in,
    zip_of,
)

UNCHANGED = r"Nothing was\s+changed"


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
