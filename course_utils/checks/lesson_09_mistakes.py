"""Plausible wrong answers to 9.1 to 9.4: tags and pieces, each with its cause."""

import torch

from course_utils.checks.exercise import Mistake

# --- 9.1 write_tags ------------------------------------------------------------------


def _write(
    length, spans, words=range, head=lambda i, start: "B" if i == start else "I"
):
    tags = ["O"] * length
    for start, end, label in spans:
        for i in words(start, end):
            if 0 <= i < length:
                tags[i] = f"{head(i, start)}-{label}"
    return tags


def _begin_after_o(length, spans):
    tags = _write(length, spans, head=lambda i, start: "I")
    for i, tag in enumerate(tags):
        if tag != "O" and (i == 0 or tags[i - 1] == "O"):
            tags[i] = "B" + tag[1:]
    return tags


def _goes_on(received, expected, length, spans):
    """Return whether a name right behind another one begins with I-."""
    rows = zip(received[1:], expected[1:], expected, strict=False)
    return any(e[0] == "B" and r == "I" + e[1:] and b != "O" for r, e, b in rows)


WRITE_TAGS = (
    Mistake(
        "the word at `end` is tagged, too. A name is words[start:end]: the end itself "
        "is the first word after it.",
        lambda length, spans: _write(length, spans, lambda a, b: range(a, b + 1)),
    ),
    Mistake(
        "the last word of each name is missing: range(start, end) ends before end "
        "already.",
        lambda length, spans: _write(length, spans, lambda a, b: range(a, b - 1)),
    ),
    Mistake(
        "only the first word of a name is tagged: the others get I-.",
        lambda length, spans: _write(length, spans, lambda a, b: [a]),
    ),
    Mistake(
        "every word of a name has B-. Then each is a name of its own: B- only begins.",
        lambda length, spans: _write(length, spans, head=lambda i, start: "B"),
    ),
    Mistake(
        "no name has a B-: its first word gets B-, the others I-. (Some old data sets "
        "write it so; two names side by side then become one.)",
        lambda length, spans: _write(length, spans, head=lambda i, start: "I"),
    ),
    Mistake(
        "a name right behind another one goes on with I-: each name begins with B-, "
        "whatever stands before it.",
        _begin_after_o,
        _goes_on,
    ),
    Mistake(
        "the heads B- and I- are missing: a tag says also where a name begins.",
        lambda length, spans: [t[2:] or "O" for t in _write(length, spans)],
    ),
    Mistake(
        "what follows the last name is missing: there are `length` tags, O to the end.",
        lambda length, spans: _write(max((s[1] for s in spans), default=0), spans),
        lambda received, expected, *_: received == expected[: len(received)],
    ),
)

# --- 9.2 to_bilou --------------------------------------------------------------------


def _bilou(tags, ends=lambda after: after[0] != "I", single="U", last="L"):
    written = []
    for tag, after in zip(tags, [*tags[1:], "O"], strict=True):
        if tag != "O" and ends(after):
            tag = (single if tag[0] == "B" else last) + tag[1:]
        written.append(tag)
    return written


TO_BILOU = (
    Mistake(
        "a name of one word keeps its B-: it is U-, for it begins and ends at once.",
        lambda tags: _bilou(tags, single="B"),
    ),
    Mistake(
        "a name of one word has L-: L- ends a longer name, one word alone is U-.",
        lambda tags: _bilou(tags, single="L"),
    ),
    Mistake(
        "the last word of a longer name is L-.", lambda tags: _bilou(tags, last="I")
    ),
    Mistake(
        "a name is taken to end only before O. It also ends where the next one begins.",
        lambda tags: _bilou(tags, lambda after: after == "O"),
    ),
    Mistake(
        "the name at the end of the sentence is not closed: after the last word comes "
        "nothing, and that ends a name, too.",
        lambda tags: [*_bilou(tags)[:-1], tags[-1]],
    ),
    Mistake(
        "these are the letters of BIOES, a sister scheme. Here the end is L (last), "
        "and one word alone is U (unit).",
        lambda tags: _bilou(tags, single="S", last="E"),
    ),
)

# --- 9.3 label_pieces ----------------------------------------------------------------


def _label(
    text,
    names,
    tokenizer,
    touches=lambda a, b, start, end: a < end and b > start,
    begins=lambda a, start, seen: not seen,
    special=None,
):
    """Label pieces with one slip. a, b: the piece's place; start, end: the name's."""
    encoding = tokenizer(text, return_offsets_mapping=True)
    places = zip(encoding["offset_mapping"], encoding.sequence_ids(), strict=True)
    tags, seen = [], set()
    for (a, b), row in places:
        tag = special if row is None else "O"
        for number, (start, end, label) in enumerate(names):
            if row is not None and touches(a, b, start, end):
                head = "B-" if begins(a, start, number in seen) else "I-"
                tag = head + label
                seen.add(number)
        tags.append(tag)
    return tags


def _label_of_one(text, names, tokenizer):
    return _label(text, names[:1], tokenizer)


def _label_special(text, names, tokenizer):
    encoding = tokenizer(text, return_offsets_mapping=True)
    tags = _label(text, names, tokenizer, special="O")
    first = [label for start, _, label in names if start == 0]
    for i, (a, b) in enumerate(encoding["offset_mapping"]):
        if first and a == b == 0:
            tags[i] = f"B-{first[0]}"
    return tags


def _without_begin(received, expected, *given):
    """Return whether a name that should begin with B- begins with I-."""
    pairs = zip(received, expected, strict=True)
    return any(e and e[0] == "B" and r == "I" + e[1:] for r, e in pairs)


LABEL_PIECES = (
    Mistake(
        "[CLS] and [SEP] have O: they stand for no character and get None. "
        "`encoding.sequence_ids()` has None for them.",
        lambda *given: _label(*given, special="O"),
    ),
    Mistake(
        "[CLS] and [SEP] have the place (0, 0). A name that begins at character 0 is "
        "not theirs: `encoding.sequence_ids()` has None for them.",
        _label_special,
    ),
    Mistake(
        "every piece of a name has B-: only the first begins it, the others get I-.",
        lambda *given: _label(*given, begins=lambda a, start, seen: True),
    ),
    Mistake(
        "a name whose first character is a space has no B-: no piece begins exactly "
        "there. B- goes to the first piece that shares a character.",
        lambda *given: _label(*given, begins=lambda a, start, seen: a == start),
        _without_begin,
    ),
    Mistake(
        "only pieces that lie wholly inside a name are labelled. An annotator may mark "
        "part of a piece: one shared character is enough.",
        lambda *given: _label(
            *given, touches=lambda a, b, start, end: start <= a and b <= end
        ),
    ),
    Mistake(
        "the piece right after a name is labelled, too: `end` is the first character "
        "after the name. Compare with <, not <=.",
        lambda *given: _label(
            *given, touches=lambda a, b, start, end: a <= end and b > start
        ),
    ),
    Mistake("only the first name is labelled.", _label_of_one),
    Mistake(
        "[CLS] and [SEP] are left out: the list has a tag for each token, None for "
        "those.",
        lambda *given: [tag for tag in _label(*given) if tag is not None],
        lambda received, expected, *_: received == [tag for tag in expected if tag],
    ),
)

# --- 9.4 average_words ---------------------------------------------------------------


def _words(logits, word_ids, share, pool):
    """Pool the rows of each word. share: first on all rows; pool: on a word's rows."""
    rows = share(logits)
    ids = torch.tensor([-1 if word is None else word for word in word_ids])
    return torch.stack([pool(rows[ids == w]) for w in range(int(ids.max()) + 1)])


def _softmax(x):
    return x.softmax(dim=-1)


def _mean(x):
    return x.mean(dim=0)


def _with_special(logits, ids):
    """Average the rows of no word, too: their row comes first, as [CLS] does."""
    special = torch.tensor([word is None for word in ids])
    first = _softmax(logits)[special].mean(dim=0)
    return torch.cat([first[None], _words(logits, ids, _softmax, _mean)])


AVERAGE_WORDS = (
    Mistake(
        "only the first piece of each word is read. Here all of its pieces vote.",
        lambda logits, ids: _words(logits, ids, _softmax, lambda x: x[0]),
    ),
    Mistake(
        "only the last piece of each word is left: a later one overwrites the others.",
        lambda logits, ids: _words(logits, ids, _softmax, lambda x: x[-1]),
    ),
    Mistake(
        "the logits are averaged, then the softmax is taken: a loud piece drowns the "
        "others. First the softmax of each piece, then the mean.",
        lambda logits, ids: _words(
            logits, ids, lambda x: x, lambda x: _softmax(_mean(x))
        ),
    ),
    Mistake(
        "these are averaged logits, not probabilities: take softmax(dim=-1) first.",
        lambda logits, ids: _words(logits, ids, lambda x: x, _mean),
    ),
    Mistake(
        "the softmax runs over the pieces (dim 0), not over the tags: use dim=-1.",
        lambda logits, ids: _words(logits, ids, lambda x: x.softmax(dim=0), _mean),
    ),
    Mistake(
        "the probabilities of a word are summed: divide by its number of pieces.",
        lambda logits, ids: _words(logits, ids, _softmax, lambda x: x.sum(dim=0)),
    ),
    Mistake(
        "the largest probability of each tag is taken: a row then sums to more than 1.",
        lambda logits, ids: _words(logits, ids, _softmax, lambda x: x.amax(dim=0)),
    ),
    Mistake(
        "the special tokens have a row, too: leave out the places where word_ids is "
        "None.",
        _with_special,
        lambda received, expected, *_: len(received) == len(expected) + 1,
    ),
    Mistake(
        "the best tag of each word comes back: the probabilities are asked for.",
        lambda logits, ids: _words(logits, ids, _softmax, _mean).argmax(dim=-1),
    ),
)
