"""Sentences with BIO labels for names of people, organisations, places, and dates.

The rules: titles (Dr, Mrs) and the possessive 's are O; a date goes without preposition
and article; durations, clock times, ages and nationalities are O.
"""

import re

from course_utils.newsroom.articles import ENTITY_LABELS
from course_utils.newsroom.entity_writer import EntityWriter
from course_utils.newsroom.marks import mark_up
from course_utils.newsroom.passages import join_sentences, write_passage
from course_utils.newsroom.patterns import check_request, read_lists
from course_utils.newsroom.topics import read_topics

TAGS = ("O", *(f"{head}-{label}" for label in ENTITY_LABELS for head in "BI"))
TOKEN = re.compile(
    r"[ap]\.m\.|\b[A-Z]\.(?= (?:[A-Z]\. )*[A-Z]\w)|'s\b"
    r"|[$£€]?\d+(?:[.,:]\d+)*(?:st|nd|rd|th|s)?\b"
    r"|\w+(?:['’-](?!s\b)\w+)*|\S"  # noqa: RUF001
)
SHARE_OF_ARTICLES = 0.25


def make_entity_examples(count, *, split="train", seed=0, lists=None):
    """Return a list of dicts: tokens, tags, pattern.

    count: int. split: "train", "validation" or "test"; test has names and wordings that
    train has not. seed: int. lists: names of lists in sentences.txt, such as ("news",),
    for sentences of these kinds only; by default of all kinds, and of articles.

    tokens: list of words and punctuation marks. tags: list of as many of TAGS: B- on
    the first token of a name, I- on its others, O elsewhere. pattern: str, the ids of
    the wordings. Raises TypeError or ValueError for anything else.
    """
    check_request(count, split, seed)
    writer = EntityWriter(split, f"entities {seed}")
    known = tuple(read_lists("sentences.txt"))
    if lists is not None and (not lists or not set(lists) <= set(known)):
        raise ValueError(f"lists is {lists!r}, expected some of {known}, or None")
    return [write_example(writer, lists) for _ in range(count)]


def write_example(writer, lists=None):
    """Return one example: one sentence or two, of an article or of a topic's list."""
    if lists is None and writer.often(SHARE_OF_ARTICLES):
        topic = writer.pick(read_topics())
        sentences, *_ = write_passage(writer, topic, writer.chance.randint(1, 2))
        marked = [text for text, _ in sentences]
        pattern = " ".join(told.pattern for _, here in sentences for told in here)
    else:
        wordings = read_lists("sentences.txt")
        key = writer.pick(sorted(lists or wordings))
        number, wording = writer.wording(wordings[key])
        marked, pattern = [writer.fill(mark_up(wording))], f"{key}.{number}"
        if writer.often(0.15):
            marked.append(writer.fill("{filler}"))
    text, spans, _ = join_sentences(marked)
    spans = [span for span in spans if span[2] in ENTITY_LABELS]
    tokens, tags = label_tokens(text, spans)
    return {"tokens": tokens, "tags": tags, "pattern": pattern}


def label_tokens(text, spans):
    """Return (tokens, tags) of a text. spans: [(start, end, label)] in characters.

    Raises ValueError where a span does not begin and end with a token.
    """
    found = list(TOKEN.finditer(text))
    tags = ["O"] * len(found)
    starts = {token.start(): i for i, token in enumerate(found)}
    ends = {token.end(): i for i, token in enumerate(found)}
    for start, end, label in spans:
        if start not in starts or end not in ends:
            raise ValueError(
                f"{text[start:end]!r} in {text!r} does not begin and end with a token: "
                "look at the pattern TOKEN"
            )
        first, last = starts[start], ends[end]
        tags[first : last + 1] = [f"B-{label}"] + [f"I-{label}"] * (last - first)
    return [token[0] for token in found], tags
