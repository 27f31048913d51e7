"""What a class needs, by what three students took: into docs/jupyterhub.md."""

import math
import re

from tests.benchmarks.measure import platform_line, table
from tests.hub.class_hub import ROOT
from tests.hub.class_run import LESSON, WEIGHTS
from tests.lesson_runs import PEAK_MEMORY_MB

PAGE = ROOT / "docs/jupyterhub.md"
START, END = "<!-- written by make test-hub -->\n", "<!-- end of test-hub -->\n"
SYSTEM_MB = 1000  # assumed: Debian or Ubuntu without a desktop, a web server, the rest
PATIENCE = 120  # seconds in which all have their result who press Run All at once
CLASSES = (30, 300)


def report(run):
    """Return the Markdown text for a ClassRun."""
    rows = [
        (
            student.name,
            f"{student.start_seconds:.0f}",
            f"{student.lesson_seconds:.0f}",
            f"{student.processor_seconds:.0f}",
            f"{student.server['rss']:.0f}",
            f"{student.server['pss']:.0f}",
            f"{student.kernel['rss']:.0f}",
            f"{student.kernel['pss']:.0f}",
            f"{student.kernel['peak']:.0f}",
        )
        for student in run.students
    ]
    header = ["student", "server ready (s)", "lesson (s)", "processor (s)"]
    header += ["server: RSS", "PSS", "kernel: RSS", "PSS", "peak RSS"]
    own, processor = own_mb(run), max(s.processor_seconds for s in run.students)
    parts = [
        platform_line(),
        table(header, rows),
        f"Memory in MB. The hub, its proxy and the culler hold {run.hub:.0f}. What the "
        f"{len(rows)} share, each file counted once, is {run.shared:.0f}. At the peak, "
        f"{own:.0f} are a student's own.",
        table(*machines(run, own, processor)),
        f"**Memory:** {SYSTEM_MB} for the system (assumed) + {run.hub:.0f} for the hub "
        f"+ {run.shared:.0f} shared once + students x {own:.0f}; in the heaviest "
        f"lesson students x {heaviest_mb(run):.0f}, the server's own "
        f"{server_mb(run):.0f} and the {max(PEAK_MEMORY_MB.values())} that no lesson "
        "exceeds (`make test` fails above). "
        f"**Cores:** students x {processor:.0f} s of processor time / {PATIENCE} s, so "
        f"that all have their result in {PATIENCE // 60} minutes who run the whole "
        f"lesson at the same moment. Spread over its {reading_minutes()} minutes, "
        f"30 students take {30 * processor / 60 / reading_minutes():.1f} cores.",
        table(*weights_rows(run)),
    ]
    return "\n\n".join(parts) + "\n"


def server_mb(run):
    """Return what one student's server holds for itself (MB)."""
    return max(student.server["uss"] for student in run.students)


def own_mb(run):
    """Return what one student holds alone at the peak of the lesson (MB)."""
    return max(
        s.server["uss"] + s.kernel["peak"] - (s.kernel["rss"] - s.kernel["uss"])
        for s in run.students
    )


def heaviest_mb(run):
    """Return what a student takes in the lesson that takes most (MB), sharing none."""
    return server_mb(run) + max(PEAK_MEMORY_MB.values())


def machines(run, own, processor):
    """Return (header, rows): the machine for each size of class, with the sums."""
    hub, shared = round(run.hub), round(run.shared)
    rows = []
    for students in CLASSES:
        sums = []
        for each in (round(own), round(heaviest_mb(run))):
            total = SYSTEM_MB + hub + shared + students * each
            sums.append(
                f"{SYSTEM_MB} + {hub} + {shared} + {students} x {each} = {total}"
            )
        need = students * round(processor) / PATIENCE
        cores = f"{students} x {processor:.0f} / {PATIENCE} → {math.ceil(need)}"
        rows.append((students, *sums, cores))
    return ["students", "memory (MB), lesson 03", "heaviest lesson", "cores"], rows


def weights_rows(run):
    """Return (header, rows): the weights' file in the memory of each kernel."""
    header = [f"`{WEIGHTS}` in the kernel of", "inode", "RSS", "PSS", "shared"]
    header += ["own"]
    kernels = [(student.name, student.weights) for student in run.students]
    first = run.students[0].name
    kernels.append((f"{first}, after one training step", run.after_training))
    inodes = sorted({mapping.inode for _, mapping in kernels})
    rows = [
        (
            name,
            "the same" if mapping.inode == inodes[0] else "another",
            *(
                f"{size:.1f}"
                for size in (
                    mapping.rss,
                    mapping.pss,
                    mapping.shared,
                    mapping.private,
                )
            ),
        )
        for name, mapping in kernels
    ]
    return header, rows


def reading_minutes():
    """Return how many minutes the lesson takes to read, as it says itself."""
    text = (ROOT / LESSON).read_text("utf-8")
    return int(re.search(r"about (\d+) minutes to read", text)[1])


def write(text, page=PAGE):
    """Put the text between the page's markers."""
    before, rest = page.read_text("utf-8").split(START)
    page.write_text(f"{before}{START}\n{text}\n{END}{rest.split(END)[1]}", "utf-8")
