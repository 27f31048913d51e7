"""The hub's own configuration, with what a test on one computer needs laid over it.

No accounts of the system, no limits by systemd, free ports of the loopback address.
`class_hub` starts JupyterHub with this file and sets the variables that it reads.
"""

import os

c = get_config()  # noqa: F821 (JupyterHub provides it)
load_subconfig(os.environ["HUB_CONFIG"])  # noqa: F821 (traitlets provides it)

LOOPBACK = "http://127.0.0.1:{}".format
public_port, proxy_port, hub_port = os.environ["HUB_PORTS"].split()

c.JupyterHub.bind_url = LOOPBACK(public_port)
c.JupyterHub.hub_bind_url = LOOPBACK(hub_port)
c.ConfigurableHTTPProxy.api_url = LOOPBACK(proxy_port)
c.ConfigurableHTTPProxy.command = os.environ["HUB_PROXY"]

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["HUB_PASSWORD"]
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.environ["HUB_HOMES"] + "/{username}"
if os.geteuid() == 0:  # the students' servers run as whoever runs the test
    c.Spawner.args.append("--allow-root")
