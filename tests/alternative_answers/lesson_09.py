"""Other correct ways to solve the exercises of lesson 09."""

import re

import numpy as np
import torch
from seqeval.scheme import IOB2, Entities


def write_by_slices(length, spans):
    tags = ["O"] * length
    for start, end, label in spans:
        tags[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return tuple(tags)


def bilou_by_pattern(tags):
    row = " ".join(tags) + " "
    row = re.sub(r"B(\S+) (?!I)", r"U\1 ", row)
    return re.sub(r"I(\S+) (?!I)", r"L\1 ", row).split()


def bilou_from_behind(tags):
    written, after = [], "O"
    for tag in reversed(tags):
        ends = tag != "O" and not after.startswith("I")
        written.insert(0, {"B": "U", "I": "L"}[tag[0]] + tag[1:] if ends else tag)
        after = tag
    return written


def label_by_characters(text, names, tokenizer):
    encoding = tokenizer(
        text, return_offsets_mapping=True, return_special_tokens_mask=True
    )
    tags = [None if special else "O" for special in encoding["special_tokens_mask"]]
    for start, end, label in names:
        found = {encoding.char_to_token(place) for place in range(start, end)} - {None}
        for piece in found:
            tags[piece] = f"{'B' if piece == min(found) else 'I'}-{label}"
    return tags


def average_by_index_add(logits, word_ids):
    kept = [i for i, word in enumerate(word_ids) if word is not None]
    words = torch.tensor([word_ids[i] for i in kept])
    shares = torch.softmax(logits.double(), dim=1)[kept]
    sums = torch.zeros(int(words.max()) + 1, logits.shape[1], dtype=torch.float64)
    return sums.index_add(0, words, shares) / words.bincount()[:, None]


def average_word_by_word(logits, word_ids):
    rows = []
    for word in range(max(w for w in word_ids if w is not None) + 1):
        pieces = [i for i, w in enumerate(word_ids) if w == word]
        rows.append(logits[pieces].softmax(dim=-1).mean(dim=0))
    return torch.stack(rows)


def names_by_seqeval(text, offsets, tags):
    [found] = Entities([tags], IOB2).entities
    return [[text[offsets[x.start][0] : offsets[x.end - 1][1]], x.tag] for x in found]


def names_by_a_walk(text, offsets, tags):
    names = []
    for (start, end), tag in zip(offsets, tags, strict=True):
        if tag.startswith("B-"):
            names.append((start, end, tag[2:]))
        elif tag.startswith("I-"):
            names[-1] = (names[-1][0], end, tag[2:])
    return [(text[start:end], label) for start, end, label in names]


def join_by_recursion(words, spans, joiners):
    for i in range(len(spans) - 1):
        (start, end, label), (after, last, other) = spans[i], spans[i + 1]
        if label == other and after - end == 1 and words[end].lower() in joiners:
            joined = [*spans[:i], (start, last, label), *spans[i + 2 :]]
            return join_by_recursion(words, joined, joiners)
    return list(spans)


def join_from_behind(words, spans, joiners):
    joined = []
    for start, end, label in reversed(spans):
        gap = words[end : joined[0][0]] if joined else []
        if len(gap) == 1 and gap[0].lower() in joiners and joined[0][2] == label:
            joined[0] = [start, joined[0][1], label]
        else:
            joined.insert(0, [start, end, label])
    return joined


def overlap_by_word_sets(true, predicted):
    def names(rows):
        found = []
        for i, row in enumerate(rows):
            for place, tag in enumerate(row):
                if tag[0] == "B":
                    found.append(set())
                if tag != "O":
                    found[-1].add((i, place, tag[2:]))
        return found

    ours, theirs = names(predicted), names(true)
    precision = np.mean([any(x & y for y in theirs) for x in ours] or [0])
    recall = np.mean([any(x & y for y in ours) for x in theirs] or [0])
    if precision + recall == 0:
        return [0.0, 0.0, 0.0]
    return [precision, recall, 2 / (1 / precision + 1 / recall)]


def moves_of_ones(tags):
    table = torch.ones(len(tags), len(tags), dtype=torch.int64)
    for column, tag in enumerate(tags):
        if tag.startswith("I-"):
            table[:, column] = torch.tensor(
                [int(before in ("B-" + tag[2:], tag)) for before in tags]
            )
    return table


def path_with_tensors(log_p, allowed):
    wall = torch.where(allowed.bool(), 0.0, -1e9).double()
    score, notes = wall[0] + log_p[0], []
    for row in log_p[1:]:
        best = (score.unsqueeze(1) + wall).max(dim=0)
        score = best.values + row
        notes.append(best.indices)
    path = [score.argmax()]
    for note in notes[::-1]:
        path.insert(0, note[path[0]])
    return torch.stack(path)


def path_with_whole_paths(log_p, allowed):
    ways = {0: (0.0, [])}
    for row in log_p.tolist():
        ways = {
            tag: max(
                (total + x, [*path, tag])
                for before, (total, path) in ways.items()
                if allowed[before, tag]
            )
            for tag, x in enumerate(row)
            if any(allowed[before, tag] for before in ways)
        }
    return max(ways.values())[1]


RIGHT = {
    "9.1": [write_by_slices],
    "9.2": [bilou_by_pattern, bilou_from_behind],
    "9.3": [label_by_characters],
    "9.4": [average_by_index_add, average_word_by_word],
    "9.5": [names_by_seqeval, names_by_a_walk],
    "9.6": [join_by_recursion, join_from_behind],
    "9.7": [overlap_by_word_sets],
    "9.8": [moves_of_ones],
    "9.9": [path_with_tensors, path_with_whole_paths],
}
