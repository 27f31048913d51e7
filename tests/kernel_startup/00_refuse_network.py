"""IPython runs this at the start of each kernel under test: no network but loopback.

An attempt is noted in the file COURSE_NETWORK_LOG, even if the lesson swallows the
error, and refused. An audit hook cannot be removed by the code that it watches.
"""

import os
import sys

LOCAL = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "", None}


def _refuse_network(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # else a local socket
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in LOCAL:
        with open(os.environ["COURSE_NETWORK_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{event} {host}\n")
        raise OSError(f"the network is taken away in this test ({event} {host})")


sys.addaudithook(_refuse_network)
