"""Read the topics: what can be told of a lighthouse, a match, a cook, and asked.

The files topics_*.txt say how to write a topic; see the first lines of
topics_places.txt.
"""

from dataclasses import dataclass
from functools import cache

from course_utils.newsroom.marks import mark_up
from course_utils.newsroom.patterns import read_lines

FILES = (
    "topics_places.txt",
    "topics_people.txt",
    "topics_events.txt",
    "topics_daily.txt",
)
KINDS = (
    "who", "when", "where", "what", "which", "why", "how", "how_many", "how_long",
    "how_much",
)  # fmt: skip


@dataclass(frozen=True)
class FactPattern:
    """A fact that a topic may state.

    relation: str, such as "company.founder". kind: str, one of KINDS.
    values, sentences, questions: tuples of patterns; `{answer}` in a sentence stands
    for the value.
    same: bool, whether all the sentences say the same (a `!` before its name).
    """

    relation: str
    kind: str
    values: tuple
    sentences: tuple
    questions: tuple
    same: bool = False


@dataclass(frozen=True)
class Topic:
    """A kind of subject: patterns for its full and short name, and its facts.

    pronoun: "it", or "he" where the subject is a person.
    """

    name: str
    full: str
    short: str
    pronoun: str
    facts: tuple


def split_values(text):
    """Return the alternatives of a value: tuple of patterns."""
    return tuple(part.strip() for part in text.split(" | "))


@cache
def read_topics():
    """Return every Topic of the files. Raises ValueError for a line it cannot read."""
    topics = []
    for file in FILES:
        head, facts = None, []
        for line in (*read_lines(file), "## end"):
            sign, _, rest = line.partition(" ")
            if sign == "##":
                if head:
                    topics.append(Topic(*head, tuple(finish(fact) for fact in facts)))
                head, facts = [mark_up(x.strip()) for x in rest.split("|")], []
            elif sign == "@":
                name, kind, values = rest.split(" ", 2)
                relation = f"{head[0]}.{name.lstrip('!')}"
                values = split_values(values)
                facts.append((relation, kind, values, [], [], name[0] == "!"))
            elif sign in ("-", "?"):
                wording = rest.strip().replace("[]", "{answer}")
                facts[-1][3 if sign == "-" else 4].append(wording)
            else:
                raise ValueError(
                    f"{file}: cannot read {line!r}, expected a line that begins with "
                    "##, @, - or ?"
                )
    return tuple(topics)


def finish(fact):
    """Return the FactPattern of one fact as read: a tuple of its six parts."""
    relation, kind, values, sentences, questions, same = fact
    if kind not in KINDS or not sentences or not questions:
        raise ValueError(
            f"the fact {relation} of kind {kind!r} has {len(sentences)} sentences and "
            f"{len(questions)} questions, expected a kind of {KINDS} and one of each"
        )
    if not same and len(sentences) != len(questions):
        raise ValueError(
            f"the fact {relation} has {len(sentences)} sentences and {len(questions)} "
            "questions, expected as many of each: question n asks what sentence n "
            "says. Where all mean the same, write ! before its name"
        )
    return FactPattern(relation, kind, values, tuple(sentences), tuple(questions), same)
