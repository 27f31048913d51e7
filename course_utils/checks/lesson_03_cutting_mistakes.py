"""Plausible wrong answers of lesson 03, exercises 3.5 to 3.9: padding and cutting."""

import torch

from course_utils.checks.exercise import Mistake

# --- 3.6 pad_to_multiple -------------------------------------------------------------


def _pad_to(width_of, left=False, mask_by_id=False):
    def answer(rows, multiple):
        width = width_of(max(map(len, rows)), multiple)
        ids, mask = [], []
        for row in rows:
            gap = [0] * (width - len(row))
            ids.append(gap + row if left else row + gap)
            mask.append(gap + [1] * len(row) if left else [1] * len(row) + gap)
        ids, mask = torch.tensor(ids), torch.tensor(mask)
        mask = (ids != 0).long() if mask_by_id else mask
        return {"input_ids": ids, "attention_mask": mask}

    return answer


def _up(n, multiple):
    return -(-n // multiple) * multiple


def _row_by_row(rows, multiple):
    rows = [row + [0] * (_up(len(row), multiple) - len(row)) for row in rows]
    return {"input_ids": torch.tensor(rows), "attention_mask": torch.tensor(rows)}


PAD_TO_MULTIPLE = (
    Mistake(
        "one block too many where the longest row already is a multiple: n // m + 1 "
        "always adds one. Round up: (n + m - 1) // m.",
        _pad_to(lambda n, m: (n // m + 1) * m),
    ),
    Mistake(
        "the width is rounded down, and the longest row does not fit: round up.",
        _pad_to(lambda n, m: n // m * m),
    ),
    Mistake(
        "the rows are padded to the longest, which is no multiple yet: round up.",
        _pad_to(lambda n, m: n),
    ),
    Mistake(
        "every row is rounded up on its own, so they differ in length: take the "
        "longest of the batch first.",
        _row_by_row,
    ),
    Mistake(
        "the mask is found by searching for id 0, but a text may hold [PAD] itself: "
        "count the places.",
        _pad_to(_up, mask_by_id=True),
    ),
    Mistake(
        "the padding stands on the left: in BERT's rows the text comes first.",
        _pad_to(_up, left=True),
    ),
)

# --- 3.5 fit_passage -----------------------------------------------------------------


def _ids(text, tokenizer):
    return tokenizer.convert_tokens_to_ids(tokenizer.tokenize(text, verbose=False))


def _fit(cut):
    def answer(question, passage, max_length, tokenizer):
        first, second = _ids(question, tokenizer), _ids(passage, tokenizer)
        return cut(
            first, second, max_length, tokenizer.cls_token_id, tokenizer.sep_token_id
        )

    return answer


FIT_PASSAGE = (
    Mistake(
        "the row was cut last, and its final [SEP] with it: cut the passage first.",
        _fit(lambda a, b, T, cls, sep: [cls, *a, sep, *b, sep][:T]),
    ),
    Mistake(
        "the longer of both is cut (longest_first): here the question stays whole.",
        lambda question, passage, max_length, tokenizer: tokenizer(
            question, passage, truncation=True, max_length=max_length
        )["input_ids"],
    ),
    Mistake(
        "room is left for two special tokens: a pair has three, [CLS] and two [SEP].",
        _fit(lambda a, b, T, cls, sep: [cls, *a, sep, *b[: T - 2 - len(a)], sep]),
    ),
    Mistake(
        "the room forgets the question: its tokens take places, too.",
        _fit(lambda a, b, T, cls, sep: [cls, *a, sep, *b[: T - 3], sep]),
    ),
    Mistake(
        "the beginning of the passage is cut: its end should go.",
        _fit(lambda a, b, T, cls, sep: [cls, *a, sep, *b[len(a) + 3 - T :], sep]),
    ),
    Mistake(
        "one place is left unused: [CLS] and two [SEP] are three, not four.",
        _fit(lambda a, b, T, cls, sep: [cls, *a, sep, *b[: T - 4 - len(a)], sep]),
    ),
)

# --- 3.7 encode_batch ----------------------------------------------------------------


def _encode(cut_last=False, by_id=False, room=2, to_longest=False, sep_last=False):
    def answer(texts, max_length, tokenizer):
        cls, sep = tokenizer.cls_token_id, tokenizer.sep_token_id
        rows = []
        for text in texts:
            pieces = _ids(text, tokenizer)
            row = [cls, *pieces[: max_length - room], sep]
            rows.append([cls, *pieces, sep][:max_length] if cut_last else row)
        width = max(map(len, rows)) if to_longest else max_length
        ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
        ids[:, -1] = sep if sep_last else ids[:, -1]
        lengths = torch.tensor([len(row) for row in rows])
        mask = (ids != 0) if by_id else torch.arange(width) < lengths[:, None]
        return {"input_ids": ids, "attention_mask": mask.long()}

    return answer


ENCODE_BATCH = (
    Mistake(
        "both faults are still there: [SEP] is cut off with the end of a long text, "
        "and the mask is found by searching for id 0.",
        _encode(cut_last=True, by_id=True),
    ),
    Mistake(
        "[SEP] is cut off with the end of a long text: cut the pieces before the "
        "special tokens are added.",
        _encode(cut_last=True),
    ),
    Mistake(
        "the second fault is still there: the mask is found by searching for id 0, and "
        "a text that holds the word [PAD] gets a hole.",
        _encode(by_id=True),
    ),
    Mistake(
        "the pieces are cut to max_length, and the special tokens make the row longer: "
        "leave room for two.",
        _encode(room=0),
    ),
    Mistake(
        "one place is wasted: [CLS] and [SEP] are two, not three.", _encode(room=3)
    ),
    Mistake(
        "the rows are padded to the longest text: max_length places are asked for.",
        _encode(to_longest=True),
    ),
    Mistake(
        "[SEP] is written over the last place of every row: in a short one padding "
        "stands there.",
        _encode(sep_last=True),
    ),
)

# --- 3.8 windows ---------------------------------------------------------------------


def _windows(starts, special=True, whole=False):
    def answer(text, max_length, overlap, tokenizer):
        cls, sep = tokenizer.cls_token_id, tokenizer.sep_token_id
        ids = _ids(text, tokenizer)
        room = max_length - 2
        if whole:
            ids, room = [cls, *ids, sep], max_length
        parts = [ids[s : s + room] for s in starts(len(ids), room, overlap)]
        return [[cls, *p, sep] for p in parts] if special and not whole else parts

    return answer


def _until_covered(n, room, overlap):
    return range(0, max(n - overlap, 1), room - overlap)


WINDOWS = (
    Mistake(
        "windows start `overlap` tokens apart: that is how much they share, so the "
        "step is the room minus the overlap.",
        _windows(
            lambda n, room, overlap: range(0, max(n - room + overlap, 1), overlap)
        ),
    ),
    Mistake(
        "the last window only repeats tokens that the one before it already has: stop "
        "when a window reaches the end of the text.",
        _windows(lambda n, room, overlap: range(0, max(n, 1), room - overlap)),
    ),
    Mistake(
        "the end of the text is lost: the last window may be shorter than the others.",
        _windows(
            lambda n, room, overlap: range(0, max(n - room + 1, 1), room - overlap)
        ),
    ),
    Mistake(
        "the windows do not overlap: step on by the room minus the overlap.",
        _windows(lambda n, room, overlap: range(0, max(n, 1), room)),
    ),
    Mistake(
        "[CLS] and [SEP] are missing: each window needs its own.",
        _windows(_until_covered, special=False),
    ),
    Mistake(
        "the special tokens were added before cutting, so that only the first window "
        "has [CLS] and only the last [SEP].",
        _windows(_until_covered, whole=True),
        lambda received, *_: any(w[0] != 101 or w[-1] != 102 for w in received),
    ),
)

# --- 3.9 budget_batches --------------------------------------------------------------


def _batches(cost, order=sorted, over=lambda cost, budget: cost > budget, drop=False):
    def answer(lengths, budget):
        rows = order(range(len(lengths)), key=lambda row: lengths[row])
        batches, batch = [], []
        for row in rows:
            new = [lengths[r] for r in [*batch, row]]
            if batch and over(cost(new), budget):
                batches.append(batch)
                batch = []
            batch.append(row)
        return batches if drop or not batch else [*batches, batch]

    return answer


def _padded(lengths):
    return len(lengths) * max(lengths)


def _ranks(lengths, budget):
    order = sorted(range(len(lengths)), key=lambda row: lengths[row])
    batches = _batches(_padded)(lengths, budget)
    return [[order.index(row) for row in batch] for batch in batches]


BUDGET_BATCHES = (
    Mistake(
        "only the texts' own tokens are counted. The model computes padding, too: the "
        "cost of a batch is its number of texts times its longest.",
        _batches(sum),
    ),
    Mistake(
        "the texts are taken in the given order: sort them by length first.",
        _batches(_padded, order=lambda rows, key: list(rows)),
    ),
    Mistake(
        "the texts are taken from the longest to the shortest, not the other way.",
        _batches(_padded, order=lambda rows, key: sorted(rows, key=lambda r: -key(r))),
    ),
    Mistake(
        "a batch that fills the budget exactly is split: it may be used up (<=).",
        _batches(_padded, over=lambda cost, budget: cost >= budget),
    ),
    Mistake(
        "the last batch is lost: after the loop what is left must be added.",
        _batches(_padded, drop=True),
    ),
    Mistake(
        "these are places in the sorted order, not the numbers of the given texts.",
        _ranks,
    ),
    Mistake(
        "the lengths are given back: the numbers of the texts are asked for.",
        lambda lengths, budget: [
            [lengths[row] for row in batch]
            for batch in _batches(_padded)(lengths, budget)
        ],
    ),
    Mistake(
        "a text longer than the budget is left out: it is a batch of its own.",
        lambda lengths, budget: [
            batch
            for batch in _batches(_padded)(lengths, budget)
            if lengths[batch[0]] <= budget
        ],
    ),
    Mistake(
        "the batch is measured without the text that is about to join it.",
        _batches(lambda new: _padded(new[:-1]) if new[:-1] else 0),
    ),
)
