"""What an article knows about itself: its facts, its mentions, where they stand."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One fact that an article states.

    subject: str, whom or what it is about. relation: str, such as "company.founder".
    kind: str, the question word it answers. value: str, found at text[start:end].
    sentence: int, the number of its sentence, from 0. pattern: str, the wording's id.
    """

    subject: str
    relation: str
    kind: str
    value: str
    start: int
    end: int
    sentence: int
    pattern: str


@dataclass(frozen=True)
class Mention:
    """A name or date in the text: text[start:end]. label: PER, ORG, LOC or DATE."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Article:
    """A generated article: its text, facts and mentions, in the order of the text."""

    text: str
    facts: tuple
    mentions: tuple
    sentences: int
