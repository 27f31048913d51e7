"""Find the names in a text: words, windows, labels, spans, and the text they stand for.

Lesson 09 develops `group_words` and `find_names`; a test holds the notebook and this
module to the same code.
"""

import torch

from course_utils import model_checks
from course_utils.call_guard import guarded
from course_utils.embedding import check_texts
from course_utils.entity_spans import repair_tags, spans_of
from course_utils.evaluation import predict
from course_utils.newsroom.entities import TOKEN

OVERLAP = 0.2  # share of a window that the next one repeats


def find_names(text, bert):
    """Return the names in a text: list of dicts text, label, start, end, score.

    text: str of any length; it is read in overlapping windows where it is longer than
        the model's limit. bert: (tokenizer, model) with a token-classification head
        whose labels are O, B- and I-.

    text[start:end] is the name as it is written. score: float, the mean probability of
    its words' tags. Raises TypeError or ValueError where text is no str.
    """
    tokenizer, model = bert
    [text] = check_texts([text])
    words = [match.span() for match in TOKEN.finditer(text)]
    if not words:
        return []
    p = word_probabilities([text[a:b] for a, b in words], tokenizer, model)  # (W, C)
    score, best = p.max(dim=-1)  # (W,)
    tags = repair_tags([model.config.id2label[number] for number in best.tolist()])
    return [
        {
            "text": text[words[first][0] : words[end - 1][1]],
            "label": label,
            "start": words[first][0],
            "end": words[end - 1][1],
            "score": score[first:end].mean().item(),
        }
        for first, end, label in spans_of(tags)
    ]


def word_probabilities(words, tokenizer, model):
    """Return the probability of each tag for each word: (W, C) float.

    words: W str. A word is read at its first piece, in the window where it stands
    farthest from an end; a word without pieces is certain to be tag 0.
    """
    pieces = tokenizer(words, add_special_tokens=False, verbose=False)["input_ids"]
    sizes = [len(row) for row in pieces]
    C = model.config.num_labels
    found = torch.zeros(len(words), C)
    found[:, 0] = 1.0
    margin = [-1] * len(words)
    plan = windows(sizes, tokenizer.model_max_length - 2)
    batch = [words[start:end] for start, end in plan]
    encoded = tokenizer(batch, is_split_into_words=True, truncation=True)
    keys = ("input_ids", "token_type_ids")
    rows = [{key: encoded[key][i] for key in keys} for i in range(len(plan))]
    [logits] = predict(model, rows)
    for i, (start, end) in enumerate(plan):
        before = None
        for piece, word in enumerate(encoded.word_ids(i)):
            if word is not None and word != before:
                place = start + word
                distance = min(place - start, end - 1 - place)
                if distance > margin[place]:
                    margin[place] = distance
                    found[place] = logits[i][piece].softmax(dim=-1)
            before = word
    return found


def windows(sizes, limit):
    """Return (start, end) of word windows whose pieces fit: all words, in order.

    sizes: pieces of each word. limit: int, pieces a window may have; a single word may
        have more. A window repeats the last words of the one before, as many as fit
        into a share of `OVERLAP`.
    """
    plan, start, end = [], 0, 0
    while True:
        pieces = sum(sizes[start:end])
        while end < len(sizes) and (end == start or pieces + sizes[end] <= limit):
            pieces += sizes[end]
            end += 1
        plan.append((start, end))
        if end == len(sizes):
            return plan
        start, room = end, min(OVERLAP * limit, limit - sizes[end])
        while start > 0 and sum(sizes[start - 1 : end]) <= room:
            start -= 1


find_names = guarded(find_names, model_checks.check_names_model)
