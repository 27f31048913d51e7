"""Questions on short stories: connected prose, where one thing leads to another."""

import re
from dataclasses import dataclass
from functools import cache

from course_utils.newsroom.marks import BAR, CLOSE, OPEN, plain, sentence
from course_utils.newsroom.passages import draw_size, join_sentences, new_subject, tell
from course_utils.newsroom.patterns import read_lines
from course_utils.newsroom.topics import KINDS, read_topics

FILE = "stories.txt"
ANSWER = re.compile(r"\[(\d):")
CHOICE = re.compile(r"<([^<>]*)>")
NAMED = {"he": "{p}", "his": "{p}'s"}
AFTER_VERB = re.compile(r"\b(did|does|was|is|had|has) \{p\}(?!')")


@dataclass(frozen=True)
class Story:
    """A story: its name, its sentences, its questions (kind, key of answer, text)."""

    name: str
    sentences: tuple
    questions: tuple


@cache
def read_stories():
    """Return every Story of the file. Raises ValueError for what it cannot read."""
    stories, name, sentences, questions = [], None, [], []
    for line in (*read_lines(FILE), "## end"):
        sign, _, rest = line.partition(" ")
        if sign == "##":
            if name:
                stories.append(Story(name, tuple(sentences), tuple(questions)))
            name, sentences, questions = rest, [], []
        elif sign == "-":
            marked = ANSWER.sub(rf"{OPEN}A\1{BAR}", rest).replace("]", CLOSE)
            sentences.append(marked)
        elif sign == "?":
            kind, key, text = rest.split(" ", 2)
            questions.append((kind, key, text))
            if kind not in KINDS or not text.endswith("?"):
                raise ValueError(f"{FILE}: cannot read {line!r} of the story {name}")
        else:
            raise ValueError(
                f"{FILE}: a line begins with {sign!r}, not with ##, - or ?"
            )
    return tuple(stories)


def write_story_question(writer, absent):
    """Return one question on a story, or on a part of it, among other sentences.

    absent: bool, leave out the sentence with the answer.
    """
    story = writer.pick(read_stories())
    size, bound = draw_size(writer), {}
    length = min(size, writer.chance.randint(2, len(story.sentences)))
    first = writer.chance.randint(0, len(story.sentences) - length)
    told = [
        writer.fill(choose(writer, named(x) if n == first else x), bound)
        for n, x in enumerate(story.sentences)
    ][first : first + length]
    places = [
        (place, [q for q in story.questions if f"{OPEN}A{q[1]}{BAR}" in text])
        for place, text in enumerate(told)
    ]
    place, questions = writer.pick([(p, found) for p, found in places if found])
    asked = writer.pick(questions)
    kind, key, question = asked
    if absent:
        told.pop(place)
    others = size - len(told)
    before = writer.pick((0, others, writer.chance.randint(0, others)))
    asides = [write_aside(writer) for _ in range(others)]
    told = asides[:before] + told + asides[before:]
    text, spans, _ = join_sentences(told)
    if "p" in bound and writer.often(0.25):
        question = AFTER_VERB.sub(r"\1 {p.he}", question)
    question = writer.fill(choose(writer, question), bound)
    example = {"passage": text, "question": plain(sentence(question)), "answer": ""}
    example |= {"start": -1, "kind": kind, "sentence": -1, "sentences": len(told)}
    example["pattern"] = f"story.{story.name}.q{story.questions.index(asked)}"
    if not absent:
        start, end = next(span[:2] for span in spans if span[2] == f"A{key}")
        example |= {"answer": text[start:end], "start": start}
        example["sentence"] = place + before
    return example


def named(pattern):
    """Return the pattern with a person's name in place of the first pronoun."""
    if "{p}" in pattern or "{p=" in pattern:
        return pattern
    return re.sub(r"\{p\.(he|his)\}", lambda x: NAMED[x[1]], pattern, count=1)


def choose(writer, pattern):
    """Return the pattern with one of each <a|b|c>."""
    return CHOICE.sub(lambda found: writer.pick(found[1].split("|")), pattern)


def write_aside(writer):
    """Return a sentence that has nothing to do with the story."""
    if writer.often(0.5):
        return writer.fill("{filler}")
    topic = writer.pick(read_topics())
    fact = writer.pick(topic.facts)
    text = tell(writer, fact, new_subject(writer, topic), "full").text
    return text.replace(f"{OPEN}ANSWER{BAR}", f"{OPEN}ASIDE{BAR}")
