"""`make setup`: idempotent, and one clear sentence for each thing that goes wrong."""

import json
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from course_utils import bootstrap, installer

PIP_SAYS = {
    "disk is full": "ERROR: Could not install packages due to an OSError: [Errno 28] "
    "No space left on device",
    "cannot be written": "ERROR: Could not install packages due to an OSError: "
    "[Errno 13] Permission denied: '/opt/venv'",
    "index cannot be reached": "WARNING: Retrying (Retry(total=4)) after connection "
    "broken by 'NewConnectionError('<...>: Failed to establish a new connection: "
    "[Errno -3] Temporary failure in name resolution')'\nERROR: Could not find a "
    "version that satisfies the requirement torch (from versions: none)\nERROR: No "
    "matching distribution found for torch",
    "altered or cut short": "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE "
    "REQUIREMENTS FILE.",
    "secure certificates": "SSLError(SSLCertVerificationError(1, '[SSL: "
    "CERTIFICATE_VERIFY_FAILED] certificate verify failed'))",
    "has no pip": "/usr/bin/python3: No module named pip",
}


@pytest.mark.parametrize("sentence", PIP_SAYS)
def test_what_pip_says_becomes_a_sentence(sentence):
    explained = installer.explain(PIP_SAYS[sentence])
    assert sentence in explained and "\n" not in explained


def test_what_only_the_log_tells_is_found_there(tmp_path):
    log = tmp_path / "log"
    log.write_text("x" * 50_000 + PIP_SAYS["index cannot be reached"])
    said = "note: This error originates from a subprocess"
    assert "cannot be reached" in installer.explain(said, installer.read_end(log))
    assert installer.read_end(tmp_path / "none") == ""


def test_unknown_failure_keeps_the_last_error():
    said = "Collecting x\nERROR: something new\nnote: read this"
    assert installer.explain(said).endswith("ERROR: something new")
    assert installer.explain("").endswith("no message")


def test_run_pip_raises_the_sentence_and_names_the_log(tmp_path, monkeypatch):
    """A real pip, sent to a port of this machine where nobody listens."""
    index = "http://127.0.0.1:9/simple"
    options = ["--isolated", "--retries=0", "--timeout=1", f"--index-url={index}"]
    command = ["download", *options, "--dest", str(tmp_path), "no-such-package"]
    monkeypatch.setattr(installer, "SOON_SECONDS", 0)
    with pytest.raises(installer.InstallError) as caught:
        installer.run_pip(command, log=tmp_path / "pip.log")
    assert "index cannot be reached" in str(caught.value)
    assert str(tmp_path / "pip.log") in str(caught.value)
    assert "no-such-package" in (tmp_path / "pip.log").read_text()


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Make a stand-in for `python -m pip` that runs lines with `log` and `call`."""
    monkeypatch.setattr(installer, "SOON_SECONDS", 0)
    monkeypatch.setattr(installer.time, "sleep", lambda _: None)

    def make(*lines):
        calls = tmp_path / "calls"
        script = [
            f"#!{sys.executable}",
            "import os, sys",
            "log = open(sys.argv[sys.argv.index('--log') + 1], 'a')",
            f"with open({str(calls)!r}, 'a') as file: file.write('x')",
            f"call = os.path.getsize({str(calls)!r})",
        ]
        path = tmp_path / "python"
        path.write_text("\n".join([*script, *lines]))
        path.chmod(0o755)
        return path, lambda: calls.stat().st_size

    return make


def test_a_kept_file_that_is_altered_is_fetched_past_what_pip_keeps(stand_in):
    python, calls = stand_in(
        "if 'PIP_NO_CACHE_DIR' not in os.environ:",
        "    sys.exit('ERROR: THESE PACKAGES DO NOT MATCH THE HASHES')",
    )
    installer.run_pip([], python=python)
    assert calls() == 2


def test_pip_is_started_again_while_it_gets_on(stand_in):
    python, calls = stand_in(
        "log.write('Downloading a.whl (1 kB)\\nDownloading b.whl (2 kB)\\n')",
        "if call < 4: sys.exit('ERROR: Connection refused')",
    )
    installer.run_pip([], python=python)
    assert calls() == 4


def test_pip_is_not_started_again_where_it_stands_still(stand_in):
    python, calls = stand_in(
        "log.write('Downloading a.whl (1 kB)\\n')",
        "sys.exit('ERROR: Connection refused')",
    )
    with pytest.raises(installer.InstallError, match="index cannot be reached"):
        installer.run_pip([], python=python)
    assert calls() == 1


def test_the_users_own_time_out_wins(monkeypatch):
    for name in ("PIP_TIMEOUT", "PIP_DEFAULT_TIMEOUT", "PIP_RETRIES"):
        monkeypatch.delenv(name, raising=False)
    assert installer.network_environment()["PIP_TIMEOUT"] == "6"
    monkeypatch.setenv("PIP_DEFAULT_TIMEOUT", "60")
    assert installer.network_environment()["PIP_TIMEOUT"] == "60"


def test_why_the_index_gave_nothing_is_read_in_the_log():
    said = "ERROR: Could not find a version ... (from versions: none)"
    log = (
        "Could not fetch URL http://x/: 429 Client Error: Too Many Requests - skipping"
    )
    assert "asked too often" in installer.explain(said, log)
    assert "log-in page" in installer.explain(said, "")


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 9, 18), (3, 14, 0), (4, 0)])
def test_wrong_python_is_one_sentence(version):
    with pytest.raises(installer.InstallError) as caught:
        bootstrap.check_python(version, "/usr/bin/python3")
    found = f"'/usr/bin/python3' is {version[0]}.{version[1]}"
    assert found in str(caught.value) and "make setup PYTHON=" in str(caught.value)


@pytest.mark.parametrize("version", [(3, 10, 0), (3, 11), (3, 13, 9)])
def test_right_python_passes(version):
    bootstrap.check_python(version, "python3")


def test_full_disk_is_noticed_before_the_download(monkeypatch, tmp_path):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: usage(9, 9, 1e9))
    with pytest.raises(
        installer.InstallError, match=r"needs 3\.0 GB and finds 1\.0 GB"
    ):
        bootstrap.check_space(tmp_path)


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A stand-in for a clone of the course, with pip and venv replaced by notes."""
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    notes = []
    monkeypatch.delenv("PYTHON", raising=False)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "check_space", lambda _: None)
    monkeypatch.setattr(bootstrap, "works", lambda _: (tmp_path / ".venv").exists())

    def create_venv(venv):
        notes.append("venv")
        venv.mkdir()

    def run_pip(arguments, **_):
        notes.append(arguments[-1].removeprefix(str(tmp_path)))

    monkeypatch.setattr(bootstrap, "create_venv", create_venv)
    monkeypatch.setattr(bootstrap, "run_pip", run_pip)
    return tmp_path, notes


def test_second_set_up_does_nothing(clone):
    _, notes = clone
    bootstrap.install([])
    bootstrap.install([])
    assert notes == ["venv", ""]


def test_extras_are_added_and_kept(clone):
    _, notes = clone
    bootstrap.install([])
    bootstrap.install(["test"])
    bootstrap.install([])
    bootstrap.install(["test", "instructor"])
    assert notes == ["venv", "", "[test]", "[instructor,test]"]


def test_a_changed_pyproject_installs_again(clone):
    folder, notes = clone
    bootstrap.install([])
    (folder / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    bootstrap.install([])
    assert notes == ["venv", "", ""]


def test_a_moved_folder_gets_a_new_environment(clone):
    folder, notes = clone
    bootstrap.install([])
    stamp = folder / ".venv/course-setup.json"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "folder": "/old"}))
    (folder / ".venv").rename(folder / "kept")
    bootstrap.install([])
    assert notes == ["venv", "", "venv", ""]


def test_another_python_gets_a_new_environment(clone, monkeypatch):
    _, notes = clone
    bootstrap.install([])
    monkeypatch.setattr(bootstrap, "python_of", lambda _: (3, 10))
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 12, 1))
    bootstrap.install([])  # make's default: the environment that is there is kept
    monkeypatch.setenv("PYTHON", "python3.12")
    monkeypatch.setattr(bootstrap, "create_venv", lambda _: notes.append("venv"))
    bootstrap.install([])
    assert notes == ["venv", "", "venv", ""]


def test_python_of_an_environment():
    assert bootstrap.python_of(Path(sys.prefix)) == sys.version_info[:2]
    assert bootstrap.python_of(Path("/nowhere")) is None


def test_unknown_extra_is_one_sentence(monkeypatch, capsys):
    assert bootstrap.main(["instructr"]) == 1
    expected = (
        "There is no extra 'instructr': choose among book, hub, instructor, test."
    )
    assert expected in capsys.readouterr().err


def test_interrupted_install_goes_on_next_time(clone, monkeypatch):
    folder, notes = clone
    working = bootstrap.run_pip

    def interrupted(*_, **__):
        raise installer.InstallError("The package index cannot be reached.")

    monkeypatch.setattr(bootstrap, "run_pip", interrupted)
    with pytest.raises(installer.InstallError):
        bootstrap.install([])
    assert not (folder / ".venv/course-setup.json").exists()
    monkeypatch.setattr(bootstrap, "run_pip", working)
    bootstrap.install([])
    assert notes == ["venv", ""]


def test_jupyterlab_of_the_environment_asks_nobody(tmp_path):
    for _ in range(2):
        bootstrap.quiet_jupyterlab(tmp_path)
    path = tmp_path / "share/jupyter/lab/settings/overrides.json"
    (settings,) = json.loads(path.read_text()).values()
    assert settings == {"fetchNews": "false", "checkForUpdates": False}


def test_failures_end_in_a_sentence_and_status_1(monkeypatch, capsys):
    for error in (
        installer.InstallError("The disk is full."),
        OSError(30, "Read-only"),
    ):

        def fail(_, error=error):
            raise error

        monkeypatch.setattr(bootstrap, "install", fail)
        assert bootstrap.main([]) == 1
    written = capsys.readouterr().err
    assert "Set-up stopped. The disk is full." in written
    assert "The course folder cannot be used (Read-only)" in written


def test_debian_without_venv_is_told_the_package(monkeypatch, tmp_path):
    said = "The virtual environment was not created ... ensurepip is not available."
    done = subprocess.CompletedProcess([], 1, stdout=said)
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *_, **__: done)
    with pytest.raises(installer.InstallError, match="package python3-venv"):
        bootstrap.create_venv(tmp_path / ".venv")


def test_works_tells_a_broken_interpreter(tmp_path):
    assert bootstrap.works(sys.executable)
    assert not bootstrap.works(tmp_path / "python")
