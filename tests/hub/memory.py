"""What processes hold in memory, and what of it they share: read from Linux's /proc.

Sizes are in MB (1e6 bytes). RSS counts every page that a process holds. PSS counts a
page that n processes hold as 1/n. USS counts only pages that no other process holds.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

HEADER = re.compile(r"[0-9a-f]+-[0-9a-f]+ \S+ [0-9a-f]+ (\S+) (\d+)\s*(.*)")
FIELD = re.compile(r"(\w+):\s+(\d+) kB")


@dataclass
class Mapping:
    """All parts of one file, or of no file, in a process's memory. Sizes in MB."""

    path: str
    device: str
    inode: int
    size: dict = field(default_factory=lambda: defaultdict(float))

    @property
    def rss(self):
        return self.size["Rss"]

    @property
    def pss(self):
        return self.size["Pss"]

    @property
    def shared(self):
        return self.size["Shared_Clean"] + self.size["Shared_Dirty"]

    @property
    def private(self):
        return self.size["Private_Clean"] + self.size["Private_Dirty"]


def mappings(pid):
    """Return {(device, inode): Mapping} of a process; (…, 0) is memory of no file."""
    return parse(Path(f"/proc/{pid}/smaps").read_text())


def parse(text):
    """Return {(device, inode): Mapping} from the text of a smaps file."""
    found = {}
    for line in text.splitlines():
        if header := HEADER.fullmatch(line):
            device, inode, path = header.groups()
            key = (device, int(inode))
            current = found.setdefault(key, Mapping(path, *key))
        elif field_of := FIELD.fullmatch(line):
            current.size[field_of[1]] += int(field_of[2]) * 1024 / 1e6
    return found


def file_of(pid, name):
    """Return the Mapping of the file with this name. Raises LookupError."""
    for mapping in mappings(pid).values():
        if Path(mapping.path).name == name:
            return mapping
    raise LookupError(f"process {pid} has no {name} in its memory")


def totals(pid):
    """Return {"rss", "pss", "uss", "peak"} of a process in MB."""
    parts = list(mappings(pid).values())
    status = Path(f"/proc/{pid}/status").read_text()
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024 / 1e6
    return {
        "rss": sum(part.rss for part in parts),
        "pss": sum(part.pss for part in parts),
        "uss": sum(part.private for part in parts),
        "peak": peak,
    }


def shared_once(pids):
    """Return what the processes share, each file counted once (MB)."""
    largest = defaultdict(float)
    for pid in pids:
        for key, mapping in mappings(pid).items():
            if mapping.inode:
                largest[key] = max(largest[key], mapping.shared)
    return sum(largest.values())
