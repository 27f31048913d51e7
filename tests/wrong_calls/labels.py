"""Wrong calls into lessons 09 and 10: tags, names, spans, answers."""

import math

import torch

import course_utils as c

SENTENCE = {"tokens": ["Ada", "ran"], "tags": ["B-PER", "O"]}
ASKED = {"question": "Who?", "passage": "Ada ran.", "answer": "Ada", "start": 0}
TAGS = ["O", "B-PER", "I-PER"]


def spans(k, start=4, end=4, inside=4, **options):
    start, end = (torch.ones(n) if isinstance(n, int) else n for n in (start, end))
    inside = [True] * inside if isinstance(inside, int) else inside
    return c.best_spans(start, end, inside, **options)


CALLS = [
    ("spans_of", lambda k: c.spans_of("B-PER"), "a str", "expected a list",
        "for each word"),
    ("spans_of", lambda k: c.spans_of([["B-PER"]]), "tags[0] is a list",
        "expected a str", "call it for each"),
    ("spans_of", lambda k: c.spans_of([1, 0]), "tags[0] is a int", "expected a str",
        "TAGS[number]"),
    ("spans_of", lambda k: c.spans_of(["PER", "O"]), "'PER'", "expected 'O'",
        "begins with 'B-PER'"),
    ("repair_tags", lambda k: c.repair_tags(["O", None]), "tags[1]",
        "expected a str", "TAGS[number]"),
    ("repair_tags", lambda k: c.repair_tags(["S-PER"]), "'S-PER'", "expected 'O'",
        "begins with 'B-PER'"),
    ("count_spans", lambda k: c.count_spans(["B-PER"], ["O"]), "true[0] is a str",
        "expected a list of tags", "try [tags]"),
    ("count_spans", lambda k: c.count_spans([["O"]], [["O"], ["O"]]),
        "1 true and 2 predicted", "expected as many", "left out"),
    ("count_spans", lambda k: c.count_spans([["O", "O"]], [["O"]]),
        "2 true and 1 predicted", "expected as many", "was it cut"),
    ("entity_scores", lambda k: c.entity_scores([[1, 1, 1]]), "a list",
        "expected an array (N, 3)", "count_spans"),
    ("entity_scores", lambda k: c.entity_scores(k.x.numpy()), "ndarray",
        "expected an array (N, 3)", "count_spans"),
    ("f1_interval", lambda k: c.f1_interval(c.count_spans([], [])), "0 sentences",
        "expected 1 or more", "filtered to nothing"),
    ("f1_interval", lambda k: c.f1_interval(c.count_spans([["O"]], [["O"]]), 0),
        "draws is 0", "expected 1 or more", "1000"),
    ("keep_label", lambda k: c.keep_label(["B-PER"], "B-PER"), "'B-PER'",
        "expected the label alone", "try 'PER'"),
    ("keep_label", lambda k: c.keep_label(["B-PER"], None), "NoneType",
        "expected a str", "such as 'PER'"),
    ("count_type_confusions", lambda k: c.count_type_confusions(
        [["B-PER"]], [["B-PER"]], ["B-PER"]), "['B-PER']", "expected 'PER' among",
        "without B-"),
    ("count_type_confusions", lambda k: c.count_type_confusions(
        [["B-PER"]], [], ["PER"]), "1 true and 0 predicted", "expected as many",
        "left out"),
    ("align_labels", lambda k: c.align_labels([None, 0, 1, None], [1]), "up to 1",
        "expected 2 or more", "another sentence"),
    ("align_labels", lambda k: c.align_labels([0], ["B-PER"]), "'B-PER'",
        "expected an int", "TAGS.index(tag)"),
    ("align_labels", lambda k: c.align_labels(None, [1]), "NoneType",
        "expected a list", "word_ids()"),
    ("encode_words", lambda k: c.encode_words(
        [SENTENCE | {"tags": ["B-ORG", "O"]}], k.tokenizer, TAGS), "'B-ORG'",
        "expected one of O", "another data set"),
    ("encode_words", lambda k: c.encode_words(
        [SENTENCE | {"tags": ["O"]}], k.tokenizer, TAGS), "2 tokens and 1 tags",
        "expected as many", "one tag belongs"),
    ("encode_words", lambda k: c.encode_words(
        [SENTENCE | {"tokens": "Ada ran"}], k.tokenizer, TAGS), "'Ada ran'",
        "expected a list of words", "make_entity_examples"),
    ("encode_words", lambda k: c.encode_words(["Ada ran"], k.tokenizer, TAGS),
        "a str", "expected a dict with tokens", "make_entity_examples"),
    ("predict_tags", lambda k: c.predict_tags(k.tiny, [], TAGS),
        "3 tags and the model has 2", "expected as many", "load_bert_for"),
    ("predict_tags", lambda k: c.predict_tags(k.tiny, [{"input_ids": [1]}], TAGS[:2]),
        "['input_ids']", "'labels' is missing", "encode_words"),
    ("find_names", lambda k: c.find_names("Ada ran", k.bert), "BertModel",
        "expected one with a token-classification head", "load_bert_for"),
    ("find_names", lambda k: c.find_names("Ada ran", k.tiny),
        "BertForSequenceClassification", "expected (tokenizer, model)", "both"),
    ("HighlightedText", lambda k: c.HighlightedText("Ada", [("PER", 0, 3)]),
        "a tuple", "expected a dict with start", "find_names"),
    ("HighlightedText", lambda k: c.HighlightedText(["Ada"], []), "a list",
        "expected a str", "of_words"),
    ("HighlightedText", lambda k: c.HighlightedText(
        "Ada", [{"start": 0, "end": 9, "label": "PER"}]), "0:9",
        "lies outside of the text", "another text"),
    # spans and answers
    ("best_spans", lambda k: spans(k, torch.ones(1, 4)), "(1, 4)", "expected (T,)",
        "start_logits[0]"),
    ("best_spans", lambda k: spans(k, [1.0] * 4), "a list", "expected a float tensor",
        "start_logits"),
    ("best_spans", lambda k: spans(k, end=torch.tensor([1.0, k.nan, 0.0, 0.0])), "nan",
        "expected numbers", "learning rate too large"),
    ("best_spans", lambda k: spans(k, end=torch.tensor([1.0, math.inf, 0.0, 0.0])),
        "inf", "expected numbers", "overflow"),
    ("best_spans", lambda k: spans(k, inside=[0, 1, 1, 1]), "of int", "expected T bool",
        "a mask of 0 and 1"),
    ("best_spans", lambda k: spans(k, inside=3), "(4, 4, 3)", "expected T of each",
        "same window"),
    ("best_spans", lambda k: spans(k, 0, 0, 0), "(0,)", "expected (T,)", "one text"),
    ("best_spans", lambda k: spans(k, count=0), "count is 0", "expected 1 or more",
        "how many spans"),
    ("best_spans", lambda k: spans(k, longest=-1), "longest is -1",
        "expected 1 or more", "such as 16"),
    ("exact_match", lambda k: c.exact_match("Ada", "Ada"), "a str ('Ada')",
        "expected a list", "['Ada']"),
    ("exact_match", lambda k: c.exact_match(None, ["Ada"]), "NoneType",
        "expected a str", '"no answer"'),
    ("answer_f1", lambda k: c.answer_f1("Ada", "Ada Lovelace"), "'Ada Lovelace'",
        "expected a list", "['Ada Lovelace']"),
    ("answer_f1", lambda k: c.answer_f1("Ada", [k.nan]), "nan", "expected a str",
        "list of str"),
    ("answer", lambda k: c.answer("Who?", "Ada ran.", k.bert), "BertModel",
        "expected a model with a head", "question-answering"),
    ("answer", lambda k: c.answer("Who?", "Ada ran.", k.bert[1]), "BertModel",
        "expected (tokenizer, model)", "both together"),
    ("answer", lambda k: c.answer("", "Ada ran.", k.answering), "question is empty",
        "expected text", "not read"),
    ("answer", lambda k: c.answer(["Who?"], "Ada ran.", k.answering),
        "question is a list", "expected a str", "answer_all"),
    ("answer", lambda k: c.answer("a " * 99, "Ada ran.", k.answering), "99 tokens",
        "expected at most 64", "exchanged"),
    ("answer_all", lambda k: c.answer_all(k.answering, ["Who?"]), "a str ('Who?')",
        "expected a dict with question", "one dict"),
    ("answer_all", lambda k: c.answer_all(k.answering, [{"question": "Who?"}]),
        "['question']", "'passage' is missing", "one dict"),
    ("answer_all", lambda k: c.answer_all(k.answering, [ASKED], threshold=k.nan),
        "nan", "expected -inf to inf", "a score"),
    ("answer_all", lambda k: c.answer_all(k.answering, [ASKED], count=0),
        "count is 0", "expected 1 or more", "such as 5"),
    ("answer_all", lambda k: c.answer_all(k.answering, [ASKED], width=64),
        "stride is 64", "expected a stride below half", "never reach the end"),
    ("training_examples", lambda k: c.training_examples(
        k.tokenizer, [ASKED | {"start": 4}]), "'ran'", "expected the answer 'Ada'",
        "count characters"),
    ("training_examples", lambda k: c.training_examples(k.tokenizer, [{"passage": ""}]),
        "['passage']", "'question' is missing", "make_questions"),
    ("HighlightedAnswer", lambda k: c.HighlightedAnswer("Who?", "Ada", 2, 99), "99",
        "expected 0 <= start < end", "places of tokens"),
    ("HighlightedAnswer", lambda k: c.HighlightedAnswer("Who?", "Ada", 0.0, 3.0),
        "0.0", "expected an int", ".start and .end"),
    ("HighlightedAnswer", lambda k: c.HighlightedAnswer("Who?", None, 0, 1),
        "NoneType", "expected a str", ".start and .end"),
]  # fmt: skip
