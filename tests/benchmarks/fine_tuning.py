"""Train the models of lessons 07 to 10 with three seeds, and save the tables.

    make bench-training                    (all, about an hour)
    make bench-training TABLES=finetune    (those named; the others stay as they were)

Writes tests/benchmarks/FINE_TUNING.md, and its short table into README.md between the
lines START and END, where they stand. Each table is made in a process of its own;
nothing here passes or fails.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from course_utils import progress
from tests.benchmarks.page_parts import ROOT, platform_line, table

PAGE = Path(__file__).with_name("FINE_TUNING.md")
START, END = "<!-- written by make bench-training -->\n", "<!-- end of training -->\n"
SECTIONS = {  # name of the table: (module, header, function that returns the rows)
    "finetune": ("finetune", "SEED_HEADER", "seed_rows"),
    "speed": ("finetune", "SPEED_HEADER", "speed_rows"),
    "sentence_pairs": ("sentence_pairs", "HEADER", "rows"),
    "named_entities": ("named_entities", "HEADER", "rows"),
    "question_answering": ("question_answering", "HEADER", "rows"),
}
MEDIANS = {  # name: (what is measured, columns of held-out, natural, seconds)
    "finetune": ("07 sentiment, accuracy", ["test accuracy"], [], "training (s)"),
    "sentence_pairs": (
        "08 sentence pairs, accuracy",
        ["held-out"],
        ["natural"],
        "seconds",
    ),
    "named_entities": ("09 named entities, F1", ["held-out"], ["natural"], "seconds"),
    "question_answering": (
        "10 questions, exact match / F1",
        ["held-out exact match", "held-out F1"],
        ["natural exact match", "natural F1"],
        "seconds of training",
    ),
}
CODE = """
import json
from tests.benchmarks import {module} as benchmark
print(json.dumps([benchmark.{header}, *benchmark.{rows}()]))
"""


def make_section(name):
    """Run one benchmark in a new process; return its text for the page."""
    module, header, rows = SECTIONS[name]
    code = CODE.format(module=module, header=header, rows=rows)
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT
    )
    if done.returncode:
        sys.exit(f"The benchmark {name!r} failed: the page is unchanged.")
    first, *others = json.loads(done.stdout.decode().splitlines()[-1])
    return f"## {name}\n\n{platform_line()}\n\n{table(first, others)}\n"


def read_sections():
    """Return {name: text} of the page as it is."""
    page = PAGE.read_text("utf-8") if PAGE.exists() else ""
    parts = re.split(r"^(?=## )", page, flags=re.M)[1:]
    return {part.split()[1]: part.rstrip() + "\n" for part in parts}


def save(sections):
    """Write the page, and the medians and the speed into README.md."""
    known = [sections[name] for name in SECTIONS if name in sections]
    head = "# Fine-tuning, measured\n\nWritten by `make bench-training`: do not edit.\n"
    PAGE.write_text("\n".join([head, *known]), "utf-8")
    parts = [medians(sections)]
    if "speed" in sections:
        parts.append(table_lines(sections["speed"]))
    text = "\n\n".join("\n".join(lines) for lines in parts) + "\n"
    readme = ROOT / "README.md"
    before, start, rest = readme.read_text("utf-8").partition(START)
    if start:
        after = rest.partition(END)[2]
        readme.write_text(f"{before}{START}{text}{END}{after}", "utf-8")


def table_lines(section):
    """Return the lines of a section's table."""
    return [line for line in section.splitlines() if line.startswith("|")]


def medians(sections):
    """Return the lines of the short table: one for each lesson, from its last row."""
    found = []
    for name in (name for name in MEDIANS if name in sections):
        what, held_out, natural, seconds = MEDIANS[name]
        first, *_, last = (
            [cell.strip() for cell in line.split("|")[1:-1]]
            for line in table_lines(sections[name])
        )
        median = dict(zip(first, last, strict=True))
        scores = [
            " / ".join(median[key] for key in some) for some in (held_out, natural)
        ]
        found.append((what, *scores, median[seconds]))
    header = ("median of three seeds", "held-out", "natural", "training (s)")
    return table(header, found).splitlines()


def main(asked):
    """Make the tables that are asked for, all by default, and save after each."""
    unknown = [name for name in asked if name not in SECTIONS]
    if unknown:
        sys.exit(f"There is no table {unknown[0]!r}. There are: {', '.join(SECTIONS)}")
    sections = read_sections()
    for name in progress(asked or list(SECTIONS), "Training"):
        sections[name] = make_section(name)
        print(sections[name])
        save(sections)


if __name__ == "__main__":
    main(sys.argv[1:])
