"""Make a wheelhouse: `python -m course_utils.wheelhouse_builder [EXTRA ...]`.

`make wheelhouse` runs this. The folder holds the libraries in the versions that are
installed here, the model, the archive with the reviews, what pip needs to install the
course itself, and the course as it is handed to students. It serves the same system
and the same Python version as those that made it.
"""

import json
import shutil
import subprocess
import sys
from importlib import metadata

from packaging.requirements import Requirement

from course_utils.assets import REVIEWS_REQUIREMENT
from course_utils.doctor import DISTRIBUTION
from course_utils.folder_swap import put_in_place
from course_utils.installer import InstallError, run_pip
from course_utils.wheelhouse import ROOT, SYSTEM_FILE, in_words, this_system

# With these pip builds the course, and the archive with the reviews by older rules.
BUILD_TOOLS = ("setuptools>=77", "wheel")
HANDED_OUT = (
    "LICENSE",
    "Makefile",
    "README.md",
    "pyproject.toml",
    "course_utils",
    "exercises",
    "notebooks",
)
CUDA_BUILD = ("nvidia_*.whl", "cuda_*.whl", "triton-*.whl")
COURSE_ARCHIVE = "bert-course.zip"


def requirements(extras=()):
    """Return what the course needs here, with these extras (list of Requirement)."""
    wanted = map(Requirement, metadata.requires(DISTRIBUTION))
    chosen = [{"extra": extra} for extra in ("", *extras)]
    return [
        need
        for need in wanted
        if need.marker is None or any(need.marker.evaluate(one) for one in chosen)
    ]


def installed_versions():
    """Return a line name==version for each library that is installed here."""
    found = {(one.name.lower(), one.version) for one in metadata.distributions()}
    return sorted(
        f"{name}=={version}"
        for name, version in found
        if name not in (DISTRIBUTION, "setuptools", "wheel", "pip")
    )


def fill(folder, extras=()):
    """Bring wheels, the reviews' archive and the course into an empty folder.

    Raises InstallError where pip cannot have one of them.
    """
    needs = [f"{need.name}{need.specifier}" for need in requirements(extras)]
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(installed_versions()) + "\n", "utf-8")
    into = ["--wheel-dir", str(folder), "--constraint", str(constraints)]
    run_pip(["wheel", *into, *needs, *BUILD_TOOLS], show=True, network=True)
    reviews = REVIEWS_REQUIREMENT.split("==")[0]
    source = ["--no-deps", "--no-binary", reviews, "--dest", str(folder)]
    run_pip(["download", *source, REVIEWS_REQUIREMENT], show=True, network=True)
    constraints.unlink()
    (folder / SYSTEM_FILE).write_text(json.dumps(this_system(), indent=1), "utf-8")
    add_course(folder)
    size = sum(path.stat().st_size for path in folder.iterdir())
    (folder / "README.md").write_text(readme(size), "utf-8")


def add_course(folder):
    """Put the last commit's files for students into the folder, if there is git."""
    archive = ["git", "archive", "--prefix", "bert-course/", "HEAD", *HANDED_OUT]
    target = folder / COURSE_ARCHIVE
    try:
        done = subprocess.run([*archive, "-o", str(target)], cwd=ROOT)
        failed = done.returncode != 0
    except OSError:
        failed = True
    if failed:
        print("The course itself is not in the folder: that takes git and a clone.")


def readme(size):
    """Return the page that tells how to install from the folder (str)."""
    return f"""# Install the course without a network

Made for {in_words(this_system())}: it serves this system and this Python version.
This folder has {size / 1e6:,.0f} MB; the installed course takes 3 GB of disk.

1. Unpack `{COURSE_ARCHIVE}` on the computer's own disk: a folder `bert-course`.
2. Copy this folder, `wheelhouse`, into it, beside the file `Makefile`.
3. In `bert-course`, say `make lab`. Minutes, once; then JupyterLab opens.

Without make:

```
python -m course_utils.bootstrap
.venv/bin/python -m jupyterlab              (Windows: .venv\\Scripts\\python)
```

The folder may stay on the stick: `make lab WHEELHOUSE=/path/to/wheelhouse`.
"""


def build(extras=(), target=ROOT / "wheelhouse"):
    """Make the folder anew; the old one stays until the new one is whole.

    Raises InstallError where pip fails.
    """
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    fill(part, extras)
    put_in_place(part, target)
    return target


def report(folder):
    """Return what was made, and a warning where torch is the CUDA build (str)."""
    files = list(folder.iterdir())
    size = sum(path.stat().st_size for path in files) / 1e6
    said = f"{folder}: {len(files)} files, {size:,.0f} MB, for "
    said += in_words(this_system())
    if any(next(folder.glob(pattern), None) for pattern in CUDA_BUILD):
        said += (
            "\nTorch is the CUDA build, gigabytes more than a laptop needs. For the "
            "CPU build: remove .venv, set PIP_EXTRA_INDEX_URL as the README says, and "
            "make the folder again."
        )
    return said


def main(extras):
    """Make the folder beside the Makefile. Returns the exit status."""
    try:
        print(report(build(extras)))
    except InstallError as problem:
        print(f"\nNo wheelhouse was made. {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
