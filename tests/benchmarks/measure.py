"""Measure set-up, imports, loading, speed and each lesson; print and save the tables.

    make bench        (writes tests/benchmarks/README.md and the table in README.md)

A step is the median of several new processes; a lesson runs once. Figures of different
machines differ; nothing here passes or fails.
"""

import platform
import statistics
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import torch

from course_utils import machine, progress
from tests.benchmarks import embedding_speed, feature_gain
from tests.benchmarks.lesson_run import run_lesson

ROOT = Path(__file__).resolve().parents[2]
TABLES = Path(__file__).with_name("README.md")
START, END = "<!-- written by make bench -->\n", "<!-- end -->\n"
RUNS = 3
TIMED = {
    "`import course_utils`": ("", "import course_utils"),
    "`import transformers`": ("", "import transformers"),
    "`from course_utils import load_bert` after that (loads torch, too)": (
        "import transformers",
        "from course_utils import load_bert",
    ),
    "`load_bert()` after these imports": (
        "import transformers; from course_utils import load_bert",
        "load_bert()",
    ),
    "`load_bert()`, the first time (computes the hashes)": (
        "import os, tempfile; os.environ['COURSE_CACHE'] = tempfile.mkdtemp()\n"
        "import transformers; from course_utils import load_bert",
        "load_bert()",
    ),
    "`load_reviews()` after `import pandas`": (
        "import pandas",
        "from course_utils import load_reviews; load_reviews()",
    ),
    "one search query among 10,072 vectors (embed it, multiply, sort)": (
        "import numpy as np; from course_utils import embed, load_bert\n"
        "bert = load_bert(); D = bert[1].config.hidden_size\n"
        "index = np.random.rand(10_072, D).astype(np.float32)\n"
        "def search(text):\n"
        "    vector = embed([text], progress=False, bert=bert)[0]\n"
        "    return np.argsort(-(index @ vector))[:10]\n"
        "search('warm up')",
        "search('lovely music and songs')",
    ),
}


def seconds_of(before, timed):
    """Return how long the statement `timed` takes in a new process, after `before`."""
    code = (
        f"import time\n{before}\nstart = time.perf_counter()\n{timed}\n"
        "print(time.perf_counter() - start)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def seconds_of_second_setup():
    """Return how long `make setup` takes where all is set up."""
    start = time.perf_counter()
    subprocess.run(["make", "setup"], cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - start


def table(header, rows):
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def replace_between(path, text):
    """Replace what stands between the lines START and END of a page."""
    before, rest = path.read_text("utf-8").split(START)
    after = rest.split(END)[1]
    path.write_text(f"{before}{START}{text}{END}{after}", "utf-8")


def main():
    """Measure, print, save."""
    steps = []
    for what, (before, timed) in progress(list(TIMED.items()), "Loading"):
        values = [seconds_of(before, timed) for _ in range(RUNS)]
        steps.append((what, f"{statistics.median(values):.2f}", f"{max(values):.2f}"))
    values = [seconds_of_second_setup() for _ in range(RUNS)]
    what = "`make setup`, the second time"
    steps.append((what, f"{statistics.median(values):.2f}", f"{max(values):.2f}"))

    speed = table(embedding_speed.HEADER, embedding_speed.rows())
    gain = table(feature_gain.HEADER, feature_gain.rows())
    lessons = []
    for path in progress(sorted((ROOT / "notebooks").glob("*.ipynb")), "Lessons"):
        seconds, peak, _ = run_lesson(path)
        lessons.append((path.stem, f"{seconds:.0f}", f"{peak:.0f}"))

    text = f"""# Measured

Written by `make bench`: do not edit. Each step is the median of {RUNS} new processes,
and the worst; speeds are medians of rounds in turn; each lesson ran once. Another
machine gives other seconds.

{platform_line()}

{table(("step", "seconds", "worst"), steps)}

{speed}

{gain}

{table(("lesson", "seconds", "peak memory (MB)"), lessons)}
"""
    print(text)
    TABLES.write_text(text, "utf-8")
    replace_between(ROOT / "README.md", f"{speed}\n\n{gain}\n")


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


if __name__ == "__main__":
    main()
