"""Wrong answers to the exercises of lesson 10, and what the student must be told."""

import re
from collections import Counter

import torch

from course_utils.answer_scores import answer_f1, normalize_answer
from course_utils.answer_spans import best_spans

# --- 10.1 ----------------------------------------------------------------------------


def text_by_token_numbers(passage, offsets, i, j):
    return (passage[i : j + 1], i, j + 1) if j else ("", -1, -1)


def text_without_last_token(passage, offsets, i, j):
    if j == 0:
        return "", -1, -1
    start = offsets[i][0]
    return passage[start : offsets[j][0]], start, offsets[j][0]


def text_with_end_excluded(passage, offsets, i, j):
    if j == 0:
        return "", -1, -1
    pieces = offsets[i:j]
    last = pieces[-1][1] if pieces else offsets[i - 1][1]
    return passage[offsets[i][0] : last], offsets[i][0], last


def text_of_cls(passage, offsets, i, j):
    a, b = min(offsets[i]), max(offsets[j])
    return passage[a:b], a, b


def text_in_lower_case(passage, offsets, i, j):
    if j == 0:
        return "", -1, -1
    a, b = offsets[i][0], offsets[j][1]
    return passage.lower()[a:b], a, b


def text_only(passage, offsets, i, j):
    return passage[offsets[i][0] : offsets[j][1]]


def text_glued_from_pieces(passage, offsets, i, j):
    pieces = " ".join(passage[a:b] for a, b in offsets[i : j + 1])
    return (pieces, offsets[i][0], offsets[j][1]) if j else ("", -1, -1)


# --- 10.2 ----------------------------------------------------------------------------


def words_of(text):
    return normalize_answer(text).split()


def exchanged(predicted, reference):
    given, wanted = words_of(predicted), words_of(reference)
    if not given or not wanted:
        return (float(given == wanted),) * 2
    both = sum((Counter(given) & Counter(wanted)).values())
    return both / len(wanted), both / len(given)


def as_sets(predicted, reference):
    given, wanted = set(words_of(predicted)), set(words_of(reference))
    if not given or not wanted:
        return (1.0, 1.0) if not given and not wanted else (0.0, 0.0)
    both = given.intersection(wanted)
    return len(both) / len(given), len(both) / len(wanted)


def found_again(predicted, reference):
    given, wanted = words_of(predicted), words_of(reference)
    if not given or not wanted:
        return (float(given == wanted),) * 2
    both = len([word for word in given if word in wanted])
    return both / len(given), both / len(wanted)


def raw_words(predicted, reference):
    given, wanted = predicted.split(), reference.split()
    if not given or not wanted:
        return (float(given == wanted),) * 2
    both = sum((Counter(given) & Counter(wanted)).values())
    return both / len(given), both / len(wanted)


def f1_only(predicted, reference):
    return answer_f1(predicted, [reference])


def empty_forgotten(predicted, reference):
    both = Counter(words_of(predicted)) & Counter(words_of(reference))
    shared = sum(both.values())
    return shared / len(words_of(predicted)), shared / len(words_of(reference))


# --- 10.3 ----------------------------------------------------------------------------


def first_place_only(passage, answer, offsets):
    place = passage.lower().find(answer.lower())
    starts = [a for a, _ in offsets]
    ends = [b for _, b in offsets]
    while place >= 0:
        if place in starts and place + len(answer) in ends:
            return [(starts.index(place), ends.index(place + len(answer)))]
        place = passage.lower().find(answer.lower(), place + 1)
    return []


def search(passage, answer, offsets, same=lambda a, b: a.lower() == b.lower(), more=0):
    T = len(offsets)
    return [
        (i, j + more)
        for i in range(T)
        for j in range(i, T)
        if same(passage[offsets[i][0] : offsets[j][1]], answer)
    ]


def capitals_matter(passage, answer, offsets):
    return search(passage, answer, offsets, str.__eq__)


def end_excluded(passage, answer, offsets):
    return search(passage, answer, offsets, more=1)


def parts_of_tokens(passage, answer, offsets):
    found, low = [], passage.lower()
    for place in range(len(low)):
        if low.startswith(answer.lower(), place):
            last = place + len(answer) - 1
            i = next(t for t, (a, b) in enumerate(offsets) if a <= place < b)
            j = next(t for t, (a, b) in enumerate(offsets) if a <= last < b)
            found.append((i, j))
    return found


def overlaps_lost(passage, answer, offsets):
    found, free = [], 0
    for i, j in search(passage, answer, offsets):
        if i >= free:
            found.append((i, j))
            free = j + 1
    return found


def characters(passage, answer, offsets):
    low, n = passage.lower(), len(answer)
    return [(p, p + n) for p in range(len(low)) if low[p : p + n] == answer.lower()]


# --- 10.4 ----------------------------------------------------------------------------


def batch_apart(start, end, inside, longest):
    low = torch.where(inside, 0.0, -1e9)
    return torch.stack([(start + low).argmax(1), (end + low).argmax(1)], 1)


def batch(valid, final=lambda i, j: (i, j)):
    def answer(start, end, inside, longest):
        rows = []
        for s, e, ok in zip(start, end, inside, strict=True):
            T, best, place = len(s), float("-inf"), (0, 0)
            for i in range(T):
                for j in range(T):
                    if valid(i, j, ok, longest) and s[i] + e[j] > best:
                        best, place = s[i] + e[j], (i, j)
            rows.append(final(*place))
        return torch.tensor(rows)

    return answer


def batch_as_lists(start, end, inside, longest):
    found = [
        best_spans(s, e, ok, 1, longest)
        for s, e, ok in zip(start, end, inside, strict=True)
    ]
    return [list(spans[0][1:]) if spans else [0, 0] for spans in found]


def batch_one_place(start, end, inside, longest):
    T = start.shape[1]
    sums = start[:, :, None] + end[:, None]
    ok = (inside[:, :, None] & inside[:, None]).triu().tril(longest - 1)
    place = int(sums.masked_fill(~ok, -torch.inf).argmax()) % (T * T)
    return torch.tensor([[place // T, place % T]] * len(start))


# --- 10.5 ----------------------------------------------------------------------------


def overlap(a, b):
    return not (a[2] < b[1] or b[2] < a[1])


def distinct(clash=overlap, order=lambda s: sorted(s, key=lambda x: -x[0])):
    def answer(spans, count):
        kept = []
        for span in order(spans):
            if len(kept) < count and not any(clash(span, k) for k in kept):
                kept.append(span)
        return kept

    return answer


def distinct_cut_first(spans, count):
    best = sorted(spans, reverse=True)[:count]
    return [s for n, s in enumerate(best) if not any(overlap(s, b) for b in best[:n])]


def distinct_from_neighbour(spans, count):
    kept = []
    for span in sorted(spans, reverse=True):
        if not kept or not overlap(kept[-1], span):
            kept.append(span)
    return kept[:count]


def distinct_in_place(spans, count):
    spans.sort(reverse=True)
    return distinct()(spans, count)


# --- 10.6 ----------------------------------------------------------------------------


def tutorial(question, passage, start, end, tokenizer):
    ids = tokenizer(question, passage)["input_ids"]
    i, j = start.argmax().item(), end.argmax().item()
    score = (start.max() + end.max()).item()
    return tokenizer.decode(ids[i : j + 1]), score


def repaired(part_of=1, letters=True, together=True, more=1):
    def answer(question, passage, start, end, tokenizer):
        row = tokenizer(question, passage, return_offsets_mapping=True)
        T = len(row["input_ids"])
        ok = [t for t in range(T) if part_of is None or row.sequence_ids(0)[t] == 1]
        pairs = [(i, j) for i in ok for j in ok if i <= j]
        i, j = max(pairs, key=lambda p: float(start[p[0]] + end[p[1]]))
        if not together:
            i = max(ok, key=lambda t: float(start[t]))
            j = max(ok, key=lambda t: float(end[t]))
        score = float(start[i] + end[j])
        if not letters:
            ids = row["input_ids"][i : j + more]
            return " ".join(tokenizer.convert_ids_to_tokens(ids)), score
        offsets = row["offset_mapping"][i : j + more]
        last = offsets[-1][1] if offsets else 0
        return passage[row["offset_mapping"][i][0] : last], score

    return answer


def extract_decoded(question, passage, start, end, tokenizer):
    text, score = repaired()(question, passage, start, end, tokenizer)
    return tokenizer.decode(tokenizer(text, add_special_tokens=False).input_ids), score


# --- 10.7 ----------------------------------------------------------------------------


def right(rows, t, strict=False):
    answered = rows["score"] > t if strict else rows["score"] >= t
    exact = rows["exact"].bool()
    return (answered & exact) | (~answered & ~rows["answerable"])


def tuned(on=lambda v, t: v, off=lambda v, t: t, count=right, last=False, final=right):
    def answer(validation, test):
        rows = on(validation, test)
        tried = sorted(rows["score"].tolist())
        sums = [int(count(rows, t).sum()) for t in tried]
        n = sums.index(max(sums))
        n = len(sums) - 1 - sums[::-1].index(max(sums)) if last else n
        share = final(off(validation, test), tried[n]).float().mean()
        return tried[n], float(share)

    return answer


tuned_on_the_test_set = tuned(on=lambda v, t: t)


def threshold_fixed(validation, test):
    return 0.0, float(right(test, 0).float().mean())


def share_of_the_answered(validation, test):
    threshold, _ = tuned()(validation, test)
    answered = test["score"] >= threshold
    exact = test["exact"][answered].float()
    return threshold, float(exact.mean()) if len(exact) else 0.0


# --- 10.8 ----------------------------------------------------------------------------


def merged(replace):
    """Go through the windows; replace(context, best context) says who wins."""

    def answer(firsts, logits):
        length = max(f + len(x) for f, x in zip(firsts, logits, strict=True))
        best, kept = [None] * length, torch.zeros(length)
        for first, scores in zip(firsts, logits, strict=True):
            for n in range(len(scores)):
                sides = n, len(scores) - 1 - n, float(scores[n])
                if best[first + n] is None or replace(sides, best[first + n]):
                    best[first + n], kept[first + n] = sides, scores[n]
        return kept

    return answer


def merged_mean(firsts, logits):
    length = firsts[-1] + len(logits[-1])
    total, count = torch.zeros(length), torch.zeros(length)
    for first, scores in zip(firsts, logits, strict=True):
        total[first : first + len(scores)] += scores
        count[first : first + len(scores)] += 1
    return total / count


def merged_as_list(firsts, logits):
    return merged(lambda a, b: min(a[:2]) > min(b[:2]))(firsts, logits).tolist()


# --- met later -----------------------------------------------------------------------


def searched_as_a_pattern(passage, answer, offsets):
    pattern, found = re.compile(answer, re.I), []
    for i, (start, _) in enumerate(offsets):
        match = pattern.match(passage, start)
        found += [
            (i, j) for j, (_, b) in enumerate(offsets) if match and b == match.end()
        ]
    return found


def searched_word_by_word(passage, answer, offsets):
    tokens = [passage[a:b].lower() for a, b in offsets]
    words = answer.lower().split()
    places = range(len(tokens) - len(words) + 1)
    last = len(words) - 1
    return [(i, i + last) for i in places if tokens[i : i + len(words)] == words]


def searched_without_spaces(passage, answer, offsets):
    tokens, wanted = [passage[a:b].lower() for a, b in offsets], answer.lower()
    return [
        (i, j)
        for i in range(len(tokens))
        for j in range(i, len(tokens))
        if "".join(tokens[i : j + 1]) == wanted.replace(" ", "")
    ]


WRONG = {
    "10.1": [
        (text_by_token_numbers, "used as characters"),
        (text_without_last_token, "the last token is missing"),
        (text_with_end_excluded, "one token too early"),
        (text_of_cls, "[CLS] is no place"),
        (text_in_lower_case, "lower case"),
        (text_only, "a str came back, expected a tuple"),
        (text_glued_from_pieces, "joined of pieces"),
    ],
    "10.2": [
        (exchanged, "exchanged"),
        (as_sets, "counted as sets"),
        (found_again, "found again"),
        (raw_words, "not normalised"),
        (f1_only, "this is F1: give"),
        (empty_forgotten, "divides by 0"),
    ],
    "10.3": [
        (first_place_only, "only the first place"),
        (capitals_matter, "capitals are told apart"),
        (end_excluded, "the token behind the answer"),
        (parts_of_tokens, "a part of a token"),
        (overlaps_lost, "places that overlap"),
        (characters, "these are characters"),
        (searched_as_a_pattern, "read as a pattern"),
        (searched_word_by_word, "cut at spaces"),
        (searched_without_spaces, "spaces are left out"),
    ],
    "10.4": [
        (batch_apart, "each on its own"),
        (batch(lambda i, j, ok, n: ok[i] and ok[j] and j < i + n), "before its start"),
        (
            batch(lambda i, j, ok, n: ok[i] and ok[j] and i <= j),
            "longer than `longest`",
        ),
        (
            batch(lambda i, j, ok, n: ok[i] and ok[j] and i <= j <= i + n),
            "one token too many",
        ),
        (batch(lambda i, j, ok, n: i <= j < i + n), "`inside` is not used"),
        (
            batch(
                lambda i, j, ok, n: ok[i] and ok[j] and i <= j < i + n,
                lambda i, j: (j, i),
            ),
            "exchanged in the result",
        ),
        (batch_one_place, "for the whole batch"),
        (batch_as_lists, "a list came back, expected a tensor"),
    ],
    "10.5": [
        (distinct_cut_first, "before those that overlap are dropped"),
        (distinct_from_neighbour, "the last kept one only"),
        (distinct(order=list), "in the given order"),
        (distinct(order=sorted), "the worst spans"),
        (distinct(lambda a, b: not (a[2] + 1 < b[1] or b[2] + 1 < a[1])), "neighbours"),
        (distinct(lambda a, b: a[1:] == b[1:]), "nothing is dropped"),
        (distinct_in_place, "changes its argument in place (spans)"),
    ],
    "10.6": [
        (tutorial, "all three faults"),
        (repaired(together=False), "still chosen apart"),
        (repaired(part_of=None), "are still allowed"),
        (extract_decoded, "glued from pieces"),
        (repaired(letters=False), "still glued from pieces"),
        (repaired(more=0), "the last token is missing"),
    ],
    "10.7": [
        (tuned_on_the_test_set, "tuned on the test set"),
        (tuned(off=lambda v, t: v), "that of the validation set"),
        (tuned(last=True), "the lowest is asked for"),
        (
            tuned(
                count=lambda r, t: right(r, t, True),
                final=lambda r, t: right(r, t, True),
            ),
            "compare with >=",
        ),
        (
            tuned(count=lambda r, t: (r["score"] >= t) & r["exact"].bool()),
            "silence is never counted",
        ),
        (threshold_fixed, "fixed at 0"),
        (share_of_the_answered, "that of the answered questions"),
    ],
    "10.8": [
        (merged(lambda a, b: False), "first window that has it"),
        (merged(lambda a, b: sum(a[:2]) > sum(b[:2])), "Left plus right"),
        (merged(lambda a, b: True), "last window that has it"),
        (merged_mean, "averaged"),
        (merged(lambda a, b: a[2] > b[2]), "the highest score"),
        (merged(lambda a, b: max(a[:2]) > max(b[:2])), "the larger side"),
        (merged(lambda a, b: min(a[:2]) >= min(b[:2])), "the earlier one"),
        (merged_as_list, "a list came back, expected a tensor"),
    ],
}
