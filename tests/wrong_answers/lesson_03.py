"""Wrong answers to the exercises of lesson 03, and what the student must be told."""

import torch
from torch.nn.utils.rnn import pad_sequence

CLS, SEP = 101, 102


def ids_of(text, tokenizer):
    return tokenizer.convert_tokens_to_ids(tokenizer.tokenize(text))


# --- 3.1 -----------------------------------------------------------------------------


def mask_one_too_many(lengths, width):
    return torch.stack([(torch.arange(width) <= n).long() for n in lengths])


def mask_one_too_few(lengths, width):
    return (torch.arange(width) < lengths[:, None] - 1).long()


def mask_inverted(lengths, width):
    return 1 - (torch.arange(width) < lengths.unsqueeze(1)).int()


def mask_transposed(lengths, width):
    return (torch.arange(width)[:, None] < lengths[None, :]).long()


def mask_only_as_wide_as_longest(lengths, width):
    return pad_sequence([torch.ones(n) for n in lengths.tolist()], batch_first=True)


def mask_on_the_right(lengths, width):
    return (torch.arange(width) < lengths[:, None]).long().flip(1)


def mask_as_lists(lengths, width):
    return [[1] * n + [0] * (width - n) for n in lengths.tolist()]


def mask_without_new_axis(lengths, width):
    return torch.arange(width) < lengths


# --- 3.2 -----------------------------------------------------------------------------


def unpad_from_the_left(hidden, mask):
    return [hidden[b, :n] for b, n in enumerate(mask.sum(dim=1))]


def unpad_by_integer_index(hidden, mask):
    return [hidden[b][mask[b]] for b in range(len(hidden))]


def unpad_by_zeroing(hidden, mask):
    return [
        h.masked_fill(m[:, None] == 0, 0.0) for h, m in zip(hidden, mask, strict=True)
    ]


def unpad_inverted(hidden, mask):
    return [hidden[b][~mask[b].bool()] for b in range(len(hidden))]


def unpad_into_one(hidden, mask):
    return hidden.flatten(0, 1)[mask.flatten() == 1]


def unpad_in_place(hidden, mask):
    hidden[mask == 0] = 0
    return [h[m.bool()] for h, m in zip(hidden, mask, strict=True)]


# --- 3.3 -----------------------------------------------------------------------------


def additive_nan(mask):
    return ((1 - mask) * float("-inf"))[:, None, None, :]


def additive_wrong_sign(mask):
    return torch.zeros(mask.shape).masked_fill(mask == 0, torch.inf)[:, None, None, :]


def additive_inverted(mask):
    return torch.where(mask == 1, -torch.inf, 0.0)[:, None, None, :]


def additive_as_it_is(mask):
    return mask.unsqueeze(1).unsqueeze(1).float()


def additive_two_axes(mask):
    return torch.where(mask == 1, 0.0, -torch.inf)


def additive_rows(mask):
    return torch.where(mask == 1, 0.0, -torch.inf)[:, None].unsqueeze(-1)


def additive_too_weak(mask):
    return ((mask - 1) * 10.0)[:, None, None]


def additive_of_integers(mask):
    return ((mask - 1) * 10**9)[:, None, None]


# --- 3.4 -----------------------------------------------------------------------------


def pairs(segment, mask_padding=0, middle=(SEP,), last=(SEP,), width=None):
    def answer(firsts, seconds, tokenizer):
        ids, kinds, masks = [], [], []
        for a, b in zip(firsts, seconds, strict=True):
            left = [CLS, *ids_of(a, tokenizer), *middle]
            right = [*ids_of(b, tokenizer), *last]
            ids.append(torch.tensor(left + right))
            kinds.append(torch.tensor(segment(len(left), len(right))))
            masks.append(torch.ones(len(left + right), dtype=torch.long))
        T = width or max(map(len, ids))
        tensors = {"input_ids": ids, "token_type_ids": kinds, "attention_mask": masks}
        padded = {}
        for name, rows in tensors.items():
            value = mask_padding if name == "attention_mask" else 0
            stack = torch.full((len(rows), T), value)
            for line, row in zip(stack, rows, strict=True):
                line[: len(row)] = row
            padded[name] = stack
        return padded

    return answer


def right_segments(n, m):
    return [0] * n + [1] * m


first_sep_in_segment_1 = pairs(lambda n, m: [0] * (n - 1) + [1] * (m + 1))


def pairs_as_lists(firsts, seconds, tokenizer):
    return dict(tokenizer(firsts, seconds, padding=True))


def pairs_without_padding(firsts, seconds, tokenizer):
    rows = [
        [CLS, *ids_of(a, tokenizer), SEP, *ids_of(b, tokenizer), SEP]
        for a, b in zip(firsts, seconds, strict=True)
    ]
    return {"input_ids": torch.tensor(rows)}


# --- 3.5 -----------------------------------------------------------------------------


def fit(build):
    return lambda question, passage, max_length, tokenizer: build(
        ids_of(question, tokenizer), ids_of(passage, tokenizer), max_length
    )


def fit_longest_first(question, passage, max_length, tokenizer):
    options = {"truncation": "longest_first", "max_length": max_length}
    return tokenizer(question, passage, **options)["input_ids"]


def fit_as_text(question, passage, max_length, tokenizer):
    first, second = tokenizer.tokenize(question), tokenizer.tokenize(passage)
    room = max_length - len(first) - 3
    return ["[CLS]", *first, "[SEP]", *second[:room], "[SEP]"]


# --- 3.6 -----------------------------------------------------------------------------


def multiple(width_of):
    def answer(rows, multiple):
        T = width_of(max(len(row) for row in rows), multiple)
        ids = [row + [0] * (T - len(row)) for row in rows]
        mask = [[1] * len(row) + [0] * (T - len(row)) for row in rows]
        return {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}

    return answer


def multiple_searched(rows, multiple):
    T = -(-max(map(len, rows)) // multiple) * multiple
    ids = torch.tensor([row + [0] * (T - len(row)) for row in rows])
    return {"input_ids": ids, "attention_mask": ids.ne(0).long()}


def multiple_in_place(rows, multiple):
    T = -(-max(map(len, rows)) // multiple) * multiple
    mask = [[1] * len(row) + [0] * (T - len(row)) for row in rows]
    for row in rows:
        row += [0] * (T - len(row))
    return {"input_ids": torch.tensor(rows), "attention_mask": torch.tensor(mask)}


def multiple_each_row(rows, multiple):
    gaps = [[0] * (-len(row) % multiple) for row in rows]
    mask = [[1] * len(row) + gap for row, gap in zip(rows, gaps, strict=True)]
    rows = [row + gap for row, gap in zip(rows, gaps, strict=True)]
    return {"input_ids": torch.tensor(rows), "attention_mask": torch.tensor(mask)}


# --- 3.7 -----------------------------------------------------------------------------


def published(texts, max_length, tokenizer):
    rows = []
    for text in texts:
        tokens = tokenizer.tokenize(f"[CLS] {text} [SEP]")[:max_length]
        tokens += ["[PAD]"] * (max_length - len(tokens))
        rows.append(tokenizer.convert_tokens_to_ids(tokens))
    ids = torch.tensor(rows)
    return {"input_ids": ids, "attention_mask": (ids != 0).long()}


def mask_still_searched(texts, max_length, tokenizer):
    options = {"padding": "max_length", "truncation": True, "return_tensors": "pt"}
    ids = tokenizer(texts, max_length=max_length, **options)["input_ids"]
    return {"input_ids": ids, "attention_mask": ids.sign()}


def sep_still_cut(texts, max_length, tokenizer):
    rows = [[CLS, *ids_of(text, tokenizer), SEP][:max_length] for text in texts]
    ids = [row + [0] * (max_length - len(row)) for row in rows]
    mask = [[1] * len(row) + [0] * (max_length - len(row)) for row in rows]
    return {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}


def padded_to_the_longest(texts, max_length, tokenizer):
    options = {"padding": True, "truncation": True, "return_tensors": "pt"}
    batch = tokenizer(texts, max_length=max_length, **options)
    return {name: batch[name] for name in ("input_ids", "attention_mask")}


def with_segments(texts, max_length, tokenizer):
    options = {"padding": "max_length", "truncation": True, "return_tensors": "pt"}
    return tokenizer(texts, max_length=max_length, **options)


def sep_put_over_the_end(texts, max_length, tokenizer):
    inputs = with_segments(texts, max_length, tokenizer)
    ids = inputs["input_ids"].clone()
    ids[:, -1] = SEP  # in short rows, too
    return {"input_ids": ids, "attention_mask": inputs["attention_mask"]}


# --- 3.8 -----------------------------------------------------------------------------


def window_list(starts, wrap=lambda part: [CLS, *part, SEP]):
    def answer(text, max_length, overlap, tokenizer):
        ids, room = ids_of(text, tokenizer), max_length - 2
        return [wrap(ids[s : s + room]) for s in starts(len(ids), room, overlap)]

    return answer


def windows_never_ending(text, max_length, overlap, tokenizer):
    ids, start, found = ids_of(text, tokenizer), 0, []
    while start < len(ids):
        if start == 0:  # appended once: an endless loop need not fill the memory
            found.append([CLS, *ids[: max_length - 2], SEP])
        start = start + max_length - 2 - overlap if len(ids) < 5 else 1
    return found or [[CLS, SEP]]


def windows_cut_from_the_row(text, max_length, overlap, tokenizer):
    ids = [CLS, *ids_of(text, tokenizer), SEP]
    step = max_length - 2 - overlap
    starts = range(0, max(len(ids) - 2 - overlap, 1), step)
    return [ids[s : s + max_length] for s in starts]


# --- 3.9 -----------------------------------------------------------------------------


def greedy(lengths, budget, order, cost, over=lambda c, b: c > b):
    batches = [[]]
    for row in order:
        if batches[-1] and over(
            cost([lengths[r] for r in [*batches[-1], row]]), budget
        ):
            batches.append([])
        batches[-1].append(row)
    return [batch for batch in batches if batch]


def upwards(lengths):
    return sorted(range(len(lengths)), key=lengths.__getitem__)


def area(group):
    return len(group) * max(group)


def batches_of_lengths(lengths, budget):
    batches = greedy(lengths, budget, upwards(lengths), area)
    return [[lengths[row] for row in batch] for batch in batches]


def batches_without_the_long(lengths, budget):
    kept = [row for row in upwards(lengths) if lengths[row] <= budget]
    return greedy(lengths, budget, kept, area)


WRONG = {
    "3.1": [
        (mask_one_too_many, "compare with <, not <="),
        (mask_one_too_few, "one place too few"),
        (mask_inverted, "inverted"),
        (mask_transposed, "axes are exchanged"),
        (mask_only_as_wide_as_longest, "as wide as the longest text"),
        (mask_on_the_right, "on the left"),
        (mask_as_lists, "a list came back, expected a tensor"),
        (mask_without_new_axis, "an axis of its own"),
    ],
    "3.2": [
        (unpad_from_the_left, "as if padding always stood on the right"),
        (unpad_by_integer_index, "picks rows 0 and 1"),
        (unpad_by_zeroing, "still there"),
        (unpad_inverted, "inverted"),
        (unpad_into_one, "all texts are in one tensor"),
        (unpad_in_place, "changes its argument in place (hidden)"),
    ],
    "3.3": [
        (additive_nan, "0 * -inf is nan"),
        (additive_wrong_sign, "wrong sign"),
        (additive_inverted, "inverted"),
        (additive_as_it_is, "hides nothing"),
        (additive_two_axes, "(B, T) must become (B, 1, 1, T)"),
        (additive_rows, "blanks whole rows"),
        (additive_too_weak, "not low enough"),
        (additive_of_integers, "floats are asked for"),
    ],
    "3.4": [
        (first_sep_in_segment_1, "the first [SEP] is counted to segment 1"),
        (pairs(lambda n, m: [0] * (n + m)), "all segments are 0"),
        (pairs(lambda n, m: [1] * n + [2] * m), "counted from 1"),
        (pairs(right_segments, mask_padding=1), "the mask is 1 on padding"),
        (pairs(right_segments, middle=()), "between the two texts is missing"),
        (pairs(right_segments, last=()), "at the end is missing"),
        (pairs(right_segments, width=512), "padded to 512"),
        (pairs_as_lists, "a list came back, expected a tensor"),
        (pairs_without_padding, "missing ['token_type_ids'"),
    ],
    "3.5": [
        (fit(lambda a, b, T: [CLS, *a, SEP, *b, SEP][:T]), "the row was cut last"),
        (fit_longest_first, "longest_first"),
        (
            fit(lambda a, b, T: [CLS, *a, SEP, *b[: T - len(a) - 2], SEP]),
            "a pair has three",
        ),
        (fit(lambda a, b, T: [CLS, *a, SEP, *b[: T - 3], SEP]), "forgets the question"),
        (
            fit(lambda a, b, T: [CLS, *a, SEP, *b[: T - len(a) - 4], SEP]),
            "one place is left unused",
        ),
        (fit_as_text, "a str came back, expected an int"),
    ],
    "3.6": [
        (multiple(lambda n, m: n + m - n % m), "one block too many"),
        (multiple(lambda n, m: n - n % m), "rounded down"),
        (multiple(lambda n, m: n), "no multiple yet"),
        (multiple_searched, "searching for id 0"),
        (multiple_in_place, "changes its argument in place (rows)"),
        (multiple_each_row, "ValueError: expected sequence of length 16"),
    ],
    "3.7": [
        (published, "both faults are still there"),
        (sep_still_cut, "[SEP] is cut off"),
        (mask_still_searched, "second fault is still there"),
        (padded_to_the_longest, "max_length places are asked for"),
        (with_segments, "not asked for: ['token_type_ids']"),
        (sep_put_over_the_end, "over the last place of every row"),
    ],
    "3.8": [
        (
            window_list(
                lambda n, room, lap: range(0, max(n - room + lap, 1), lap or 1)
            ),
            "windows start `overlap` tokens apart",
        ),
        (
            window_list(lambda n, room, lap: range(0, max(n, 1), room - lap)),
            "only repeats tokens",
        ),
        (window_list(lambda n, room, lap: range(0, max(n, 1), room)), "do not overlap"),
        (
            window_list(
                lambda n, room, lap: range(0, max(n - lap, 1), room - lap), lambda x: x
            ),
            "[CLS] and [SEP] are missing",
        ),
        (windows_cut_from_the_row, "added before cutting"),
        (windows_never_ending, "still running"),
    ],
    "3.9": [
        (lambda n, budget: greedy(n, budget, upwards(n), sum), "computes padding, too"),
        (
            lambda n, budget: greedy(n, budget, range(len(n)), area),
            "sort them by length first",
        ),
        (
            lambda n, budget: greedy(n, budget, upwards(n)[::-1], area),
            "from the longest to the shortest",
        ),
        (
            lambda n, budget: greedy(n, budget, upwards(n), area, lambda c, b: c >= b),
            "fills the budget exactly",
        ),
        (
            lambda n, budget: greedy(n, budget, upwards(n), area)[:-1],
            "last batch is lost",
        ),
        (batches_of_lengths, "the lengths are given back"),
        (batches_without_the_long, "longer than the budget is left out"),
    ],
}
