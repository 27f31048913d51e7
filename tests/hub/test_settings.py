"""Settings that their classes know, and a proxy that is found or asked for."""

import pytest
from jupyterhub.app import JupyterHub
from jupyterhub.auth import PAMAuthenticator
from jupyterhub.spawner import Spawner
from systemdspawner import SystemdSpawner
from traitlets.config import PyFileConfigLoader

from tests.hub import class_hub
from tests.hub.class_hub import CONFIG

CLASSES = {
    known.__name__: known
    for known in (JupyterHub, PAMAuthenticator, Spawner, SystemdSpawner)
}


def settings():
    config = PyFileConfigLoader(str(CONFIG)).load_config()
    return [(section, name) for section, names in config.items() for name in names]


@pytest.mark.parametrize(("section", "name"), settings())
def test_the_class_has_this_setting(section, name):
    assert name in CLASSES[section].class_trait_names(config=True)


def test_the_proxy_is_found_in_the_project_or_on_the_path(tmp_path, monkeypatch):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    monkeypatch.setattr(class_hub, "NODE_MODULES", inside)
    monkeypatch.setenv("PATH", str(outside))
    with pytest.raises(FileNotFoundError, match="make test-hub"):
        class_hub.find_proxy()
    for folder in (outside, inside):
        folder.mkdir()
        program = folder / "configurable-http-proxy"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        assert class_hub.find_proxy() == str(program)
