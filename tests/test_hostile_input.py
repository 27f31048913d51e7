"""Pooling, masks, span search and checks: right, or a message of our own; never wrong.

hypothesis draws shapes, types and numbers that a student's slip could hand in.
"""

import math
import string

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


def slowly_pooled(hidden, mask):
    """Return (mean, max), each (B, D), text by text; a mask of 0 and 1 is taken."""
    texts = [hidden[b][mask[b] == 1] for b in range(len(hidden))]
    means = [sum(text) / len(text) for text in texts]
    return torch.stack(means), torch.stack([text.max(dim=0)[0] for text in texts])


@st.composite
def pooled_pairs(draw):
    """Hidden states and a mask: both anything, or both of fitting shapes."""
    if draw(st.booleans()):
        return draw(tensors()), draw(tensors())
    B, T, D = (draw(st.integers(1, 3)) for _ in range(3))
    sizes = {"min_size": B * T, "max_size": B * T}
    mask = torch.tensor(draw(st.lists(st.integers(0, 1), **sizes))).reshape(B, T)
    hidden = torch.randn(B, T, D, generator=torch.Generator().manual_seed(B * T))
    return hidden, mask.to(draw(st.sampled_from([torch.int64, torch.bool])))


@FEW
@given(pair=pooled_pairs())
def test_pooling_of_anything(pair):
    for place, pool in enumerate((mean_pool, max_pool)):
        pooled, problem = outcome(pool, *pair)
        if problem is None:
            torch.testing.assert_close(pooled, slowly_pooled(*pair)[place])


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
    mean, largest = slowly_pooled(hidden, mask)
    for filled in (hidden, other):
        torch.testing.assert_close(mean_pool(filled, mask), mean)
        torch.testing.assert_close(max_pool(filled, mask), largest)


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


def scores_of(size, numbers=NUMBERS):
    """Return a strategy: lists of that many scores of starts, of ends, and inside."""
    kinds = (numbers, numbers, st.booleans())
    return st.tuples(*(st.lists(kind, min_size=size, max_size=size) for kind in kinds))


@FEW
@given(
    scores=st.integers(1, 6).flatmap(scores_of)
    | st.integers(1, 6).flatmap(lambda T: scores_of(T, NUMBERS.filter(math.isfinite)))
    | st.tuples(*(st.lists(kind, max_size=6) for kind in (NUMBERS, NUMBERS, ODD))),
    count=st.integers(-1, 4) | st.integers(1, 4),
    longest=st.integers(-1, 4) | st.integers(1, 4),
)
def test_spans_of_any_scores(scores, count, longest):
    start, end, inside = scores
    given = torch.tensor(start), torch.tensor(end), inside, count, longest
    found, problem = outcome(best_spans, *given)
    if problem is None:
        wanted = [x for x in brute_force_spans(*given) if x[0] > -math.inf]
        assert [x[0] for x in found] == [x[0] for x in wanted]
        for score, i, j in found:
            assert score == given[0][i] + given[1][j]
            assert inside[i] and inside[j] and i <= j < i + longest


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
@given(
    tags=st.lists(st.sampled_from(["O", "B-A", "I-A", "I-B"]))
    | st.lists(st.sampled_from(["O", "B-A", "I-A", "I-B", "A", 0]))
    | ODD
)
def test_names_of_any_tags(tags):
    spans, problem = outcome(spans_of, tags)
    if problem is None:
        assert len(spans) == sum(tag.startswith("B-") for tag in tags)
        for start, end, label in spans:
            assert tags[start] == f"B-{label}" and start < end <= len(tags)
            assert set(tags[start + 1 : end]) <= {f"I-{label}"}
            assert tags[end : end + 1] != [f"I-{label}"]


def words_of(answer):
    """Return an answer's words as SQuAD compares them, word by word."""
    kept = "".join(c for c in answer.lower() if c not in string.punctuation)
    return [word for word in kept.split() if word not in ("a", "an", "the")]


ANSWERS = st.lists(st.sampled_from(["Ulm", "ulm.", "the", "A", " ", "-", "x"]))
ANSWERS = ANSWERS.map(" ".join)


@FEW
@given(predicted=ANSWERS | ODD, accepted=st.lists(ANSWERS, max_size=3) | ODD)
def test_matches_of_anything(predicted, accepted):
    score, problem = outcome(exact_match, predicted, accepted)
    if problem is None:
        wanted = [words_of(text) for text in accepted or [""]]
        assert score == (words_of(predicted) in wanted)


@FEW
@given(
    pairs=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3))),
    odd=st.none() | st.tuples(ODD, ODD),
    classes=st.just(4) | ODD,
)
def test_confusions_of_anything(pairs, odd, classes):
    true, predicted = odd or ([t for t, _ in pairs], [p for _, p in pairs])
    matrix, problem = outcome(count_confusions, true, predicted, classes)
    if problem is None:
        for place, count in np.ndenumerate(matrix):
            assert count == list(zip(true, predicted, strict=True)).count(place)
        assert matrix.shape == (classes, classes)
