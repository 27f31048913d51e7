"""Three students run one lesson at the same time on a real hub; what came of it."""

import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier

import nbformat

from course_utils import assets
from tests.hub import memory
from tests.hub.class_hub import ROOT, run_hub
from tests.hub.student import Student

NAMES = ("ada", "emmy", "kurt")
LESSON = "notebooks/03_special_tokens_and_attention_masks.ipynb"
WEIGHTS = "model.safetensors"
SHARED = [
    ROOT / name
    for name in ("artifacts", "course_utils", "exercises", "notebooks", "solutions")
]
TRAINING_STEP = """
torch.set_grad_enabled(True)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
inputs = tokenizer("A gem of a movie.", return_tensors="pt")
model(**inputs).last_hidden_state.square().mean().backward()
optimizer.step()
"""


@dataclass
class StudentRun:
    """What one student's run gave. Seconds, and MB as in tests/hub/memory.py."""

    name: str
    start_seconds: float = 0.0
    lesson_seconds: float = 0.0
    processor_seconds: float = 0.0
    notebook: nbformat.NotebookNode | None = None
    saved: nbformat.NotebookNode | None = None  # as it lies in the student's home
    saved_inode: int = 0
    transport: str = ""  # of the kernel's channels: "tcp" or "ipc"
    listening: list = field(default_factory=list)  # the kernel's network addresses
    server: dict = field(default_factory=dict)
    kernel: dict = field(default_factory=dict)
    weights: memory.Mapping | None = None


@dataclass
class ClassRun:
    """What the whole run gave."""

    students: list[StudentRun]
    shared: float = 0.0  # by the students' processes, each file once, MB
    hub: float = 0.0  # PSS of the hub, its proxy and its services, MB
    others_file: list[int] = field(default_factory=list)  # statuses
    after_training: memory.Mapping | None = None
    training_outputs: list = field(default_factory=list)
    log: str = ""
    written: set = field(default_factory=set)  # files that changed in shared folders
    left: list = field(default_factory=list)  # processes that outlived the hub


def run_class(folder):
    """Run the class in a new folder (Path); returns a ClassRun when all is ended."""
    data = folder / "shared-data"
    fill(data)
    before = contents(data, *SHARED)
    run = ClassRun([StudentRun(name) for name in NAMES])
    with run_hub(folder, data) as hub:
        clients = [Student(hub.address, name, hub.password) for name in NAMES]
        together = Barrier(len(NAMES), timeout=600)
        try:
            with ThreadPoolExecutor(len(NAMES)) as pool:
                pairs = zip(clients, run.students, strict=True)
                waiting = [pool.submit(take_lesson, *pair, together) for pair in pairs]
                for one in waiting:
                    one.result()
            measure(run, hub)
            run.others_file = [clients[0].try_to_read(name, LESSON) for name in NAMES]
            run.training_outputs = clients[0].run(TRAINING_STEP)
            kernel = hub.processes_of(NAMES[0])[-1]
            run.after_training = memory.file_of(kernel.pid, WEIGHTS)
            family = [hub.process, *hub.process.children(recursive=True)]
        finally:
            for client in clients:
                client.close()
    run.log = hub.log.read_text("utf-8")
    run.left = [process for process in family if process.is_running()]
    run.written = before ^ contents(data, *SHARED)
    return run


def take_lesson(client, run, together):
    """Come in, start the server, wait for the others, run the lesson, save it."""
    start = time.perf_counter()
    try:
        client.log_in()
        client.start_server()
        run.start_seconds = time.perf_counter() - start
        together.wait()
        start = time.perf_counter()
        run.notebook = client.open(LESSON)
        client.start_kernel(LESSON)
        client.run_all(run.notebook)
        client.save(LESSON, run.notebook)
        run.lesson_seconds = time.perf_counter() - start
    except BaseException:
        together.abort()  # the others need not wait for this one
        raise


def measure(run, hub):
    """Fill in memory and processor time, while all kernels are still there."""
    pids = []
    for student in run.students:
        server, kernel = hub.processes_of(student.name)
        times = [process.cpu_times() for process in (server, kernel)]
        student.processor_seconds = sum(t.user + t.system for t in times)
        student.server = memory.totals(server.pid)
        student.kernel = memory.totals(kernel.pid)
        student.weights = memory.file_of(kernel.pid, WEIGHTS)
        saved = hub.homes / student.name / "bert-course" / LESSON
        student.saved = nbformat.read(saved, as_version=4)
        student.saved_inode = saved.stat().st_ino
        connection = json.loads(Path(kernel.cmdline()[-1]).read_text())
        student.transport = connection["transport"]
        student.listening = kernel.net_connections("inet")
        pids += [server.pid, kernel.pid]
    run.shared = memory.shared_once(pids)
    run.hub = sum(memory.totals(process.pid)["pss"] for process in hub.own_processes())


def fill(data):
    """Make the shared folder as the page says, but without the network."""
    data.mkdir()
    for name in assets.REVIEW_FILES:
        shutil.copy(assets.review_file(name), data)
    command = [sys.executable, "-m", "course_utils", "fetch"]
    settings = {"COURSE_CACHE": str(data), "PYTHONPATH": str(ROOT)}
    subprocess.run(command, env={**os.environ, **settings}, check=True)


def contents(*folders):
    """Return {(path, size, time of change)} of all files, but for compiled Python."""
    return {
        (str(path), path.stat().st_size, path.stat().st_mtime_ns)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
