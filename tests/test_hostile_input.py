"""Pooling, masks, span search and checks: right, or a message of our own; never wrong.

hypothesis draws shapes, types and numbers that a student's slip could hand in.
"""

import math

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import (
    best_spans,
    causal_mask,
    count_confusions,
    exact_match,
    max_pool,
    mean_pool,
    padding_mask,
    spans_of,
)
from course_utils.answer_spans import brute_force_spans
from tests.hypothesis_cases import cases

FEW = settings(max_examples=cases(100), deadline=None, derandomize=True)
NUMBERS = st.floats(width=32) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0])
SHAPES = st.lists(st.integers(0, 3), max_size=4)
ODD = (
    st.none()
    | st.integers(-3, 5)
    | st.text(max_size=3)
    | st.floats()
    | st.lists(st.integers(-3, 3) | st.none() | st.text(max_size=2), max_size=3)
)


def outcome(function, *given):
    """Return (result, None), or (None, message) of an error that explains itself."""
    try:
        return function(*given), None
    except (TypeError, ValueError) as problem:
        assert "expected" in str(problem), problem
        return None, str(problem)


@st.composite
def tensors(draw):
    """Tensors of any small shape and kind, or something that is none."""
    shape = draw(SHAPES)
    size = math.prod(shape)
    kind = draw(st.sampled_from([torch.float32, torch.int64, torch.bool]))
    values = draw(st.lists(st.integers(-2, 3), min_size=size, max_size=size))
    return draw(st.just(torch.tensor(values).reshape(shape).to(kind)) | ODD)


@FEW
@given(hidden=tensors(), mask=tensors())
def test_pooling_of_anything(hidden, mask):
    for pool in (mean_pool, max_pool):
        pooled, problem = outcome(pool, hidden, mask)
        if problem is None:
            B, _, D = hidden.shape
            assert pooled.shape == (B, D) and pooled.isfinite().all()
            rows = [hidden[b][mask[b].bool()] for b in range(B)]
            assert torch.equal(max_pool(hidden, mask), torch.stack(
                [row.amax(dim=0) for row in rows]))  # fmt: skip


@FEW
@given(
    B=st.integers(1, 3),
    T=st.integers(1, 5),
    D=st.integers(1, 3),
    data=st.data(),
)
def test_padding_never_counts(B, T, D, data):
    drawn = st.lists(st.integers(1, T), min_size=B, max_size=B)
    lengths = torch.tensor(data.draw(drawn))
    mask = (torch.arange(T) < lengths[:, None]).long()
    hidden = torch.randn(B, T, D, generator=torch.Generator().manual_seed(B * T))
    other = hidden.masked_fill(mask[..., None] == 0, data.draw(st.floats(-9e9, 9e9)))
    torch.testing.assert_close(max_pool(hidden, mask), max_pool(other, mask))
    torch.testing.assert_close(mean_pool(hidden, mask), mean_pool(other, mask))


@FEW
@given(ids=tensors(), pad_id=st.integers(0, 2) | ODD)
def test_padding_masks_of_anything(ids, pad_id):
    mask, problem = outcome(padding_mask, ids, pad_id)
    if problem is None:
        B, S = ids.shape
        assert mask.shape == (B, 1, 1, S) and mask.dtype == torch.bool
        assert torch.equal(mask[:, 0, 0], ids != pad_id)


@FEW
@given(T=st.integers(-2, 8) | ODD)
def test_causal_masks_of_anything(T):
    mask, problem = outcome(causal_mask, T)
    if problem is None:
        assert [[bool(x) for x in row] for row in mask] == [
            [column <= row for column in range(T)] for row in range(T)
        ]


@FEW
@given(
    start=st.lists(NUMBERS, max_size=6),
    end=st.lists(NUMBERS, max_size=6),
    inside=st.lists(st.booleans(), max_size=6),
    count=st.integers(-1, 4),
    longest=st.integers(-1, 4),
)
def test_spans_of_any_scores(start, end, inside, count, longest):
    given = torch.tensor(start), torch.tensor(end), inside, count, longest
    found, problem = outcome(best_spans, *given)
    if problem is None:
        for _, i, j in found:
            assert inside[i] and inside[j] and i <= j < i + longest
        wanted = [x for x in brute_force_spans(*given) if math.isfinite(x[0])]
        if all(map(math.isfinite, start + end)) and len(wanted) == len(found):
            assert [x[0] for x in found] == [x[0] for x in wanted]


@FEW
@given(
    T=st.integers(1, 8), count=st.integers(1, 5), longest=st.integers(1, 9),
    data=st.data(),
)  # fmt: skip
def test_spans_are_those_of_the_loops(T, count, longest, data):
    scores = st.lists(st.integers(-9, 9), min_size=T, max_size=T)
    start, end = (torch.tensor(data.draw(scores)).float() for _ in range(2))
    inside = data.draw(st.lists(st.booleans(), min_size=T, max_size=T))
    found = best_spans(start, end, inside, count, longest)
    wanted = brute_force_spans(start, end, inside, count, longest)
    assert [score for score, *_ in found] == [score for score, *_ in wanted]


@FEW
@given(tags=st.lists(st.sampled_from(["O", "B-A", "I-A", "I-B", "A", 0])) | ODD)
def test_names_of_any_tags(tags):
    spans, problem = outcome(spans_of, tags)
    if problem is None:
        assert len(spans) == sum(tag.startswith("B-") for tag in tags)
        assert all(0 <= start < end <= len(tags) for start, end, _ in spans)


@FEW
@given(predicted=ODD, accepted=ODD | st.lists(st.text(max_size=3)))
def test_matches_of_anything(predicted, accepted):
    score, problem = outcome(exact_match, predicted, accepted)
    assert problem is not None or score in (0.0, 1.0)


@FEW
@given(true=ODD, predicted=ODD, classes=ODD)
def test_confusions_of_anything(true, predicted, classes):
    matrix, problem = outcome(count_confusions, true, predicted, classes)
    if problem is None:
        assert matrix.sum() == len(true) and (np.asarray(matrix) >= 0).all()
