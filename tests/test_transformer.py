"""Encoder, decoder, positions and greedy decoding: torch's own, and by hand."""

import math

import pytest
import torch
from torch import nn

from course_utils import (
    DecoderBlock,
    EncoderBlock,
    Transformer,
    causal_mask,
    greedy_decode,
    padding_mask,
    positional_encoding,
    rename_parameters,
)

IDS = torch.tensor([[5, 3, 8, 7, 2, 0, 0], [4, 4, 1, 9, 6, 2, 7]])  # (B, S)
D, A = 32, 4
OPTIONS = {"dim_feedforward": 4 * D, "batch_first": True}


def same(ours, theirs):
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def with_weights_of(ours, theirs):
    """Give both the same parameters, none of them 0 or 1, and switch dropout off."""
    for parameter in theirs.parameters():
        nn.init.normal_(parameter, std=0.3)
    ours.load_state_dict(rename_parameters(theirs.state_dict()))
    return ours.eval(), theirs.eval()


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("padded", [False, True])
def test_encoder_block_equals_torch(causal, padded):
    ours, theirs = with_weights_of(
        EncoderBlock(D, A), nn.TransformerEncoderLayer(D, A, **OPTIONS)
    )
    x, mask, options = torch.randn(2, 7, D), torch.tensor(True), {}
    if causal:
        mask, options["src_mask"] = mask & causal_mask(7), ~causal_mask(7)
    if padded:
        mask, options["src_key_padding_mask"] = mask & padding_mask(IDS), IDS == 0
    same(ours(x, mask if causal or padded else None), theirs(x, **options))


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("padded", [False, True])
def test_decoder_block_equals_torch(causal, padded):
    ours, theirs = with_weights_of(
        DecoderBlock(D, A), nn.TransformerDecoderLayer(D, A, **OPTIONS)
    )
    x, memory = torch.randn(2, 4, D), torch.randn(2, 7, D)
    masks, options = [None, None], {}
    if causal:
        masks[0], options["tgt_mask"] = causal_mask(4), ~causal_mask(4)
    if padded:
        masks[1], options["memory_key_padding_mask"] = padding_mask(IDS), IDS == 0
    out, weights = ours(x, memory, *masks)
    same(out, theirs(x, memory, **options))
    same(weights.sum(dim=-1), torch.ones(2, A, 4))
    if padded:
        assert (weights[0, :, :, 5:] == 0).all()


def test_positions_by_the_formula():
    encoding = positional_encoding(50, 6)
    for t in (0, 1, 49):
        for i in (0, 2, 4):
            angle = t / 10_000 ** (i / 6)
            assert math.isclose(encoding[t, i], math.sin(angle), abs_tol=1e-5)
            assert math.isclose(encoding[t, i + 1], math.cos(angle), abs_tol=1e-5)


def test_odd_positions_are_refused():
    with pytest.raises(ValueError, match="D = 5 is odd"):
        positional_encoding(3, 5)


def tiny(L=2):
    return Transformer(10, 6, D=16, A=2, L=L).eval()


def test_transformer_shapes_and_no_look_ahead():
    model, target = tiny(), torch.tensor([[1, 3, 4, 2], [1, 5, 5, 2]])
    with torch.no_grad():
        logits = model(IDS, target)
        changed = target.clone()
        changed[:, 2] = 5
        moved = (model(IDS, changed) != logits).any(dim=-1)  # (B, T)
    assert logits.shape == (2, 4, 6)
    assert not moved[:, :2].any() and moved[0, 2:].all()


def test_more_padding_changes_nothing():
    model, target = tiny(), torch.tensor([[1, 3], [1, 5]])
    longer = torch.cat([IDS, torch.zeros(2, 9, dtype=int)], dim=1)
    with torch.no_grad():
        same(model(longer, target), model(IDS, target))


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ([[1]], TypeError, "expected a tensor"),
        (IDS.float(), TypeError, "expected torch.int64"),
        (IDS[0], ValueError, r"unsqueeze\(0\)"),
        (IDS + 5, ValueError, "expected 0 to 9"),
        (torch.zeros_like(IDS), ValueError, "only padding"),
    ],
)
def test_wrong_sources_are_explained(source, error, message):
    with pytest.raises(error, match=message):
        tiny()(source, torch.tensor([[1], [1]]))


class Script(nn.Module):
    """Writes what it is told to: row b answers with script[b], one id a step."""

    def __init__(self, script):
        super().__init__()
        self.script, self.calls = torch.tensor(script), 0

    def encode(self, source):
        self.calls += 1
        return source, None

    def decode(self, target, memory, memory_mask):
        T = target.shape[1]
        return nn.functional.one_hot(self.script[:, :T], 6).float(), None


def test_greedy_decoding_stops_each_row_at_its_end():
    script = Script([[3, 2, 5, 5, 5], [4, 4, 4, 2, 5]])
    written = greedy_decode(script, torch.zeros(2, 1), 1, 2, max_length=9)
    assert written.tolist() == [[1, 3, 2, 0, 0], [1, 4, 4, 4, 2]]
    assert script.calls == 1 and not script.training


def test_greedy_decoding_keeps_its_limit():
    script = Script([[3, 3, 3, 3]])
    written = greedy_decode(script, torch.zeros(1, 1), 1, 2, max_length=4)
    assert written.tolist() == [[1, 3, 3, 3]]


def test_greedy_decoding_is_the_best_id_step_by_step():
    model = tiny()
    written = greedy_decode(model, IDS, 1, 2, max_length=6)
    for b in range(2):
        row = [1]
        while len(row) < 6 and row[-1] != 2:
            with torch.no_grad():
                row.append(
                    model(IDS[b : b + 1], torch.tensor([row]))[0, -1].argmax().item()
                )
        assert written[b, : len(row)].tolist() == row
