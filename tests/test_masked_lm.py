"""The masked batch: counts, labels, and what stays untouched."""

import pytest
import torch
from transformers import DataCollatorForLanguageModeling

from course_utils import mask_tokens

SPECIAL, MASK, V = [0, 1, 2, 3, 4], 4, 1000


@pytest.fixture(scope="module")
def made():
    torch.manual_seed(0)
    ids = torch.randint(V, (500, 200))
    return ids, *mask_tokens(ids, SPECIAL, MASK, V)


def test_counts_are_15_and_80_10_10_percent(made):
    ids, inputs, labels = made
    chosen = labels != -100
    assert abs(chosen.sum() / (ids > 4).sum() - 0.15) < 0.005
    masked, stayed = inputs[chosen] == MASK, inputs[chosen] == ids[chosen]
    assert abs(masked.float().mean() - 0.8) < 0.015
    assert abs(stayed.float().mean() - 0.1) < 0.015
    assert abs((~masked & ~stayed).float().mean() - 0.1) < 0.015


def test_labels_are_the_true_ids_and_the_rest_is_left_alone(made):
    ids, inputs, labels = made
    chosen = labels != -100
    assert torch.equal(labels[chosen], ids[chosen])
    assert torch.equal(inputs[~chosen], ids[~chosen])
    assert (ids[chosen] > 4).all()
    replaced = inputs[chosen & (inputs != MASK)]
    assert replaced.min() == 5 and replaced.max() == V - 1


def test_the_given_tensor_is_not_changed():
    ids = torch.arange(5, 25).view(2, 10)
    before = ids.clone()
    mask_tokens(ids, SPECIAL, MASK, V, share=1.0)
    assert torch.equal(ids, before)


def test_shares_of_0_and_1():
    ids = torch.tensor([[2, 7, 8, 9, 3, 0]])
    inputs, labels = mask_tokens(ids, SPECIAL, MASK, V, share=0)
    assert torch.equal(inputs, ids) and (labels == -100).all()
    _, labels = mask_tokens(ids, SPECIAL, MASK, V, share=1)
    assert labels.tolist() == [[-100, 7, 8, 9, -100, -100]]


def test_same_shares_as_the_librarys_collator(bert):
    """The library draws its own random numbers: the shares agree, not the places."""
    tokenizer, _ = bert
    torch.manual_seed(0)
    ids = torch.randint(2000, 20000, (200, 128))
    collate = DataCollatorForLanguageModeling(tokenizer)
    theirs = collate([{"input_ids": row} for row in ids])
    special = tokenizer.all_special_ids
    ours = mask_tokens(ids, special, tokenizer.mask_token_id, len(tokenizer))
    shares = []
    for inputs, labels in (ours, (theirs["input_ids"], theirs["labels"])):
        chosen = labels != -100
        masked = inputs[chosen] == tokenizer.mask_token_id
        stayed = inputs[chosen] == ids[chosen]
        parts = (chosen.float().mean(), masked.float().mean(), stayed.float().mean())
        shares.append(torch.stack(parts))
    torch.testing.assert_close(*shares, atol=0.03, rtol=0)


@pytest.mark.parametrize("share", [-0.1, 1.5, 15])
def test_a_share_is_a_share(share):
    with pytest.raises(ValueError, match=rf"share is {share}, expected 0 to 1"):
        mask_tokens(torch.ones(1, 2).long(), SPECIAL, MASK, V, share=share)


def test_something_must_be_left_to_predict():
    with pytest.raises(ValueError, match="all 5 ids are special"):
        mask_tokens(torch.ones(1, 2).long(), SPECIAL, MASK, 5)
