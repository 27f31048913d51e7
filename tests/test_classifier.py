"""The classifier built by hand, and the texts changed for augmentation."""

import random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_utils import load_bert_for
from course_utils.augmentation import (
    GROUPS,
    SYNONYMS,
    drop_words,
    swap_synonyms,
)
from course_utils.batching import collate
from course_utils.classifier import TextClassifier, make_examples

TEXTS = ["A fine film.", "Not a good one, and far too long.", ""]


def test_it_gives_the_librarys_logits_and_loss():
    tokenizer, theirs = load_bert_for("sequence-classification", ["bad", "good"])
    ours = TextClassifier(theirs.bert, classes=2).eval()
    ours.load_state_dict(theirs.state_dict())
    batch = collate(make_examples(TEXTS, [1, 0, 0], tokenizer))
    with torch.no_grad():
        mine, library = ours(**batch), theirs(**batch)
    torch.testing.assert_close(mine.logits, library.logits, atol=1e-6, rtol=0)
    torch.testing.assert_close(mine.loss, library.loss, atol=1e-6, rtol=0)
    del batch["labels"]
    assert ours(**batch).loss is None and mine.logits.shape == (3, 2)


def test_dropout_is_on_in_training_only():
    _, theirs = load_bert_for("sequence-classification", ["bad", "good"])
    ours = TextClassifier(theirs.bert.eval(), classes=3, dropout=0.5)
    batch = {
        "input_ids": torch.tensor([[101, 2204, 102]]),
        "attention_mask": torch.ones(1, 3, dtype=torch.int64),
        "token_type_ids": torch.zeros(1, 3, dtype=torch.int64),
    }
    with torch.no_grad():
        ours.dropout.train()
        assert not torch.equal(ours(**batch).logits, ours(**batch).logits)
        ours.eval()
        assert torch.equal(ours(**batch).logits, ours(**batch).logits)


def test_examples_are_what_the_tokenizer_gives(bert):
    tokenizer, _ = bert
    long = "word " * 600
    rows = make_examples([*TEXTS, long], [True, 0, 1, 1], tokenizer)
    assert [row["labels"] for row in rows] == [1, 0, 1, 1]
    assert [type(row["labels"]) for row in rows] == [int] * 4
    assert rows[0]["input_ids"] == tokenizer(TEXTS[0])["input_ids"]
    assert set(rows[0]["token_type_ids"]) == {0} and len(rows[3]["input_ids"]) == 512
    with pytest.raises(ValueError, match="zip"):
        make_examples(TEXTS, [1, 0], tokenizer)


# --- augmentation --------------------------------------------------------------------


def test_words_are_left_out_at_the_rate_asked_for():
    text = " ".join(f"word{i}" for i in range(2000))
    kept = drop_words(text, random.Random(0), share=0.1).split()
    assert 1720 < len(kept) < 1880
    words = text.split()
    assert kept == [word for word in words if word in set(kept)]  # the order stays
    assert drop_words(text, random.Random(0), share=0.0) == text


def test_negations_and_the_last_word_stay():
    text = "It is not good; no, it isn't, 'never' was."
    assert drop_words(text, random.Random(0), 1.0).split() == [
        "not", "no,", "isn't,", "'never'",
    ]  # fmt: skip
    assert drop_words("all of it", random.Random(0), 1.0) == "it"
    assert drop_words("", random.Random(0), 1.0) == ""
    assert drop_words("a noble knot", random.Random(0), 1.0) == "knot"


def test_synonyms_keep_case_punctuation_and_the_rest():
    text = "Boring movie, but the  plot isn't BAD!"
    found = swap_synonyms(text, random.Random(0), share=1.0)
    first, film = found.split()[0], found.split()[1]
    assert first in ("Dull", "Tedious", "Dreary") and film in ("film,", "picture,")
    assert found.split()[2:4] == ["but", "the"] and "isn't" in found
    assert found.endswith(("Poor!", "Weak!")) and "  story" in found
    assert swap_synonyms(text, random.Random(0), share=0.0) == text


@given(st.text(), st.integers(0, 3))
def test_any_text_survives(text, seed):
    assert isinstance(drop_words(text, random.Random(seed)), str)
    swapped = swap_synonyms(text, random.Random(seed))
    assert len(swapped.split()) == len(text.split())


def test_the_list_of_synonyms_is_sound():
    words = GROUPS.split()
    assert len(words) == len(set(words)) == len(SYNONYMS) > 100
    for word, others in SYNONYMS.items():
        assert others and word not in others
        assert all(word in SYNONYMS[other] for other in others)
