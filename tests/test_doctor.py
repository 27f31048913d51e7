"""The doctor: all well is exit status 0; whatever is wrong comes with its fix."""

import importlib
from importlib import metadata

import pytest

from course_utils import __main__ as command_line
from course_utils import assets, doctor, machine


@pytest.fixture(autouse=True)
def with_data(fetched_reviews):
    """The user's cache is filled."""


def test_all_is_well(capsys):
    assert doctor.main() == 0
    report = capsys.readouterr().out
    assert "FIX" not in report and report.endswith("All is well.\n")
    for what in ("python", "torch", "model", "reviews", "cores", "memory limit",
                 "fast bf16", "workload", "first embedding"):  # fmt: skip
        assert f"ok   {what}" in report


def row(what):
    return next(row for row in doctor.examine() if row[0] == what)


@pytest.fixture
def quick(monkeypatch):
    """Leave out the slow last row."""
    monkeypatch.setattr(doctor, "_embedding_row", lambda: ("first embedding", "", ""))


def test_library_of_a_wrong_version(quick, monkeypatch, capsys):
    real = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: "1.0" if name == "torch" else real(name)
    )
    assert row("torch")[1] == "1.0" and "the course needs" in row("torch")[2]
    assert doctor.main() == 1
    assert "1 to fix." in capsys.readouterr().out


def test_missing_library(quick, monkeypatch):
    real = metadata.version

    def version(name):
        if name == "transformers":
            raise metadata.PackageNotFoundError
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
    assert row("transformers")[1] == "missing" and row("transformers")[2]


def test_old_python(quick, monkeypatch):
    monkeypatch.setattr(doctor.platform, "python_version", lambda: "3.8.1")
    assert "install Python" in row("python")[2]


def test_missing_data(quick, cache):
    _, found, fix = row("reviews")
    assert "is missing" in found and fix == "run 'make setup'"


def test_missing_model(quick, monkeypatch):
    monkeypatch.setattr(assets, "MODEL_MODULE", "no_such_module")
    assert "not installed" in row("model")[1] and row("model")[2]


def test_little_memory(quick, monkeypatch):
    monkeypatch.setattr(machine, "memory_limit_gb", lambda: 1.0)
    assert "lessons need 1.5 GB" in row("memory limit")[2]
    assert row("workload")[1].startswith("small")


def test_a_limit_that_is_cut_to_whole_pages_is_enough(quick, monkeypatch):
    monkeypatch.setattr(machine, "memory_limit_gb", lambda: 1.499996)
    assert row("memory limit")[1:] == ("1.5 GB", "")


def test_misspelt_profile(quick, monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "tiny")
    assert "expected 'full' or 'small'" in row("workload")[2]


def test_model_that_does_not_run(monkeypatch):
    monkeypatch.setenv("COURSE_MODEL", "/nowhere")
    _, found, fix = doctor._embedding_row()
    assert found.startswith("AssetError")
    assert fix == "check or unset COURSE_MODEL (it is '/nowhere')"


def test_libraries_that_do_not_work_together(monkeypatch):
    from course_utils import pretrained

    def fail():
        raise ImportError("cannot import name 'X'")

    monkeypatch.setattr(pretrained, "load_bert", fail)
    _, found, fix = doctor._embedding_row()
    assert found == "ImportError: cannot import name 'X'" and "remove .venv" in fix


def test_fetch_prints_the_table(capsys):
    assert command_line.fetch() == 0
    header, model, reviews = capsys.readouterr().out.splitlines()
    assert header.split() == ["what", "where", "size", "verified"]
    assert model.endswith("yes") and reviews.endswith("yes")


def test_fetch_that_fails_is_one_sentence(monkeypatch, capsys):
    def fail():
        raise assets.AssetError("The review data was not fetched. No network.")

    monkeypatch.setattr(assets, "fetch_reviews", fail)
    assert command_line.fetch() == 1
    assert capsys.readouterr().err == (
        "\nSet-up stopped. The review data was not fetched. No network.\n"
    )


@pytest.mark.parametrize("arguments", [["doctr"], []])
def test_unknown_command_lists_the_known(monkeypatch, capsys, arguments):
    monkeypatch.setattr("sys.argv", ["course_utils", *arguments])
    with pytest.raises(SystemExit):
        importlib.reload(command_line).main()
    assert "fetch" in capsys.readouterr().err
