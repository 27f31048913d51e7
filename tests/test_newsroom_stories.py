"""The stories: readable by the program, well marked, and not part of the test split."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from course_utils import load_natural, make_questions
from course_utils.newsroom.marks import BAR, OPEN, strip_marks
from course_utils.newsroom.passages import MOVABLE, reorder
from course_utils.newsroom.stories import choose, read_stories, write_story_question
from course_utils.newsroom.topics import KINDS, read_topics
from course_utils.newsroom.writer import Writer

DEVELOPMENT = [
    json.loads(line)
    for line in (Path(__file__).parent / "development_qa.jsonl")
    .read_text()
    .splitlines()
]


COMMON = ("what", "when", "where", "which", "does", "long", "many", "much", "take")


def words(text):
    return re.findall(r"\w+", text.lower())


def test_there_are_many_stories_and_kinds():
    stories = read_stories()
    assert len(stories) >= 60 and len({story.name for story in stories}) == len(stories)
    kinds = Counter(kind for story in stories for kind, *_ in story.questions)
    assert set(kinds) == set(KINDS) and sum(kinds.values()) >= 400
    assert min(kinds.values()) >= 10


@pytest.mark.parametrize("story", read_stories(), ids=lambda story: story.name)
def test_every_question_has_one_answer(story):
    for _, key, _ in story.questions:
        found = sum(text.count(f"{OPEN}A{key}{BAR}") for text in story.sentences)
        assert found == 1, key
    assert len(set(story.questions)) == len(story.questions)
    writer = Writer("train", story.name)
    for _ in range(5):
        bound = {}
        for pattern in story.sentences:
            strip_marks(writer.fill(choose(writer, pattern), bound))
        for _, _, question in story.questions:
            assert "{" not in writer.fill(choose(writer, question), bound)


@pytest.mark.parametrize("absent", [False, True])
def test_story_questions_are_labelled(absent):
    writer = Writer("train", "stories")
    for _ in range(300):
        q = write_story_question(writer, absent)
        assert 2 <= q["sentences"] <= 6 and q["kind"] in KINDS
        assert q["question"].endswith("?") and not set("{}<>[]") & set(q["passage"])
        if absent:
            assert (q["answer"], q["start"], q["sentence"]) == ("", -1, -1)
        else:
            assert q["passage"][q["start"] :].startswith(q["answer"]) and q["answer"]


def test_stories_are_for_training_only():
    shares = {
        split: sum(
            q["pattern"].startswith("story") for q in make_questions(500, split=split)
        )
        for split in ("train", "validation", "test")
    }
    assert shares["test"] == 0
    assert min(shares["train"], shares["validation"]) > 40


def test_a_fact_is_asked_as_it_was_told():
    """Where sentences of a fact differ in meaning, question n asks about sentence n."""
    same = {
        fact.relation for topic in read_topics() for fact in topic.facts if fact.same
    }
    checked = 0
    for q in make_questions(2000, unanswerable=0):
        if len(q["pattern"].split()) == 2:
            asked, told = q["pattern"].split()
            relation, number = asked.rsplit(".q", 1)
            if relation not in same:
                assert told == f"{relation}.s{number}"
                checked += 1
    assert checked > 500


def test_reordering_moves_the_answer_to_the_front():
    writer = Writer("train", 0)
    for wording, kind, expected in (
        ("{S} was closed because {answer}", "why", "because {answer}"),
        ("{S} was opened in {answer}", "when", "in {answer}"),
        ("{S} was cleaned {answer}", "how", "{answer}"),
    ):
        for _ in range(20):
            moved = reorder(writer, wording, kind)
            assert moved.removeprefix("it was ").startswith(expected)
            assert moved.count("{answer}") == moved.count("{S}") == 1
    assert reorder(writer, "{S} is in {answer}", "who") == "{S} is in {answer}"
    assert reorder(writer, "{S} was {answer}", "how") == "{S} was {answer}"
    assert set(MOVABLE) <= set(KINDS)


# --- the natural questions stay unseen ------------------------------------------------


def runs(text, length):
    """Return the runs of `length` words, short words left out."""
    telling = [word for word in words(text) if len(word) > 3 and word not in COMMON]
    return {tuple(telling[i : i + length]) for i in range(len(telling) - length + 1)}


def test_no_story_repeats_the_natural_set():
    natural = load_natural("qa")
    asked = set().union(*(runs(q["question"], 3) for q in natural))
    told = set().union(*(runs(q["passage"], 4) for q in natural))
    for story in read_stories():
        for *_, question in story.questions:
            assert not runs(re.sub(r"\{[^}]*\}", " ", question), 3) & asked, question
        for text in story.sentences:
            text = re.sub(r"\{[^}]*\}", " ", strip_marks(text)[0])
            assert not runs(text, 4) & told, text


def test_the_development_questions_are_others_and_sound():
    natural = load_natural("qa")
    assert not {q["passage"] for q in DEVELOPMENT} & {q["passage"] for q in natural}
    assert not {q["question"] for q in DEVELOPMENT} & {q["question"] for q in natural}
    for q in DEVELOPMENT:
        assert q["kind"] in KINDS and q["question"].endswith("?")
        assert all(answer in q["passage"] for answer in q["answers"])
    assert sum(bool(q["answers"]) for q in DEVELOPMENT) >= 90
