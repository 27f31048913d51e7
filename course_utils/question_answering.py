"""Answers to questions, as stretches of a passage of any length.

Lesson 10 develops these functions; a test holds the notebook and this module to the
same code. transformers 5 has no pipeline for this task.
"""

from dataclasses import dataclass, replace

import numpy as np

from course_utils import answer_checks
from course_utils.answer_scores import answer_f1, exact_match
from course_utils.answer_spans import best_spans, no_answer_score
from course_utils.call_guard import guarded
from course_utils.evaluation import predict

WINDOW, STRIDE = 160, 64  # tokens of a window, and how many it shares with the next
QUESTION_LIMIT = 64  # tokens
INPUTS = ("input_ids", "token_type_ids")
WITH_PLACES = {"return_overflowing_tokens": True, "return_offsets_mapping": True}


@dataclass(frozen=True)
class Answer:
    """An answer. text: str, "" where the passage has none. start, end: its place.

    passage[start:end] == text. score: float, how far the span is above "no answer".
    candidates: tuple of Answer, the n best spans, whether or not they were good enough.
    """

    text: str
    start: int
    end: int
    score: float
    candidates: tuple = ()


def check_question(tokenizer, question, passage):
    """Raise TypeError or ValueError for what cannot be asked."""
    for name, text in (("question", question), ("passage", passage)):
        if not isinstance(text, str):
            raise TypeError(
                f"{name} is a {type(text).__name__}, expected a str: one at a time, "
                "or answer_all for a list of questions"
            )
        if not text.strip():
            raise ValueError(f"{name} is empty, expected text: was a file not read?")
    tokens = len(tokenizer(question, add_special_tokens=False, verbose=False).input_ids)
    if tokens > QUESTION_LIMIT:
        raise ValueError(
            f"question has {tokens} tokens, expected at most {QUESTION_LIMIT}: "
            "are question and passage exchanged?"
        )


def make_windows(tokenizer, question, passage, width=WINDOW, stride=STRIDE):
    """Return the question with each window of the passage: a list of dicts.

    width: int, tokens of question and window together. stride: int, tokens that
    neighbours share. Each dict has input_ids and token_type_ids (T int),
    offset_mapping (T pairs of characters) and inside (T bool: is the token of the
    passage?).
    """
    width = min(width, tokenizer.model_max_length)
    limits = {"truncation": "only_second", "max_length": width, "stride": stride}
    cut = tokenizer(question, passage, **limits, **WITH_PLACES)
    return [
        {key: cut[key][n] for key in (*INPUTS, "offset_mapping")}
        | {"inside": [part == 1 for part in cut.sequence_ids(n)]}
        for n in range(len(cut["input_ids"]))
    ]


def find_span(window, start, end):
    """Return (i, j): the first and last token of passage[start:end], (0, 0) for none.

    (0, 0) is `[CLS]`: the answer is not, or not wholly, in this window.
    """
    offsets, inside = window["offset_mapping"], window["inside"]
    places = enumerate(zip(offsets, inside, strict=True))
    covered = [t for t, ((a, b), yes) in places if yes and a < end and start < b]
    if not covered:
        return 0, 0
    i, j = covered[0], covered[-1]
    whole = offsets[i][0] <= start and end <= offsets[j][1]
    return (i, j) if whole else (0, 0)


def training_examples(tokenizer, questions, width=WINDOW, stride=STRIDE):
    """Return what `train` takes: a dict for each window of each question.

    questions: dicts with passage, question, answer ("" for none) and start, as of
    `make_questions`.
    """
    examples = []
    for q in questions:
        end, asked = q["start"] + len(q["answer"]), (q["question"], q["passage"])
        for window in make_windows(tokenizer, *asked, width, stride):
            i, j = find_span(window, q["start"], end) if q["answer"] else (0, 0)
            inputs = {key: window[key] for key in INPUTS}
            examples.append(inputs | {"start_positions": i, "end_positions": j})
    return examples


def spans_above_none(window, start, end, count):
    """Return {(start, end): score} of a window's best spans, in characters.

    window: of `make_windows`. start, end: (T,) float, its logits. The score is how far
    the span is above "no answer".
    """
    none = no_answer_score(start, end)
    return {
        (window["offset_mapping"][i][0], window["offset_mapping"][j][1]): score - none
        for score, i, j in best_spans(start, end, window["inside"], count)
    }


def find_spans(bert, questions, count=5, width=WINDOW, stride=STRIDE):
    """Return {(start, end): score} for each question: the best spans of its windows.

    Parameters as for `answer_all`.
    """
    tokenizer, model = bert
    owners, windows = [], []
    for n, q in enumerate(questions):
        check_question(tokenizer, q["question"], q["passage"])
        cut = make_windows(tokenizer, q["question"], q["passage"], width, stride)
        owners += [n] * len(cut)
        windows += cut
    inputs = [{key: window[key] for key in INPUTS} for window in windows]
    logits = (
        predict(model, inputs, pad_id=tokenizer.pad_token_id) if inputs else [(), ()]
    )
    found = [{} for _ in questions]
    for n, *window in zip(owners, windows, *logits, strict=True):
        for place, score in spans_above_none(*window, count).items():
            found[n][place] = max(score, found[n].get(place, score))
    return found


def answer_all(bert, questions, count=5, threshold=None, width=WINDOW, stride=STRIDE):
    """Return an Answer for each question: list of dicts with question and passage.

    bert: (tokenizer, model), as of `load_bert_for("question-answering", name=folder)`.
    count: int, candidates to keep. threshold: float, the score that a span needs; by
    default the model's own (`config.no_answer_threshold`, else 0). -inf: answer always.
    width, stride: as for `make_windows`.

    Raises TypeError or ValueError for what cannot be asked.
    """
    if threshold is None:
        threshold = getattr(bert[1].config, "no_answer_threshold", 0.0)
    spans = find_spans(bert, questions, count, width, stride)
    return [
        choose_answer(q["passage"], found, count, threshold)
        for q, found in zip(questions, spans, strict=True)
    ]


def choose_answer(passage, spans, count, threshold):
    """Return the Answer. spans: {(start, end): score above "no answer"}."""
    ranked = sorted(spans.items(), key=lambda item: -item[1])[:count]
    found = [Answer(passage[a:b], a, b, score) for (a, b), score in ranked]
    best = found[0] if found else Answer("", -1, -1, float("-inf"))
    if best.score < threshold:
        best = Answer("", -1, -1, best.score)
    return replace(best, candidates=tuple(found))


def answer(question, passage, bert, **options):
    """Return the Answer to one question. options: those of `answer_all`."""
    return answer_all(bert, [{"question": question, "passage": passage}], **options)[0]


def accepted_answers(q):
    """Return the list of accepted answers of a question, natural or generated.

    q: dict with answers (list of str), or with answer (str, "" for none).
    """
    return q["answers"] if "answers" in q else [q["answer"]] * bool(q["answer"])


def score_best_spans(bert, questions):
    """Return (exact match, F1), (N,) float each, of the best span of every question.

    "No answer" is not allowed: for questions that have one.
    """
    given = answer_all(bert, questions, threshold=-np.inf)
    pairs = [
        (a.text, accepted_answers(q)) for a, q in zip(given, questions, strict=True)
    ]
    return [
        np.array([score(*pair) for pair in pairs]) for score in (exact_match, answer_f1)
    ]


training_examples = guarded(training_examples, answer_checks.check_answered)
answer_all = guarded(answer_all, answer_checks.check_asked)
answer = guarded(answer, answer_checks.check_asked_once)
