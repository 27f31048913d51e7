"""cached_features: the key, what is kept, what is damaged; layer_features."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch

from course_utils import cached_features, embed, features, layer_features
from course_utils.features import (
    feature_key,
    features_folder,
    model_identity,
    read_features,
    write_features,
)
from course_utils.pooling import POOLINGS

TEXTS = ["A good film.", "", "bad", "日本 😀 naïve", "word " * 90, "A good film."]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kept" / "features"


@pytest.fixture
def calls(monkeypatch):
    """How often features were computed."""
    seen = []

    def counted(texts, **choices):
        seen.append(choices)
        return embed(texts, **choices)

    monkeypatch.setattr(features, "embed", counted)
    return seen


def get(folder, bert, texts=TEXTS, **choices):
    return cached_features(texts, bert=bert, folder=folder, progress=False, **choices)


def only_file(folder):
    (path,) = folder.iterdir()
    return path


def test_equal_to_embed_computed_once(folder, bert, calls):
    first, second = get(folder, bert), get(folder, bert)
    np.testing.assert_array_equal(first, embed(TEXTS, bert=bert, progress=False))
    np.testing.assert_array_equal(first, second)
    assert first.dtype == second.dtype == np.float32 and len(calls) == 1
    second[:] = 0  # what is returned may be written to
    np.testing.assert_array_equal(get(folder, bert), first)


@pytest.mark.parametrize(
    "change",
    [
        {"texts": TEXTS[::-1]},
        {"texts": TEXTS[:-1]},
        {"texts": [*TEXTS[:-1], "A good film!"]},
        {"texts": ["A good film.", "", "b", "ad", *TEXTS[3:]]},
        {"pooling": "max"},
        {"pooling": "cls"},
        {"layer": 3},
        {"layer": 0},
        {"precision": "bfloat16"},
    ],
)
def test_a_changed_key_computes_anew(change, folder, bert, calls):
    get(folder, bert)
    changed = get(folder, bert, **change)
    assert len(calls) == 2 and len(list(folder.iterdir())) == 2
    np.testing.assert_array_equal(get(folder, bert, **change), changed)
    get(folder, bert)
    assert len(calls) == 2


def test_two_names_of_one_layer_share_a_file(folder, bert, calls):
    get(folder, bert, layer=-1)
    get(folder, bert, layer=bert[1].config.num_hidden_layers)
    get(folder, bert, texts=tuple(TEXTS))
    assert len(calls) == 1


def test_one_changed_weight_is_another_model(folder, bert, calls):
    before = model_identity(bert)
    weight = bert[1].encoder.layer[2].output.dense.bias
    old = weight[7].item()
    try:
        get(folder, bert)
        with torch.no_grad():
            weight[7] += 0.5
        assert model_identity(bert) != before
        get(folder, bert)
        assert len(calls) == 2
    finally:
        with torch.no_grad():
            weight[7] = old
    assert model_identity(bert) == before


def test_the_format_version_is_in_the_key(monkeypatch):
    before = feature_key(["a"], "m", {})
    monkeypatch.setattr(features, "FORMAT", features.FORMAT + 1)
    assert feature_key(["a"], "m", {}) != before


def damage_byte(content):
    return content[:200] + bytes([content[200] ^ 1]) + content[201:]


@pytest.mark.parametrize(
    "harm",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content[:30],
        lambda content: b"",
        lambda content: content + b"x",
        lambda content: content[:-1] + bytes([content[-1] ^ 128]),
        damage_byte,
        lambda content: b"0" * len(content),
    ],
)
def test_a_damaged_file_is_said_and_mended(harm, folder, bert, calls, capsys):
    first = get(folder, bert)
    path = only_file(folder)
    path.write_bytes(harm(path.read_bytes()))
    np.testing.assert_array_equal(get(folder, bert), first)
    assert capsys.readouterr().out.count("stored features are damaged") == 1
    assert len(calls) == 2
    get(folder, bert)
    assert capsys.readouterr().out == "" and len(calls) == 2


def test_whole_but_other_content_is_refused(folder, bert, capsys):
    first = get(folder, bert)
    write_features(only_file(folder), first[:3])
    np.testing.assert_array_equal(get(folder, bert), first)
    assert "float32 of shape (3, " in capsys.readouterr().out
    write_features(only_file(folder), first.astype(np.float64))
    assert get(folder, bert).dtype == np.float32


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was run",))


def test_no_pickle_is_ever_run(tmp_path):
    with pytest.raises(ValueError, match="pickle"):
        write_features(tmp_path / "a", np.array([{}], dtype=object))
    import hashlib

    content = pickle.dumps(Trap())
    digest = hashlib.sha256(content).hexdigest().encode()
    (tmp_path / "b").write_bytes(digest + b"\n" + content)
    with pytest.raises(ValueError):
        read_features(tmp_path / "b", (1, 1))


def test_an_unwritable_folder_is_said_and_the_features_returned(
    tmp_path, bert, calls, deny_writing, capsys
):
    kept = tmp_path / "kept"
    kept.mkdir()
    deny_writing(kept)
    vectors = get(kept / "features", bert)
    assert vectors.shape[0] == len(TEXTS)
    assert capsys.readouterr().out.count("were not stored") == 1


def test_a_file_in_the_place_of_the_folder(tmp_path, bert, capsys):
    (tmp_path / "features").write_text("not a folder")
    assert len(get(tmp_path / "features", bert)) == len(TEXTS)
    shown = capsys.readouterr().out
    assert "not stored" in shown and shown.count("\n") == 1


def test_default_folder_follows_the_cache(cache, bert):
    cached_features(["a"], bert=bert, progress=False)
    assert features_folder() == cache / "features"
    assert len(list((cache / "features").iterdir())) == 1


def test_a_shared_cache_is_not_written_where_features_have_a_folder(
    cache, tmp_path, monkeypatch, bert
):
    """A class's server: the cache is read only, features go to the student's home."""
    monkeypatch.setenv("COURSE_FEATURES", str(tmp_path / "own"))
    cached_features(["a"], bert=bert, progress=False)
    assert features_folder() == tmp_path / "own"
    assert len(list((tmp_path / "own").iterdir())) == 1
    assert not (cache / "features").exists()


def test_folder_may_be_text_and_nothing_else_is_left(tmp_path, bert):
    get(str(tmp_path), bert, texts=[])
    assert get(str(tmp_path), bert, texts=[]).shape == (0, bert[1].config.hidden_size)
    assert len(list(tmp_path.iterdir())) == 1


def test_two_processes_at_once(tmp_path):
    code = (
        "import sys; from course_utils import cached_features; "
        "print(cached_features(['one', 'two'], folder=sys.argv[1], "
        "progress=False).sum())"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    outputs = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert outputs[0] == outputs[1] and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("choices", "error"),
    [
        ({"texts": "one text"}, TypeError),
        ({"texts": ["a", None]}, TypeError),
        ({"pooling": "average"}, ValueError),
        ({"layer": 99}, ValueError),
        ({"precision": "int8"}, ValueError),
    ],
)
def test_a_wrong_call_fails_as_embed_does(choices, error, folder, bert):
    with pytest.raises(error, match="expected"):
        get(folder, bert, **choices)
    assert not folder.exists()


def test_layer_features_equal_embed_layer_by_layer(bert):
    tables = layer_features(TEXTS, POOLINGS, bert=bert, progress=False)
    L = bert[1].config.num_hidden_layers
    for pooling, table in tables.items():
        layers = [L] if pooling == "pooler" else range(L + 1)
        assert table.shape[:2] == (len(layers), len(TEXTS))
        for layer, vectors in zip(layers, table, strict=True):
            choices = {"pooling": pooling, "layer": layer, "progress": False}
            theirs = embed(TEXTS, bert=bert, **choices)
            np.testing.assert_allclose(vectors, theirs, atol=1e-5)


def test_layer_features_in_half_the_memory(bert):
    half = layer_features(
        TEXTS, ("mean",), bert=bert, progress=False, dtype=np.float16
    )["mean"]
    whole = layer_features(TEXTS, ("mean",), bert=bert, progress=False)["mean"]
    assert half.dtype == np.float16
    np.testing.assert_allclose(half, whole, atol=5e-3)
    with pytest.raises(ValueError, match="'average'"):
        layer_features(TEXTS, ("mean", "average"), bert=bert, progress=False)


@pytest.mark.parametrize("poolings", ["mean", (), ["average"]])
def test_layer_features_wants_several_poolings(poolings, bert):
    with pytest.raises(ValueError, match="expected"):
        layer_features(["a"], poolings, bert=bert, progress=False)


def test_a_layer_may_be_a_numpy_integer(bert, tmp_path):
    choices = {"bert": bert, "folder": tmp_path, "progress": False}
    cached_features(["a"], layer=np.int64(3), **choices)
    cached_features(["a"], layer=3, **choices)
    assert len(list(tmp_path.iterdir())) == 1
