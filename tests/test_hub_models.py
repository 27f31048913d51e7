"""Models of the Hub: fetched whole or explained soon, and healed by the next good run.

All faults at all places: tests/slow/test_network_faults.py.
"""

import pytest

from course_utils import assets, hub_download, hub_models, load_bert
from tests import hub_faults as faults
from tests.hub_server import content_hash, serve_hub
from tests.tiny_hub_model import REPOSITORY, numbers, save_tiny_bert

WEIGHTS, LIST = "GET Store", "/api/"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A folder with a tiny model, and what it answers."""
    folder = save_tiny_bert(tmp_path_factory.mktemp("tiny") / "tiny-bert")
    return folder, numbers(folder)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty cache of the Hub, and no network beyond this test's."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with faults.nobody() as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        yield tmp_path / "hub"


def message_of(monkeypatch, address, name=REPOSITORY):
    monkeypatch.setenv("HF_ENDPOINT", address)
    with pytest.raises(assets.AssetError) as caught:
        load_bert(name)
    said = str(caught.value)
    assert said.startswith(f"The model {name!r} cannot be loaded. ")
    assert hub_models.WAY_OUT in said
    return said


def loads(monkeypatch, tiny, **fault):
    """Return whether a Hub, good or with a fault, gives the right model."""
    with serve_hub(tiny[0], REPOSITORY, **fault) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        return numbers(REPOSITORY) == tiny[1]


def test_without_network_it_is_said_and_the_embedded_model_works(home, monkeypatch):
    with faults.nobody() as address:
        said = message_of(monkeypatch, address)
    assert f"The Hub ({address}) cannot be reached: is there a network?" in said
    assert len(numbers()) == 4


def test_what_is_cached_needs_no_network(home, monkeypatch, tiny):
    assert loads(monkeypatch, tiny)
    with faults.nobody() as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        assert numbers(REPOSITORY) == tiny[1]


@pytest.mark.parametrize(
    "fault, where, words",
    [
        (faults.status(429), LIST, "asked too often"),
        (faults.portal, "", "wants a log-in"),
        (faults.status(404), LIST, "slip in the name"),
        (faults.status(404, X_Error_Code="RevisionNotFound"), LIST, "slip in revision"),
    ],
    ids=["429", "portal", "404", "revision"],
)
def test_what_the_hub_answers_is_explained(
    home, monkeypatch, tiny, fault, where, words
):
    with serve_hub(tiny[0], REPOSITORY, fault, where) as address:
        assert words in message_of(monkeypatch, address)


def test_wrong_bytes_are_removed_and_the_next_run_heals(home, monkeypatch, tiny):
    with serve_hub(tiny[0], REPOSITORY, faults.wrong_bytes, WEIGHTS) as address:
        assert "its hash differs" in message_of(monkeypatch, address)
    assert not list(home.rglob("*.safetensors"))
    assert loads(monkeypatch, tiny)


def test_cached_weights_that_were_altered_are_fetched_again(home, monkeypatch, tiny):
    assert loads(monkeypatch, tiny)
    (weights,) = home.rglob("model.safetensors")
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert loads(monkeypatch, tiny)
    assert weights.read_bytes() == content


@pytest.mark.parametrize(
    "fault, words",
    [(faults.stall, "nothing arrived for"), (faults.cut, "broke off before a file")],
    ids=["stalls", "the same half again and again"],
)
def test_no_progress_ends_the_download_and_leaves_nothing(
    home, monkeypatch, tiny, fault, words
):
    monkeypatch.setattr(hub_models, "SILENT_SECONDS", 2.5)
    with serve_hub(tiny[0], REPOSITORY, fault, WEIGHTS) as address:
        assert words in message_of(monkeypatch, address)
    assert not list(home.rglob("*.incomplete"))


def test_a_slow_download_is_not_cut(home, monkeypatch, tiny):
    """It takes longer than the silence that is allowed, and is never silent so long."""
    monkeypatch.setattr(hub_models, "SILENT_SECONDS", 3)
    assert loads(monkeypatch, tiny, fault=faults.slow, where=WEIGHTS)


def test_without_leave_to_ask_the_hub_it_is_said(home, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with faults.nobody() as address:
        assert "HF_HUB_OFFLINE forbids" in message_of(monkeypatch, address)


def test_a_part_that_an_ended_process_left_may_not_fit(monkeypatch, tmp_path):
    """Where the library goes on with it, the file is then fetched anew."""
    path, contents = tmp_path / "model.safetensors", [b"pieces", b"whole"]

    def fetched(*_, **__):
        path.write_bytes(contents.pop(0))
        return str(path)

    monkeypatch.setattr(hub_download, "hf_hub_download", fetched)
    monkeypatch.setattr(hub_download, "parts", lambda _: ["a part"])
    digest = content_hash(path.name, b"whole")
    assert hub_download.download(REPOSITORY, path.name, None, digest) == path
    assert path.read_bytes() == b"whole"
    contents.append(b"other")
    monkeypatch.setattr(hub_download, "parts", lambda _: [])
    with pytest.raises(hub_download.Problem, match="another hash"):
        hub_download.download(REPOSITORY, path.name, None, digest)
    assert not path.exists()


# --- names ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, words",
    [
        ("/no/such/folder", "There is no such folder"),
        ("bert base uncased", "There is no such folder, and a Hub id looks otherwise"),
        ("https://huggingface.co/a/b/tree/main", "try 'a/b'"),
        (" ", "Hub id looks otherwise"),
    ],
)
def test_a_name_that_can_be_none_needs_no_network(home, monkeypatch, name, words):
    monkeypatch.setenv("COURSE_MODEL", name)
    monkeypatch.setattr(hub_models, "_fetch", None)  # asking the Hub would fail
    with pytest.raises(assets.AssetError, match="cannot be loaded") as caught:
        load_bert()
    assert words in str(caught.value)


def test_an_empty_folder_and_a_file_are_explained(tmp_path):
    with pytest.raises(assets.AssetError, match="The folder is empty"):
        load_bert(tmp_path)
    (tmp_path / "model.safetensors").touch()
    with pytest.raises(assets.AssetError, match="This is a file: try"):
        load_bert(tmp_path / "model.safetensors")


def test_an_empty_name_takes_the_embedded_model(monkeypatch):
    right = numbers()
    monkeypatch.setenv("COURSE_MODEL", "")
    assert numbers() == right


@pytest.mark.parametrize("option", ["token", "cache_dir", "local_files_only"])
def test_settings_of_the_hub_are_named(option):
    with pytest.raises(ValueError, match=f"{option} was given.*set HF_"):
        load_bert("bert-base-uncased", **{option: "x"})


def test_a_revision_reaches_the_hub(home, monkeypatch, tiny):
    where = r"resolve/(?!v2/)|/api/models/class/tiny-bert\?"  # what is not of v2
    with serve_hub(tiny[0], REPOSITORY, faults.status(500), where) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        load_bert(REPOSITORY, revision="v2")


# --- what the Hub has ----------------------------------------------------------------


@pytest.mark.parametrize(
    "names, words",
    [
        (["config.json", "vocab.txt", "pytorch_model.bin"], "weights are a pickle"),
        (["config.json", "model.safetensors"], "lacks config.json, the tokenizer"),
    ],
)
def test_a_repository_that_is_no_model_for_the_course(
    home, monkeypatch, tmp_path, names, words
):
    for name in names:
        (tmp_path / "poor").mkdir(exist_ok=True)
        (tmp_path / "poor" / name).write_text("{}")
    with serve_hub(tmp_path / "poor", REPOSITORY) as address:
        assert words in message_of(monkeypatch, address)
