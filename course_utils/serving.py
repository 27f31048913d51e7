"""A classifier behind HTTP on this machine, with the standard library only.

Lesson 11 develops `ClassifierHandler`; a test holds the notebook and this module to the
same code. For trying things out: no encryption, no log-in, no queue.
"""

import json
import socketserver
import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from course_utils.embedding import check_texts
from course_utils.value_checks import check_whole

LOOPBACK = "127.0.0.1"  # other computers cannot reach it


class JsonHandler(BaseHTTPRequestHandler):
    """Sends JSON, and writes no log."""

    def reply(self, status, content):
        """Send a status (int) and a content that json can write."""
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Write no log."""


class ClassifierHandler(JsonHandler):
    """Answers POST {"texts": [...]} with one {"label", "score"} for each text."""

    classify, lock, longest = None, threading.Lock(), 1_000_000

    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        if size > self.longest:
            return self.reply(413, {"error": f"{size} bytes, at most {self.longest}"})
        try:
            texts = check_texts(json.loads(self.rfile.read(size))["texts"])
        except (KeyError, TypeError, ValueError) as problem:
            hint = 'expected {"texts": ["...", "..."]}'
            return self.reply(400, {"error": f"{hint}: {problem}"})
        with self.lock:  # one at a time: the tokenizer is shared
            answers = self.classify(texts) if texts else []
        self.reply(200, answers)


class LocalServer(ThreadingHTTPServer):
    """A server on loopback; unlike its parent it does not ask for a host's name."""

    daemon_threads = True

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]


@contextmanager
def serving(handler, classify):
    """Serve within a `with` block, in the background; yields the port (int).

    handler: a class such as ClassifierHandler. classify: list of str -> list of dict.
    Raises OSError where the machine allows no sockets.
    """
    mine = type("Handler", (handler,), {"classify": staticmethod(classify)})
    with LocalServer((LOOPBACK, 0), mine) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


def ask(port, content, seconds=60):
    """Send content as JSON to a server on this machine.

    content: what json can write; bytes are sent as they are. Returns (status, content).
    """
    check_whole("port", port, 1, "serving(...) as port gives it")
    try:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
    except (TypeError, ValueError) as problem:
        raise TypeError(
            f"content is a {type(content).__name__}, expected what json can write, "
            f"such as {{'texts': ['...']}}: turn tensors into lists ({problem})"
        ) from None
    connection = HTTPConnection(LOOPBACK, port, timeout=seconds)
    try:
        try:
            connection.connect()
        except OSError as problem:
            raise ConnectionError(
                f"nobody answers on port {port} ({problem.strerror}), expected a "
                "server: ask inside the block `with serving(...) as port`"
            ) from None
        connection.request("POST", "/", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()
