"""A model Hub on loopback, for HF_ENDPOINT: it speaks the real one's protocol.

Two servers: the Hub (list of files, HEAD and GET of files), and its store for weights,
to which the Hub redirects. A fault (tests/hub_faults.py) may answer in their place.
"""

import hashlib
import json
import re
import threading
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Answer(BaseHTTPRequestHandler):
    """Send a body with headers, whole or the range that was asked for."""

    protocol_version = "HTTP/1.1"
    fault, where = None, ""

    def do_HEAD(self):
        self.reply()

    def do_GET(self):
        self.reply()

    def reply(self):
        asked = f"{self.command} {type(self).__name__} {self.path}"
        if self.fault and re.search(self.where, asked):
            with suppress(BrokenPipeError, ConnectionResetError):  # nobody listens
                self.fault(self)
            return
        self.serve()

    def send(self, body, status=200, **headers):
        """headers: with _ for -, such as Content_Type="text/html"."""
        first = 0
        if asked := re.match(r"bytes=(\d+)-", self.headers.get("Range", "")):
            first, status = int(asked[1]), 206
            headers["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
        if first > len(body):
            return self.send(b"", 416)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) - first))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body[first:])

    def log_message(self, *arguments):
        """Keep quiet."""


class Hub(Answer):
    """The list of files, small files, and redirects to the store for weights."""

    def __init__(self, *arguments, folder, repository, store="", **settings):
        self.folder, self.repository, self.store = folder, repository, store
        vars(self).update(settings)
        super().__init__(*arguments)

    def serve(self):
        path = self.path.split("?")[0]
        if path.startswith(f"/api/models/{self.repository}"):
            return self.send(json.dumps(self.listing()).encode())
        file = self.file_of(path)
        if file is None:
            return self.send(b"", 404, X_Error_Code="RepoNotFound")
        if not file.is_file():
            headers = {"X_Error_Code": "EntryNotFound", "X_Repo_Commit": COMMIT}
            return self.send(b"", 404, **headers)
        digest = hash_of(file, file.stat().st_mtime_ns)
        if not is_large(file.name):
            content = file.read_bytes()
            return self.send(content, ETag=f'"{digest}"', X_Repo_Commit=COMMIT)
        return self.send(
            b"",
            302,
            Location=self.store + path,
            X_Linked_Etag=f'"{digest}"',
            X_Linked_Size=str(file.stat().st_size),
            X_Repo_Commit=COMMIT,
        )

    def file_of(self, path):
        """Return the file that a path asks for, None where it asks for none."""
        start = f"/{self.repository}/resolve/"
        if not path.startswith(start):
            return None
        return self.folder / path.removeprefix(start).split("/", 1)[1]

    def content(self):
        """Return the file that is asked for, or the list of files (bytes)."""
        file = self.file_of(self.path.split("?")[0])
        return file.read_bytes() if file else json.dumps(self.listing()).encode()

    def listing(self):
        siblings = []
        for file in sorted(self.folder.iterdir()):
            digest, size = hash_of(file, file.stat().st_mtime_ns), file.stat().st_size
            entry = {"rfilename": file.name, "size": size, "blobId": digest}
            if is_large(file.name):
                lfs = {"sha256": digest, "size": size, "pointerSize": 134}
                entry |= {"blobId": "0" * 40, "lfs": lfs}
            siblings.append(entry)
        names = {"id": self.repository, "modelId": self.repository}
        return {**names, "sha": COMMIT, "siblings": siblings}


class Store(Hub):
    """The weights, at the addresses to which the Hub redirects."""

    def serve(self):
        file = self.file_of(self.path)
        self.send(file.read_bytes(), ETag=f'"{hashlib.md5(b"").hexdigest()}"')


def is_large(name):
    """Return whether the Hub keeps a file of this name in its store."""
    return name.endswith(".safetensors")


@lru_cache
def hash_of(file, changed):
    """Return the hash of a file's content (str). changed: when it was last changed."""
    return content_hash(file.name, file.read_bytes())


def content_hash(name, content):
    """Return the hash by which the Hub names a file's content (str)."""
    return hashlib.sha256(content).hexdigest() if is_large(name) else git_hash(content)


def git_hash(content):
    """Return git's hash of a file's content (str)."""
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # an answer that hangs is left alone

    def handle_error(self, *_):
        """Keep quiet where the other side has hung up."""


@contextmanager
def serve(answer, host="127.0.0.1", **settings):
    """Serve on a free port of loopback; yields the address.

    host: its name; the Hub's library tells the Hub from its store by names.
    """
    server = _Server(("127.0.0.1", 0), partial(answer, **settings))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serve_hub(folder, repository, fault=None, where="", store=""):
    """Serve `folder` as `repository`; yields the address for HF_ENDPOINT.

    fault: a function of tests/hub_faults.py that answers where `where`, a regular
    expression, is found in "GET Hub /path" or "GET Store /path". store: another address
    for the weights.
    """
    settings = {"folder": folder, "repository": repository}
    settings |= {"fault": fault, "where": where}
    for file in folder.iterdir():  # now, and not while somebody waits for an answer
        hash_of(file, file.stat().st_mtime_ns)
    with ExitStack() as stack:
        store = store or stack.enter_context(serve(Store, "localhost", **settings))
        yield stack.enter_context(serve(Hub, **settings, store=store))
