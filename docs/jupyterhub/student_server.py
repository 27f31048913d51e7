"""Start one student's server: first give the course, then hand over to JupyterHub.

JupyterHub runs this as the student, in place of `jupyterhub-singleuser`, with the same
arguments (`c.Spawner.cmd` in jupyterhub_config.py). It never runs as root, so a link
that a student has put somewhere leads nobody to write where the student may not.
"""

import os
import shutil
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parents[2]
GIVEN = ("notebooks", "exercises", "solutions", "docs", "README.md", "LICENSE")


def give_course(source, target):
    """Copy to target every file of GIVEN that is not there yet.

    source, target: Path, folders. A file that is there stays as the student left it;
    one that was deleted comes back, fresh, at the next start.
    """
    for name in GIVEN:
        whole = source / name
        for file in sorted(whole.rglob("*")) if whole.is_dir() else [whole]:
            inside = file.relative_to(source)
            place = target / inside
            passed_over = any(part.startswith((".", "__")) for part in inside.parts)
            if passed_over or not file.is_file() or place.exists():
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_name(f".{place.name}.part")  # whole, or not there
            shutil.copyfile(file, part)
            part.replace(place)


def main():
    """Give the course, say where the student's own files go, become the server."""
    own = Path.home() / "bert-course"
    give_course(COURSE, own)
    os.environ.setdefault("COURSE_ARTIFACTS", str(own / "artifacts"))
    os.environ.setdefault("COURSE_FEATURES", str(Path.home() / ".cache/bert-course"))
    os.chdir(own)
    server = Path(sys.executable).with_name("jupyterhub-singleuser")
    os.execv(server, [str(server), *sys.argv[1:]])


if __name__ == "__main__":
    main()
