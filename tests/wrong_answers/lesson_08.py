"""Wrong answers to the exercises of lesson 08, and what the student must be told."""

import re
from collections import Counter, defaultdict
from itertools import groupby

import torch

LABELS = ("entailment", "neutral", "contradiction")


# --- 8.1 -----------------------------------------------------------------------------


def segments_between(ids, sep):
    return ((ids == sep).cumsum(1) == 1).int()


def segments_with_both_seps(ids, sep):
    return ((ids == sep).cumsum(1) == 1) | (ids == sep)


def segments_to_the_end(ids, sep):
    rows = []
    for row in ids.tolist():
        first = row.index(sep)
        rows.append([0] * (first + 1) + [1] * (len(row) - first - 1))
    return torch.tensor(rows)


def segments_without_last(ids, sep):
    rows = []
    for row in ids.tolist():
        first = row.index(sep)
        second = row.index(sep, first + 1)
        rows.append([int(first < t < second) for t in range(len(row))])
    return torch.tensor(rows)


def segments_of_zeros(ids, sep):
    return torch.zeros(ids.shape, dtype=torch.long)


def segments_as_lists(ids, sep):
    return segments_to_the_end(ids, sep).tolist()


def segments_of_halves(ids, sep):
    half = ids.shape[1] // 2
    return (torch.arange(ids.shape[1]) >= half).long().expand(ids.shape)


# --- 8.2 -----------------------------------------------------------------------------


def rows(build):
    """Build an answer from build(first pieces, second pieces, room)."""

    def answer(premises, hypotheses, max_length, tokenizer):
        ids, kinds = [], []
        for premise, hypothesis in zip(premises, hypotheses, strict=True):
            texts = tokenizer.tokenize(premise), tokenizer.tokenize(hypothesis)
            tokens, segments = build(*texts, max_length)
            ids.append(tokenizer.convert_tokens_to_ids(tokens))
            kinds.append(segments)
        width = max(map(len, ids))
        return {
            "input_ids": torch.tensor([row + [0] * (width - len(row)) for row in ids]),
            "token_type_ids": torch.tensor([k + [0] * (width - len(k)) for k in kinds]),
            "attention_mask": torch.tensor(
                [[1] * len(row) + [0] * (width - len(row)) for row in ids]
            ),
        }

    return answer


def row_cut_at_its_end(first, second, max_length):
    tokens = ["[CLS]", *first, "[SEP]", *second]
    tokens = [*tokens[: max_length - 1], "[SEP]"]
    ones = max(len(tokens) - len(first) - 2, 0)
    return tokens, [0] * (len(tokens) - ones) + [1] * ones


def row_without_segments(first, second, max_length):
    first = first[: max_length - 3 - len(second)]
    tokens = ["[CLS]", *first, "[SEP]", *second, "[SEP]"]
    return tokens, [0] * len(tokens)


def row_swapped(first, second, max_length):
    first = first[: max_length - 3 - len(second)]
    tokens = ["[CLS]", *second, "[SEP]", *first, "[SEP]"]
    return tokens, [0] * (len(second) + 2) + [1] * (len(first) + 1)


def row_with_premise_cut_at_its_start(first, second, max_length):
    first = first[-(max_length - 3 - len(second)) :]
    tokens = ["[CLS]", *first, "[SEP]", *second, "[SEP]"]
    return tokens, [0] * (len(first) + 2) + [1] * (len(second) + 1)


def row_never_cut(first, second, max_length):
    tokens = ["[CLS]", *first, "[SEP]", *second, "[SEP]"]
    return tokens, [0] * (len(first) + 2) + [1] * (len(second) + 1)


def rows_published(premises, hypotheses, max_length, tokenizer):
    texts = [p + " [SEP] " + h for p, h in zip(premises, hypotheses, strict=True)]
    options = {"padding": True, "truncation": True, "return_tensors": "pt"}
    return tokenizer(texts, max_length=max_length, **options)


# --- 8.3 -----------------------------------------------------------------------------


def word_shares(words, keep=lambda count, least: count >= least, share=None):
    def answer(pairs, least):
        table, sizes = defaultdict(Counter), Counter(p["label"] for p in pairs)
        for pair in pairs:
            for word in words(pair):
                table[word][pair["label"]] += 1
        return {
            word: [(share or part)(row, label, sizes) for label in LABELS]
            for word, row in table.items()
            if keep(sum(row.values()), least)
        }

    return answer


def part(row, label, sizes):
    return row[label] / sum(row.values())


def part_of_label(row, label, sizes):
    return row[label] / max(sizes[label], 1)


def number(row, label, sizes):
    return row[label]


def words_of(pair):
    return set(re.findall(r"\w+", pair["hypothesis"].lower()))


# --- 8.4 -----------------------------------------------------------------------------


def folds_of_rows(premises, folds):
    return (torch.arange(len(premises)) % folds).tolist()


def folds_without_spaces(premises, folds):
    return folds_without_care([p.casefold().replace(" ", "") for p in premises], folds)


def folds_without_care(premises, folds):
    different = list(dict.fromkeys(premises))
    return [different.index(premise) % folds for premise in premises]


def folds_of_capitals(premises, folds):
    return folds_without_care([" ".join(p.split()) for p in premises], folds)


def folds_of_spaces(premises, folds):
    return folds_without_care([p.strip().lower() for p in premises], folds)


def folds_of_neighbours(premises, folds):
    texts = [" ".join(p.lower().split()) for p in premises]
    changes = [i > 0 and texts[i] != texts[i - 1] for i in range(len(texts))]
    return (torch.tensor(changes).long().cumsum(0) % folds).tolist()


def folds_sorted(premises, folds):
    texts = [" ".join(p.lower().split()) for p in premises]
    return [sorted(set(texts)).index(text) % folds for text in texts]


def folds_numbered(premises, folds):
    texts = [" ".join(p.lower().split()) for p in premises]
    return [list(dict.fromkeys(texts)).index(text) for text in texts]


# --- 8.5 -----------------------------------------------------------------------------


def scores(first, second):
    return lambda matrix: torch.stack(
        [matrix.diag() / total(matrix).clamp(min=1) for total in (first, second)], dim=1
    )


def said(matrix):
    return matrix.sum(dim=0)


def true(matrix):
    return matrix.sum(dim=1)


def scores_with_nan(matrix):
    right = matrix.diag().double()
    return torch.stack([right / said(matrix), right / true(matrix)], dim=1)


def scores_rounded_down(matrix):
    right = matrix.diag()
    sums = said(matrix).clamp(min=1), true(matrix).clamp(min=1)
    return torch.stack([right // total for total in sums], dim=1)


def scores_in_rows(matrix):
    return scores(said, true)(matrix).transpose(0, 1)


# --- 8.6 -----------------------------------------------------------------------------


def meaning(is_first, is_second):
    def answer(forward, backward):
        words = []
        for a, b in zip(forward, backward, strict=True):
            first, second = is_first(a, b), is_second(a, b)
            word = "same" if first and second else "neither"
            word = "first says more" if first and not second else word
            words.append("second says more" if second and not first else word)
        return words

    return answer


def argmax_over_the_batch(forward, backward):
    follows = forward.argmax(dim=0) == 0, backward.argmax(dim=0) == 0
    first, second = (f"{name} says more" for name in ("first", "second"))
    words = {(1, 1): "same", (1, 0): first, (0, 1): second, (0, 0): "neither"}
    return [
        words[pair] for pair in zip(*map(torch.Tensor.tolist, follows), strict=True)
    ]


def entailed(row):
    return int(row.argmax()) == 0


# --- 8.7 -----------------------------------------------------------------------------


def judged(p, threshold, columns=(0, 2), words=("supported", "refuted")):
    part = p[:, list(columns)]
    sentence, side = divmod(int(part.argmax()), len(columns))
    if part.max() < threshold:
        return "open", None
    return words[side], sentence


def judged_by_mean(logits, threshold):
    word, _ = judged(logits.softmax(-1).mean(0, keepdim=True), threshold)
    return word, None if word == "open" else int(logits.softmax(-1)[:, 0].argmax())


def judged_until_enough(logits, threshold):
    for i, (entailed, _, denied) in enumerate(logits.softmax(-1).tolist()):
        if entailed >= threshold or denied >= threshold:
            return "supported" if entailed >= denied else "refuted", i
    return "open", None


def judged_by_the_surest(logits, threshold):
    p = logits.softmax(-1)
    sentence = int(p.max(dim=1).values.argmax())
    label = int(p[sentence].argmax())
    if label == 1 or p[sentence, label] < threshold:
        return "open", None
    return ("supported", "", "refuted")[label], sentence


# --- 8.8 -----------------------------------------------------------------------------


def premise_share(pool, total=len):
    """Build an answer: pool the rows of each premise, then divide by total."""

    def answer(premises, right):
        rows = defaultdict(list)
        for premise, good in zip(premises, right.tolist(), strict=True):
            rows[premise].append(good)
        return sum(map(pool, rows.values())) / total(rows)

    return answer


def premise_runs(premises, right):
    runs = groupby(zip(premises, right.tolist(), strict=True), key=lambda row: row[0])
    good = [all(right for _, right in run) for _, run in runs]
    return sum(good) / len(good)


def premise_of_threes(premises, right):
    rows = [right[i : i + 3] for i in range(0, len(right), 3)]
    return sum(bool(row.all()) for row in rows) / len(rows)


# --- 8.9 -----------------------------------------------------------------------------


def dropped(rest, measure=lambda whole, left: whole - left, sort=True, reverse=True):
    """Build an answer from rest(words, place) and measure(whole, left)."""

    def answer(premise, hypothesis, judge):
        words, whole = hypothesis.split(), judge(premise, hypothesis)
        left = [judge(premise, " ".join(rest(words, i))) for i in range(len(words))]
        drops = [(w, measure(whole, x)) for w, x in zip(words, left, strict=True)]
        return sorted(drops, key=lambda x: x[1], reverse=reverse) if sort else drops

    return answer


def without(words, place):
    return [word for i, word in enumerate(words) if i != place]


def without_copies(words, place):
    return [word for word in words if word != words[place]]


def drops_by_replacing(premise, hypothesis, judge):
    whole, drops = judge(premise, hypothesis), []
    for word in hypothesis.split():
        drops.append((word, whole - judge(premise, hypothesis.replace(word, ""))))
    return sorted(drops, key=lambda pair: -pair[1])


# --- met later -----------------------------------------------------------------------


def folds_of(change):
    return lambda premises, folds: folds_without_care(
        [change(premise.lower()) for premise in premises], folds
    )


def without_punctuation(text):
    return " ".join(re.sub(r"[^\w\s]", "", text).split())


def judged_by_likeliest(logits, threshold):
    found = [(0.0, "open", None)]
    for number, row in enumerate(logits.softmax(1)):
        label = LABELS[int(row.argmax())]
        word = {"entailment": "supported", "contradiction": "refuted"}.get(label)
        if word and row.max() >= threshold:
            found.append((float(row.max()), word, number))
    return max(found)[1:]


WRONG = {
    "8.1": [
        (segments_between, "closes its own text"),
        (segments_with_both_seps, "it still belongs to segment 0"),
        (segments_to_the_end, "padding has segment 1"),
        (segments_without_last, "the last [SEP] has segment 0"),
        (segments_of_zeros, "all segments are 0"),
        (segments_as_lists, "a list came back, expected a tensor"),
        (segments_of_halves, "the second half of the row"),
    ],
    "8.2": [
        (rows_published, "both faults are still there"),
        (rows(row_cut_at_its_end), "the end of the row is cut"),
        (rows(row_without_segments), "all segments are 0"),
        (rows(row_swapped), "the hypothesis stands first"),
        (rows(row_never_cut), "nothing is cut"),
        (rows(row_with_premise_cut_at_its_start), "loses its beginning"),
    ],
    "8.3": [
        (word_shares(lambda p: re.findall(r"\w+", p["hypothesis"].lower())), "twice"),
        (
            word_shares(lambda p: words_of(p) | words_of({"hypothesis": p["premise"]})),
            "the premise is read, too",
        ),
        (word_shares(lambda p: set(re.findall(r"\w+", p["hypothesis"]))), "capitals"),
        (word_shares(lambda p: {*p["hypothesis"].lower().split()}), "punctuation"),
        (word_shares(words_of, lambda count, least: count > least), "compare with >="),
        (word_shares(words_of, lambda count, least: True), "every word is kept"),
        (word_shares(words_of, share=part_of_label), "the other direction"),
        (word_shares(words_of, share=number), "these are counts"),
        (
            word_shares(lambda p: {*re.findall("[a-z]+", p["hypothesis"].lower())}),
            "only a to z make words",
        ),
    ],
    "8.4": [
        (folds_of_rows, "the leak is there"),
        (folds_without_spaces, "all spaces are taken out"),
        (folds_without_care, "other capitals or spaces"),
        (folds_of_capitals, "other capitals is taken"),
        (folds_of_spaces, "join its words with one"),
        (folds_of_neighbours, "comes back later"),
        (folds_sorted, "order of the alphabet"),
        (folds_numbered, "take them modulo"),
        (folds_of(without_punctuation), "differ in punctuation"),
        (folds_of(lambda t: str(sorted(t.split()))), "in another order"),
        (folds_of(lambda t: t.replace("  ", " ").strip()), "three become two"),
    ],
    "8.5": [
        (scores(true, said), "precision and recall are exchanged"),
        (scores_with_nan, "0 / 0"),
        (scores(torch.sum, torch.sum), "number of all pairs"),
        (scores_in_rows, "axes are in another order"),
        (scores(true, true), "both columns are recall"),
        (scores_rounded_down, "floats are asked for"),
    ],
    "8.6": [
        (meaning(lambda a, b: entailed(b), lambda a, b: entailed(a)), "are exchanged"),
        (
            meaning(lambda a, b: a.argmax() == 2, lambda a, b: b.argmax() == 2),
            "number 0",
        ),
        (meaning(lambda a, b: a[0] > 0, lambda a, b: b[0] > 0), "no fixed zero"),
        (meaning(lambda a, b: entailed(a), lambda a, b: entailed(a)), "one direction"),
        (
            meaning(lambda a, b: a.argmax() < 2, lambda a, b: b.argmax() < 2),
            "neutral is",
        ),
        (
            meaning(
                lambda a, b: a.softmax(0)[0] > 0.5, lambda a, b: b.softmax(0)[0] > 0.5
            ),
            "above one half",
        ),
        (argmax_over_the_batch, "searched over the pairs (the batch, dim 0)"),
    ],
    "8.7": [
        (judged_by_mean, "the mean over the sentences"),
        (lambda x, limit: judged(x.softmax(0), limit), "over the sentences (dim 0)"),
        (judged, "logits are compared"),
        (lambda x, limit: judged(x.softmax(1), limit, (0,)), "only entailment"),
        (judged_until_enough, "the first sentence above"),
        (lambda x, limit: judged(x.softmax(1), 0), "threshold is not used"),
        (judged_by_the_surest, "stops the search"),
        (judged_by_likeliest, "likeliest class is neutral"),
    ],
    "8.8": [
        (lambda premises, right: float(right.double().mean()), "rows are counted"),
        (premise_share(any), "one right row is enough"),
        (premise_share(lambda row: sum(row) / len(row)), "each premise is averaged"),
        (
            premise_share(all, lambda rows: sum(map(len, rows.values()))),
            "by the number",
        ),
        (premise_share(all, lambda rows: 1), "give their share"),
        (premise_runs, "only rows that stand together"),
        (premise_of_threes, "every three rows"),
    ],
    "8.9": [
        (dropped(without_copies), "every copy of the word"),
        (dropped(without, lambda whole, left: left - whole), "the sign is turned"),
        (dropped(without, lambda whole, left: left), "not the drop"),
        (dropped(without, sort=False), "in the order of the sentence"),
        (dropped(without, reverse=False), "smallest drop comes first"),
        (dropped(without, lambda whole, left: abs(whole - left)), "the sign is lost"),
        (drops_by_replacing, "out of other words"),
    ],
}
