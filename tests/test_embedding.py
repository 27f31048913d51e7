"""embed: equal to sentence-transformers, in order, and clear about wrong calls."""

import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer

from course_utils import embed, load_reviews, model_folder
from course_utils.embedding import length_batches
from course_utils.machine import has_fast_bf16
from course_utils.pooling import POOLINGS, pool
from tests.hypothesis_cases import cases

TEXTS = ["A good film.", "", "bad", "日本 😀 naïve", "word " * 120, "A good film."]


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def reviews(fetched_reviews):
    return load_reviews()["text"].tolist()[:300]


def test_equal_to_sentence_transformers(reviews):
    theirs = SentenceTransformer(str(model_folder()), device="cpu").encode(reviews)
    ours = embed(reviews, normalize=True, progress=False)
    np.testing.assert_allclose(ours, theirs, atol=1e-5, rtol=0)
    assert ours.dtype == np.float32


@pytest.mark.parametrize("layer", [0, 3, -1, -2])
@pytest.mark.parametrize("pooling", POOLINGS)
def test_equal_to_one_text_at_a_time(pooling, layer, bert):
    if pooling == "pooler" and layer != -1:
        return
    tokenizer, model = bert
    ours = embed(TEXTS, pooling=pooling, layer=layer, batch_tokens=64, progress=False)
    for text, vector in zip(TEXTS, ours, strict=True):
        batch = tokenizer(text, return_tensors="pt")
        with torch.inference_mode():
            output = model(**batch, output_hidden_states=True)
        tokens = output.hidden_states[layer][0]
        expected = {
            "mean": tokens.mean(dim=0),
            "max": tokens.max(dim=0).values,
            "cls": tokens[0],
            "pooler": output.pooler_output[0],
        }[pooling]
        np.testing.assert_allclose(vector, expected.numpy(), atol=1e-4, rtol=1e-4)


def test_order_is_kept_and_equal_texts_get_equal_vectors(reviews):
    mixed = [reviews[i] for i in np.random.default_rng(0).permutation(60)]
    together = embed(mixed, progress=False)
    alone = np.concatenate([embed([text], progress=False) for text in mixed])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    vectors = embed(TEXTS, progress=False)
    np.testing.assert_allclose(vectors[0], vectors[-1], atol=1e-5)


def test_ten_thousand_texts(bert):
    texts = [f"number {i % 100}" for i in range(10_000)]
    vectors = embed(texts, progress=False, precision="auto")
    assert vectors.shape[0] == 10_000
    np.testing.assert_allclose(vectors[:100], vectors[-100:], atol=1e-2)


def test_nothing_and_almost_nothing(bert):
    width = bert[1].config.hidden_size
    assert embed([], progress=False).shape == (0, width)
    assert embed([], progress=False).dtype == np.float32
    assert embed([""], progress=False).shape == (1, width)
    assert np.isfinite(embed(["", " ", "\n", "\x00"], progress=False)).all()


def test_a_long_text_is_cut_with_a_warning_that_counts(bert):
    texts = ["good " * 600, "short", "bad " * 700]
    with pytest.warns(UserWarning, match="2 of 3 texts exceed 512 tokens") as caught:
        vectors = embed(texts, progress=False)
    assert caught[0].filename == __file__
    expected = embed(["good " * 510], progress=False)
    np.testing.assert_allclose(vectors[:1], expected, atol=1e-5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        embed(["good " * 510], progress=False)


def test_normalize_gives_length_one(reviews):
    vectors = embed(reviews[:20], normalize=True, progress=False)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_bfloat16_points_the_same_way(reviews):
    exact = embed(reviews[:100], progress=False)
    rough = embed(reviews[:100], progress=False, precision="bfloat16")
    assert rough.dtype == np.float32
    assert (unit(exact) * unit(rough)).sum(axis=1).min() > 0.999


def test_auto_is_bfloat16_only_where_it_is_fast(reviews):
    auto = embed(reviews[:20], progress=False, precision="auto")
    chosen = "bfloat16" if has_fast_bf16() else "float32"
    np.testing.assert_array_equal(
        auto, embed(reviews[:20], progress=False, precision=chosen)
    )


def test_a_model_in_training_is_embedded_without_dropout_and_left_so(bert):
    model = bert[1]
    before = embed(TEXTS, bert=bert, progress=False)
    model.train()
    try:
        np.testing.assert_array_equal(embed(TEXTS, bert=bert, progress=False), before)
        assert model.training
    finally:
        model.eval()


def test_bar_only_where_wanted(capsys):
    embed(["one", "two"], progress=False)
    assert capsys.readouterr().out == ""
    embed(["one", "two"])
    assert "Embedding" in capsys.readouterr().out


@given(
    st.lists(st.integers(1, 512), max_size=60),
    st.integers(1, 2000),
)
@settings(deadline=None, max_examples=cases(300))
def test_batches_hold_every_text_once_and_keep_to_the_budget(lengths, budget):
    batches = length_batches(lengths, budget)
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        padded = len(batch) * max(lengths[i] for i in batch)
        assert padded <= budget or len(batch) == 1
    longest = [max(lengths[i] for i in batch) for batch in batches]
    assert longest == sorted(longest, reverse=True)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        ({"texts": "one text"}, TypeError, r"try embed\(\[text\]\)"),
        ({"texts": b"bytes"}, TypeError, "bytes"),
        ({"texts": None}, TypeError, "NoneType"),
        ({"texts": 3}, TypeError, "int"),
        ({"texts": ["a", None]}, TypeError, r"texts\[1\] is a NoneType"),
        ({"texts": ["a", float("nan")]}, TypeError, "missing"),
        ({"texts": [[101, 102]]}, TypeError, "are these ids"),
        ({"texts": ["a", "half \ud83d"]}, ValueError, r"texts\[1\] holds half"),
        ({"pooling": "average"}, ValueError, "'average', expected one of"),
        ({"layer": 99}, ValueError, "layer is 99, expected 0 to"),
        ({"layer": "last"}, TypeError, "layer is 'last'"),
        ({"layer": True}, TypeError, "layer is True"),
        ({"layer": 1, "pooling": "pooler"}, ValueError, "trained upon the last"),
        ({"batch_tokens": 0}, ValueError, "expected 1 or more"),
        ({"batch_tokens": 0.5}, TypeError, "expected an int"),
        ({"precision": "int8"}, ValueError, "'int8', expected one of"),
    ],
)
def test_a_wrong_call_says_what_was_given(call, error, says):
    with pytest.raises(error, match=says):
        embed(**{"texts": ["a"], "progress": False, **call})


def test_pool_is_never_won_by_padding():
    hidden = torch.tensor([[[-3.0], [-1.0], [0.0]], [[9.0], [9.0], [9.0]]])
    mask = torch.tensor([[1, 1, 0], [1, 0, 0]])
    assert pool(hidden, mask, "max", None).tolist() == [[-1.0], [9.0]]
    assert pool(hidden, mask, "mean", None).tolist() == [[-2.0], [9.0]]
    assert pool(hidden, mask, "cls", None).tolist() == [[-3.0], [9.0]]
