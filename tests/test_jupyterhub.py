"""The class's server, docs/jupyterhub.md: what can be seen without starting it.

`make test-hub` starts it: tests/hub.
"""

import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from traitlets.config import PyFileConfigLoader

from tests.lesson_runs import PEAK_MEMORY_MB

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/jupyterhub.md").read_text("utf-8")
FOLDER = ROOT / "docs/jupyterhub"
INSTALLED = "/opt/bert-course"
SETTINGS = {"COURSE_CACHE", "COURSE_PROFILE", "OMP_NUM_THREADS", "HF_HUB_OFFLINE"}
ANYTHING = None  # what lies below is not the chart's, but Kubernetes' or JupyterHub's
# From the chart's reference, https://z2jh.jupyter.org/en/latest/resources/reference.html
CHART = {
    "hub": {"config": ANYTHING},
    "proxy": {
        "https": {"enabled": bool, "hosts": list, "letsencrypt": {"contactEmail": str}}
    },
    "singleuser": {
        "image": {"name": str, "tag": str},
        "memory": {"guarantee": str, "limit": str},
        "cpu": {"guarantee": (int, float), "limit": (int, float)},
        "defaultUrl": str,
        "startTimeout": int,
        "cmd": list,
        "extraEnv": ANYTHING,
        "lifecycleHooks": {"postStart": ANYTHING},
        "storage": {
            "capacity": str,
            "homeMountPath": str,
            "extraVolumes": list,
            "extraVolumeMounts": list,
        },
        "allowPrivilegeEscalation": bool,
        "networkPolicy": {
            "enabled": bool,
            "egressAllowRules": {
                "privateIPs": bool,
                "nonPrivateIPs": bool,
                "cloudMetadataServer": bool,
            },
        },
    },
    "cull": {"enabled": bool, "timeout": int, "every": int},
    "prePuller": {"hook": {"enabled": bool}, "continuous": {"enabled": bool}},
    "scheduling": {"userScheduler": {"enabled": bool}},
}


@pytest.fixture(scope="module")
def config():
    return PyFileConfigLoader(str(FOLDER / "jupyterhub_config.py")).load_config()


@pytest.fixture(scope="module")
def values():
    return yaml.safe_load((FOLDER / "zero_to_jupyterhub.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def student_server():
    return runpy.run_path(str(FOLDER / "student_server.py"))


def gigabytes(text):
    """Return what JupyterHub and Kubernetes take "2G" for, in MB."""
    return float(text.removesuffix("G")) * 1000


# --- one machine ---------------------------------------------------------------------


def test_limits_hold_the_heaviest_lesson_and_a_server(config):
    assert gigabytes(config.Spawner.mem_limit) >= 1.4 * max(PEAK_MEMORY_MB.values())
    assert config.Spawner.cpu_limit >= float(
        config.Spawner.environment["OMP_NUM_THREADS"]
    )


def test_only_the_machine_itself_reaches_the_hub(config):
    assert config.JupyterHub.bind_url.startswith("http://127.0.0.1:")
    assert config.SystemdSpawner.unit_extra_properties["IPAddressDeny"] == "any"


def test_students_start_on_the_start_page(config):
    folder, page = config.Spawner.default_url.removeprefix("/lab/tree/").split("/")
    assert (ROOT / folder / page).is_file()
    assert set(config.Spawner.environment) == SETTINGS


def test_the_culler_has_the_rights_of_its_role(config):
    (service,), (role,) = config.JupyterHub.services, config.JupyterHub.load_roles
    assert role["services"] == [service["name"]]
    assert {"list:users", "read:servers", "delete:servers"} <= set(role["scopes"])
    assert f"--timeout={60 * 60}" in service["command"]


def test_the_service_starts_files_that_are_there():
    unit = (FOLDER / "jupyterhub.service").read_text("utf-8")
    named = re.findall(rf"{INSTALLED}/(docs/\S+)", unit)
    assert named and all((ROOT / name).is_file() for name in named)
    assert "/.venv/bin/jupyterhub --config" in unit


def test_the_copy_adds_and_never_overwrites(student_server, tmp_path):
    source, target = tmp_path / "course", tmp_path / "home/bert-course"
    (source / "notebooks/.ipynb_checkpoints").mkdir(parents=True)
    for name in ("notebooks/a.ipynb", "notebooks/b.ipynb", "README.md"):
        (source / name).write_text("fresh")
    (source / "notebooks/.ipynb_checkpoints/a.ipynb").write_text("old")
    give = student_server["give_course"]
    give(source, target)
    assert sorted(p.name for p in target.rglob("*") if p.is_file()) == [
        "README.md",
        "a.ipynb",
        "b.ipynb",
    ]
    (target / "notebooks/a.ipynb").write_text("a student's work")
    (target / "notebooks/b.ipynb").unlink()
    give(source, target)
    assert (target / "notebooks/a.ipynb").read_text() == "a student's work"
    assert (target / "notebooks/b.ipynb").read_text() == "fresh"


def test_what_is_given_is_in_the_course(student_server):
    assert all((ROOT / name).exists() for name in student_server["GIVEN"])


# --- Kubernetes ----------------------------------------------------------------------


def test_the_chart_knows_every_value(values):
    compare(values, CHART, "values")


def compare(given, known, where):
    if known is ANYTHING:
        return
    if not isinstance(known, dict):
        assert isinstance(given, known), f"{where} is {given!r}"
        return
    assert set(given) <= set(known), f"{where}: {set(given) - set(known)}"
    for name, below in given.items():
        compare(below, known[name], f"{where}.{name}")


def test_students_on_kubernetes_get_what_they_get_on_one_machine(values, config):
    single = values["singleuser"]
    assert single["memory"]["limit"] == config.Spawner.mem_limit
    assert single["cpu"]["limit"] == config.Spawner.cpu_limit
    alone_in_a_pod = "--KernelManager.transport=ipc"
    assert single["cmd"][1:] == [a for a in config.Spawner.args if a != alone_in_a_pod]
    for name in SETTINGS - {"COURSE_CACHE"}:
        assert single["extraEnv"][name] == config.Spawner.environment[name]
    assert single["defaultUrl"].endswith(config.Spawner.default_url.split("/tree/")[1])
    assert all(isinstance(value, str) for value in single["extraEnv"].values())


def test_the_shared_folder_is_claimed_filled_and_mounted_read_only(values):
    text = (FOLDER / "shared_data.yaml").read_text("utf-8")
    claim, job = yaml.safe_load_all(text)
    storage, pod = values["singleuser"]["storage"], job["spec"]["template"]["spec"]
    (volume,), (mount,) = storage["extraVolumes"], storage["extraVolumeMounts"]
    assert volume["persistentVolumeClaim"] == {
        "claimName": claim["metadata"]["name"],
        "readOnly": True,
    }
    assert mount["readOnly"] and mount["name"] == volume["name"]
    assert mount["mountPath"] == values["singleuser"]["extraEnv"]["COURSE_CACHE"]
    (filler,) = pod["containers"]
    assert filler["env"][0] == {"name": "COURSE_CACHE", "value": mount["mountPath"]}
    image = values["singleuser"]["image"]
    assert filler["image"] == f"{image['name']}:{image['tag']}"
    assert filler["image"] in PAGE and "shared_data.yaml" in PAGE


def test_the_image_is_made_as_the_page_says(values):
    """repo2docker's Dockerfile, made without Docker; the home folder is kept free."""
    found = re.search(r"^jupyter-repo2docker ((?:.*\\\n)*.*)$", PAGE, re.M)
    options = ["--no-build", "--debug", *shlex.split(found[1].replace("\\\n", ""))[1:]]
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "nbgitpuller" in output and "RUN ./postBuild" in output
    course = Path(options[options.index("--target-repo-dir") + 1])
    home = Path(values["singleuser"]["storage"]["homeMountPath"])
    assert home not in course.parents
    assert values["hub"]["config"]["KubeSpawner"]["notebook_dir"] == str(home)


# --- the page ------------------------------------------------------------------------


def test_the_sums_on_the_page_are_right():
    sums = re.findall(r"(\d+) \+ (\d+) \+ (\d+) \+ (\d+) x (\d+) = (\d+)", PAGE)
    assert [int(students) for *_, students, _, _ in sums] == [30, 30, 300, 300]
    for row in sums:
        system, hub, shared, students, each, total = map(int, row)
        assert system + hub + shared + students * each == total
