"""What a Hub, or a network on the way to it, can do instead of answering.

Each function takes the handler of a request (tests/hub_server.py) and answers in its
own way. `serve_hub(folder, repository, fault, where)` plays it.
"""

import socket
import threading
from contextlib import contextmanager
from functools import partial

NEVER = threading.Event()
HOLD_SECONDS = 60  # longer than anybody waits here
LOGIN_PAGE = b"<!doctype html><html><title>Guest network: log in</title></html>"


def hang(handler):
    """Take the request and never answer."""
    NEVER.wait(HOLD_SECONDS)
    handler.close_connection = True


def stall(handler):
    """Send one half of what was asked for, and then nothing."""
    _send_half(handler)
    NEVER.wait(HOLD_SECONDS)


def cut(handler):
    """Send one half and close the connection."""
    _send_half(handler)


def too_long(handler):
    """Announce more bytes than there are."""
    body = handler.content()
    _send_head(handler, len(body) + 1000)
    handler.wfile.write(body)


def wrong_bytes(handler):
    """Send other bytes, as many as the right ones."""
    handler.send(bytes(byte ^ 1 for byte in handler.content()))


def slow(handler):
    """Send everything, in small pieces with pauses: a weak network that works."""
    body = handler.content()
    _send_head(handler, len(body))
    step = len(body) // 12 + 1
    for first in range(0, len(body), step):
        handler.wfile.write(body[first : first + step])
        handler.wfile.flush()
        NEVER.wait(0.5)


def portal(handler):
    """Answer everything with a log-in page, as a guest network does."""
    handler.send(LOGIN_PAGE, Content_Type="text/html")


def circle(handler):
    """Redirect to the same address."""
    handler.send(b"", 302, Location=handler.path)


def moved(handler):
    """Redirect to another address, at which all is well: a model got another name."""
    place = handler.path.replace("/tiny-bert", "/class/tiny-bert", 1)
    handler.send(b"", 307, Location=place)


def status(code, **headers):
    """Return a fault that answers with this HTTP status and these headers."""
    return partial(_send_status, code=code, headers=headers)


def _send_status(handler, code, headers):
    handler.send(b"", code, **headers)


def _send_half(handler):
    body = handler.content()
    _send_head(handler, len(body))
    handler.wfile.write(body[: len(body) // 2])
    handler.wfile.flush()


def _send_head(handler, length):
    handler.send_response(200)
    handler.send_header("Content-Length", str(length))
    handler.send_header("Connection", "close")  # and the server closes it
    handler.end_headers()


@contextmanager
def nobody():
    """Yield an address of loopback at which nobody listens."""
    with socket.socket() as taken:  # bound and not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
