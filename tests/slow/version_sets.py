"""The sets of versions that `make test-matrix` tries, and the ranges that they prove.

The ranges stand in pyproject.toml and nowhere else: the oldest set is their lower ends,
the newest set is what pip finds below their upper ends.
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
SHOWN = ("torch", "transformers", "scikit-learn", "jupyterlab")
FAST = ("00", "01", "02", "03", "04")
TRAINED = ("07", "08", "09", "10")
LIBRARY = re.compile(
    r"^\s*(?:from|import) (?:accelerate|ipywidgets|matplotlib|numpy|pandas|safetensors|"
    r"scipy|seqeval|sentence_transformers|sklearn|torch|transformers)\b",
    re.M,
)
# Minutes long, and what they ask of a library the others and the exercises ask, too; or
# of the project's own pages.
LEFT_OUT = (
    "case_draws", "check_restores", "checks", "distributed_training", "grading_remote",
    "hostile_input", "named_causes", "newsroom_baselines", "supply_chain",
)  # fmt: skip


class VersionSet(NamedTuple):
    """What one environment holds, and what is run in it beside the small tests.

    python: str, such as "3.10". lowest: bool, every package of the course and of its
    tests at its lower end. pins: dict of other versions, {package: version}; the rest
    is the newest that the ranges allow. lessons: numbers, as in FAST. exercises: bool,
    whether exercises and solutions run, too. compared: bool, whether the outputs of
    lessons must be those that are saved.
    """

    python: str
    lowest: bool = False
    pins: Mapping = MappingProxyType({})
    lessons: tuple = FAST
    exercises: bool = False
    compared: bool = True


SETS = {
    "oldest": VersionSet("3.10", lowest=True, lessons=(*FAST, "06")),
    "last-4": VersionSet(
        "3.11",
        pins={"torch": "2.13.0", "transformers": "4.57.6"},
        lessons=FAST + TRAINED,
        exercises=True,
    ),
    "first-5": VersionSet("3.12", pins={"torch": "2.11.0", "transformers": "5.0.0"}),
    "newest": VersionSet("3.13", lessons=(*FAST, "05", "06", *TRAINED, "11")),
}


def small_tests():
    """Return the test modules that use a library of the course (list of str)."""
    return [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").glob("test_*.py"))
        if LIBRARY.search(path.read_text("utf-8"))
        and path.stem.removeprefix("test_") not in LEFT_OUT
    ]


def read_project(pyproject=ROOT / "pyproject.toml"):
    """Return the table `project` of pyproject.toml (dict)."""
    return tomllib.loads(Path(pyproject).read_text("utf-8"))["project"]


def ranges(project):
    """Return {name: SpecifierSet}: of Python, and of the packages that are shown."""
    wanted = {r.name: r.specifier for r in map(Requirement, project["dependencies"])}
    python = {"python": SpecifierSet(project["requires-python"])}
    return python | {name: wanted[name] for name in SHOWN}


def lower_end(specifier):
    """Return the lowest version that a range allows (str)."""
    (end,) = [p.version for p in specifier if p.operator in (">=", "==")]
    return end


def constraints(chosen, project):
    """Return the lines of the constraints file of a set (list of str).

    Raises ValueError where a pin lies outside the project's range.
    """
    tools = project["optional-dependencies"]["test"]
    needed = map(Requirement, project["dependencies"] + tools)
    wanted = {part.name: part.specifier for part in needed}
    pins = {name: lower_end(wanted[name]) for name in wanted if chosen.lowest}
    pins |= chosen.pins
    for name, version in pins.items():
        if version not in wanted[name]:
            raise ValueError(
                f"a set has {name} {version}, expected one of {wanted[name]}: change "
                "the set in tests/slow/version_sets.py or the range in pyproject.toml"
            )
    return [f"{name}=={version}" for name, version in pins.items()]


def is_lower_end(version, specifier):
    """Return whether a tested version is the lowest that the range allows."""
    return Version(Version(version).public) == Version(lower_end(specifier))


def is_upper_end(version, specifier):
    """Return whether the range ends right after the minor version that was tested."""
    (end,) = [Version(part.version) for part in specifier if part.operator == "<"]
    major, minor = Version(version).release[:2]
    return end == Version(f"{major}.{minor + 1}")
