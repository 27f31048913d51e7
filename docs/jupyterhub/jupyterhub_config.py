"""JupyterHub for a class on one server: docs/jupyterhub.md says how to use it.

    jupyterhub --config docs/jupyterhub/jupyterhub_config.py

The hub runs as root, because it starts every student's server as that student's own
account of the system. The servers and their kernels never run as root.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 (JupyterHub provides it)

# What a school may want to change. The figures are explained in docs/jupyterhub.md.
MEMORY = "2G"  # for one student: the server and all open notebooks together
CORES = 2.0
IDLE_MINUTES = 60  # a kernel, then a server, that did nothing for so long is ended
STUDENTS, TEACHERS = {"students"}, {"teachers"}  # groups of the system
SHARED_DATA = os.environ.get("COURSE_CACHE", "/var/cache/bert-course")

COURSE = Path(__file__).resolve().parents[2]
ENVIRONMENT = Path(sys.executable).parent  # hub and students share one installation

# --- who may come in: accounts of the system, by their group -------------------------
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = STUDENTS | TEACHERS
c.PAMAuthenticator.admin_groups = TEACHERS

# --- where: on loopback; a web server in front brings the certificate ----------------
c.JupyterHub.bind_url = "http://127.0.0.1:8000"

# --- one server for each student, with limits that the kernel of Linux enforces ------
c.JupyterHub.spawner_class = "systemd"
c.Spawner.mem_limit = MEMORY
c.Spawner.cpu_limit = CORES
c.Spawner.start_timeout = c.Spawner.http_timeout = 180  # all of a class start at once
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.isolate_devices = True
c.SystemdSpawner.disable_user_sudo = True
c.SystemdSpawner.default_shell = "/bin/bash"
c.SystemdSpawner.extra_paths = [str(ENVIRONMENT)]
c.SystemdSpawner.unit_extra_properties = {
    "OOMPolicy": "continue",  # too much memory ends the kernel, not the whole server
    "TasksMax": "512",
    "IPAddressDeny": "any",  # the course needs no network: neither do kernels
    "IPAddressAllow": "localhost",
}

# --- what the student finds: an own copy of the course, open on the start page -------
c.Spawner.cmd = [sys.executable, str(Path(__file__).with_name("student_server.py"))]
c.Spawner.notebook_dir = "~/bert-course"
c.Spawner.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.Spawner.environment = {
    "COURSE_CACHE": SHARED_DATA,  # read only: the reviews, and which files are verified
    "COURSE_PROFILE": "small",
    "OMP_NUM_THREADS": "1",  # torch would start a thread for every core of the server
    "HF_HUB_OFFLINE": "1",
}
c.Spawner.args = [
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    f"--MappingKernelManager.cull_idle_timeout={IDLE_MINUTES * 60}",
    "--MappingKernelManager.cull_connected=True",  # also where the tab is still open
    "--KernelManager.transport=ipc",  # else others on this machine could read outputs
]

# --- servers that nobody uses are ended, and their memory given back -----------------
CULLER = "idle-culler"
c.JupyterHub.services = [
    {
        "name": CULLER,
        "command": [
            sys.executable,
            "-m",
            "jupyterhub_idle_culler",
            f"--timeout={IDLE_MINUTES * 60}",
        ],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": CULLER,
        "services": [CULLER],
        "scopes": [
            "list:users",
            "read:users:activity",
            "read:servers",
            "delete:servers",
        ],
    }
]
