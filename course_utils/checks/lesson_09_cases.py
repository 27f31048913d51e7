"""Inputs on which the exercises of lesson 09 are tried: tags, texts, scores."""

from functools import cache
from itertools import takewhile

import torch

from course_utils.development_names import load_development_names
from course_utils.pretrained import load_bert

LABELS = ("PER", "ORG", "LOC", "DATE")


@cache
def tokenizer():
    """Return the course's tokenizer, loaded once."""
    return load_bert()[0]


def draw_spans(rng, length, labels=LABELS):
    """Draw names of 1 to 3 words in a sentence, some of them side by side."""
    spans, place = [], 0
    while place < length:
        end = min(length, place + rng.randint(1, 3))
        if rng.random() < 0.6:
            spans.append((place, end, rng.choice(labels)))
            place = end
        else:
            place += 1
    return spans


def draw_tags(rng, length, labels=LABELS):
    """Draw the legal BIO tags of a sentence."""
    return write_tags(length, draw_spans(rng, length, labels))


def write_tags(length, spans):
    """Return the BIO tags of a sentence, word by word."""
    tags = []
    for i in range(length):
        here = [(start, label) for start, end, label in spans if start <= i < end]
        tags += [("B-" if start == i else "I-") + label for start, label in here]
        tags += [] if here else ["O"]
    return tags


def span_cases(rng):
    cases = [(1, []), (1, [(0, 1, "PER")]), (2, [(0, 2, "LOC")])]
    cases += [(3, [(1, 3, "ORG")]), (3, [(0, 1, "PER"), (1, 3, "PER")])]
    cases += [(4, [(2, 4, "DATE"), (0, 1, "LOC")])]
    for _ in range(8):
        length = rng.randint(4, 14)
        spans = draw_spans(rng, length)
        cases.append((length, rng.sample(spans, len(spans))))
    return cases


def bio_cases(rng):
    rows = [["O"], ["B-PER"], ["B-LOC", "I-LOC"], ["O", "B-ORG"]]
    rows += [["B-DATE", "I-DATE", "I-DATE"], ["B-PER", "B-PER", "I-PER"]]
    rows += [["B-PER", "I-PER", "B-ORG", "O"]]
    return [
        (row,) for row in rows + [draw_tags(rng, rng.randint(4, 14)) for _ in range(8)]
    ]


def _marked(text, *names):
    """Return the text and its names, each given as (name, label)."""
    starts = [(text.index(name), name, label) for name, label in names]
    return text, [(start, start + len(name), label) for start, name, label in starts]


def text_cases(rng):
    cases = [_marked("It rains."), _marked("Ann left.", ("Ann", "PER"))]
    cases += [_marked("See Oslo.", (" Oslo", "LOC"))]
    cases += [_marked("They saw Parisians.", ("Paris", "LOC"))]
    cases += [_marked("Ann, Bo", ("Ann", "PER"), ("Bo", "PER"))]
    cases += [_marked("Nkechi Bianchi paid.", ("Nkechi", "PER"), ("Bianchi", "PER"))]
    cases += [_marked("At Saint-Gobain, in Łódź", ("Saint-Gobain", "ORG"))]
    for row in rng.sample(load_development_names(), 6):
        starts = [0]
        for word in row["tokens"]:
            starts.append(starts[-1] + len(word) + 1)
        names = [
            (starts[a], starts[b] - 1, label) for a, b, label in names_of(row["tags"])
        ]
        cases.append((" ".join(row["tokens"]), names))
    return [(*case, tokenizer()) for case in cases]


def piece_cases(rng):
    rows = [[None, 0, None], [None, 0, 0, None], [None, 0, 1, 1, None]]
    rows += [[None, 0, 0, 0, 1, None, None, None]]
    for _ in range(6):
        counts = [rng.randint(1, 4) for _ in range(rng.randint(2, 6))]
        words = [word for word, n in enumerate(counts) for _ in range(n)]
        rows.append([None, *words, None, *[None] * rng.randint(0, 3)])
    generator = torch.Generator().manual_seed(rng.randrange(2**31))
    return [
        (4 * torch.randn(len(words), 2 + i % 3, generator=generator), words)
        for i, words in enumerate(rows)
    ]


def names_of(tags):
    """Return (start, end, label) of the names in legal tags."""
    heads = [i for i, tag in enumerate(tags) if tag[0] == "B"]
    runs = {i: list(takewhile(lambda t: t[0] == "I", tags[i + 1 :])) for i in heads}
    return [(i, i + 1 + len(run), tags[i][2:]) for i, run in runs.items()]


def _written(words, gaps, tags):
    """Return text, offsets and tags of words, each followed by its gap."""
    text, offsets = "", []
    for word, gap in zip(words, gaps, strict=True):
        offsets.append((len(text), len(text) + len(word)))
        text += word + gap
    return text, offsets, tags


def offset_cases(rng):
    cases = [_written(["It"], "!", ["O"]), _written(["Ann"], [""], ["B-PER"])]
    cases += [_written(["Ann", "Bo"], " .", ["B-PER", "I-PER"])]
    cases += [_written(["Ann", "Bo", "go"], "  .", ["B-PER", "B-PER", "O"])]
    cases += [_written(["Le", "Mans", "Ann"], "-  ", ["B-LOC", "I-LOC", "B-PER"])]
    words = ("Ann", "Bo", "Łódź", "May", "1999", "Černá", "Inn")
    for _ in range(8):
        drawn = rng.choices(words, k=rng.randint(4, 10))
        gaps = rng.choices((" ", "-", "  ", ", "), k=len(drawn))
        cases.append(_written(drawn, gaps, draw_tags(rng, len(drawn), LABELS[:2])))
    return cases


def gap_cases(rng):
    bank, of = ["Bank", "of", "Oslo"], ["of", "&"]
    org = [(0, 1, "ORG"), (2, 3, "ORG")]
    cases = [(["No"], [], of), (bank, org, of), (["A", "OF", "B"], org, of)]
    cases += [(bank, [(0, 1, "ORG"), (2, 3, "LOC")], of), (bank, org, ["and"])]
    cases += [(["A", "B"], [(0, 1, "PER"), (1, 2, "PER")], of)]
    cases += [(["A", "of", "the", "B"], [(0, 1, "LOC"), (3, 4, "LOC")], ["of", "the"])]
    cases += [(["A", "&", "B", "&", "C"], [*org, (4, 5, "ORG")], of)]
    cases += [(["A", "o", "B"], org, of)]
    place = [(0, 1, "LOC"), (2, 3, "LOC")]
    cases += [(["Stratford", "upon", "Avon"], place, ["upon"])]
    for _ in range(8):
        words = rng.choices(("Ann", "of", "&", "Bank", "Of"), k=rng.randint(5, 12))
        cases.append((words, draw_spans(rng, len(words), LABELS[:2]), of))
    return cases


def score_cases(rng):
    one, two = ["B-PER", "O"], ["B-PER", "I-PER"]
    cases = [([["O"]], [["O"]]), ([["B-PER"]], [["O"]]), ([one], [two]), ([two], [one])]
    cases += [([["B-PER", "B-PER"]], [two]), ([one], [["O", "B-PER"]])]
    cases += [([one], [["B-ORG", "I-ORG"]]), ([["O"], ["B-PER"]], [["B-PER"], ["O"]])]
    cases += [
        ([["B-LOC", "I-LOC", "I-LOC"], two], [["B-LOC", "B-LOC", "O"], ["O", "O"]])
    ]
    for _ in range(6):
        lengths = [rng.randint(4, 10) for _ in range(rng.randint(2, 4))]
        rows = [[draw_tags(rng, n, LABELS[:2]) for n in lengths] for _ in range(2)]
        cases.append(tuple(rows))
    return cases


def legal_moves(tags):
    """Return (C, C) bool: row = the tag before, column = the tag after."""
    rows = [
        [tag[:2] != "I-" or before in ("B" + tag[1:], tag) for tag in tags]
        for before in tags
    ]
    return torch.tensor(rows)


def tag_cases(rng):
    rows = [["O"], ["O", "B-X"], ["O", "B-X", "I-X"], ["B-X", "O", "I-X"]]
    rows += [["O", "B-X", "I-X", "B-Y", "I-Y"], ["I-Y", "I-X", "B-Y", "B-X", "O"]]
    everything = ["O", *(f"{head}-{label}" for label in LABELS for head in "BI")]
    drawn = [rng.sample(everything, count) for count in (4, 5, 6, 7, 9)]
    return [(row,) for row in [*rows, everything, *drawn]]


def path_cases(rng):
    generator = torch.Generator().manual_seed(rng.randrange(2**31))
    small = ["O", "B-X", "I-X"]
    sizes = [(1, small), (1, small), (2, small), (3, small), (4, small), (5, small)]
    sizes += [(n, [*small, "B-Y", "I-Y"]) for n in (2, 3, 4, 5, 5, 12, 25)]
    return [
        (
            (2 * torch.randn(T, len(tags), generator=generator)).log_softmax(dim=-1),
            legal_moves(tags),
        )
        for T, tags in sizes
    ]
