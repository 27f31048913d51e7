"""What the machine grants: control groups, CPU flags, the workload profile."""

import os

import psutil
import pytest

from course_utils import machine

TOTAL_GB = psutil.virtual_memory().total / 1e9
MEMINFO = "MemTotal: 9000 kB\nMemAvailable: 4000 kB\nSwapFree: 0 kB\n"


def write(root, files):
    """Create files below root, {path: text}."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_without_control_groups_the_whole_machine_counts(tmp_path):
    assert machine.memory_limit_gb(tmp_path) == pytest.approx(TOTAL_GB)
    assert machine.usable_cores(tmp_path) == len(os.sched_getaffinity(0))


def test_version_2_limits_as_seen_inside_a_container(tmp_path):
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/\n",
            "sys/fs/cgroup/memory.max": "2000000000\n",
            "sys/fs/cgroup/cpu.max": "50000 100000\n",
        },
    )
    assert machine.memory_limit_gb(tmp_path) == pytest.approx(2.0)
    assert machine.usable_cores(tmp_path) == 0.5


def test_version_2_smallest_limit_on_the_way_up_counts(tmp_path):
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/pod/user\n",
            "sys/fs/cgroup/memory.max": "max\n",
            "sys/fs/cgroup/pod/memory.max": "1500000000\n",
            "sys/fs/cgroup/pod/user/memory.max": "max\n",
            "sys/fs/cgroup/pod/cpu.max": "max 100000\n",
            "sys/fs/cgroup/pod/user/cpu.max": "100000 100000\n",
        },
    )
    assert machine.memory_limit_gb(tmp_path) == pytest.approx(1.5)
    assert machine.usable_cores(tmp_path) == 1.0


def test_version_1_limits(tmp_path):
    write(
        tmp_path,
        {
            "proc/self/cgroup": "4:memory:/docker/a\n3:cpu,cpuacct:/docker/a\n",
            "sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes": "1000000000\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "sys/fs/cgroup/cpu/docker/a/cpu.cfs_quota_us": "150000\n",
            "sys/fs/cgroup/cpu/docker/a/cpu.cfs_period_us": "100000\n",
        },
    )
    assert machine.memory_limit_gb(tmp_path) == pytest.approx(1.0)
    assert machine.usable_cores(tmp_path) == min(1.5, len(os.sched_getaffinity(0)))


def test_version_1_without_a_quota(tmp_path):
    write(
        tmp_path,
        {
            "proc/self/cgroup": "3:cpu,cpuacct:/\n",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        },
    )
    assert machine.usable_cores(tmp_path) == len(os.sched_getaffinity(0))


def test_without_a_limit_the_machine_counts(tmp_path):
    write(tmp_path, {"proc/meminfo": MEMINFO})
    assert machine.memory_left(tmp_path) == 4000 * 1024
    write(tmp_path, {"proc/meminfo": MEMINFO.replace("Free: 0", "Free: 500")})
    assert machine.memory_left(tmp_path) == 4500 * 1024


def test_off_linux_nothing_is_known(tmp_path):
    assert machine.memory_left(tmp_path) is None


def test_version_2_leaves_out_what_is_copies_of_files(tmp_path):
    group = "sys/fs/cgroup/pod"
    write(
        tmp_path,
        {
            "proc/meminfo": MEMINFO,
            "proc/self/cgroup": "0::/pod\n",
            f"{group}/memory.max": "3000000\n",
            f"{group}/memory.current": "2900000\n",
            f"{group}/memory.stat": "anon 2500000\nactive_file 200000\n"
            "inactive_file 50000\nslab_reclaimable 100000\n",
        },
    )
    assert machine.memory_left(tmp_path) == 450_000
    write(tmp_path, {f"{group}/memory.max": "max\n"})
    assert machine.memory_left(tmp_path) == 4000 * 1024


def test_version_1_counts_all_processes_of_the_group(tmp_path):
    group = "sys/fs/cgroup/memory/a"
    write(
        tmp_path,
        {
            "proc/meminfo": MEMINFO,
            "proc/self/cgroup": "4:memory:/a\n",
            f"{group}/memory.limit_in_bytes": "2000000\n",
            f"{group}/memory.usage_in_bytes": "1500000\n",
            f"{group}/memory.stat": "active_file 9\ntotal_active_file 100000\n",
        },
    )
    assert machine.memory_left(tmp_path) == 600_000
    write(tmp_path, {f"{group}/memory.usage_in_bytes": "2200000\n"})
    assert machine.memory_left(tmp_path) == 0


def test_version_2_counts_the_swap_that_the_group_may_take(tmp_path):
    group = "sys/fs/cgroup/pod"
    write(
        tmp_path,
        {
            "proc/meminfo": MEMINFO.replace("Free: 0", "Free: 8000"),
            "proc/self/cgroup": "0::/pod/user\n",
            f"{group}/memory.max": "3000000\n",
            f"{group}/memory.current": "2900000\n",
            f"{group}/user/memory.swap.max": "max\n",
            f"{group}/user/memory.swap.current": "50000\n",
        },
    )
    assert machine.memory_left(tmp_path) == 100_000 + 8000 * 1024
    write(tmp_path, {f"{group}/memory.swap.max": "70000\n"})
    write(tmp_path, {f"{group}/memory.swap.current": "50000\n"})
    assert machine.memory_left(tmp_path) == 120_000
    write(tmp_path, {f"{group}/memory.swap.max": "0\n"})
    assert machine.memory_left(tmp_path) == 100_000


def test_version_1_may_limit_memory_and_swap_together(tmp_path):
    group = "sys/fs/cgroup/memory/a"
    write(
        tmp_path,
        {
            "proc/meminfo": MEMINFO.replace("Free: 0", "Free: 8000"),
            "proc/self/cgroup": "4:memory:/a\n",
            f"{group}/memory.limit_in_bytes": "2000000\n",
            f"{group}/memory.usage_in_bytes": "1500000\n",
            f"{group}/memory.stat": "total_inactive_file 100000\n",
        },
    )
    assert machine.memory_left(tmp_path) == 600_000 + 8000 * 1024
    write(tmp_path, {f"{group}/memory.memsw.limit_in_bytes": "2000000\n"})
    write(tmp_path, {f"{group}/memory.memsw.usage_in_bytes": "1700000\n"})
    assert machine.memory_left(tmp_path) == 400_000
    write(tmp_path, {f"{group}/memory.memsw.limit_in_bytes": "9223372036854771712\n"})
    assert machine.memory_left(tmp_path) == 600_000 + 8000 * 1024


@pytest.mark.parametrize(
    ("flags", "fast"),
    [
        ("flags : sse avx2 avx512_bf16 fma", True),
        ("flags : sse avx2 amx_bf16", True),
        ("Features : fp asimd bf16 i8mm", True),
        ("flags : sse avx2 avx512f", False),
    ],
)
def test_bf16_is_read_from_the_cpu_flags(tmp_path, flags, fast):
    write(tmp_path, {"proc/cpuinfo": flags})
    assert machine.has_fast_bf16(tmp_path) is fast


@pytest.mark.parametrize(
    ("cores", "memory", "profile"),
    [(2, 3.0, "full"), (1, 16, "small"), (8, 2.0, "small"), (1.5, 8, "small")],
)
def test_profile_follows_cores_and_memory(monkeypatch, cores, memory, profile):
    monkeypatch.setattr(machine, "usable_cores", lambda: cores)
    monkeypatch.setattr(machine, "memory_limit_gb", lambda: memory)
    assert machine.workload_profile() == profile


@pytest.mark.parametrize("chosen", ["small", "FULL "])
def test_profile_can_be_chosen(monkeypatch, chosen):
    monkeypatch.setenv("COURSE_PROFILE", chosen)
    assert machine.workload_profile() == chosen.strip().lower()


def test_profile_misspelt(monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "tiny")
    with pytest.raises(ValueError, match="'tiny', expected 'full' or 'small'"):
        machine.workload_profile()


def test_release_memory_collects_circles_and_may_be_called_anywhere(monkeypatch):
    import weakref

    class Model:
        pass

    model = Model()
    model.itself = model
    seen = weakref.ref(model)
    del model
    machine.release_memory()
    assert seen() is None
    monkeypatch.setattr(machine.platform, "system", lambda: "Windows")
    machine.release_memory()
