"""Articles that know what they say: the newsroom's first product."""

from course_utils.newsroom.facts import Article, Fact, Mention
from course_utils.newsroom.marks import plain
from course_utils.newsroom.passages import join_sentences, write_passage
from course_utils.newsroom.patterns import check_request
from course_utils.newsroom.topics import read_topics
from course_utils.newsroom.writer import Writer

ENTITY_LABELS = ("PER", "ORG", "LOC", "DATE")


def make_articles(count, *, split="train", seed=0):
    """Return a list of Article: text, facts and mentions with character offsets.

    count: int. split: "train", "validation" or "test"; test has names and wordings that
    train has not. seed: int; the same seed gives the same articles.
    Raises TypeError or ValueError for anything else.
    """
    check_request(count, split, seed)
    writer = Writer(split, f"articles {seed}")
    return [write_article(writer) for _ in range(count)]


def write_article(writer):
    """Return one Article of two to six sentences about a topic chosen at random."""
    topic = writer.pick(read_topics())
    sentences, *_ = write_passage(writer, topic, writer.chance.randint(2, 6))
    return build_article(sentences)


def build_article(sentences):
    """Return the Article of a passage's sentences: list of (marked text, [Told])."""
    text, spans, starts = join_sentences([marked for marked, _ in sentences])
    answers = iter([span for span in spans if span[2] == "ANSWER"])
    facts = []
    for number, (_, told_here) in enumerate(sentences):
        for told in told_here:
            start, end, _ = next(answers)
            facts.append(
                Fact(
                    plain(str(told.subject.full)),
                    told.fact.relation,
                    told.fact.kind,
                    text[start:end],
                    start,
                    end,
                    number,
                    told.pattern,
                )
            )
    mentions = tuple(Mention(*span) for span in spans if span[2] in ENTITY_LABELS)
    return Article(text, tuple(facts), mentions, len(starts))
