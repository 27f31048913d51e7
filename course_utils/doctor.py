"""Is this computer ready for the course? `python -m course_utils doctor` answers."""

import os
import platform
import sys
from importlib import metadata

from packaging.requirements import Requirement

from course_utils import assets, machine

DISTRIBUTION = "bert-course"
LEAST_MEMORY_GB = 1.5


def examine():
    """Return [(what, found, fix)]; fix is "" where all is well, else what to do."""
    rows = [_python_row(), *_library_rows()]
    for what, where, size, verdict in assets.asset_rows():
        good = verdict == "yes"
        found = f"{size}, verified, in {where}" if good else verdict
        rows.append((what, found, "" if good else "run 'make setup'"))
    rows += _machine_rows()
    rows.append(_embedding_row())
    return rows


def _python_row():
    version = platform.python_version()
    allowed = metadata.metadata(DISTRIBUTION)["Requires-Python"]
    good = version in Requirement(f"python{allowed}").specifier
    return "python", version, "" if good else f"install Python {allowed}"


def _library_rows():
    """One row for each library that pyproject.toml names."""
    for line in metadata.requires(DISTRIBUTION):
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            version = "missing"
        good = version in wanted.specifier if version != "missing" else False
        fix = (
            "remove the folder .venv and run 'make setup' "
            f"(the course needs {wanted.specifier})"
        )
        yield wanted.name, version, "" if good else fix


def _machine_rows():
    cores, memory = machine.usable_cores(), machine.memory_limit_gb()
    yield "cores", f"{cores:g}", ""
    fix = f"free memory or raise the limit: lessons need {LEAST_MEMORY_GB} GB"
    enough = round(memory, 1) >= LEAST_MEMORY_GB  # a limit is cut to whole pages
    yield "memory limit", f"{memory:.1f} GB", "" if enough else fix
    yield "fast bf16", "yes" if machine.has_fast_bf16() else "no", ""
    try:
        profile = machine.workload_profile()
        yield "workload", f"{profile} (COURSE_PROFILE=small or full overrides)", ""
    except ValueError as problem:
        yield "workload", "unknown", str(problem)


def _embedding_row():
    """The proof that all works together: one sentence through the model."""
    try:
        from course_utils.pretrained import load_bert

        tokenizer, model = load_bert()
        output = model(**tokenizer("Good morning!", return_tensors="pt"))
        shape = tuple(output.last_hidden_state.shape)
    except Exception as problem:
        first_line = str(problem).splitlines()[0] if str(problem) else ""
        fix = "see the lines above; if they are ok, remove .venv and run 'make setup'"
        if os.environ.get("COURSE_MODEL"):
            fix = f"check or unset COURSE_MODEL (it is {os.environ['COURSE_MODEL']!r})"
        return "first embedding", f"{type(problem).__name__}: {first_line}", fix
    return "first embedding", f"a tensor of shape {shape}", ""


def main():
    """Print the table. Returns 0 where all is well, else 1."""
    rows = examine()
    width = max(len(what) for what, _, _ in rows)
    for what, found, fix in rows:
        print(f"{'ok ' if not fix else 'FIX'}  {what:<{width}}  {found}")
        if fix:
            print(f"     {'':<{width}}  -> {fix}")
    bad = sum(bool(fix) for _, _, fix in rows)
    print("All is well." if not bad else f"{bad} to fix.", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
