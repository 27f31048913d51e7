"""A training that cannot fit is refused in words; one that may fit never is."""

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from course_utils import collate, freeze, load_bert_for, machine, memory_room, train
from course_utils.memory_room import activations, check_room, unwritten
from course_utils.step_memory import training_memory
from tests.tiny_shape import TINY_SHAPE

MB = 1_000_000
MEMINFO = "MemTotal: 9000 kB\nMemAvailable: 4000 kB\nSwapFree: 0 kB\n"


def write(root, files):
    """Create files below root, {path: text}."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def leave(monkeypatch, size):
    monkeypatch.setattr(memory_room, "memory_left", lambda: size)


def tiny(**settings):
    torch.manual_seed(0)
    return BertForSequenceClassification(BertConfig(**TINY_SHAPE | settings))


def examples(count, width=10):
    row = {"input_ids": [5] * width, "token_type_ids": [0] * width, "labels": 1}
    return [dict(row) for _ in range(count)]


def train_tiny(model, **options):
    options = {"watch": "score", "epochs": 1, "batch_size": 4} | options
    options["precision"] = "float32"
    return train(model, examples(8), lambda model: {"score": 1.0}, **options)


# --- how much is left ----------------------------------------------------------------


def test_without_a_limit_the_machine_counts(tmp_path):
    write(tmp_path, {"proc/meminfo": MEMINFO})
    assert machine.memory_left(tmp_path) == 4000 * 1024
    write(tmp_path, {"proc/meminfo": MEMINFO.replace("Free: 0", "Free: 500")})
    assert machine.memory_left(tmp_path) == 4500 * 1024


def test_off_linux_nothing_is_known(tmp_path, monkeypatch):
    assert machine.memory_left(tmp_path) is None
    leave(monkeypatch, None)
    assert check_room(10**15, "A step") is None


def test_version_2_leaves_out_what_is_copies_of_files(tmp_path):
    group = "sys/fs/cgroup/pod"
    write(
        tmp_path,
        {
            "proc/meminfo": MEMINFO,
            "proc/self/cgroup": "0::/pod\n",
            f"{group}/memory.max": "3000000\n",
            f"{group}/memory.current": "2900000\n",
            f"{group}/memory.stat": "anon 2500000\nactive_file 200000\n"
            "inactive_file 50000\nslab_reclaimable 100000\n",
        },
    )
    assert machine.memory_left(tmp_path) == 450_000
    write(tmp_path, {f"{group}/memory.max": "max\n"})
    assert machine.memory_left(tmp_path) == 4000 * 1024


def test_version_1_counts_all_processes_of_the_group(tmp_path):
    group = "sys/fs/cgroup/memory/a"
    write(
        tmp_path,
        {
            "proc/meminfo": MEMINFO,
            "proc/self/cgroup": "4:memory:/a\n",
            f"{group}/memory.limit_in_bytes": "2000000\n",
            f"{group}/memory.usage_in_bytes": "1500000\n",
            f"{group}/memory.stat": "active_file 9\ntotal_active_file 100000\n",
        },
    )
    assert machine.memory_left(tmp_path) == 600_000
    write(tmp_path, {f"{group}/memory.usage_in_bytes": "2200000\n"})
    assert machine.memory_left(tmp_path) == 0


# --- what is said --------------------------------------------------------------------


def test_the_message_says_what_is_needed_what_is_there_and_what_to_try(monkeypatch):
    leave(monkeypatch, 90 * MB)
    with pytest.raises(MemoryError) as caught:
        check_room(250 * MB, "Reading all books")
    said = str(caught.value)
    assert said.startswith(
        "Reading all books needs 250 MB of memory or more, and 90 MB"
    )
    for hope in ("Shut other notebooks down", "restart this kernel", "COURSE_PROFILE"):
        assert hope in said
    assert check_room(90 * MB, "A smaller book") is None


def test_what_is_no_longer_used_is_given_back_before_a_refusal(monkeypatch):
    left = iter([50 * MB, 120 * MB])
    monkeypatch.setattr(memory_room, "memory_left", lambda: next(left))
    assert check_room(100 * MB, "A step") is None


# --- what a training needs -----------------------------------------------------------


def test_a_training_that_cannot_fit_is_refused_before_its_first_step(monkeypatch):
    model = tiny()
    weights = sum(p.numel() for p in model.parameters()) * 4
    kept = activations(model, 4 * 10, 10, "float32")
    assert kept > weights
    leave(monkeypatch, 2 * weights + kept)
    assert len(train_tiny(model).steps) == 2
    leave(monkeypatch, 2 * weights + kept - 1)
    with pytest.raises(MemoryError, match="with 4 examples at a time, needs"):
        train_tiny(model)
    leave(monkeypatch, 3 * weights + kept - 1)  # no room for the best weights
    assert len(train_tiny(model, every=2).steps) == 2
    with pytest.raises(MemoryError):
        train_tiny(model, every=1)
    with pytest.raises(MemoryError):
        train_tiny(model, epochs=2)


def test_frozen_weights_and_layers_need_nothing():
    model = tiny()
    whole = activations(model, 40, 10, "float32")
    freeze(model, "embeddings")
    assert activations(model, 40, 10, "float32") == whole
    freeze(model, "encoder.layer.0")
    assert activations(model, 40, 10, "float32") == whole / 2
    freeze(model, "encoder", "pooler")
    assert activations(model, 40, 10, "float32") == 0
    assert activations(torch.nn.Linear(2, 2), 40, 10, "float32") == 0


@pytest.mark.parametrize("dropout", [0.0, 0.1])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_estimate_is_just_below_what_pytorch_saves(dropout, precision):
    settings = {"hidden_dropout_prob": dropout, "attention_probs_dropout_prob": dropout}
    task = "sequence-classification"
    _, model = load_bert_for(task, ["no", "yes"], **settings)
    freeze(model, "embeddings")
    batch = collate(examples(8, 40))
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
        counted = training_memory(model, batch)["activations"] * MB
    assert 0.9 * counted < activations(model, 8 * 40, 40, precision) <= counted


def test_weights_are_copied_when_they_are_written():
    """safetensors maps the file: a page becomes memory of our own when it changes."""
    _, model = load_bert_for("sequence-classification", ["no", "yes"])
    layer = list(model.base_model.encoder.layer[0].parameters())
    size = sum(p.numel() * p.element_size() for p in layer)
    before = unwritten(layer)
    assert before in (0, size)  # 0: this version of transformers copies at once
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.0)
    assert unwritten(layer) <= size / 100


# --- loops of one's own --------------------------------------------------------------


def own_loop(model, steps=2):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for _ in range(steps):
        model(torch.ones(1, 4)).sum().backward()
        optimizer.step()
        optimizer.zero_grad()


def test_a_loop_of_ones_own_stops_before_adam_takes_its_memory(monkeypatch):
    model = torch.nn.Linear(4, 2)  # 10 numbers
    leave(monkeypatch, 2 * 40 - 1)
    with pytest.raises(MemoryError, match="The first step of AdamW needs"):
        own_loop(model)
    asked = []
    monkeypatch.setattr(memory_room, "check_room", lambda *args: asked.append(args))
    own_loop(model, steps=3)
    assert [needed for needed, _ in asked] == [80]  # once, before the first step


def test_other_optimizers_keep_nothing_that_is_known_here(monkeypatch):
    leave(monkeypatch, 0)
    model = torch.nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model(torch.ones(1, 4)).sum().backward()
    optimizer.step()
    assert model.weight.isfinite().all()
