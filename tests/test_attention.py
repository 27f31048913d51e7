"""Attention built by hand against torch's own, with the same weights and masks."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course_utils import (
    MultiHeadAttention,
    causal_mask,
    padding_mask,
    rename_parameters,
    scaled_dot_product_attention,
)
from course_utils.tensor_checks import check_ids
from tests.hypothesis_cases import cases

IDS = torch.tensor([[5, 3, 8, 7, 2, 0, 0], [4, 4, 1, 9, 6, 2, 7]])  # (B, T)
D, A = 32, 4


def same(ours, theirs):
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


@settings(max_examples=cases(100), deadline=None, derandomize=True)
@given(
    batch=st.lists(st.integers(1, 3), max_size=2),
    T=st.integers(1, 6),
    S=st.integers(1, 6),
    K=st.integers(1, 9),
    share=st.none() | st.floats(0, 1),
    scale=st.sampled_from([1e-3, 1, 30]),
)
def test_function_equals_torch(batch, T, S, K, share, scale):
    query = torch.randn(*batch, T, K) * scale
    key, value = torch.randn(*batch, S, K), torch.randn(*batch, S, K)
    mask = None
    if share is not None:
        mask = torch.rand(*batch, T, S) < share
        mask[..., 0] = True
    context, weights = scaled_dot_product_attention(query, key, value, mask)
    same(context, F.scaled_dot_product_attention(query, key, value, attn_mask=mask))
    same(weights.sum(dim=-1), torch.ones(*batch, T))
    if mask is not None:
        assert (weights[~mask] == 0).all()


def test_function_equals_torch_in_double_precision_and_in_its_gradient():
    inputs = [torch.randn(2, 5, 8, dtype=torch.float64) for _ in range(3)]
    gradients = []
    for attend in (
        lambda *x: scaled_dot_product_attention(*x, causal_mask(5))[0],
        lambda *x: F.scaled_dot_product_attention(*x, is_causal=True),
    ):
        given_here = [x.clone().requires_grad_() for x in inputs]
        out = attend(*given_here)
        assert out.dtype == torch.float64
        gradients.append(torch.autograd.grad(out.square().sum(), given_here))
    same(*gradients)


def test_masks_by_hand():
    assert causal_mask(3).tolist() == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
    mask = padding_mask(torch.tensor([[7, 0], [1, 2]]))
    assert mask.shape == (2, 1, 1, 2)
    assert mask.flatten().tolist() == [True, False, True, True]
    assert padding_mask(torch.tensor([[9, 4]]), pad_id=9).flatten().tolist() == [
        False,
        True,
    ]


def multi_head_pair():
    theirs = nn.MultiheadAttention(D, A, batch_first=True)
    nn.init.normal_(theirs.in_proj_bias), nn.init.normal_(theirs.out_proj.bias)
    ours = MultiHeadAttention(D, A)
    ours.load_state_dict(rename_parameters(theirs.state_dict()))
    return ours, theirs


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("padded", [False, True])
def test_multi_head_equals_torch(causal, padded):
    ours, theirs = multi_head_pair()
    x, mask, options = torch.randn(2, 7, D), torch.tensor(True), {}
    if causal:
        mask, options["attn_mask"] = mask & causal_mask(7), ~causal_mask(7)
    if padded:
        mask, options["key_padding_mask"] = mask & padding_mask(IDS), IDS == 0
    expected = theirs(x, x, x, average_attn_weights=False, **options)
    same(ours(x, x, x, mask if causal or padded else None), expected)


def test_multi_head_equals_torch_across_two_texts():
    ours, theirs = multi_head_pair()
    x, memory = torch.randn(2, 4, D), torch.randn(2, 7, D)
    options = {"key_padding_mask": IDS == 0, "average_attn_weights": False}
    expected = theirs(x, memory, memory, **options)
    same(ours(x, memory, memory, padding_mask(IDS)), expected)


x = torch.zeros(2, 7, D)
MASK = torch.ones(2, 7, dtype=torch.bool)
WRONG_CALLS = {
    "ids": ((IDS,) * 3, TypeError, r"query has the type torch.int64, .*embedding"),
    "list": (([[0.0]],) * 3, TypeError, "query is a list, expected a float tensor"),
    "none": ((x, None, x), TypeError, "key is a NoneType"),
    "no batch": ((x[0],) * 3, ValueError, r"\(7, 32\), .*query\.unsqueeze\(0\)"),
    "other D": ((x[..., :8],) * 3, ValueError, r"\(2, 7, 8\), .*D = 32"),
    "heads": ((x.view(2, 7, 4, 8),) * 3, ValueError, "already split into heads"),
    "batches": ((x, x[:1], x[:1]), ValueError, "batch sizes are {'query': 2, 'key': 1"),
    "values": ((x, x, x[:, :6]), ValueError, "7 keys and 6 values"),
    "int mask": ((x, x, x, MASK.long()), TypeError, r"torch.int64, .*mask\.bool\(\)"),
    "list mask": ((x, x, x, [[1]]), TypeError, "mask is a list, expected a bool"),
    "flat mask": ((x, x, x, MASK), ValueError, r"\(2, 7\), .*mask\[:, None, None, :\]"),
    "deep mask": ((x, x, x, MASK.view(1, 2, 1, 1, 7)), ValueError, r"fits the scores"),
    "all hidden": ((x, x, x, ~MASK[:, None, None]), ValueError, "row .* is all False"),
}


@pytest.mark.parametrize("name", WRONG_CALLS)
def test_wrong_inputs_are_explained(name):
    inputs, error, message = WRONG_CALLS[name]
    with pytest.raises(error, match=message):
        MultiHeadAttention(D, A)(*inputs)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((3,), (3, 3), (3, 3)), r"query has shape \(3,\).*query\.unsqueeze\(0\)"),
        (((3, 4), (3, 5), (3, 5)), "query has K = 4 numbers a token, key has 5"),
        (((2, 3, 4), (3, 3, 4), (3, 3, 4)), "different batch axes"),
        (((3, 4), (5, 4), (3, 4)), "there are 5 keys and 3 values"),
    ],
)
def test_wrong_shapes_for_the_function_are_explained(shapes, message):
    with pytest.raises(ValueError, match=message):
        scaled_dot_product_attention(*map(torch.zeros, shapes))


@pytest.mark.parametrize("A", [0, -1, 5, 64])
def test_heads_must_divide(A):
    with pytest.raises(ValueError, match=rf"A = {A} heads .*try one of \[1, 2, 4, 8"):
        MultiHeadAttention(32, A)


@pytest.mark.parametrize("A", [2.0, "2", None, True])
def test_heads_must_be_a_whole_number(A):
    with pytest.raises(TypeError, match=type(A).__name__):
        MultiHeadAttention(32, A)


@pytest.mark.parametrize(
    ("ids", "error", "message"),
    [
        ([[1]], TypeError, r"ids is a list, expected a tensor \(B, T\)"),
        (torch.ones(1, 2), TypeError, r"torch.float32, .*ids\.long\(\)"),
        (torch.tensor([1, 2]), ValueError, r"shape \(2,\), .*ids\.unsqueeze\(0\)"),
        (torch.zeros(1, 0, dtype=int), ValueError, r"\(1, 0\), .*at least one"),
        (torch.tensor([[0, 9]]), ValueError, "ids from 0 to 9, expected 0 to 8"),
        (torch.tensor([[-1]]), ValueError, "ids from -1 to -1, expected 0 to 8"),
    ],
)
def test_wrong_ids_are_explained(ids, error, message):
    with pytest.raises(error, match=message):
        check_ids("ids", ids, 9)
