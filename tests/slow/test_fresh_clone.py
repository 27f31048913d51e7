"""The README's commands in a fresh clone with a new environment. Needs the index."""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone of the last commit, its environment and cache its own."""
    folder = tmp_path_factory.mktemp("fresh") / "bert course"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    return folder


def make(clone, *arguments, **settings):
    environment = {**os.environ, "COURSE_CACHE": str(clone.parent / "cache")}
    command = ["make", f"PYTHON={sys._base_executable}", *arguments]
    return subprocess.run(
        command,
        cwd=clone,
        env={**environment, **settings},
        capture_output=True,
        text=True,
    )


def test_setup_then_nothing_left_to_do(clone):
    first = make(clone, "setup")
    assert first.returncode == 0, first.stdout + first.stderr
    table = first.stdout.splitlines()[-3:]
    assert [line.split()[-1] for line in table] == ["verified", "yes", "yes"]
    second = make(clone, "setup", PIP_INDEX_URL="http://127.0.0.1:9", PIP_NO_INDEX="1")
    assert second.returncode == 0 and second.stdout.splitlines() == table


def test_lab_serves_the_lesson(clone):
    """`make lab` says its address on standard error; the page and lesson are there."""
    environment = {**os.environ, "COURSE_CACHE": str(clone.parent / "cache")}
    options = "--no-browser --allow-root --IdentityProvider.token=t --port=0"
    server = subprocess.Popen(
        ["make", f"PYTHON={sys._base_executable}", "lab", f"BROWSER_OPTIONS={options}"],
        cwd=clone,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        lines = (line for line in server.stderr if "http://127.0.0.1:" in line)
        address = next(lines).split()[-1].split("/lab")[0]
        for page in ("/lab?token=t", "/api/contents/notebooks?token=t"):
            with urllib.request.urlopen(address + page) as answer:
                assert answer.status == 200
                body = answer.read().decode()
        assert "03_special_tokens_and_attention_masks.ipynb" in body
    finally:
        os.killpg(server.pid, 15)
        server.wait()


def test_doctor_is_content(clone):
    done = make(clone, "doctor")
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("All is well.\n")


def test_damaged_model_is_mended_by_set_up(clone):
    (weights,) = clone.glob(".venv/lib/*/site-packages/gt_all*/model/model.safetensors")
    weights.write_bytes(weights.read_bytes()[:1000])
    done = make(clone, "doctor")
    assert "has 1,000 bytes, expected 90,868,376" not in done.stdout
    assert "Installing the embedded model" in done.stdout
    assert weights.stat().st_size == 90_868_376


def test_python_too_old_is_one_sentence(clone):
    """Where another, older Python is installed, `make setup` with it says so."""
    old = clone.parent / "old-python"
    old.write_text(
        f"#!/bin/sh\nexec '{sys._base_executable}' -c 'import sys; "
        "sys.version_info = (3, 8, 1); import runpy; "
        'sys.argv = ["setup"]; runpy.run_module("course_utils.bootstrap", '
        'run_name="__main__")\'\n'
    )
    old.chmod(0o755)
    done = subprocess.run(
        ["make", "setup", f"PYTHON={old}"], cwd=clone, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "Set-up stopped. The course needs Python 3.10 to 3.13" in done.stderr


def test_no_network_is_one_sentence(clone):
    """Without an index, in a clone that was never set up."""
    other = clone.parent / "other"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(other)], check=True)
    done = make(
        other,
        "setup",
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_EXTRA_INDEX_URL="",
        PIP_FIND_LINKS="",
        PIP_NO_CACHE_DIR="1",
        PIP_RETRIES="0",
    )
    assert done.returncode != 0
    assert "Set-up stopped. The package index cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr
