"""Features for classical models: computed once, kept on the disk, checked when read.

A feature is one vector a text, from a model that is not trained any further. Computing
them takes a minute, so they are kept under a name made of all they depend on.
"""

import hashlib
import io
import json
import os
from pathlib import Path

import numpy as np
import torch

from course_utils.embedding import (
    check_choices,
    check_texts,
    default_bert,
    embed,
    evaluating,
    run_batches,
)
from course_utils.model_checks import check_bert
from course_utils.pinned_files import cache_folder, write_atomically
from course_utils.pooling import pool

FORMAT = 1  # raise it when the same call would give other numbers
BATCH_TOKENS = 1024


def cached_features(
    texts,
    *,
    pooling="mean",
    layer=-1,
    precision="float32",
    bert=None,
    folder=None,
    progress=True,
):
    """Return one vector a text, in the order given: (N, D) numpy float32.

    The first call computes them with `embed` and writes them to a file; a later call
    with the same texts, model and choices reads that file. Its name is the key: change
    anything that the vectors depend on, and they are computed anew. Next to the
    numbers the file has their sha256: a damaged file is noticed, said, and replaced. A
    folder that cannot be written is said, too; the vectors are returned all the same.

    texts: a list of N str. pooling, layer, precision, progress: as for `embed`. bert:
        (tokenizer, model), by default those of `load_bert()`.
    folder: where the files lie; by default `features_folder()`. A file takes 4 N D
        bytes, 16 MB for 10,000 texts and D = 384. Nothing is deleted: to clear the
        cache, delete the folder. Several processes may use it at once.

    Raises TypeError or ValueError as `embed` does, before anything is computed.
    """
    check_bert(bert)
    bert = bert or default_bert(os.environ.get("COURSE_MODEL"))
    texts = check_texts(texts)
    layer, precision = check_choices(pooling, layer, BATCH_TOKENS, precision, bert[1])
    choices = {"pooling": pooling, "layer": layer, "precision": precision}
    key = feature_key(texts, model_identity(bert), choices)
    folder = features_folder() if folder is None else Path(folder)
    path = folder / f"{key}.features"
    shape = (len(texts), bert[1].config.hidden_size)
    try:
        return read_features(path, shape)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as problem:
        print(f"The stored features cannot be read ({problem.strerror}): computing ...")
    except ValueError as problem:
        print(f"The stored features are damaged ({problem}): computing them again.")
    features = embed(texts, **choices, bert=bert, progress=progress)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_features(path, features)
    except OSError as problem:
        print(
            f"The features were not stored, the folder cannot be written "
            f"({problem.strerror}): set COURSE_CACHE, or folder=, to one of your own."
        )
    return features


def features_folder():
    """Return where features are kept by default (Path).

    COURSE_FEATURES names the folder, for a cache that many share and none may write
    to; otherwise it is "features" in the cache.
    """
    return Path(os.environ.get("COURSE_FEATURES") or cache_folder() / "features")


def feature_key(texts, model, choices):
    """Return a name for the features of these texts, 32 hexadecimal digits.

    texts: list of str, in order. model: str that identifies the model. choices: dict
    of whatever else the numbers depend on. JSON keeps the borders between the texts:
    ["ab", "c"] and ["a", "bc"] differ.
    """
    parts = json.dumps([FORMAT, model, choices, texts], sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest()[:32]


def model_identity(bert):
    """Return the sha256 of a model's weights, configuration and vocabulary.

    bert: (tokenizer, model). A tenth of a second for 23 million parameters. A model
    that was trained further has other weights, and so another identity.
    """
    tokenizer, model = bert
    digest = hashlib.sha256()
    for name, weight in sorted(model.state_dict().items()):
        digest.update(f"{name} {weight.dtype} {tuple(weight.shape)}".encode())
        weight = weight.detach().cpu().contiguous().reshape(-1)
        digest.update(memoryview(weight.view(torch.uint8).numpy()))
    config = model.config.to_dict()
    keep = ("hidden_act", "layer_norm_eps", "num_attention_heads", "model_type")
    settings = [config.get(name) for name in keep]
    words = sorted(tokenizer.get_vocab().items())
    rules = [tokenizer.model_max_length, tokenizer("Naïve ÉTÉ, 日本!")["input_ids"]]
    digest.update(json.dumps([settings, words, rules]).encode())
    return digest.hexdigest()


def write_features(path, features):
    """Write an array so that `read_features` finds it whole or not at all.

    The file: the sha256 of the rest as 64 hexadecimal digits, a line break, and the
    array in numpy's own format.
    """
    content = io.BytesIO()
    np.save(content, features, allow_pickle=False)
    content = content.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    write_atomically(path, digest.encode() + b"\n" + content)


def read_features(path, shape):
    """Return the array of a file by `write_features`, float32 of the given shape.

    Raises FileNotFoundError where there is none, and ValueError, which says what is
    wrong, where it is not what was written. Nothing in it is ever run (no pickle).
    """
    content = path.read_bytes()
    digest, content = content[:64], content[65:]
    if hashlib.sha256(content).hexdigest().encode() != digest:
        raise ValueError("the checksum does not fit the content")
    features = np.load(io.BytesIO(content), allow_pickle=False)
    if features.shape != shape or features.dtype != np.float32:
        raise ValueError(f"{features.dtype} of shape {features.shape} in it")
    return features


def layer_features(
    texts,
    poolings=("mean", "max", "cls"),
    *,
    precision="float32",
    bert=None,
    progress=True,
    dtype=np.float32,
):
    """Return every layer's vectors from one pass through the model.

    {pooling: (L + 1, N, D) array}; for "pooler", which has the last layer only,
    (1, N, D). texts, precision, bert, progress: as for `embed`. dtype: np.float16
    halves the memory, which is (L + 1) N D numbers for each pooling.

    Raises TypeError or ValueError as `embed` does.
    """
    check_bert(bert)
    bert = bert or default_bert(os.environ.get("COURSE_MODEL"))
    model, texts = bert[1], check_texts(texts)
    if isinstance(poolings, str) or not (poolings := tuple(poolings)):
        raise ValueError(
            f"poolings is {poolings!r}, expected several: try ('mean',) for one"
        )
    for pooling in poolings:
        _, exact = check_choices(pooling, -1, BATCH_TOKENS, precision, model)
    L, D = model.config.num_hidden_layers, model.config.hidden_size
    features = {
        pooling: np.empty((1 if pooling == "pooler" else L + 1, len(texts), D), dtype)
        for pooling in poolings
    }
    with evaluating(model):
        for rows, states, mask in run_batches(
            texts, bert, BATCH_TOKENS, exact, progress
        ):
            for pooling, table in features.items():
                for layer, state in enumerate(states[-len(table) :]):
                    pooled = pool(state.float(), mask, pooling, model.pooler)  # (B, D)
                    table[layer, rows] = pooled.cpu().numpy()
    return features
