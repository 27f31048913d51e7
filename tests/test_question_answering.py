"""Answers with a tiny random model: windows, spans, refusals, and the reports."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForQuestionAnswering

from course_utils import load_bert_for, load_natural, make_questions
from course_utils.answer_report import (
    exact_by_kind,
    report_answers,
    summarize_answers,
)
from course_utils.evaluation import predict
from course_utils.highlighted_answer import HighlightedAnswer
from course_utils.question_answering import (
    INPUTS,
    Answer,
    accepted_answers,
    answer,
    answer_all,
    choose_answer,
    find_span,
    make_windows,
    score_best_spans,
    training_examples,
)
from course_utils.question_baselines import blind_scores
from course_utils.saving import save_model, saved_folder

PASSAGE = "Ada Meyer opened a small bakery in Lyon in 1987. It closed when she left."
QUESTION = "Where did Ada Meyer open a bakery?"


@pytest.fixture(scope="module")
def bert():
    """The course's tokenizer with a tiny random model."""
    tokenizer, _ = load_bert_for("question-answering")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=48,
    )
    return tokenizer, BertForQuestionAnswering(config).eval()


# --- labels --------------------------------------------------------------------------


@pytest.mark.parametrize("split", ["train", "test"])
def test_every_label_leads_back_to_its_answer(bert, split):
    questions = make_questions(300, split=split, seed=4)
    examples = training_examples(bert[0], questions, width=384)
    assert len(examples) == 300
    for q, example in zip(questions, examples, strict=True):
        [window] = make_windows(bert[0], q["question"], q["passage"], width=384)
        i, j = example["start_positions"], example["end_positions"]
        places = window["offset_mapping"]
        assert q["passage"][places[i][0] : places[j][1]] == q["answer"]
        assert (i == 0) == (q["answer"] == "")
        assert example["input_ids"][i : j + 1] == window["input_ids"][i : j + 1]


def test_an_answer_cut_by_the_window_is_none(bert):
    windows = make_windows(bert[0], QUESTION, PASSAGE * 5, width=24, stride=4)
    assert len(windows) > 3
    whole = [find_span(w, 0, len(PASSAGE) - 1) for w in windows]
    assert whole == [(0, 0)] * len(windows)  # longer than any window
    start = PASSAGE.index("Lyon")
    found = [find_span(w, start, start + 4) for w in windows]
    assert found[0] != (0, 0) and found[-1] == (0, 0)


def test_windows_cover_the_passage_and_share_the_stride(bert):
    passage = " ".join(q["passage"] for q in make_questions(12))
    windows = make_windows(bert[0], QUESTION, passage, width=100, stride=40)
    read = [w["offset_mapping"][w["inside"].index(True) : -1] for w in windows]
    ids = bert[0](passage, add_special_tokens=False, return_offsets_mapping=True)
    assert sorted({place for row in read for place in row}) == ids["offset_mapping"]
    for a, b in pairwise(read):
        assert len(set(a) & set(b)) == 40
    assert all(len(w["input_ids"]) <= 100 for w in windows)


# --- answers -------------------------------------------------------------------------


def test_answers_are_stretches_of_the_passage(bert):
    questions = load_natural("qa")[:12]
    for q, given in zip(questions, answer_all(bert, questions), strict=True):
        for one in (given, *given.candidates):
            expected = q["passage"][max(one.start, 0) : max(one.end, 0)]
            assert one.text == expected
        scores = [c.score for c in given.candidates]
        assert scores == sorted(scores, reverse=True) and len(scores) == 5


def test_many_questions_are_answered_as_one_at_a_time(bert):
    questions = make_questions(6)
    together = answer_all(bert, questions, threshold=-np.inf)
    for q, given in zip(questions, together, strict=True):
        alone = answer(q["question"], q["passage"], bert, threshold=-np.inf)
        assert alone.text == given.text
        assert alone.score == pytest.approx(given.score, abs=1e-4)
    assert answer_all(bert, []) == []


def test_the_best_window_wins(bert):
    """Against the scores of each window, computed apart."""
    passage = " ".join(q["passage"] for q in make_questions(10))
    given = answer(QUESTION, passage, bert, threshold=-np.inf, width=90, stride=30)
    best = -np.inf
    for window in make_windows(bert[0], QUESTION, passage, width=90, stride=30):
        [start], [end] = predict(bert[1], [{key: window[key] for key in INPUTS}])
        for i in np.flatnonzero(window["inside"]):
            for j in np.flatnonzero(window["inside"]):
                if i <= j < i + 16:
                    score = start[i] + end[j] - start[0] - end[0]
                    best = max(best, float(score))
    assert given.score == pytest.approx(best, abs=1e-4)


def test_the_threshold_decides_and_comes_with_the_model(bert, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_ARTIFACTS", str(tmp_path))
    tokenizer, model = bert
    score = answer(QUESTION, PASSAGE, bert, threshold=-np.inf).score
    model.config.no_answer_threshold = score + 1
    save_model("tiny", model, tokenizer, "a card")
    loaded = load_bert_for("question-answering", name=saved_folder("tiny"))
    for one in (bert, loaded):
        silent = answer(QUESTION, PASSAGE, one)
        assert (silent.text, silent.start, silent.end) == ("", -1, -1)
        assert silent.score == pytest.approx(score, abs=1e-4) and silent.candidates
        spoken = answer(QUESTION, PASSAGE, one, threshold=score - 1)
        assert spoken.text != "" and spoken.text == silent.candidates[0].text
    del model.config.no_answer_threshold


def test_choosing_among_no_spans():
    empty = choose_answer("some text", {}, 5, threshold=0.0)
    assert empty == Answer("", -1, -1, float("-inf"))
    tie = choose_answer("some text", {(0, 4): 2.0, (5, 9): 3.0}, 1, threshold=3.0)
    assert tie.text == "text" and len(tie.candidates) == 1


# --- what cannot be asked ------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "passage", "error", "message"),
    [
        ("", PASSAGE, ValueError, "question is empty, expected text"),
        (QUESTION, " \n\t", ValueError, "passage is empty, expected text"),
        ("word " * 600, PASSAGE, ValueError, "600 tokens, expected at most 64.*excha"),
        (None, PASSAGE, TypeError, "question is a NoneType, expected a str"),
        (QUESTION, ["a"], TypeError, "passage is a list, expected a str"),
    ],
)
def test_what_cannot_be_asked_is_explained(bert, question, passage, error, message):
    with pytest.raises(error, match=message):
        answer(question, passage, bert)


@pytest.mark.parametrize(
    "passage",
    [
        "😀 baked 🎉 bread",
        "李白写了这首诗。",
        "Ada left. " * 200,
        "\u200b\x07",
        "?",
        "é" * 90,
    ],
)
def test_strange_passages_are_read(bert, passage):
    given = answer("Who? 谁 😀", passage, bert, threshold=-np.inf)
    for one in (given, *given.candidates):
        assert one.text == passage[max(one.start, 0) : max(one.end, 0)]


# --- reports -------------------------------------------------------------------------


def test_a_report_adds_up(bert):
    natural, made = load_natural("qa")[:30], make_questions(30, unanswerable=0.5)
    reports = {
        "natural": report_answers(bert, natural, threshold=0.0),
        "made": report_answers(bert, made),
    }
    for questions, report in zip((natural, made), reports.values(), strict=True):
        assert report["accepted"].tolist() == [accepted_answers(q) for q in questions]
        spoken = answer_all(bert, questions, threshold=0.0)
        assert [a.text == "" for a in spoken] == report["silent"].tolist()
        answered = [q for q in questions if accepted_answers(q)]
        exact, f1 = score_best_spans(bert, answered)
        summary = summarize_answers(report)
        assert summary["exact match"][0] == exact.mean()
        assert summary["F1"][0] == f1.mean()
        kept = [q for q in questions if not accepted_answers(q)]
        silent = [a.text == "" for a in answer_all(bert, kept)]
        assert summary["rightly silent"][0] == np.mean(silent)
    by_kind = exact_by_kind(reports)
    assert by_kind and all(set(row) == {"natural", "made"} for row in by_kind.values())
    only = summarize_answers(report_answers(bert, answered))
    assert only["rightly silent"] is None


def test_blind_scores_find_what_leaks():
    kinds = {"Who? one": (0, 0), "Why? two": (-1, -1), "When? three": (5, 1)}
    rows = [
        {"question": text, "start": start, "sentence": place}
        for text, (start, place) in kinds.items()
    ] * 20
    assert blind_scores(rows, rows)["question only"].tolist() == [1.0, 1.0]


# --- the answer in its place ---------------------------------------------------------


def test_the_answer_is_marked_and_escaped():
    shown = HighlightedAnswer("Who <b>?", "a < Ada & b", 4, 7)
    assert ">Ada</mark>" in shown._repr_html_()
    assert "a &lt; <mark" in shown._repr_html_() and "<b>" not in shown._repr_html_()
    assert repr(shown) == "Who <b>?\na < [[Ada]] & b"
    nothing = HighlightedAnswer("Who?", "nobody", -1, -1)
    assert "no answer" in repr(nothing) and "no answer" in nothing._repr_html_()
    with pytest.raises(ValueError, match="no part of a passage of 6 characters"):
        HighlightedAnswer("Who?", "nobody", 3, 9)
