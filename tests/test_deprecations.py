"""A deprecated call of our own fails a test and a notebook; a library's does not."""

import subprocess
import sys
import warnings
from pathlib import Path

import nbformat
import pytest
from transformers import BertConfig

ROOT = Path(__file__).resolve().parents[1]
KINDS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
IGNORED = {"tags": ["nbval-ignore-output"]}  # so that no comparison can catch it
WARN = """
warnings.warn_explicit("old", FutureWarning, "here.py", 1, module="{module}")
"""
LOGGED = "from transformers import BertConfig; BertConfig().torch_dtype"


def warn_in(module, kind):
    warnings.warn_explicit("old", kind, "here.py", 1, module=module)


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_warning_is_an_error(kind):
    with pytest.raises(kind, match="old"):
        warnings.warn("old", kind, stacklevel=1)
    with pytest.raises(kind, match="old"):
        warn_in("course_utils.plots.style", kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_library_may_call_what_is_deprecated(kind):
    with pytest.warns(kind, match="old"):
        warn_in("transformers.modeling_utils", kind)


def test_what_transformers_only_logs_is_an_error_each_time():
    for _ in range(2):  # its own `warning_once` would say it once
        with pytest.raises(FutureWarning, match="`torch_dtype` is deprecated"):
            assert BertConfig().torch_dtype is None


def test_what_another_library_asks_of_transformers_may_be_logged():
    library = {"__name__": "sentence_transformers.models"}
    exec(LOGGED, library)


def test_a_cell_that_warns_fails_under_test(tmp_path):
    cells = ["import warnings\nwarnings.warn('old', DeprecationWarning)"]
    cells += [f"import warnings{WARN}".format(module="course_utils.bert")]
    cells += [f"import warnings{WARN}".format(module="transformers.modeling_utils")]
    cells += [LOGGED]
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(cell, metadata=IGNORED) for cell in cells
    ]
    nbformat.write(notebook, tmp_path / "old.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "tests.lesson_runs"]
    command += ["-c", str(ROOT / "pyproject.toml"), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    outcomes = [
        line.split()[0]
        for line in done.stdout.splitlines()
        if line.startswith(("PASSED", "FAILED"))
    ]
    assert sorted(outcomes) == ["FAILED"] * 3 + ["PASSED"], done.stdout
