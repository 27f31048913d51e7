"""A student of the class: what a browser does, done by a program.

Log in by the form, start the own server, open a notebook, run its cells over the
kernel's websocket, save it. Everything goes through the hub's public address.
"""

import json
import uuid

import nbformat
import requests
from nbformat.v4 import output_from_msg
from websocket import create_connection

SHOWN = {"stream", "display_data", "execute_result", "error"}
CELL_SECONDS = 900  # without a message from the kernel for so long, a run has failed


class Student:
    """One student's session. address: of the hub, such as "http://127.0.0.1:8000"."""

    def __init__(self, address, name, password):
        self.address, self.name, self.password = address, name, password
        self.hub_api = f"{address}/hub/api/users/{name}"
        self.own_api = f"{address}/user/{name}/api"
        self.session = requests.Session()
        self.socket = None

    # --- the hub ---------------------------------------------------------------------

    def log_in(self):
        """Fill in the log-in form, then ask for a token, for what follows.

        Raises requests.HTTPError where the hub refuses.
        """
        self._get(f"{self.address}/hub/login")
        form = {"username": self.name, "password": self.password}
        form["_xsrf"] = self._xsrf()
        done = self.session.post(
            f"{self.address}/hub/login", data=form, allow_redirects=False
        )
        done.raise_for_status()
        self._get(f"{self.address}/hub/token")  # a page: its cookie guards the request
        done = self.session.post(
            f"{self.hub_api}/tokens",
            json={"note": "a test", "expires_in": 7200},
            headers={"X-XSRFToken": self._xsrf()},
        )
        done.raise_for_status()
        self.session.headers["Authorization"] = f"token {done.json()['token']}"

    def start_server(self):
        """Start the own server; return when it answers. Raises RuntimeError."""
        self.session.post(f"{self.hub_api}/server").raise_for_status()
        events = self.session.get(f"{self.hub_api}/server/progress", stream=True)
        events.raise_for_status()
        for line in events.iter_lines(decode_unicode=True):
            if line.startswith("data:"):
                event = json.loads(line.removeprefix("data:"))
                if event.get("failed"):
                    raise RuntimeError(f"{self.name}'s server failed: {event}")
                if event.get("ready"):
                    return
        raise RuntimeError(f"{self.name}'s server said nothing more")

    def try_to_read(self, other, path):
        """Return the status of the answer to this student's wish for another's file."""
        url = f"{self.address}/user/{other}/api/contents/{path}"
        return self.session.get(url, allow_redirects=False).status_code

    def _get(self, url):
        answer = self.session.get(url)
        answer.raise_for_status()
        return answer

    def _xsrf(self):
        return self.session.cookies.get("_xsrf", path="/hub/")

    # --- the own server --------------------------------------------------------------

    def open(self, path):
        """Return a notebook of the own server. path: str, from the course's folder."""
        answer = self._get(f"{self.own_api}/contents/{path}?type=notebook")
        return nbformat.from_dict(answer.json()["content"])

    def save(self, path, notebook):
        """Save a notebook, as JupyterLab does."""
        content = {"type": "notebook", "format": "json", "content": notebook}
        self.session.put(
            f"{self.own_api}/contents/{path}", json=content
        ).raise_for_status()

    def start_kernel(self, path):
        """Start a kernel for a notebook, and connect to it."""
        wanted = {
            "path": path,
            "name": path,
            "type": "notebook",
            "kernel": {"name": "python3"},
        }
        done = self.session.post(f"{self.own_api}/sessions", json=wanted)
        done.raise_for_status()
        kernel = done.json()["kernel"]["id"]
        self.conversation = uuid.uuid4().hex
        self.socket = create_connection(
            f"{self.own_api}/kernels/{kernel}/channels?session_id={self.conversation}".replace(
                "http", "ws", 1
            ),
            header={"Authorization": self.session.headers["Authorization"]},
            timeout=CELL_SECONDS,
        )

    def run(self, source):
        """Run code in the kernel; returns its outputs, as a notebook keeps them."""
        request = self._request(source)
        number = request["header"]["msg_id"]
        self.socket.send(json.dumps(request))
        outputs, replied, idle = [], False, False
        while not (replied and idle):
            message = json.loads(self.socket.recv())
            if message["parent_header"].get("msg_id") != number:
                continue
            kind = message["msg_type"]
            replied |= kind == "execute_reply"
            idle |= kind == "status" and message["content"]["execution_state"] == "idle"
            if kind in SHOWN:
                outputs.append(output_from_msg(message))
        return outputs

    def run_all(self, notebook):
        """Run every code cell; their outputs and counts are written into notebook."""
        cells = (cell for cell in notebook.cells if cell.cell_type == "code")
        for count, cell in enumerate(cells, start=1):
            cell.outputs, cell.execution_count = self.run(cell.source), count

    def _request(self, source):
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "session": self.conversation,
            "username": self.name,
            "version": "5.3",
        }
        content = {"code": source, "silent": False, "store_history": True}
        content |= {"allow_stdin": False, "stop_on_error": True}
        return {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": "shell",
            "buffers": [],
        }

    def close(self):
        """Close the connections; the server goes on."""
        if self.socket is not None:
            self.socket.close()
        self.session.close()
