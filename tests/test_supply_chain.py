"""What is fetched is pinned, no pickle is loaded, every dependency has its reason."""

import ast
import importlib
import json
import pickle
import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

import nbformat
import pytest
import torch

from course_utils import assets, dependencies, load_bert
from course_utils.pinned_files import Pin

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "course_utils").rglob("*.py"))
TESTS = sorted(
    path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts
)
NOTEBOOKS = sorted(ROOT.glob("*/*.ipynb"))
LOADERS = {"load", "loads", "Unpickler", "read_pickle", "load_module"}
PICKLES = {"pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal", "_pickle"}
WORDS = [*PICKLES, "weights_only", "trust_remote_code", "use_safetensors"]
ALLOWED = {  # where, what: why is said in docs/dependencies.md
    ("course_utils/grading/agent.py", "pickle.loads"),
    ("notebooks/11_where_next.ipynb", "pickle.loads"),
    ("tests/out_of_order/play.py", "pickle.loads"),
    ("tests/test_grading_remote.py", "pickle.Unpickler"),
}
FAMILIES = {
    "BSD": "BSD|Berkeley",
    "MIT": "MIT",
    "Apache": "Apache",
    "MPL": "MPL|Mozilla",
    "PSF": "PSF|Python Software Foundation|matplotlib",
}


def dangers(source):
    """Return what a source calls that may run what is in a file, as text."""
    tree, found = ast.parse(source), []
    own = {}  # name in this source: what it is
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                own[one.asname or one.name] = f"{node.module}.{one.name}"
        elif isinstance(node, ast.Import):
            own |= {one.asname: one.name for one in node.names if one.asname}
    for function, keywords in uses(tree):
        called = ast.unparse(function)
        first, dot, rest = called.partition(".")
        called = own.get(first, first) + dot + rest
        module, _, name = called.rpartition(".")
        given = {word.arg: ast.unparse(word.value) for word in keywords}
        unsafe = (
            (module.split(".")[0] in PICKLES and name in LOADERS)
            or name == "read_pickle"
            or (called == "torch.load" and given.get("weights_only", "True") != "True")
            or given.get("allow_pickle", "False") != "False"
            or given.get("trust_remote_code", "False") != "False"
            or given.get("use_safetensors", "True") != "True"
        )
        if unsafe:
            found.append(called)
    return found


def uses(tree):
    """Yield (what is called or made a subclass of, its keywords) of a syntax tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func, node.keywords
        elif isinstance(node, ast.ClassDef):
            yield from ((base, []) for base in node.bases)


def code_of(path):
    if path.suffix == ".py":
        return path.read_text("utf-8")
    cells = nbformat.read(path, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    return "\n".join(code)


@pytest.mark.parametrize(
    "source",
    [
        "import pickle\npickle.load(file)",
        "import pickle as p\np.loads(b'')",
        "from pickle import loads as read\nread(b'')",
        "import joblib\njoblib.load(file)",
        "import pickle\nclass Own(pickle.Unpickler): pass",
        "import torch\ntorch.load(file, weights_only=False)",
        "import numpy as np\nnp.load(file, allow_pickle=True)",
        "AutoModel.from_pretrained(name, trust_remote_code=True)",
        "AutoModel.from_pretrained(name, use_safetensors=False)",
        "pd.read_pickle(file)",
    ],
)
def test_the_scan_finds(source):
    assert dangers(source) and any(word in source for word in WORDS)


def test_the_scan_lets_safe_calls_be():
    assert not dangers("torch.load(file)\nnp.load(f, allow_pickle=False)\njson.load(f)")


@pytest.mark.parametrize("path", SOURCES + NOTEBOOKS, ids=lambda path: path.name)
def test_no_source_loads_a_pickle_or_runs_foreign_code(path):
    assert dangers_in(path) <= ALLOWED


def test_no_test_does_so_either():
    assert set().union(*map(dangers_in, TESTS)) <= ALLOWED


def dangers_in(path):
    """Return {(where, what)} of a file of the project, as in ALLOWED."""
    where, code = path.relative_to(ROOT).as_posix(), code_of(path)
    if not any(word in code for word in WORDS):  # faster than to parse it
        return set()
    return {(where, found) for found in dangers(code)}


def test_what_is_allowed_is_still_there():
    found = {(w, call) for w, _ in ALLOWED for call in dangers(code_of(ROOT / w))}
    assert found == ALLOWED


def test_the_model_is_loaded_without_a_pickle(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a pickle was loaded")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    monkeypatch.setattr(torch, "load", refuse)
    _, model = load_bert()
    assert model.config.hidden_size == 384


@pytest.fixture
def copied(tmp_path):
    """A folder with a small file of each kind that the embedded model has."""
    for name in assets.MODEL_FILES:
        if name != "model.safetensors":
            shutil.copy(assets.model_folder() / name, tmp_path)
    return tmp_path


def test_pickled_weights_are_refused_with_the_reason(copied):
    class Trap:
        def __reduce__(self):
            return pytest.fail, ("a pickle was run",)

    torch.save({"weight": Trap()}, copied / "pytorch_model.bin")
    with pytest.raises(assets.AssetError, match=r"pytorch_model\.bin .* a pickle"):
        load_bert(copied)


def test_code_that_comes_with_a_model_is_not_run(copied, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda *_: "y")
    (copied / "own.py").write_text("raise SystemExit('it was run')\n", "utf-8")
    own = {"AutoConfig": "own.Config", "AutoModel": "own.Model"}
    config = {"model_type": "own", "auto_map": own}
    (copied / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(assets.AssetError, match="cannot be loaded"):
        load_bert(copied)


@pytest.mark.parametrize("name", ["trust_remote_code", "use_safetensors"])
def test_no_argument_switches_the_rules_off(name):
    with pytest.raises(ValueError, match=f"{name}=.*expected it left out"):
        load_bert(**{name: True})


def test_the_tokenizer_is_as_without_the_rules(bert):
    from transformers import AutoTokenizer

    plain = AutoTokenizer.from_pretrained(assets.model_folder())
    assert set(bert[0].init_kwargs) <= {*plain.init_kwargs, "model_max_length"}


# --- what is fetched -----------------------------------------------------------------


def test_every_file_has_a_size_and_a_sha256():
    pins = [*assets.MODEL_FILES.values(), *assets.REVIEW_FILES.values()]
    assert all(isinstance(pin, Pin) and pin.size > 0 for pin in pins)
    hashes = [assets.REVIEWS_SHA256, *(pin.sha256 for pin in pins)]
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in hashes)


def test_the_archive_is_asked_for_with_its_hash(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(assets, "run_pip", asked.append)
    (tmp_path / "some.tar.gz").touch()
    assets._download_archive(tmp_path)
    wanted = (tmp_path / "requirements.txt").read_text("utf-8")
    assert f"--hash=sha256:{assets.REVIEWS_SHA256}" in wanted and "==" in wanted
    assert "--requirement" in asked[0] and "--no-deps" in asked[0]


def test_only_known_places_reach_out():
    """Whoever fetches something new must pin it, and say so here and on the page."""
    hub = "snapshot_download|hf_hub_download"
    reaching = re.compile(rf"run_pip\(|urlopen|urlretrieve|{hub}|requests\.")
    found = {path.name for path in SOURCES if reaching.search(path.read_text("utf-8"))}
    # hub_download: a model that the student names, compared with the Hub's hashes
    # wheelhouse_builder: the libraries, and the pinned reviews for a later `fetch`
    assert found == {
        "assets.py",
        "bootstrap.py",
        "hub_download.py",
        "installer.py",
        "wheelhouse_builder.py",
    }


def test_the_models_package_is_not_imported():
    sys.modules.pop(assets.MODEL_MODULE, None)
    assert assets.model_folder() and assets.MODEL_MODULE not in sys.modules
    importlib.invalidate_caches()


# --- dependencies --------------------------------------------------------------------


def test_the_page_is_what_pyproject_and_the_reasons_say():
    page = dependencies.PAGE.read_text("utf-8")
    tables = dependencies.write_tables(dependencies.read_groups())
    assert page == dependencies.fill_page(page, tables), "run: make dependencies"


def test_no_reason_is_left_over():
    wanted = {
        one.name for group in dependencies.read_groups().values() for one in group
    }
    assert wanted == set(dependencies.WHY)
    assert set(dependencies.read_groups()) == set(dependencies.GROUPS)


def test_a_dependency_without_a_row_is_named(tmp_path):
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    more = text.replace('"tqdm>', '"left-pad>=1,<2",\n    "tqdm>', 1)
    (tmp_path / "pyproject.toml").write_text(more, "utf-8")
    with pytest.raises(KeyError, match="left-pad has no row"):
        dependencies.write_tables(dependencies.read_groups(tmp_path / "pyproject.toml"))


@pytest.mark.parametrize("name", dependencies.WHY)
def test_the_licence_is_that_of_what_is_installed(name):
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed")
    kinds = [kind for kind in about.get_all("Classifier", []) if "License" in kind]
    said = [about.get("License-Expression"), about.get("License"), *kinds]
    said = " ".join(filter(None, said))
    family = re.match("[A-Za-z]+", dependencies.WHY[name][0])[0]
    assert re.search(FAMILIES[family], said), said[:200]
