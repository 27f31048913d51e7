"""Find what was handed in: one folder a student, or all notebooks in one folder."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

HIDDEN = (".", "__")  # .ipynb_checkpoints, __MACOSX
EDGES = " _-.()[]"


@dataclass(frozen=True)
class Submission:
    """One file. student: from the folder's or the file's name. notebook: its stem, or
    the file's name where it is none of the course's. path: None where there is none."""

    student: str
    notebook: str
    path: Path | None
    key: str


def find_submissions(folder, stems):
    """Return the submissions in `folder`, sorted by student.

    stems: of the exercise notebooks. In a student's folder notebooks may lie deeper. A
    file "alice_03_name.ipynb", "03_name_alice.ipynb" or "alice.ipynb" beside others
    belongs to alice. A student's folder without a notebook is listed, too. Raises
    NotADirectoryError where there is no such folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NotADirectoryError(f"there is no folder {str(folder)!r}")
    found = []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(HIDDEN):
            continue
        if _is_folder(entry):
            found += _of_student(entry, folder, stems)
        elif _is_notebook(entry):
            stem = stem_in(entry.stem, stems)
            student = _student_in(entry.stem, stem)
            found.append(_submission(student, stem or entry.stem, entry, folder))
    return _distinct(found)


def not_read(folder):
    """Return the names in `folder` that are neither a student's folder nor a notebook.

    An archive is one: it is not unpacked. Hidden files are not listed.
    """
    return [
        entry.name
        for entry in sorted(Path(folder).iterdir())
        if not (
            entry.name.startswith(HIDDEN) or _is_folder(entry) or _is_notebook(entry)
        )
    ]


def _is_folder(path):
    return path.is_dir() and not path.is_symlink()


def _is_notebook(path):
    return path.suffix.lower() == ".ipynb"


def _of_student(home, folder, stems):
    paths = [
        path
        for path in sorted(home.rglob("*"))
        if _is_notebook(path)
        and not any(p.startswith(HIDDEN) for p in path.relative_to(home).parts)
    ]
    if not paths:
        return [Submission(home.name, "", None, _key(Path(home.name)))]
    return [
        _submission(home.name, stem_in(path.stem, stems) or path.stem, path, folder)
        for path in paths
    ]


def _submission(student, notebook, path, folder):
    return Submission(student, notebook, path, _key(path.relative_to(folder)))


def _key(relative):
    return hashlib.sha256(relative.as_posix().encode()).hexdigest()[:12]


def stem_in(name, stems):
    """Return the stem that a file's name contains, else None: "03_x (1)" is 03_x."""
    inside = [stem for stem in stems if stem in name]
    return max(inside, key=len, default=None)


def _student_in(name, stem):
    if stem is None:
        return name
    before, _, after = name.partition(stem)
    rest = re.sub(r"^\s*\(\d+\)", "", after)  # the browser's "(1)"
    parts = [part.strip(EDGES) for part in (before, rest)]
    return " ".join(filter(None, parts)) or "(no name)"


def _distinct(found):
    """Tell files apart that would have the same student and notebook."""
    seen, distinct = {}, []
    for one in found:
        pair = (one.student, one.notebook)
        seen[pair] = seen.get(pair, 0) + 1
        if seen[pair] > 1:
            name = f"{one.notebook} ({seen[pair]})"
            one = Submission(one.student, name, one.path, one.key)
        distinct.append(one)
    return sorted(distinct, key=lambda one: (one.student, one.notebook))
