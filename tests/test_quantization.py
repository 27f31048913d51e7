"""Weights as integers: the error is bounded, the layers compute what they hold."""

import pytest
import torch
from torch import nn

from course_utils import quantization
from course_utils.quantization import (
    DynamicInt8Linear,
    Int8Embedding,
    Int8Linear,
    has_fast_int8,
    integer_product,
    quantize,
    quantize_rows,
    stored_mb,
)


@pytest.mark.parametrize("bits", range(2, 9))
def test_no_weight_moves_by_more_than_half_a_step(bits):
    weight = torch.randn(5, 33, generator=torch.Generator().manual_seed(0))
    weight[1] *= 1000
    weight[2] = 0
    numbers, scale = quantize_rows(weight, bits)
    top = 2 ** (bits - 1) - 1
    assert numbers.dtype == torch.int8 and scale.shape == (5, 1)
    assert numbers.abs().max() == top
    assert ((numbers * scale - weight).abs() <= scale / 2 * 1.0001).all()
    assert (numbers[2] == 0).all() and torch.isfinite(scale).all()


@pytest.mark.parametrize("bits", [1, 9, 32])
def test_bits_that_do_not_fit_are_refused(bits):
    with pytest.raises(ValueError, match=f"bits is {bits}, expected 2 to 8"):
        quantize_rows(torch.ones(1, 1), bits)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(3, 16), (2, 3, 16), (1, 1, 16)])
def test_linear_computes_with_the_unpacked_weight(bias, shape):
    torch.manual_seed(0)
    linear, x = nn.Linear(16, 8, bias=bias), torch.randn(shape)
    small = Int8Linear(linear)
    weight = small.numbers.double() * small.scale.double()
    expected = x.double() @ weight.T + (linear.bias.double() if bias else 0)
    torch.testing.assert_close(small(x), expected.float(), atol=1e-5, rtol=0)
    assert (small(x) - linear(x)).abs().max() < 0.05
    dynamic = DynamicInt8Linear(linear)(x)
    assert dynamic.shape == (*shape[:-1], 8)
    assert (dynamic - linear(x)).abs().max() < 0.1


def test_embedding_unpacks_the_rows_asked_for():
    table = nn.Embedding(7, 4, padding_idx=0)
    small = Int8Embedding(table)
    ids = torch.tensor([[0, 3], [6, 3]])
    assert small(ids).shape == (2, 2, 4)
    assert (small(ids)[0, 0] == 0).all()  # padding stays zero
    assert ((small(ids) - table(ids)).abs() <= small.scale[ids] / 2 * 1.0001).all()


@pytest.mark.parametrize("fast", [True, False])
def test_integer_product_is_exact(fast, monkeypatch):
    monkeypatch.setattr(quantization, "has_fast_int8", lambda: fast)
    generator = torch.Generator().manual_seed(0)
    a, b = (
        torch.randint(-127, 128, s, generator=generator) for s in ((5, 64), (64, 9))
    )
    product = integer_product(a.to(torch.int8), b.to(torch.int8))
    assert torch.equal(product, (a @ b).float())


def test_quantize_changes_a_copy_only(bert):
    model = bert[1]
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    small = quantize(model)
    assert all(torch.equal(model.state_dict()[n], t) for n, t in before.items())
    kinds = [type(part) for part in small.modules()]
    assert nn.Linear not in kinds and nn.Embedding not in kinds
    assert kinds.count(Int8Linear) == 6 * 6 + 1 and kinds.count(Int8Embedding) == 3
    assert stored_mb(small) < 0.26 * stored_mb(model)
    assert stored_mb(model) == pytest.approx(90.85, abs=0.02)


def test_a_quantised_bert_gives_nearly_the_same_vectors(bert):
    tokenizer, model = bert
    batch = tokenizer(["A gem.", "Plain boring, all of it."], padding=True)
    batch = {name: torch.tensor(rows) for name, rows in batch.items()}
    with torch.no_grad():
        whole = model(**batch).pooler_output
        for linear, least in ((Int8Linear, 0.999), (DynamicInt8Linear, 0.98)):
            small = quantize(model, linear)(**batch).pooler_output
            assert torch.cosine_similarity(whole, small).min() > least


def test_instructions_are_read_from_the_machine(tmp_path):
    assert not has_fast_int8(tmp_path)
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cpuinfo").write_text("flags : fpu avx512_vnni sse\n")
    assert has_fast_int8(tmp_path)
    (tmp_path / "proc/cpuinfo").write_text("flags : fpu sse\n")
    assert not has_fast_int8(tmp_path)
