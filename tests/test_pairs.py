"""Sentence pairs: encoded as by hand, judged, saved and loaded by a pipeline."""

import re

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification, pipeline

from course_utils import load_bert, load_natural, saved_folder
from course_utils.inputs import prepare_inputs
from course_utils.newsroom import LABELS, make_statement_pairs
from course_utils.pairs import (
    encode_pairs,
    judge,
    load_development_pairs,
    number_of,
)
from course_utils.saving import save_model


@pytest.fixture(scope="module")
def tokenizer():
    return load_bert()[0]


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    sizes = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = BertConfig(
        **sizes,
        intermediate_size=48,
        id2label=dict(enumerate(LABELS)),
        label2id={label: number for number, label in enumerate(LABELS)},
    )
    return BertForSequenceClassification(config).eval()


def test_pairs_are_encoded_as_by_hand(tokenizer):
    pairs = make_statement_pairs(30, seed=3) + load_natural("nli")[:30]
    for pair, encoded in zip(pairs, encode_pairs(tokenizer, pairs), strict=True):
        length = len(encoded["input_ids"])
        ours = prepare_inputs(
            pair["premise"], pair["hypothesis"], tokenizer=tokenizer, max_length=length
        )
        assert encoded["input_ids"] == ours["input_ids"][0].tolist()
        assert encoded["token_type_ids"] == ours["token_type_ids"][0].tolist()
        assert LABELS[encoded["labels"]] == pair["label"]


def test_a_long_pair_is_cut(tokenizer):
    pair = {"premise": "rain " * 300, "hypothesis": "It rained.", "label": "neutral"}
    [encoded] = encode_pairs(tokenizer, [pair], max_length=32)
    assert len(encoded["input_ids"]) == 32 and sum(encoded["token_type_ids"]) == 4


def test_another_label_is_refused():
    with pytest.raises(ValueError, match="label is 'yes', expected one of entailment"):
        number_of({"label": "yes"})


def test_judge_gives_the_models_probabilities(model, tokenizer):
    answer = judge(model, tokenizer, "It rains.", "The sun shines.")
    assert set(answer) == set(LABELS) and sum(answer.values()) == pytest.approx(1)
    assert list(answer.values()) == sorted(answer.values(), reverse=True)
    batch = tokenizer("It rains.", "The sun shines.", return_tensors="pt")
    expected = model(**batch).logits[0].softmax(dim=0).tolist()
    found = [answer[label] for label in LABELS]
    assert found == pytest.approx(expected, abs=1e-6)


def test_a_pipeline_loads_the_saved_folder(model, tokenizer, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_ARTIFACTS", str(tmp_path))
    save_model("08_finetune_sentence_pairs", model, tokenizer, "# Card\n")
    folder = saved_folder("08_finetune_sentence_pairs")
    classify = pipeline("text-classification", model=str(folder), top_k=None)
    pair = {"text": "It rains.", "text_pair": "The sun shines."}
    found = {row["label"]: row["score"] for row in classify([pair])[0]}
    expected = judge(model, tokenizer, pair["text"], pair["text_pair"])
    assert found == pytest.approx(expected, abs=1e-5)
    assert (folder / "README.md").read_text() == "# Card\n"


def test_development_pairs_are_no_test_pairs():
    rows, natural = load_development_pairs(), load_natural("nli")
    assert len(rows) >= 90 and len({row["hypothesis"] for row in rows}) == len(rows)
    for start in range(0, len(rows), 3):
        three = rows[start : start + 3]
        assert len({row["premise"] for row in three}) == 1
        assert [row["label"] for row in three] == list(LABELS)
    for part in ("premise", "hypothesis"):
        assert not {row[part] for row in rows} & {row[part] for row in natural}
    longest = max(len(shared_words(a, b)) for a in rows for b in natural)
    assert longest < 6  # not one sentence of the one set is like one of the other


def shared_words(one, other):
    """Return the words of two premises in common, but for the commonest."""
    common = {"the", "a", "in", "of", "and", "to", "is", "was", "on", "at", "with"}
    words = [set(re.findall(r"[a-z]+", x["premise"].lower())) for x in (one, other)]
    return (words[0] & words[1]) - common
