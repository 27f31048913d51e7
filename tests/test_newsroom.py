"""The newsroom: the same seed, exact offsets, valid labels, and clear errors."""

import re
import subprocess
import sys
from collections import Counter

import pytest

from course_utils import newsroom
from course_utils.newsroom.articles import ENTITY_LABELS
from course_utils.newsroom.details import read_acts
from course_utils.newsroom.entities import label_tokens
from course_utils.newsroom.names import COMPOSED, name_lists
from course_utils.newsroom.patterns import read_lists
from course_utils.newsroom.statements import FAMILIES, WEIGHTS
from course_utils.newsroom.topics import KINDS, read_topics
from course_utils.newsroom.writer import Writer, plural, with_article

MAKERS = (
    newsroom.make_articles,
    newsroom.make_entity_examples,
    newsroom.make_statement_pairs,
    newsroom.make_questions,
)
SPLITS = ("train", "validation", "test")
by_maker = pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
by_split = pytest.mark.parametrize("split", SPLITS)


@by_maker
@by_split
def test_the_same_seed_gives_the_same_data(make, split):
    first = make(40, split=split, seed=5)
    assert len(first) == 40 and make(0, split=split) == []
    assert make(40, split=split, seed=5) == first
    assert make(40, split=split, seed=6) != first
    assert make(10, split=split, seed=5)[:5] != make(10, split=split, seed=7)[:5]


@by_maker
def test_validation_and_train_differ(make):
    assert make(40, split="train") != make(40, split="validation")


@by_maker
@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"count": -1}, ValueError, r"count is -1, expected 0 or more"),
        ({"count": 1.5}, TypeError, r"count is a float \(1.5\), expected an int"),
        ({"count": True}, TypeError, r"count is a bool"),
        ({"split": "tset"}, ValueError, r"'tset', expected one of train, validation"),
        ({"split": None}, ValueError, r"split is None"),
        ({"seed": "0"}, TypeError, r"seed is a str \('0'\)"),
        ({"seed": -3}, ValueError, r"seed is -3, expected 0 or more"),
    ],
)
def test_wrong_arguments_are_explained(make, given, error, message):
    arguments = {"count": 2, **given}
    with pytest.raises(error, match=message):
        make(arguments.pop("count"), **arguments)


@pytest.mark.parametrize(("share", "error"), [(15, ValueError), ("0.1", TypeError)])
def test_a_share_is_a_number_from_0_to_1(share, error):
    with pytest.raises(error, match="expected a share from 0 to 1"):
        newsroom.make_questions(2, unanswerable=share)


def test_import_loads_no_torch():
    code = "import sys, course_utils.newsroom; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


# --- width ---------------------------------------------------------------------------


def test_there_are_many_patterns():
    facts = [fact for topic in read_topics() for fact in topic.facts]
    assert len(read_topics()) >= 25 and len(facts) >= 200
    assert len({s for fact in facts for s in fact.sentences}) >= 600
    assert len({q for fact in facts for q in fact.questions}) >= 600
    assert {fact.kind for fact in facts} == set(KINDS)
    assert sum(map(len, read_lists("sentences.txt").values())) >= 140
    assert set(FAMILIES) == set(WEIGHTS) and len(FAMILIES) >= 8
    objects = [thing for _, things in read_acts() for thing in things]
    assert len(set(objects)) >= 200


def test_every_pattern_of_every_list_can_be_filled():
    for split in ("train", "test"):
        writer = Writer(split, 0)
        for key in (*writer.words, *writer.names):
            for _ in range(60):
                assert "{" not in writer.fill(f"{{{key}}}")


def test_a_misspelt_field_is_named():
    with pytest.raises(KeyError, match=r"\{rolle\} is neither bound nor a list"):
        Writer("train", 0).fill("{a rolle} came")


@pytest.mark.parametrize(
    ("word", "expected"),
    [("oak", "an oak"), ("unit", "a unit"), ("hour", "an hour"), ("8", "an 8")],
)
def test_the_article_follows_the_sound(word, expected):
    assert with_article(word) == expected


def test_the_article_is_right_everywhere():
    passages = [q["passage"] for q in newsroom.make_questions(3000)]
    wrong = re.findall(r"\ba (?!uni|us|eu|one)[aeiou]\w+", " ".join(passages))
    assert not wrong


@pytest.mark.parametrize(
    ("one", "many"),
    [("fox", "foxes"), ("library", "libraries"), ("sheep", "sheep"), ("toy", "toys")],
)
def test_plurals(one, many):
    assert plural(one) == many


# --- train and test ------------------------------------------------------------------


def test_names_of_train_and_test_are_disjoint():
    train, test = name_lists("train"), name_lists("test")
    for kind in train:
        if kind not in COMPOSED:
            assert test[kind] and not set(train[kind]) & set(test[kind]), kind
    assert name_lists("validation") == train


@pytest.mark.parametrize("make", MAKERS[1:], ids=lambda make: make.__name__)
def test_wordings_of_train_and_test_are_disjoint(make):
    train, test = (
        {part for x in make(3000, split=split) for part in x["pattern"].split()}
        for split in ("train", "test")
    )
    assert not (train & test) - {"article"}
    assert len(train) > len(test) > 30


def test_wordings_of_articles_are_disjoint():
    train, test = (
        {f.pattern for a in newsroom.make_articles(2000, split=s) for f in a.facts}
        for s in ("train", "test")
    )
    assert not train & test and len(test) > 150


# --- articles and entities -----------------------------------------------------------


@by_split
def test_facts_and_mentions_stand_where_they_say(split):
    for article in newsroom.make_articles(300, split=split, seed=1):
        assert article.facts and 2 <= article.sentences <= 6
        for fact in article.facts:
            assert article.text[fact.start : fact.end] == fact.value != ""
            assert 0 <= fact.sentence < article.sentences
        ends = 0
        for mention in article.mentions:
            assert mention.label in ENTITY_LABELS and mention.start >= ends
            ends = mention.end
            name = article.text[mention.start : mention.end]
            assert name == name.strip() and not name.startswith("the ")
        assert article.text[0].isupper() or not article.text[0].isalpha()
        assert not set("{}\x02\x03\x1f<>") & set(article.text)


@by_split
def test_tags_are_valid_and_balanced(split):
    begun = Counter()
    examples = newsroom.make_entity_examples(2000, split=split)
    for example in examples:
        tokens, tags = example["tokens"], example["tags"]
        assert len(tokens) == len(tags) and set(tags) <= set(newsroom.TAGS)
        for before, tag in zip(["O", *tags], tags, strict=False):
            if tag[0] == "I":
                assert before[2:] == tag[2:], tokens
        begun.update(tag[2:] for tag in tags if tag[0] == "B")
        for token, tag in zip(tokens, tags, strict=True):
            assert token != "'s" or tag == "O"
            assert token not in ("Dr", "Mrs", "a.m.", "p.m.") or tag == "O"
    assert set(begun) == set(ENTITY_LABELS)
    assert min(begun.values()) > 0.12 * sum(begun.values()), begun
    empty = sum(set(x["tags"]) == {"O"} for x in examples)
    assert 0.03 < empty / len(examples) < 0.3


def test_tags_equal_the_mentions():
    for article in newsroom.make_articles(300, split="test", seed=3):
        spans = [(m.start, m.end, m.label) for m in article.mentions]
        tokens, tags = label_tokens(article.text, spans)
        words = iter(zip(tokens, tags, strict=True))
        found = []
        for token, tag in words:
            if tag[0] == "B":
                found.append(token)
            elif tag[0] == "I":
                found[-1] += token
        expected = [article.text[a:b].replace(" ", "") for a, b, _ in spans]
        assert found == expected


def test_a_span_inside_a_word_is_refused():
    with pytest.raises(ValueError, match="does not begin and end with a token"):
        label_tokens("Portugal", [(0, 4, "LOC")])


# --- statements and questions --------------------------------------------------------


@by_split
def test_statement_labels_are_balanced_in_every_family(split):
    pairs = newsroom.make_statement_pairs(9000, split=split)
    counts = Counter(pair["label"] for pair in pairs)
    assert counts == dict.fromkeys(newsroom.LABELS, 3000)
    per_family = Counter((pair["family"], pair["label"]) for pair in pairs)
    for family in FAMILIES:
        for label in newsroom.LABELS:
            assert per_family[family, label] >= 10, (family, label)
    for pair in pairs:
        for part in ("premise", "hypothesis"):
            text = pair[part]
            assert text[-1] in '.!?"' and not set("{}\x02\x03\x1f<>") & set(text)
            assert not text[0].islower() and "  " not in text


@by_split
def test_three_neighbours_share_their_hypothesis(split):
    pairs = newsroom.make_statement_pairs(3000, split=split, seed=4)
    for first in range(0, len(pairs), 3):
        three = pairs[first : first + 3]
        assert tuple(pair["label"] for pair in three) == newsroom.LABELS
        assert len({pair["hypothesis"] for pair in three}) == 1, three
        assert len({pair["premise"] for pair in three}) == 3, three


@by_split
def test_answers_stand_where_they_say(split):
    questions = newsroom.make_questions(2000, split=split)
    assert {q["kind"] for q in questions} == set(newsroom.QUESTION_KINDS)
    for q in questions:
        assert q["question"].endswith("?") and q["question"][0].isupper()
        if q["start"] == -1:
            assert q["answer"] == "" and q["sentence"] == -1
        else:
            end = q["start"] + len(q["answer"])
            assert q["passage"][q["start"] : end] == q["answer"] != ""
    absent = sum(q["start"] == -1 for q in questions) / len(questions)
    assert 0.12 < absent < 0.18
    assert all(q["start"] >= 0 for q in newsroom.make_questions(200, unanswerable=0))
    assert all(q["start"] < 0 for q in newsroom.make_questions(200, unanswerable=1))
