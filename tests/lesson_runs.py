"""A pytest plugin: what else is checked while nbval runs a notebook, once.

The kernel has no network (see kernel_startup/), and an attempt fails the notebook. Its
peak resident memory is read before it stops, and fails the notebook above the limit.
Seconds and memory are printed at the end. `make test` loads it with `-p`.
"""

import importlib.util
import os
import runpy
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell

PEAK_MEMORY_MB = {
    "01_transformer_architecture": 900,
    "02_tokenization": 900,
    "03_special_tokens_and_attention_masks": 900,
    "04_inside_bert": 900,
    "05_extracting_embeddings": 1100,
    "06_feature_extraction": 1100,
    "07_finetune_sentiment": 1300,
    "08_finetune_sentence_pairs": 1300,
    "09_finetune_named_entities": 1300,
    "10_finetune_question_answering": 1300,
    "11_where_next": 1300,
}
PEAK_MEMORY_MB_OTHERWISE = 900
CUDA_BUILD_MB = 450  # what torch's CUDA build holds more, without using a GPU
STARTUP = Path(__file__).parent / "kernel_startup"
SETTINGS = ("COURSE_MODEL", "COURSE_PROFILE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


def pytest_configure(config):
    config.pluginmanager.register(LessonRuns(), "lesson_runs_instance")


class LessonRuns:
    """The hooks, and what they have seen: seconds and peak memory by notebook."""

    def __init__(self):
        self.seconds = defaultdict(float)
        self.peak_mb = {}
        self.folder = Path(tempfile.mkdtemp(prefix="lesson-runs-"))
        self.network_log = self.folder / "network.log"
        shutil.copytree(STARTUP, self.folder / "ipython/profile_default/startup")
        os.environ["IPYTHONDIR"] = str(self.folder / "ipython")
        os.environ["COURSE_NETWORK_LOG"] = str(self.network_log)
        os.environ["COURSE_PROGRESS"] = "off"
        for name in SETTINGS:
            os.environ.pop(name, None)
        if "COURSE_LESSON_PROFILE" in os.environ:  # `make test-matrix` sets it
            os.environ["COURSE_PROFILE"] = os.environ["COURSE_LESSON_PROFILE"]

    def pytest_unconfigure(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item, nextitem):
        """After a notebook's last cell, before its kernel stops: check the run."""
        if not isinstance(item, IPyNbCell):
            return
        if nextitem is not None and nextitem.parent is item.parent:
            return
        stem, name = item.parent.path.stem, name_of(item.parent.path)
        attempts = self.take_network_log()
        assert not attempts, f"{name} asked for the network:\n{attempts}"
        peak = peak_memory_mb(item.parent.kernel.km.provisioner.pid)
        if peak is not None:
            item.user_properties.append(("peak_mb", peak))
            limit = PEAK_MEMORY_MB.get(stem, PEAK_MEMORY_MB_OTHERWISE)
            limit += CUDA_BUILD_MB if torch_is_cuda_build() else 0
            assert peak < limit, f"{name} took {peak:.0f} MB, its limit is {limit} MB"

    def take_network_log(self):
        """Return the attempts noted since the last call, and forget them."""
        if not self.network_log.exists():
            return ""
        attempts = self.network_log.read_text("utf-8")
        self.network_log.unlink()
        return attempts

    def pytest_runtest_logreport(self, report):
        path = Path(report.nodeid.split("::")[0])
        if path.suffix == ".ipynb":
            self.seconds[name_of(path)] += report.duration
            for key, value in report.user_properties:  # from a worker, too
                if key == "peak_mb":
                    self.peak_mb[name_of(path)] = value

    def pytest_terminal_summary(self, terminalreporter):
        if self.seconds:
            terminalreporter.section("notebooks: offline, once")
        for name, seconds in self.seconds.items():
            peak = self.peak_mb.get(name)
            memory = "memory not known" if peak is None else f"{peak:.0f} MB at most"
            terminalreporter.write_line(f"{name}: {seconds:.0f} s, {memory}")


def name_of(path):
    """Return what a notebook is called here, such as exercises/03_special_tokens."""
    return f"{path.parent.name}/{path.stem}"


def torch_is_cuda_build():
    """Return whether torch is the CUDA build, without importing it."""
    (folder,) = importlib.util.find_spec("torch").submodule_search_locations
    return runpy.run_path(f"{folder}/version.py")["cuda"] is not None


def peak_memory_mb(pid):
    """Return a process's peak resident memory in MB (1e6 bytes), None off Linux."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(kilobytes) * 1024 / 1e6
