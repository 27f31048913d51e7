"""Run one of the trial modules in several processes side by side, by its cases."""

import json
import os
import subprocess
import sys

PROCESSES = 3
SETTINGS = {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


def side_by_side(module, names, numbers=(), before=()):
    """Run `python -m module [number] [name ...]`; returns its counts, in order.

    names: of the cases. numbers: words before them. before: words before the command.
    """
    command = [*before, sys.executable, "-m", module, *map(str, numbers)]
    runs = [
        subprocess.Popen(
            [*command, *names[start::PROCESSES]],
            stdout=subprocess.PIPE,
            env={**os.environ, **SETTINGS},
        )
        for start in range(PROCESSES)
    ]
    outputs = [run.communicate()[0] for run in runs]
    assert not any(run.returncode for run in runs), "its error is above"
    counts = [one for output in outputs for one in json.loads(output)]
    assert len(counts) == len(names)
    return sorted(counts, key=lambda one: names.index(one["name"]))
