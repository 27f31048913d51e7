"""Saved models: standard format, whole at any moment, with messages that help."""

import errno
import fcntl
import itertools
import os
import subprocess
import sys

import pytest
import torch
from filelock import FileLock
from transformers import AutoModelForSequenceClassification, pipeline

from course_utils import (
    AssetError,
    folder_swap,
    load_bert_for,
    predict,
    pretrained,
    save_model,
    saved_folder,
    saving,
    whole_folder,
)
from course_utils.classifier import make_examples
from course_utils.one_at_a_time import one_at_a_time
from course_utils.saving import artifacts_folder

STEM = "07_finetune_sentiment"
KILLED = """
import os, pathlib, sys
from course_utils.saving import save_model, saved_folder

STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}
artifacts = os.environ["COURSE_ARTIFACTS"]


class Part:
    def __init__(self, name, version):
        self.name, self.version = name, version

    def save_pretrained(self, folder):
        for name in (self.name, self.name + "_more"):
            (pathlib.Path(folder) / f"{name}.json").write_text(self.version)


def save(version):
    save_model("m", Part("config", version), Part("tokenizer", version), version)


def killed_at(step):
    # Save in another process, which dies before its n-th change; say whether it did.
    pid = os.fork()
    if pid == 0:
        seen = [0]

        def count(event, arguments):
            if event in STEPS and artifacts in str(arguments[0]):
                seen[0] += 1
                if seen[0] == step:
                    os._exit(9)

        sys.addaudithook(count)
        save("new")
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9


for step in range(1, 200):
    save("old")
    died = killed_at(step)
    folder = saved_folder("m")
    files = [*folder.glob("*.json"), folder / "README.md"]
    found = [path.read_text() for path in files]
    assert len(found) == 5 and len(set(found)) == 1, (step, files, found)
    assert died or found[0] == "new"
    if not died:
        break
print(step)
"""


@pytest.fixture(autouse=True)
def artifacts(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_ARTIFACTS", str(tmp_path / "artifacts"))
    return tmp_path / "artifacts"


@pytest.fixture(scope="module")
def trained():
    return load_bert_for("sequence-classification", ["negative", "positive"])


def test_a_saved_model_answers_in_a_pipeline_and_loads_again(trained, artifacts):
    tokenizer, model = trained
    folder = save_model(STEM, model, tokenizer, "# A card\n")
    assert folder == artifacts / STEM == saved_folder(STEM)
    assert (folder / "README.md").read_text() == "# A card\n"
    assert folder.stat().st_mode & 0o777 == 0o755
    classify = pipeline("text-classification", model=str(folder), device="cpu")
    texts = ["A fine film.", "Far too long, and not funny at all."]
    answers = classify(texts)
    (logits,) = predict(model, make_examples(texts, [0, 0], tokenizer))
    for answer, row in zip(answers, logits, strict=True):
        score, place = row.softmax(dim=0).max(dim=0)
        assert answer["label"] == ("negative", "positive")[place]
        assert answer["score"] == pytest.approx(score.item(), abs=1e-5)
    _, again = load_bert_for("sequence-classification", name=folder)
    assert again.config.id2label == {0: "negative", 1: "positive"}
    kept = model.state_dict()
    assert all(torch.equal(v, kept[k]) for k, v in again.state_dict().items())
    assert isinstance(
        AutoModelForSequenceClassification.from_pretrained(folder), type(model)
    )


def test_a_second_save_takes_the_place_of_the_first(trained, artifacts):
    tokenizer, model = trained
    save_model(STEM, model, tokenizer, "first")
    folder = save_model(STEM, model, tokenizer, "second")
    assert (folder / "README.md").read_text() == "second"
    assert [path.name for path in artifacts.iterdir() if path.is_dir()] == [STEM]


def test_an_interrupted_save_leaves_the_former_and_no_rest(
    trained, artifacts, monkeypatch
):
    tokenizer, model = trained
    save_model(STEM, model, tokenizer, "first")

    def interrupt(folder):
        raise KeyboardInterrupt

    monkeypatch.setattr(tokenizer, "save_pretrained", interrupt, raising=False)
    with pytest.raises(KeyboardInterrupt):
        save_model(STEM, model, tokenizer, "second")
    assert (saved_folder(STEM) / "README.md").read_text() == "first"
    assert [path.name for path in artifacts.iterdir() if path.is_dir()] == [STEM]


def test_leftovers_of_killed_saves_go_with_the_next_save(trained, artifacts):
    tokenizer, model = trained
    rest = artifacts / f".{STEM}.new.left"
    rest.mkdir(parents=True)
    save_model(STEM, model, tokenizer, "card")
    assert [path.name for path in artifacts.iterdir() if path.is_dir()] == [STEM]


def test_while_another_kernel_saves_one_waits_and_then_says_so(
    trained, artifacts, monkeypatch
):
    monkeypatch.setattr(saving, "LOCK_SECONDS", 0)
    artifacts.mkdir()
    live = artifacts / f".{STEM}.new.live"
    live.mkdir()
    with (
        one_at_a_time(artifacts / f".{STEM}.lock", 0),
        pytest.raises(OSError, match=r"Another kernel has been saving .* for 0 s"),
    ):
        save_model(STEM, trained[1], trained[0], "card")
    assert live.is_dir()


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_without_locks_a_model_is_saved_and_no_other_save_disturbed(
    trained, artifacts, monkeypatch, code
):
    """Some network folders know no locks."""
    live = artifacts / f".{STEM}.new.live"
    live.mkdir(parents=True)

    def no_locks(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    if code == errno.ENOSYS:  # as older versions of filelock say it

        def not_there(self):
            raise NotImplementedError

        monkeypatch.setattr(FileLock, "acquire", not_there)
    folder = save_model(STEM, trained[1], trained[0], "card")
    assert (saved_folder(STEM) / "README.md").read_text() == "card"
    assert live.is_dir() and folder.is_dir()


def test_a_disk_that_fails_late_is_said_and_the_former_model_kept(
    trained, artifacts, monkeypatch
):
    """A network disk may take every byte, and say only at the end that it is full."""
    tokenizer, model = trained
    save_model(STEM, model, tokenizer, "first")

    def full(_):
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(saving.os, "fsync", full)
    with pytest.raises(OSError, match=r"cannot be saved in .*\(Disk quota exceeded\)"):
        save_model(STEM, model, tokenizer, "second")
    assert (saved_folder(STEM) / "README.md").read_text() == "first"
    assert [path.name for path in artifacts.iterdir() if path.is_dir()] == [STEM]


def test_an_error_that_is_not_the_disks_stays_as_it_is(trained, monkeypatch):
    class Unwilling:
        def save_pretrained(self, folder):
            raise OSError("the configuration is not valid")

    with pytest.raises(OSError, match=r"^the configuration is not valid$"):
        save_model(STEM, Unwilling(), trained[0], "card")


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_model_replaced_while_it_is_read_is_read_again(
    trained, artifacts, monkeypatch, in_one_step
):
    """Between the tokenizer and the weights another kernel saves: no half of each."""
    tokenizer, model = trained
    if not in_one_step:
        monkeypatch.setattr(folder_swap, "_exchange", lambda *_: False)
    folder = save_model(STEM, model, tokenizer, "first")
    usual, saves = pretrained.AutoTokenizer.from_pretrained, []
    more, grown = load_bert_for("sequence-classification", ["a", "b", "c"])

    def then_another_saves(*arguments, **choices):
        found = usual(*arguments, **choices)
        if not saves:
            saves.append("second")
            more.add_tokens(["onlyinsecond"])
            grown.resize_token_embeddings(len(more))
            save_model(STEM, grown, more, "second")
        return found

    monkeypatch.setattr(pretrained.AutoTokenizer, "from_pretrained", then_another_saves)
    words, again = load_bert_for("sequence-classification", name=folder)
    assert len(words) == again.config.vocab_size == 30523
    assert again.config.num_labels == 3


def test_a_model_that_is_replaced_for_ever_is_said(trained, monkeypatch):
    folder = save_model(STEM, trained[1], trained[0], "first")
    states = itertools.count()
    monkeypatch.setattr(whole_folder, "folder_state", lambda _: next(states))
    with pytest.raises(AssetError, match="another kernel saves there again and again"):
        load_bert_for("sequence-classification", name=folder)


def test_an_exchange_that_was_cut_is_mended_or_read_where_it_lies(
    trained, artifacts, monkeypatch
):
    """Where the exchange takes two renames, a kill between them leaves no target."""
    folder = save_model(STEM, trained[1], trained[0], "first")
    folder.rename(folder_swap.former_folder(folder))
    with monkeypatch.context() as closed:
        closed.setattr(saving, "put_back", raise_read_only)
        read = saved_folder(STEM)
        assert (read / "README.md").read_text() == "first"
    assert saved_folder(STEM) == folder and folder.is_dir()


def raise_read_only(_):
    raise OSError(errno.EROFS, "Read-only file system")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_step_one_model_is_whole(artifacts):
    done = subprocess.run(
        [sys.executable, "-c", KILLED], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 8  # so many steps were tried


def test_a_model_that_was_never_saved_is_explained():
    with pytest.raises(FileNotFoundError, match=f"No model is saved for '{STEM}' yet"):
        saved_folder(STEM)


def test_a_folder_that_cannot_be_written_is_explained(
    trained, tmp_path, monkeypatch, deny_writing
):
    closed = tmp_path / "closed"
    closed.mkdir()
    deny_writing(closed)
    monkeypatch.setenv("COURSE_ARTIFACTS", str(closed))
    with pytest.raises(OSError, match=r"cannot be saved in .*Set COURSE_ARTIFACTS"):
        save_model(STEM, trained[1], trained[0], "card")


def test_without_the_variable_the_courses_own_folder_is_meant(monkeypatch):
    monkeypatch.delenv("COURSE_ARTIFACTS")
    folder = artifacts_folder()
    assert folder.name == "artifacts" and (folder.parent / "course_utils").is_dir()
