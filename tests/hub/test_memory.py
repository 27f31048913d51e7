"""The reader of smaps, on a text and on two processes that share a file."""

import subprocess
import sys

import pytest

from tests.hub import memory

SMAPS = """\
7f00-7f10 r--p 00000000 fe:01 42                 /data/a file.bin
Rss:                1000 kB
Pss:                 500 kB
Pss_Dirty:             0 kB
Shared_Clean:       1000 kB
Private_Clean:         0 kB
VmFlags: rd mr mw me sd
7f10-7f20 rw-p 00001000 fe:01 42                 /data/a file.bin
Rss:                 200 kB
Private_Dirty:       200 kB
7ffe-7fff rw-p 00000000 00:00 0                          [stack]
Rss:                  12 kB
"""
HOLD = """
import mmap, sys
file = open(sys.argv[1], "rb")
held = mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE)
total = sum(held[::4096])
if sys.argv[2] == "write":
    held[::4096] = bytes(len(held[::4096]))
print("ready", flush=True)
sys.stdin.read()
"""


def test_parts_of_one_file_are_added():
    found = memory.parse(SMAPS)
    file = found["fe:01", 42]
    assert file.path == "/data/a file.bin" and set(found) == {
        ("fe:01", 42),
        ("00:00", 0),
    }
    assert file.rss == pytest.approx(1.2288) and file.pss == pytest.approx(0.512)
    assert file.shared == pytest.approx(1.024) and file.private == pytest.approx(0.2048)


def test_a_file_read_by_two_is_shared_until_one_writes(tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(b"w" * 4_096_000)
    held = []
    try:
        for manner in ("read", "read", "write"):
            held.append(hold(path, manner))
        reader, other, writer = (
            memory.file_of(process.pid, path.name) for process in held
        )
        shared = memory.shared_once([process.pid for process in held])
    finally:
        for process in held:
            process.communicate()
    assert reader.inode == other.inode == writer.inode == path.stat().st_ino
    assert reader.rss == pytest.approx(4.096) and reader.private == 0
    assert reader.pss == pytest.approx(2.048, rel=0.01)
    assert writer.private == pytest.approx(4.096)
    assert shared >= 4.09


def hold(path, manner):
    """Start a process that maps the file, reads it, or writes to its own copy."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), manner],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process
