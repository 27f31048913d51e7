"""Wrong answers to the exercises of lesson 09, and what the student must be told."""

import torch

from course_utils.entity_spans import spans_of

# --- 9.1 -----------------------------------------------------------------------------


def write_with_end(length, spans):
    tags = ["O"] * (length + 1)
    for start, end, label in spans:
        tags[start] = f"B-{label}"
        for i in range(start + 1, end + 1):
            tags[i] = f"I-{label}"
    return tags[:length]


def write_only_b(length, spans):
    tags = ["O"] * length
    for start, end, label in spans:
        tags[start:end] = [f"B-{label}"] * (end - start)
    return tags


def write_only_i(length, spans):
    tags = ["O"] * length
    for start, end, label in spans:
        tags[start:end] = [f"I-{label}"] * (end - start)
    return tags


def write_first_word(length, spans):
    begun = {start: label for start, _, label in spans}
    return [f"B-{begun[i]}" if i in begun else "O" for i in range(length)]


def write_labels(length, spans):
    tags = ["O"] * length
    for start, end, label in spans:
        tags[start:end] = [label] * (end - start)
    return tags


def write_first_in_sentence(length, spans):
    tags = ["O"] * length
    for start, end, label in spans:
        for i in range(start, end):
            tags[i] = f"I-{label}" if i and tags[i - 1] != "O" else f"B-{label}"
    return tags


def write_too_long(length, spans):
    tags = []
    for start, end, label in sorted(spans):
        tags += ["O"] * (start - len(tags))
        tags += [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return tags  # what follows the last name is missing


# --- 9.2 -----------------------------------------------------------------------------


def bilou(single="U-", first="B-", middle="I-", last="L-"):
    def answer(tags):
        written = ["O"] * len(tags)
        for start, end, label in spans_of(tags):
            heads = [first] + [middle] * (end - start - 2) + [last]
            heads = [single] if end - start == 1 else heads
            written[start:end] = [head + label for head in heads]
        return written

    return answer


def bilou_before_o(tags):
    after = [*tags[1:], "O"]
    turned = {"B": "U", "I": "L"}
    return [
        turned[tag[0]] + tag[1:] if tag != "O" and following == "O" else tag
        for tag, following in zip(tags, after, strict=True)
    ]


def bilou_open_at_the_end(tags):
    written = list(tags)
    for i, following in enumerate(tags[1:]):
        if tags[i] != "O" and following[0] != "I":
            written[i] = {"B": "U", "I": "L"}[tags[i][0]] + tags[i][1:]
    return written


def bilou_in_place(tags):
    for i, tag in enumerate(bilou()(tags)):
        tags[i] = tag
    return tags


# --- 9.3 -----------------------------------------------------------------------------


def pieces(rule):
    """Build an answer from rule(piece start, piece end, is special, names) -> tag."""

    def answer(text, names, tokenizer):
        encoding = tokenizer(text, return_offsets_mapping=True)
        rows = encoding.sequence_ids()
        return [
            rule(a, b, row is None, names)
            for (a, b), row in zip(encoding["offset_mapping"], rows, strict=True)
        ]

    return answer


def piece_exactly_inside(a, b, special, names):
    for start, end, label in names:
        if start <= a and b <= end and not special:
            return f"{'B' if a == start else 'I'}-{label}"
    return None if special else "O"


def piece_with_end(a, b, special, names):
    for start, end, label in names:
        if start < b and a <= end and not special:
            return f"{'B' if a <= start else 'I'}-{label}"
    return None if special else "O"


def piece_special_is_o(a, b, special, names):
    for start, end, label in names:
        if start < b and a < end and not special:
            return f"{'B' if a <= start else 'I'}-{label}"
    return "O"


def piece_always_b(a, b, special, names):
    for start, end, label in names:
        if start < b and a < end and not special:
            return f"B-{label}"
    return None if special else "O"


def piece_begins_exactly(a, b, special, names):
    for start, end, label in names:
        if start < b and a < end and not special:
            return f"{'B' if a == start else 'I'}-{label}"
    return None if special else "O"


def begun(answer):
    """Mend an answer: an I- with nothing before it becomes a B-."""

    def mended(*given):
        tags = answer(*given)
        for i, tag in enumerate(tags):
            if tag and tag[0] == "I" and (tags[i - 1] or "O")[2:] != tag[2:]:
                tags[i] = "B" + tag[1:]
        return tags

    return mended


def pieces_without_special(text, names, tokenizer):
    return [tag for tag in pieces(piece_begins_exactly)(text, names, tokenizer) if tag]


# --- 9.4 -----------------------------------------------------------------------------


def groups(word_ids):
    found = {}
    for i, word in enumerate(word_ids):
        found.setdefault(word, []).append(i)
    return found


def averaged(before, pool, special=False):
    def answer(logits, word_ids):
        rows = before(logits)
        kept = [g for w, g in groups(word_ids).items() if special or w is not None]
        return torch.stack([pool(rows[g]) for g in kept])

    return answer


def as_it_is(x):
    return x


def over_tags(x):
    return torch.softmax(x, -1)


def best_tags(logits, word_ids):
    return averaged(over_tags, lambda x: x.mean(0))(logits, word_ids).argmax(dim=-1)


# --- 9.5 -----------------------------------------------------------------------------


def names_published(text, offsets, tags):
    found, now = [], None
    for place, tag in zip(offsets, tags, strict=True):
        if now and now["label"] == tag[2:]:
            now["end"] = place[1]
        else:
            if now:
                found.append((text[now["start"] : now["end"]], now["label"]))
            now = {"start": place[0], "end": place[1], "label": tag[2:]}
            now = now if tag != "O" else None
    return found


def names_with_the_last(text, offsets, tags):
    return names_published(
        f"{text}.", [*offsets, (len(text), len(text) + 1)], [*tags, "O"]
    )


def names_apart_without_the_last(text, offsets, tags):
    found = []
    for start, end, label in spans_of(tags):
        if end < len(tags):
            found.append((text[offsets[start][0] : offsets[end - 1][1]], label))
    return found


def names_of_words(text, offsets, tags):
    words = [text[a:b] for a, b in offsets]
    return [(" ".join(words[a:b]), label) for a, b, label in spans_of(tags)]


def names_one_word_further(text, offsets, tags):
    ends = [*offsets, (len(text), len(text))]
    return [(text[offsets[a][0] : ends[b][0]], label) for a, b, label in spans_of(tags)]


def names_by_word_numbers(text, offsets, tags):
    return [(text[a:b], label) for a, b, label in spans_of(tags)]


# --- 9.6 -----------------------------------------------------------------------------


def join(fits):
    """Build an answer from fits(gap, joiners, label, label before)."""

    def answer(words, spans, joiners):
        found = []
        for start, end, label in spans:
            if found and fits(
                words[found[-1][1] : start], joiners, label, found[-1][2]
            ):
                found[-1] = (found[-1][0], end, found[-1][2])
            else:
                found.append((start, end, label))
        return found

    return answer


def join_any_label(gap, joiners, label, before):
    return len(gap) == 1 and gap[0].lower() in joiners


def join_no_gap(gap, joiners, label, before):
    known = not gap or gap[0].lower() in joiners
    return label == before and len(gap) <= 1 and known


def join_long_gap(gap, joiners, label, before):
    return label == before and gap != [] and {w.lower() for w in gap} <= set(joiners)


def join_any_word(gap, joiners, label, before):
    return label == before and len(gap) == 1


def join_small_letters(gap, joiners, label, before):
    return label == before and len(gap) == 1 and gap[0] in joiners


def join_two_only(words, spans, joiners):
    found, skip = [], False
    for i, (start, end, label) in enumerate(spans):
        if skip:
            skip = False
            continue
        if i + 1 < len(spans):
            after, last, other = spans[i + 1]
            gap = words[end:after]
            if len(gap) == 1 and gap[0].lower() in joiners and other == label:
                end, skip = last, True
        found.append((start, end, label))
    return found


def join_in_place(words, spans, joiners):
    i = 0
    while i + 1 < len(spans):
        gap = words[spans[i][1] : spans[i + 1][0]]
        alike = spans[i][2] == spans[i + 1][2]
        if alike and len(gap) == 1 and gap[0].lower() in joiners:
            spans[i] = (spans[i][0], spans.pop(i + 1)[1], spans[i][2])
        else:
            i += 1
    return spans


# --- 9.7 -----------------------------------------------------------------------------


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0


def overlap(meet, swap=False):
    def answer(true, predicted):
        shares = []
        for ours, theirs in ((predicted, true), (true, predicted)):
            met = [
                any(meet(x, y) for y in spans_of(other))
                for row, other in zip(ours, theirs, strict=True)
                for x in spans_of(row)
            ]
            shares.append(sum(met) / max(len(met), 1))
        return (*shares[:: -1 if swap else 1], f1(*shares))

    return answer


def share_a_word(x, y):
    return x[2] == y[2] and bool(set(range(*x[:2])) & set(range(*y[:2])))


def overlap_of_words(true, predicted):
    pairs = [
        p for t, o in zip(true, predicted, strict=True) for p in zip(t, o, strict=True)
    ]
    right = sum(t[2:] == o[2:] != "" for t, o in pairs)
    precision = right / max(sum(o != "O" for _, o in pairs), 1)
    recall = right / max(sum(t != "O" for t, _ in pairs), 1)
    return precision, recall, f1(precision, recall)


def overlap_averaged(true, predicted):
    score = overlap(share_a_word)
    rows = [score([t], [p]) for t, p in zip(true, predicted, strict=True)]
    return tuple(torch.tensor(rows).mean(dim=0).tolist())


def overlap_without_care(true, predicted):
    right = overlap(share_a_word)(true, predicted)
    return (*right[:2], 2 * right[0] * right[1] / (right[0] + right[1]))


# --- 9.8 -----------------------------------------------------------------------------


def moves(rule):
    def answer(tags):
        rows = [[rule(before, after) for after in tags] for before in tags]
        return torch.tensor(rows)

    return answer


def right_move(before, after):
    return after[:2] != "I-" or before in ("B" + after[1:], after)


def moves_as_lists(tags):
    return moves(right_move)(tags).tolist()


def moves_of_course_tags(tags):
    known = ["O", *(f"{x}-{y}" for y in ("PER", "ORG", "LOC", "DATE") for x in "BI")]
    return moves(right_move)(known)


# --- 9.9 -----------------------------------------------------------------------------


def viterbi(log_p, allowed, begin=0):
    """Return the best sums and notes of where each came from."""
    inf = float("inf")
    sums = [
        x if begin is None or allowed[begin, c] else -inf
        for c, x in enumerate(log_p[0])
    ]
    notes = []
    for row in log_p[1:]:
        ways = [
            max((sums[b] if allowed[b, c] else -inf, b) for b in range(len(row)))
            for c in range(len(row))
        ]
        sums = [best + x for (best, _), x in zip(ways, row, strict=True)]
        notes.append([b for _, b in ways])
    return [float(x) for x in sums], notes


def way_back(sums, notes):
    path = [sums.index(max(sums))]
    for note in notes[::-1]:
        path.append(note[path[-1]])
    return path


def path_free_start(log_p, allowed):
    return way_back(*viterbi(log_p, allowed, None))[::-1]


def path_backwards(log_p, allowed):
    return way_back(*viterbi(log_p, allowed))


def path_transposed(log_p, allowed):
    return way_back(*viterbi(log_p, allowed.transpose(0, 1)))[::-1]


def path_sums(log_p, allowed):
    return max(viterbi(log_p, allowed)[0])


def path_of_greedy_choices(log_p, allowed):
    path = [0]
    for row in log_p.tolist():
        legal = [c for c in range(len(row)) if allowed[path[-1], c]]
        path.append(max(legal, key=row.__getitem__))
    return path[1:]


def path_free(log_p, allowed):
    return [int(row.argmax()) for row in log_p]


def path_by_product(log_p, allowed):
    path, p = [], torch.ones(len(allowed)) * allowed[0]
    for row in log_p:
        p = row.exp() * p
        path.append(int(p.argmax()))
        p = (p[:, None] * allowed).amax(dim=0)
    return path


# --- met later -----------------------------------------------------------------------


def join_parts(gap, joiners, label, before):
    return len(gap) == 1 and label == before and gap[0].lower() in "|".join(joiners)


def join_organisations(gap, joiners, label, before):
    return label == before == "ORG" and [w.lower() in joiners for w in gap] == [True]


WRONG = {
    "9.1": [
        (write_with_end, "the word at `end` is tagged, too"),
        (write_only_b, "every word of a name has B-"),
        (write_only_i, "no name has a B-"),
        (write_first_word, "only the first word"),
        (write_labels, "heads B- and I- are missing"),
        (write_first_in_sentence, "goes on with I-"),
        (write_too_long, "what follows the last name"),
    ],
    "9.2": [
        (bilou(single="B-"), "keeps its B-"),
        (bilou(single="L-"), "has L-"),
        (bilou(last="I-"), "the last word of a longer name is L-"),
        (bilou(single="S-", last="E-"), "letters of BIOES"),
        (bilou_before_o, "taken to end only before O"),
        (bilou_open_at_the_end, "at the end of the sentence is not closed"),
        (bilou_in_place, "changes its argument in place (tags)"),
    ],
    "9.3": [
        (begun(pieces(piece_exactly_inside)), "part of a piece"),
        (begun(pieces(piece_with_end)), "right after a name"),
        (pieces(piece_with_end), "first character is a space"),
        (pieces(piece_special_is_o), "stand for no character and get None"),
        (pieces(piece_always_b), "every piece of a name has B-"),
        (pieces(piece_begins_exactly), "first character is a space"),
        (pieces_without_special, "[CLS] and [SEP] are left out"),
    ],
    "9.4": [
        (averaged(over_tags, lambda x: x[0]), "only the first piece"),
        (averaged(as_it_is, lambda x: over_tags(x.mean(0))), "the logits are averaged"),
        (averaged(as_it_is, lambda x: x.mean(0)), "averaged logits, not"),
        (averaged(lambda x: x.softmax(0), lambda x: x.mean(0)), "over the pieces"),
        (averaged(over_tags, lambda x: x.sum(0)), "summed"),
        (averaged(over_tags, lambda x: x.mean(0), special=True), "have a row, too"),
        (best_tags, "the best tag of each word"),
    ],
    "9.5": [
        (names_published, "both faults are still there"),
        (names_with_the_last, "a B- always begins a new"),
        (names_apart_without_the_last, "ends the text is still lost"),
        (names_of_words, "joined with spaces"),
        (names_one_word_further, "runs on to the next word"),
        (names_by_word_numbers, "numbers of words are used"),
    ],
    "9.6": [
        (join(join_any_label), "different labels are joined"),
        (join(join_no_gap), "names side by side"),
        (join(join_long_gap), "a gap of several words"),
        (join(join_any_word), "any word joins"),
        (join(join_small_letters), "capitals count here"),
        (join_two_only, "a chain stops after two"),
        (join_in_place, "changes its argument in place (spans)"),
        (join(join_parts), "a part of a joining word"),
        (join(join_organisations), "only organisations"),
    ],
    "9.7": [
        (overlap(lambda x, y: x == y), "that is the strict score"),
        (overlap(lambda x, y: share_a_word((*x[:2], 0), (*y[:2], 0))), "label is not"),
        (overlap(lambda x, y: x[0] <= y[1] >= x[0] and y[0] <= x[1]), "only touch"),
        (overlap(share_a_word, swap=True), "precision and recall swapped"),
        (overlap_of_words, "words are counted"),
        (overlap_averaged, "averaged over sentences"),
        (overlap_without_care, "ZeroDivisionError"),
    ],
    "9.8": [
        (moves(lambda a, b: right_move(b, a)), "rows and columns are exchanged"),
        (moves(lambda a, b: b[0] != "I" or (a[0] == "B" and a[2:] == b[2:])), "three"),
        (moves(lambda a, b: not (a == "O" and b[0] == "I")), "name of another label"),
        (moves(lambda a, b: b[0] != "I" or a == "O" or right_move(a, b)), "follow O"),
        (moves(lambda a, b: not right_move(a, b)), "inverted"),
        (moves_as_lists, "a list came back, expected a tensor"),
        (moves_of_course_tags, "the course's own tags"),
    ],
    "9.9": [
        (path_free, "`allowed` is not"),
        (path_of_greedy_choices, "chosen word by word"),
        (path_free_start, "the first tag is free"),
        (path_transposed, "the wrong way round"),
        (path_backwards, "the path is backwards"),
        (path_by_product, "best tag of each prefix"),
        (path_sums, "the largest sum comes back"),
    ],
}
