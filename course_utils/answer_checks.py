"""Checks of what is handed to the span search and to the answers of lesson 10."""

import torch

from course_utils.model_checks import check_bert
from course_utils.text_checks import check_tokenizer
from course_utils.value_checks import (
    check_list,
    check_number,
    check_rows,
    check_whole,
    shown,
)


def check_span_scores(start, end, inside, count=1, longest=1, **_):
    """Check scores of starts and ends, (T,) float each, and T bool."""
    for name, scores in (("start", start), ("end", end)):
        if not torch.is_tensor(scores) or not scores.is_floating_point():
            raise TypeError(
                f"{name} is {shown(scores)}, expected a float tensor (T,): the model's "
                f"{name}_logits"
            )
        if scores.dim() != 1 or not len(scores):
            raise ValueError(
                f"{name} has shape {tuple(scores.shape)}, expected (T,) of one text: "
                f"take one row of the batch, {name}_logits[0]"
            )
        if scores.isnan().any() or (scores == torch.inf).any():
            found = "nan" if scores.isnan().any() else "inf"
            raise ValueError(
                f"{name} holds {found}, expected numbers: did the training overflow "
                "(learning rate too large)?"
            )
    check_list("inside", inside, "bool", "True for the tokens of the passage")
    kinds = {str(getattr(flag, "dtype", type(flag).__name__)) for flag in inside}
    if not kinds <= {"bool", "torch.bool"} or getattr(inside, "ndim", 1) != 1:
        raise TypeError(
            f"inside is {shown(inside)} of {', '.join(sorted(kinds))}, expected T "
            "bool, True for the tokens of the passage: make them of a mask of 0 and 1 "
            "by [number == 1 for number in mask]"
        )
    lengths = (len(start), len(end), len(inside))
    if len(set(lengths)) > 1:
        raise ValueError(
            f"start, end and inside have {lengths} entries, expected T of each: do "
            "they come from the same window?"
        )
    check_whole("count", count, 1, "how many spans to return, such as 5")
    check_whole("longest", longest, 1, "tokens of an answer, such as 16")


def check_asked(bert, questions, count=5, threshold=None, width=160, stride=64, **_):
    """Check a model for questions, the questions, and how windows are cut."""
    check_bert(bert)
    if not hasattr(bert[1], "qa_outputs"):
        raise TypeError(
            f"bert has a {type(bert[1]).__name__}, expected a model with a head for "
            "questions: load_bert_for('question-answering')"
        )
    hint = "one dict for each question"
    check_rows("questions", questions, ("question", "passage"), hint)
    check_whole("count", count, 1, "candidates to keep, such as 5")
    if threshold is not None:
        check_number("threshold", threshold, hint="a score, or None for the model's")
    check_windows(width, stride)


def check_asked_once(question, passage, bert, **options):
    """Check one question; what it may be is said by `check_asked`."""
    check_asked(bert, [], **options)


def check_windows(width, stride):
    """Check the width of windows and how many tokens neighbours share."""
    check_whole("width", width, 1, "tokens of a window, such as 160")
    check_whole("stride", stride, 0, "tokens that windows share, such as 64")
    if stride >= width // 2:
        raise ValueError(
            f"stride is {stride} and width {width}, expected a stride below half the "
            "width: windows that share nearly all would never reach the end"
        )


def check_answered(tokenizer, questions, width=160, stride=64, **_):
    """Check questions with their answers: each must stand where it is said to."""
    check_tokenizer(tokenizer)
    keys = ("passage", "question", "answer", "start")
    check_rows("questions", questions, keys, "as make_questions gives them")
    check_windows(width, stride)
    for place, row in enumerate(questions):
        start, answer = row["start"], row["answer"]
        if answer and row["passage"][start : start + len(answer)] != answer:
            found = row["passage"][max(start, 0) :][: len(answer)]
            raise ValueError(
                f"questions[{place}] has {found!r} at start = {start}, expected the "
                f"answer {answer!r}: count characters, from 0; -1 goes with ''"
            )
