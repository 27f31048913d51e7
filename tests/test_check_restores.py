"""A check leaves models, tokenizers and generators as they were, whatever is tried."""

import random

import numpy as np
import pytest
import torch
from torch import nn

from course_utils import load_bert
from course_utils.checks import lesson_03
from course_utils.checks import student_state as state
from course_utils.checks.engine import examine, exercises_of, lessons
from course_utils.checks.exercise import Coding
from course_utils.checks.shared_state import is_tokenizer, restorer

ENCODE = lesson_03._encode_batch


WITH_TOKENIZER = ["2.1", "2.6", "3.4", "3.5", "3.7", "3.8", "5.4", "8.2", "9.3", "10.6"]


# --- tokenizers ----------------------------------------------------------------------


def on_the_left(tokenizer):
    tokenizer.padding_side = "left"


def cut_on_the_left(tokenizer):
    tokenizer.truncation_side = "left"


def shortened(tokenizer):
    tokenizer.model_max_length = 7


def with_another_token(tokenizer):
    tokenizer.add_tokens(["gem"])


def with_another_special_token(tokenizer):
    tokenizer.add_special_tokens({"sep_token": "[END]"})


def without_lower_case(tokenizer):
    normalizer = tokenizer.backend_tokenizer.normalizer
    normalizer.lowercase = False


CHANGES = [
    on_the_left, cut_on_the_left, shortened, with_another_token,
    with_another_special_token, without_lower_case,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_tokenizer_is_refused_and_spoils_no_later_check(change):
    def changing(texts, max_length, tokenizer):
        change(tokenizer)
        return ENCODE(texts, max_length, tokenizer)

    result = examine("3.7", changing)
    assert result.status == "failed", result.text
    for id in ("3.4", "3.5", "3.7", "3.8"):
        right = exercises_of(3)[id].truth
        assert examine(id, right).status == "ok"


def test_the_advice_fits_what_was_changed():
    def changing(texts, max_length, tokenizer):
        found = ENCODE(texts, max_length, tokenizer)
        tokenizer.padding_side = "left"
        return found

    cause = examine("3.7", changing).cause
    assert "in place (tokenizer)" in cause and "Hand options to its call" in cause
    assert "clone" not in cause

    def training(queries, texts, tokenizer, model):
        found = exercises_of(5)["5.4"].truth(queries, texts, tokenizer, model)
        model.train()
        return found

    assert "copy.deepcopy(model)" in examine("5.4", training).cause

    def zeroed(hidden, mask):
        found = exercises_of(3)["3.2"].truth(hidden, mask)
        hidden.zero_()
        return found

    assert "x.clone()" in examine("3.2", zeroed).cause

    def emptied(lengths, budget):
        found = exercises_of(3)["3.9"].truth(lengths, budget)
        lengths.clear()
        return found

    assert "x.copy()" in examine("3.9", emptied).cause


def test_the_exercises_with_a_tokenizer_are_all_tried():
    coding = [
        exercise
        for lesson in lessons()
        for exercise in exercises_of(lesson).values()
        if isinstance(exercise, Coding)
    ]
    given = [e.id for e in coding if any(map(is_tokenizer, e.draw_cases()[0]))]
    assert given == WITH_TOKENIZER


@pytest.mark.parametrize("id", WITH_TOKENIZER)
def test_each_exercise_finds_the_tokenizer_as_it_was(id):
    exercise = exercises_of(int(id.split(".")[0]))[id]

    def changing(*arguments):
        (tokenizer,) = filter(is_tokenizer, arguments)
        on_the_left(tokenizer)
        with_another_token(tokenizer)
        return exercise.truth(*arguments)

    assert examine(id, changing).status == "failed"
    assert examine(id, exercise.truth).status == "ok"


def test_options_of_a_call_are_no_change():
    def answer(texts, max_length, tokenizer):
        tokenizer(texts, padding=True, max_length=3, truncation=True)
        return ENCODE(texts, max_length, tokenizer)

    assert examine("3.7", answer).status == "ok"


def test_a_tokenizer_is_put_back_whole():
    tokenizer, fresh = (load_bert()[0] for _ in "ab")
    put_back = restorer(tokenizer)
    for change in CHANGES:
        change(tokenizer)
    tokenizer(["A gem", "a"], padding=True, truncation=True, max_length=9)
    put_back()
    whole = tokenizer.backend_tokenizer.to_str()
    assert whole == fresh.backend_tokenizer.to_str()
    assert tokenizer.special_tokens_map == fresh.special_tokens_map
    assert tokenizer("A GEM")["input_ids"] == fresh("a gem")["input_ids"]
    assert (tokenizer.padding_side, tokenizer.model_max_length) == ("right", 512)


# --- what the notebook holds ---------------------------------------------------------

CODE = """
net, deep = nn.Linear(2, 2), nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 2))
deep(torch.ones(2, 2)).sum().backward()
both, tokenizer = [net, {"deep": deep}], load_bert()[0]
dice, coin, cards = torch.Generator(), np.random.default_rng(1), random.Random(1)
with torch.no_grad():
    result = net(torch.ones(1, 2))
def answer(lengths, width):
    torch.nn.init.zeros_(net.weight); net.weight.requires_grad_(False)
    net.bias.data += 1; net.bias = nn.Parameter(torch.zeros(2)); net.extra = nn.ReLU()
    deep.float().train(); deep(torch.randn(8, 2)).sum().backward(); deep.half()
    both.clear(); tokenizer.padding_side = "left"; tokenizer.add_tokens(["gem"])
    torch.rand(1, generator=dice); coin.random(); cards.random()
    return right(lengths, width)
"""


def notebook(code, **more):
    space = {"__name__": "__main__", "torch": torch, "nn": nn, "np": np}
    space |= {"random": random, "load_bert": load_bert, **more}
    exec(code, space)
    return space


def test_models_tokenizers_and_generators_of_the_notebook_are_as_before():
    space = notebook(CODE, right=lesson_03._mask_from_lengths)
    net, deep = space["net"], space["deep"].eval()
    before = {k: v.clone() for k, v in deep.state_dict().items()}
    weight, bias = net.weight, net.bias
    numbers, gradient = weight.detach().clone(), deep[1].weight.grad.clone()
    shown, names = net(torch.ones(1, 2)), set(space)
    with torch.enable_grad():
        result = examine("3.1", space["answer"])
    assert result.status == "ok", result.text
    assert net.weight is weight and torch.equal(weight, numbers)
    assert weight.requires_grad and net.bias is bias and len(list(net.modules())) == 1
    assert torch.equal(net(torch.ones(1, 2)), shown)
    assert all(torch.equal(v, before[k]) for k, v in deep.state_dict().items())
    assert not deep.training and torch.equal(deep[1].weight.grad, gradient)
    assert space["both"][0] is net and space["both"][1]["deep"] is deep
    assert space["tokenizer"].padding_side == "right" and "gem" not in (
        space["tokenizer"].added_tokens_encoder
    )
    assert set(space) == names
    fresh = notebook(CODE)
    assert torch.rand(1, generator=space["dice"]) == (
        torch.rand(1, generator=fresh["dice"])
    )
    assert space["coin"].random() == fresh["coin"].random()
    assert space["cards"].random() == fresh["cards"].random()


def test_a_backward_pass_that_was_begun_can_be_ended():
    """Putting back must not look to torch as a change of the weights."""
    code = "net = nn.Linear(2, 2)\nlinked = nn.Linear(2, 2)(net(torch.ones(1, 2)))\n"
    code += (
        "def answer(lengths, width):\n    net.weight.data.zero_()\n    return right("
    )
    code += "lengths, width)"
    with torch.enable_grad():
        space = notebook(code, right=lesson_03._mask_from_lengths)
        assert examine("3.1", space["answer"]).status == "ok"
        space["linked"].sum().backward()
    assert space["net"].weight.grad is not None


def test_of_too_large_models_the_mode_and_what_is_trained_are_put_back(monkeypatch):
    monkeypatch.setattr(state, "MOST_BYTES", 30)
    code = "small, large = nn.Linear(2, 1), nn.Linear(9, 9)\ndef answer(lengths, width)"
    code += ":\n    for net in (small, large):\n        net.eval(); nn.init.zeros_("
    code += "net.weight); net.weight.requires_grad_(False)\n    return right(lengths, "
    code += "width)"
    space = notebook(code, right=lesson_03._mask_from_lengths)
    assert examine("3.1", space["answer"]).status == "ok"
    small, large = space["small"], space["large"]
    assert small.training and large.training and large.weight.requires_grad
    assert small.weight.any() and not large.weight.any()


def test_a_parameter_that_is_frozen_is_a_change():
    net = nn.Linear(2, 2)
    before = state.fingerprint(net)
    assert not state.is_changed(net, before)
    net.weight.requires_grad_(False)
    assert state.is_changed(net, before)
