"""Two processes learn what one would; failures say so, and nothing waits for ever."""

import json
import socket

import psutil
import pytest
import torch
from safetensors.torch import load_file

from course_utils import distributed_training, launching
from course_utils.batching import collate
from course_utils.distributed_training import (
    gradient_of,
    join,
    review_examples,
    tiny_bert,
    train_shard,
    wrap,
)
from course_utils.launching import (
    LaunchError,
    launch,
    loopback_problem,
    room_problem,
)

MODULE = "course_utils.distributed_training"
needs_loopback = pytest.mark.skipif(
    loopback_problem() is not None, reason=str(loopback_problem())
)


@pytest.fixture(scope="module")
def tokenizer():
    from course_utils import load_bert

    return load_bert()[0]


@needs_loopback
def test_two_processes_equal_one_with_the_doubled_batch(tokenizer, tmp_path):
    """57 rows in batches of 16: the last one is odd, nine rows, five and four."""
    options = ["--tiny", "--examples", 57, "--batch-size", 16, "--epochs", 2]
    options += ["--learning-rate", 1e-3, "--report", tmp_path]
    printed = launch(MODULE, *options)
    assert printed.startswith("2 processes, 8 steps, last loss 0.")
    two = json.loads((tmp_path / "report.json").read_text())
    assert two["world"] == 2

    model, rows = tiny_bert(), review_examples(tokenizer, 57)
    gradient = gradient_of(model, model, collate(rows[:16]))
    of_two = load_file(tmp_path / "gradient.safetensors")
    assert of_two.keys() == gradient.keys() == dict(model.named_parameters()).keys()
    for name, tensor in gradient.items():
        torch.testing.assert_close(of_two[name], tensor, atol=1e-6, rtol=0)
    losses = train_shard(model, rows, 0, 1, batch_size=16, epochs=2)
    assert two["losses"] == pytest.approx(losses, abs=1e-4)
    assert losses[-1] < losses[0]


@needs_loopback
def test_a_failing_process_is_reported_with_its_last_words(tmp_path):
    with pytest.raises(LaunchError, match=r"failed:[\s\S]*no-such-option"):
        launch(MODULE, "--no-such-option")


@needs_loopback
def test_no_process_is_left_when_time_is_up():
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with pytest.raises(LaunchError, match="were ended after 2 s"):
        launch(MODULE, "--tiny", seconds=2)
    after = {child.pid for child in psutil.Process().children(recursive=True)}
    assert after <= before


def test_refused_loopback_is_said(monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert "Operation not permitted" in loopback_problem()
    with pytest.raises(LaunchError, match="run it where sockets are allowed"):
        launch(MODULE, "--tiny")


@needs_loopback
@pytest.mark.parametrize(
    ("left", "fits"), [(None, True), (900e6, True), (800e6, False)]
)
def test_processes_that_do_not_fit_are_not_started(monkeypatch, left, fits):
    monkeypatch.setattr(launching, "memory_left", lambda: left)
    assert (room_problem(2) is None) == fits
    if not fits:
        assert "850 MB of memory or more, and 800 MB are left" in room_problem(2)
        monkeypatch.setattr(launching.subprocess, "Popen", None)  # is not reached
        with pytest.raises(LaunchError, match="shut other notebooks down"):
            launch(MODULE, "--tiny")


def test_without_a_launcher_it_is_an_ordinary_training(
    tokenizer, tmp_path, monkeypatch, capsys
):
    monkeypatch.delenv("RANK", raising=False)
    monkeypatch.setenv("COURSE_ARTIFACTS", str(tmp_path / "artifacts"))
    model = tiny_bert()
    assert join() == (0, 1) and (torch.cuda.is_available() or wrap(model, 1) is model)
    options = ["--tiny", "--examples", "12", "--batch-size", "4", "--epochs", "1"]
    distributed_training.main([*options, "--save", "mine", "--report", str(tmp_path)])
    assert capsys.readouterr().out.startswith("1 processes, 3 steps, last loss")
    assert json.loads((tmp_path / "report.json").read_text())["world"] == 1
    assert (tmp_path / "artifacts/mine/model.safetensors").exists()


def test_examples_are_reviews_with_labels(tokenizer):
    first, second = review_examples(tokenizer, 2)
    assert set(first) == {"input_ids", "token_type_ids", "labels"}
    assert first["input_ids"][0] == tokenizer.cls_token_id
    assert first["labels"] in (0, 1) and first != second


def test_rows_are_shared_out_without_loss_or_repetition(tokenizer, monkeypatch):
    """What each process trains on, as far as its batches tell."""
    rows, seen = review_examples(tokenizer, 21), {0: [], 1: [], 2: []}
    for rank in seen:

        def note(model, batch, *_, rank=rank):
            seen[rank].append([ids.tolist() for ids in batch["input_ids"]])
            return 0.0

        monkeypatch.setattr(distributed_training, "train_step", note)
        train_shard(tiny_bert(), rows, rank, 3, batch_size=6)
    steps = [sum(len(seen[rank][n]) for rank in seen) for n in range(4)]
    assert sorted(steps) == [3, 6, 6, 6]
    flat = [ids for parts in seen.values() for batch in parts for ids in batch]
    stripped = [[token for token in ids if token] for ids in flat]
    assert sorted(stripped) == sorted(row["input_ids"] for row in rows)


def test_environment_keeps_to_loopback_and_one_thread():
    given = launching.environment()
    assert given["OMP_NUM_THREADS"] == "1" and given["HF_HUB_OFFLINE"] == "1"
    assert str(launching.ROOT) in given["PYTHONPATH"]
    assert given["CUDA_VISIBLE_DEVICES"] == ""


def test_gpus_are_used_where_there_is_one_for_each_process(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    assert not distributed_training.a_gpu_for_each()
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "1")
    assert distributed_training.a_gpu_for_each()


def test_last_lines_are_the_processes_own():
    said = "a\n\nb\n \nc\n"
    report = (
        "E1121 12:10 7 x/torch/distributed/elastic/multiprocessing/api.py: failed\n"
    )
    assert launching.last_lines(said, count=2) == "b\nc"
    assert launching.last_lines(said + report + "exitcode: 1", count=2) == "b\nc"
    assert "failed" in launching.last_lines(report)
