"""Questions on passages, with the stretch that answers them, or none."""

from course_utils.newsroom.articles import build_article
from course_utils.newsroom.event_questions import write_event_question
from course_utils.newsroom.marks import plain
from course_utils.newsroom.passages import draw_size, join_sentences, write_passage
from course_utils.newsroom.patterns import check_request
from course_utils.newsroom.stories import write_story_question
from course_utils.newsroom.topics import KINDS, read_topics
from course_utils.newsroom.writer import Writer

QUESTION_KINDS = KINDS
REORDERED = 0.3
SHARE_OF_EVENTS, SHARE_OF_STORIES = 0.25, 0.12


def make_questions(count, *, split="train", seed=0, unanswerable=0.15):
    """Return a list of dicts: passage, question, answer, start, kind and more.

    count: int. split: "train", "validation" or "test"; test has names and wordings that
    train has not, and no stories (see stories.txt), which only widen the training.
    seed: int. unanswerable: float from 0 to 1, the share of questions
    that the passage does not answer: their answer is "" and their start -1.
    start: int, so that passage[start:start + len(answer)] == answer. kind: str, one of
    QUESTION_KINDS. sentence: int, the number of the answer's sentence, or -1.
    sentences: int, how many the passage has. pattern: str, the ids of the wordings.
    Raises TypeError or ValueError for anything else.
    """
    check_request(count, split, seed)
    if isinstance(unanswerable, bool) or not isinstance(unanswerable, (int, float)):
        raise TypeError(
            f"unanswerable is a {type(unanswerable).__name__} ({unanswerable!r}), "
            "expected a share from 0 to 1: try unanswerable=0.15"
        )
    if not 0 <= unanswerable <= 1:
        raise ValueError(
            f"unanswerable is {unanswerable}, expected a share from 0 to 1: "
            "perhaps it is a percentage? try unanswerable=0.15"
        )
    writer = Writer(split, f"questions {seed}", reordered=REORDERED)
    return [
        write_question(writer, absent=writer.often(unanswerable)) for _ in range(count)
    ]


def write_question(writer, absent):
    """Return one question on a new passage. absent: bool, leave its answer out."""
    if writer.split != "test" and writer.often(SHARE_OF_STORIES):
        return write_story_question(writer, absent)
    if writer.often(SHARE_OF_EVENTS):
        return write_event_question(writer, absent)
    topic = writer.pick(read_topics())
    sentences, target, subject = write_passage(writer, topic, draw_size(writer), absent)
    article = build_article(sentences)
    answer = None if absent else find_fact(article, target, subject)
    number, wording = choose_wording(writer, target, answer)
    short = subject.clear and topic.pronoun != "he" and writer.often(0.3)
    name = subject.short if short else str(subject.full)
    question = join_sentences([writer.fill(wording, {"Q": name})])[0]
    example = {"passage": article.text, "question": question, "answer": ""}
    example |= {"start": -1, "kind": target.kind, "sentence": -1}
    example["sentences"] = article.sentences
    example["pattern"] = f"{target.relation}.q{number}"
    if answer:
        example |= {"answer": answer.value, "start": answer.start}
        example["sentence"] = answer.sentence
        example["pattern"] += " " + answer.pattern
    return example


def find_fact(article, target, subject):
    """Return the article's Fact about the subject that a FactPattern stands for."""
    name = plain(str(subject.full))
    return next(
        fact
        for fact in article.facts
        if fact.relation == target.relation and fact.subject == name
    )


def choose_wording(writer, target, answer):
    """Return (number, question) for a FactPattern: asked as it was told.

    Where the sentences of the pattern do not mean the same, the question belongs to
    the one in the passage. answer: Fact, or None where the passage is silent.
    """
    number, _ = writer.wording(target.questions)
    if answer and not target.same:
        number = int(answer.pattern.rpartition(".s")[2])
    return number, target.questions[number]
