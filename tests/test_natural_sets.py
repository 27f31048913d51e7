"""The natural test sets: their shape, their balance, and that no label leaks."""

import calendar
import re
from collections import Counter
from statistics import mean

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from course_utils import load_natural, natural_sets
from course_utils.natural_sets import NER_TYPES, NLI_LABELS, QUESTION_KINDS

NER, NLI, QA = (load_natural(task) for task in ("ner", "nli", "qa"))
CALENDAR = {name.lower() for name in (*calendar.day_name, *calendar.month_name)}
CALENDAR |= {"last", "next"}
ANSWERED = [row for row in QA if row["answers"]]


def detokenize(tokens):
    return re.sub(r" (?=[.,;:!?]|'s\b)", "", " ".join(tokens))


# --- all three -----------------------------------------------------------------------


@pytest.mark.parametrize("rows", [NER, NLI, QA], ids=["ner", "nli", "qa"])
def test_topics_are_varied(rows):
    topics = Counter(row["topic"] for row in rows)
    assert len(topics) == 10
    assert min(topics.values()) >= 0.05 * len(rows)


@pytest.mark.parametrize("task", ["ner", "nli", "qa"])
def test_files_are_plain_ascii(task):
    folder = natural_sets.Path(natural_sets.__file__).with_name("data")
    raw = (folder / f"natural_{task}.jsonl").read_bytes()
    assert raw.isascii() and b"\\u" not in raw and raw.endswith(b"}\n")


@pytest.mark.parametrize("task", ["NER", "sentiment", None, 3, ["ner"]])
def test_another_task_is_refused_with_advice(task):
    with pytest.raises(ValueError, match=r'expected "ner".*try load_natural\("ner"\)'):
        load_natural(task)


@pytest.mark.parametrize(
    "task, changed, message",
    [
        ("ner", {"tags": ["O"]}, "one tag for each token"),
        ("ner", {"tokens": "Paris"}, "expected a list"),
        ("nli", {"label": "maybe"}, "label is 'maybe'"),
        ("nli", {"premise": ""}, "expected text"),
        ("qa", {"kind": "whom"}, "kind is 'whom'"),
        ("qa", {"extra": "1"}, "has keys"),
    ],
)
def test_a_row_out_of_shape_is_named(task, changed, message):
    row = {**load_natural(task)[0], **changed}
    with pytest.raises(ValueError, match=f"line 7.*{message}"):
        natural_sets.check_row(task, row, "line 7")


# --- names ---------------------------------------------------------------------------


def test_ner_has_enough_of_each_type():
    opened = Counter(tag for row in NER for tag in row["tags"] if tag.startswith("B-"))
    assert len(NER) >= 100
    assert set(opened) == {f"B-{name}" for name in NER_TYPES}
    assert min(opened.values()) >= 45
    assert sum(set(row["tags"]) == {"O"} for row in NER) >= 15
    assert sum(row["tags"][0] != "O" for row in NER) >= 30


def test_ner_tags_are_valid_bio():
    allowed = {"O"} | {f"{bi}-{name}" for bi in "BI" for name in NER_TYPES}
    for row in NER:
        for before, tag in zip(["O", *row["tags"]], row["tags"], strict=False):
            assert tag in allowed, row
            if tag.startswith("I-"):
                assert before in (tag, "B" + tag[1:]), row


def test_ner_tokens_are_split_as_documented():
    for row in NER:
        for token, tag in zip(row["tokens"], row["tags"], strict=True):
            assert re.fullmatch(r"'s|[A-Z]\.|\w+(-\w+)*|[.,;:!?]", token), token
            if token == "'s":
                assert tag == "O", row
            if tag.startswith("B-"):
                assert token.lower() not in ("a", "the", "in", "on", "dr", "mrs"), row
            if tag.endswith("-DATE"):
                assert token.lower() in CALENDAR or re.fullmatch(r"\d+s?", token), row
            if re.fullmatch(r"\d{4}s?", token):
                assert tag.endswith("-DATE"), row


def test_ner_sentences_are_different_and_end_with_punctuation():
    sentences = [detokenize(row["tokens"]) for row in NER]
    assert len(set(sentences)) == len(sentences)
    for sentence in sentences:
        assert sentence.endswith((".", "!", "?")) and sentence[0].isupper()
        assert 5 <= len(sentence.split()) <= 35


# --- inference -----------------------------------------------------------------------


def test_nli_labels_are_balanced():
    counts = Counter(row["label"] for row in NLI)
    assert len(NLI) >= 120
    assert counts == dict.fromkeys(NLI_LABELS, len(NLI) // 3)


def test_nli_pairs_are_different_and_end_with_punctuation():
    pairs = {(row["premise"].lower(), row["hypothesis"].lower()) for row in NLI}
    assert len(pairs) == len(NLI)
    assert len({hypothesis for _, hypothesis in pairs}) == len(NLI)
    for row in NLI:
        assert row["premise"].endswith(".") and row["hypothesis"].endswith(".")


def test_nli_lengths_do_not_tell_the_label():
    lengths = [
        mean(len(row["hypothesis"].split()) for row in NLI if row["label"] == label)
        for label in NLI_LABELS
    ]
    assert max(lengths) - min(lengths) <= 1


def test_nli_negation_does_not_tell_the_label():
    negated = Counter(
        row["label"]
        for row in NLI
        if re.search(r"\b(no|not|none|never|nobody|without)\b", row["hypothesis"], re.I)
    )
    assert all(negated[label] >= 3 for label in NLI_LABELS)
    assert max(negated.values()) <= 3 * min(negated.values())


@pytest.mark.parametrize("features", [(1, 1), (1, 2)], ids=["words", "word pairs"])
def test_nli_hypothesis_alone_does_not_tell_the_label(features):
    model = make_pipeline(
        TfidfVectorizer(ngram_range=features), LogisticRegression(C=10, max_iter=1000)
    )
    scores = cross_val_score(
        model,
        [row["hypothesis"] for row in NLI],
        [row["label"] for row in NLI],
        groups=[row["premise"] for row in NLI],
        cv=GroupKFold(5),
    )
    assert scores.mean() < 0.50


# --- questions -----------------------------------------------------------------------


def test_qa_has_enough_of_each_kind():
    kinds = Counter(row["kind"] for row in ANSWERED)
    assert len(ANSWERED) >= 120
    assert len({row["passage"] for row in QA}) >= 40
    assert set(kinds) == set(QUESTION_KINDS)
    assert min(kinds.values()) >= 8
    assert 20 <= len(QA) - len(ANSWERED) <= 40


def test_qa_kind_does_not_tell_that_there_is_no_answer():
    unanswered = Counter(row["kind"] for row in QA if not row["answers"])
    assert set(unanswered) == set(QUESTION_KINDS)
    assert min(unanswered.values()) >= 3 and max(unanswered.values()) <= 4


def test_qa_answers_are_found_once_in_the_passage():
    for row in ANSWERED:
        assert 1 <= len(row["answers"]) <= 6
        assert len(set(row["answers"])) == len(row["answers"])
        for answer in row["answers"]:
            assert answer in row["passage"], row
            whole_words = rf"(?<!\w){re.escape(answer.lower())}(?!\w)"
            assert len(re.findall(whole_words, row["passage"].lower())) == 1, row
            assert row["passage"].lower().count(answer.lower()) == 1, row


def test_qa_passages_and_questions_have_the_stated_form():
    assert len({(row["passage"], row["question"]) for row in QA}) == len(QA)
    for row in QA:
        assert 30 <= len(row["passage"].split()) <= 90, row["passage"]
        assert 2 <= len(re.findall(r"[.!?]\"?(?= [A-Z]|$)", row["passage"])) <= 5
        assert row["passage"].endswith(".") and row["question"].endswith("?")
        opening = row["kind"].replace("_", " ").replace("who", "who(se)?")
        asks = rf"(in |from )?{opening}\b"
        assert re.match(asks, row["question"], re.I), row["question"]
