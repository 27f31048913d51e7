"""What the pages of measured figures share: a table, and what they were measured on."""

import platform
from importlib import metadata
from pathlib import Path

import torch

from course_utils import machine

ROOT = Path(__file__).resolve().parents[2]


def table(header, rows):
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def platform_line():
    """Return what the figures were measured on: processor, cores, versions."""
    versions = [f"{n} {metadata.version(n)}" for n in ("torch", "transformers")]
    cores, threads = machine.usable_cores(), torch.get_num_threads()
    python = f"Python {platform.python_version()}"
    parts = [cpu_name(), f"{cores:g} cores", f"{threads} threads", python, *versions]
    return ", ".join(parts)


def cpu_name():
    """Return the processor's name as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.machine()
