"""A model Hub on loopback: serves one folder as a repository, for HF_ENDPOINT."""

import hashlib
import json
import threading
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class _Hub(BaseHTTPRequestHandler):
    """Answers the calls that `from_pretrained` makes; 404 to everything else."""

    def __init__(self, *arguments, folder, repository, **kwargs):
        self.folder, self.repository = folder, repository
        super().__init__(*arguments, **kwargs)

    def do_HEAD(self):
        self.answer(with_body=False)

    def do_GET(self):
        self.answer(with_body=True)

    def answer(self, with_body):
        path = self.path.split("?")[0].lstrip("/")
        if path.startswith(f"{self.repository}/resolve/"):
            name = path.removeprefix(f"{self.repository}/resolve/").split("/", 1)[1]
            self.send_file(self.folder / name, with_body)
        elif path.startswith(f"api/models/{self.repository}"):
            self.send_listing(path, with_body)
        else:
            self.send_missing("RepoNotFound")

    def send_file(self, path, with_body):
        if not path.is_file():
            self.send_missing("EntryNotFound")
            return
        stat = path.stat()
        etag = hashlib.sha256(f"{path.name} {stat.st_size}".encode()).hexdigest()
        self.send_response(200)
        self.send_header("Content-Length", str(stat.st_size))
        self.send_header("ETag", f'"{etag}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if with_body:
            self.wfile.write(path.read_bytes())

    def send_listing(self, path, with_body):
        names = sorted(file.name for file in self.folder.iterdir())
        listing = {
            "id": self.repository,
            "modelId": self.repository,
            "sha": COMMIT,
            "siblings": [{"rfilename": name} for name in names],
        }
        if "/tree/" in path:
            sizes = {name: (self.folder / name).stat().st_size for name in names}
            listing = [
                {"type": "file", "path": name, "oid": COMMIT, "size": size}
                for name, size in sizes.items()
            ]
        body = json.dumps(listing).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def send_missing(self, code):
        self.send_response(404)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        """Keep quiet."""


@contextmanager
def serve_hub(folder, repository):
    """Serve `folder` as `repository`; yields the address for HF_ENDPOINT."""
    handler = partial(_Hub, folder=folder, repository=repository)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
