"""Every setting of jupyterhub_config.py is one that its class knows."""

import pytest
from jupyterhub.app import JupyterHub
from jupyterhub.auth import PAMAuthenticator
from jupyterhub.spawner import Spawner
from systemdspawner import SystemdSpawner
from traitlets.config import PyFileConfigLoader

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
