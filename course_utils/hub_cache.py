"""What of a model lies in the Hub's cache: is it whole, and is it unaltered?

The cache names a file's content by its hash: sha256 for large files, git's for small
ones. Where the system has no symbolic links, the cache keeps no such names.
"""

import hashlib
import json
import os
import re
import time
from pathlib import Path

from huggingface_hub import constants, try_to_load_from_cache
from huggingface_hub.file_download import repo_folder_name

from course_utils.pinned_files import Pin, damage

OLD_SECONDS = 3600  # a part of a file that nobody has touched for so long is rubbish
INDEX = "model.safetensors.index.json"
TOKENIZER = re.compile(r"tokenizer\.json|vocab\.(txt|json)|[\w.]+\.model")


def cached_folder(name, revision):
    """Return the folder of a whole copy in the cache, None where there is none."""
    config = try_to_load_from_cache(name, "config.json", revision=revision)
    if not isinstance(config, str):
        return None
    folder = Path(config).parent
    there = {path.name for path in folder.iterdir() if path.exists()}
    try:
        whole = weights_of(folder) <= there and any(map(TOKENIZER.fullmatch, there))
    except (ValueError, KeyError, AttributeError):  # a damaged index
        return None
    return folder if whole else None


def weights_of(folder):
    """Return the names of the files that together hold the weights (set of str)."""
    index = folder / INDEX
    if (folder / "model.safetensors").exists() or not index.exists():
        return {"model.safetensors"}
    return set(json.loads(index.read_text("utf-8"))["weight_map"].values())


def hash_of_blob(path):
    """Return the hash that the cache has named the file's content by, "" if unknown."""
    return os.path.basename(os.readlink(path)) if path.is_symlink() else ""


def is_altered(path, digest):
    """Return whether a file has another content than its hash says.

    digest: str, a sha256 (large files) or what git computes (small ones); anything
    else proves nothing.
    """
    if re.fullmatch("[0-9a-f]{64}", digest):
        return damage(path, Pin(path.stat().st_size, digest)) is not None
    if re.fullmatch("[0-9a-f]{40}", digest):
        content = path.read_bytes()
        header = f"blob {len(content)}\0".encode()
        plain, git = hashlib.sha1(content), hashlib.sha1(header + content)
        return digest not in (plain.hexdigest(), git.hexdigest())
    return False


def remove(path):
    """Take a file out of the cache, with the content that it points to."""
    if path.is_symlink():
        (path.parent / os.readlink(path)).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def drop_altered(folder):
    """Remove the altered files of a cached copy; return whether there were any."""
    paths = [path for path in folder.iterdir() if path.is_file()]
    altered = [path for path in paths if is_altered(path, hash_of_blob(path))]
    for path in altered:
        remove(path)
    return bool(altered)


def parts(name):
    """Return the files of this model that are being downloaded (list of Path)."""
    repository = repo_folder_name(repo_id=name, repo_type="model")
    return list(Path(constants.HF_HUB_CACHE, repository).glob("blobs/*.incomplete"))


def drop_old_parts(name):
    """Remove what a process that was killed long ago has left."""
    for path in parts(name):
        if time.time() - path.stat().st_mtime > OLD_SECONDS:
            path.unlink(missing_ok=True)
