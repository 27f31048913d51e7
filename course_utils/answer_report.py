"""How a model answers a set of questions: one row for each, and what they add up to."""

import numpy as np
import pandas as pd

from course_utils.answer_scores import answer_f1, exact_match, passage_interval
from course_utils.question_answering import accepted_answers, answer_all


def report_answers(bert, questions, threshold=None):
    """Return a DataFrame with a row for each question: what was given, how good it is.

    bert: (tokenizer, model). questions: as for `answer_all`, with accepted answers.
    threshold: as for `answer_all`. Columns: kind, question, passage, accepted (list of
    str), given (str, the best span, whatever its score), exact and f1 (float, of that
    span; of no use where accepted is empty), score (float, above "no answer"), silent
    (bool, was the score too low?).
    """
    if threshold is None:
        threshold = getattr(bert[1].config, "no_answer_threshold", 0.0)
    rows = []
    answers = answer_all(bert, questions, threshold=-np.inf)
    for q, answer in zip(questions, answers, strict=True):
        accepted = accepted_answers(q)
        row = {key: q[key] for key in ("kind", "question", "passage")}
        row |= {"accepted": accepted, "given": answer.text}
        row |= {"exact": exact_match(answer.text, accepted)}
        row |= {"f1": answer_f1(answer.text, accepted)}
        row |= {"score": answer.score, "silent": answer.score < threshold}
        rows.append(row)
    return pd.DataFrame(rows)


def summarize_answers(report):
    """Return {measure: (value, low, high)} of a report; None where nothing is counted.

    Exact match and F1: of the best spans, on questions that have an answer. Rightly
    silent: the share of those without one. Wrongly silent: of those with one.
    """
    answered = report["accepted"].str.len() > 0
    counted = {
        "exact match": (answered, "exact"),
        "F1": (answered, "f1"),
        "rightly silent": (~answered, "silent"),
        "wrongly silent": (answered, "silent"),
    }
    return {
        measure: passage_interval(report[which][column], report[which]["passage"])
        if which.any()
        else None
        for measure, (which, column) in counted.items()
    }


def exact_by_kind(reports):
    """Return {kind: {name: (exact match, low, high)}}, for kinds that all reports have.

    reports: {name: DataFrame} of `report_answers`. Questions without an answer do not
    count.
    """
    table = {}
    for name, report in reports.items():
        answered = report[report["accepted"].str.len() > 0]
        for kind, rows in answered.groupby("kind"):
            interval = passage_interval(rows["exact"], rows["passage"])
            table.setdefault(kind.replace("_", " "), {})[name] = interval
    return {
        kind: row for kind, row in sorted(table.items()) if len(row) == len(reports)
    }
