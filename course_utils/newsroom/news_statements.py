"""Statements about an article's facts: told again, told wrongly, or not told."""

import re

from course_utils.newsroom.articles import ENTITY_LABELS
from course_utils.newsroom.marks import mark, plain, strip_marks
from course_utils.newsroom.passages import (
    draw_value,
    join_sentences,
    lower_first,
    new_subject,
    other_subject,
    refer,
)
from course_utils.newsroom.topics import read_topics

HEDGES = re.compile(
    r"about|more|less|nearly|least|over|almost|around|some|only|just|exactly|dozen|whole|"
    r"half|and|decade|up to|all night|ninety"
)
MONTH = re.compile(
    r"January|February|March|April|May|June|July|August|September|"
    r"October|November|December"
)


def shape(value):
    """Return what sort of value this is; values of one sort exclude each other.

    None where that is not certain: "about 40" and "43" may both be true.
    """
    text, spans = strip_marks(value)
    inner = [span for span in spans if span[2] in ENTITY_LABELS]
    if inner and (inner[0][0], inner[0][1]) == (0, len(text)) and len(inner) == 1:
        if inner[0][2] != "DATE":
            return inner[0][2]
        if re.fullmatch(r"\d{4}", text):
            return "year"
        return "month" if MONTH.search(text) else None
    if (
        inner
        or HEDGES.search(text)
        or not re.search(r"\d|two|three|four|five|six", text)
    ):
        return None
    return re.sub(
        r"[\d,.]+|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b",
        "#",
        text,
    )


def exclude(one, two):
    """Return whether not both values can be true of the same fact."""
    kind = shape(one)
    if kind is None or kind != shape(two):
        return False
    texts = plain(one).lower(), plain(two).lower()
    if kind == "month":
        return MONTH.search(plain(one))[0] != MONTH.search(plain(two))[0]
    words = [set(re.findall(r"\w+", text)) for text in texts]
    return not words[0] <= words[1] and not words[1] <= words[0]


def safe_facts(topic):
    """Return the facts of a topic whose wordings all say the same."""
    return [fact for fact in topic.facts if fact.same]


def news_pair(writer, label):
    """Return (hypothesis, premise, pattern): a fact, an article of 1-3 sentences."""
    topic = writer.pick([topic for topic in read_topics() if safe_facts(topic)])
    fact = writer.pick(safe_facts(topic))
    subject = new_subject(writer, topic)
    value = wrong = draw_value(writer, fact, subject)
    while not exclude(value, wrong):
        value, wrong = (draw_value(writer, fact, subject) for _ in range(2))
    number, wording = writer.wording(fact.sentences)
    hypothesis = restate(writer, wording, subject, value, "full")
    others = [x for x in topic.facts if x is not fact]
    writer.chance.shuffle(others)
    told = []
    if label != "neutral":
        given = value if label == "entailment" else wrong
        wording = writer.pick([x for x in fact.sentences if x != wording])
        told.append((subject, wording, given))
    size = writer.chance.randint(1, 3)
    while len(told) < size:
        if writer.often(0.25) and (told or len(told) + 1 < size):
            rival = other_subject(writer, subject)
            told.append(
                (rival, writer.pick(fact.sentences), draw_value(writer, fact, rival))
            )
        else:
            more = others.pop()
            told.append(
                (
                    subject,
                    writer.wording(more.sentences)[1],
                    draw_value(writer, more, subject),
                )
            )
    writer.chance.shuffle(told)
    texts = [
        restate(writer, wording, who, value, "full") for who, wording, value in told
    ]
    return (
        join_sentences([hypothesis])[0],
        join_sentences(texts)[0],
        f"{fact.relation}.s{number}",
    )


def restate(writer, wording, subject, value, how):
    """Return one marked sentence of a fact with the value given."""
    wording = refer(lower_first(wording), subject, how)
    return writer.fill(wording, {"answer": mark("ANSWER", value)})
