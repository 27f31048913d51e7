"""Questions and predictions of lesson 09, with a sentence for each wrong choice."""

from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

from course_utils.checks.exercise import Estimate, Question
from course_utils.entity_spans import spans_of


def _names_of_repeated_tags():
    """Repeat each word's tag on all of its pieces, and count the names."""
    words = (("B-PER", 1), ("I-PER", 3), ("O", 1), ("B-PER", 3))
    return len(spans_of([tag for tag, pieces in words for _ in range(pieces)]))


def _kind_and_strict():
    """Score an orphan in seqeval's two ways; return the choice that fits."""
    true, predicted = [["B-PER", "I-PER", "O"]], [["I-PER", "I-PER", "O"]]
    kind = f1_score(true, predicted)
    strict = f1_score(true, predicted, mode="strict", scheme=IOB2, zero_division=0)
    return {(1, 0): "a", (0, 0): "b", (1, 1): "c", (0, 1): "d"}[kind, strict]


QUESTIONS = [
    Estimate(
        "9.p1",
        _names_of_repeated_tags,
        "each B- begins a name: Anna Bianchi is one, and Nkechi has become three",
        wrong={
            2: "That is what the sentence has. But a B- on each of Nkechi's pieces "
            "begins a name each time.",
            6: "The I- of Bianchi go on with Anna: only a B- begins a name.",
            7: "Those are all pieces with a tag. The I- of Bianchi go on with Anna.",
        },
        too_low="Count the B-: each begins a name.",
        too_high="Count the B-: only those begin a name.",
    ),
    Question(
        "9.p2",
        "a",
        {
            "b": "Each word's best tag is the largest number of its row. No other path "
            "can have larger ones, legal or not.",
            "c": "It cannot be larger: each word's best tag is already the largest "
            "number of its row.",
        },
        "the freest choice has the largest sum; a rule can only cost",
    ),
    Question(
        "9.q1",
        "b",
        {
            "a": 'Then the organisation ends before Oxford: it is cut to "University '
            'of".',
            "c": "BILOU says more about borders, but it is still one tag a word: L-ORG "
            "or U-LOC, not both.",
        },
        "one tag a word: a name inside of a name cannot be written",
    ),
    Question(
        "9.q2",
        "d",
        {
            "a": "They would be missed if they were still in the true tags. But these "
            "are read from the same cut rows.",
            "b": "No error: both sides are cut at the same place, so they fit.",
            "c": "The cut is the same for both, but the names after it are in neither "
            "count: the score is one of fewer names.",
        },
        "what was cut is not counted as missed: compare the number of true names with "
        "the data's own",
    ),
    Question(
        "9.q3",
        _kind_and_strict,
        {
            "b": "Without options seqeval is kind: an I- with nothing before it begins "
            "a name.",
            "c": "The strict reading (IOB2) knows no name that begins with I-.",
            "d": "The other way round: the strict reading is the one that finds less.",
        },
        "one orphan, two scores: say which way you scored",
    ),
    Question(
        "9.q4",
        "c",
        {
            "a": "An average of F1s is not the F1 of all names: a sentence with one "
            "name weighs as much as one with ten.",
            "b": "Long sentences would weigh less: each sentence counts as one, "
            "however many names it has.",
            "d": "The cost is nearly the same. What differs is what the number means.",
        },
        "0 / 0: the number put there, 0 or 1, is no property of the model. So count in "
        "all sentences, then divide",
    ),
]
