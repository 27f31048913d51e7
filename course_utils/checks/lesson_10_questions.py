"""Questions and predictions of lesson 10, with a sentence for each wrong choice."""

from functools import cache

from course_utils.checks.exercise import Estimate, Question
from course_utils.pretrained import load_bert


def _valid_spans():
    """Count the valid spans of ten tokens, of at most three tokens each."""
    pairs = [(i, j) for i in range(10) for j in range(10)]
    return sum(i <= j < i + 3 for i, j in pairs)


@cache
def _windows():
    """Count the windows that the library makes of 300 tokens."""
    tokenizer, _ = load_bert()
    limits = {"truncation": "only_second", "max_length": 100, "stride": 40}
    texts = " ".join(["who"] * 10), " ".join(["film"] * 300)
    cut = tokenizer(*texts, return_overflowing_tokens=True, **limits)
    return len(cut["input_ids"])


QUESTIONS = [
    Estimate(
        "10.p1",
        _valid_spans,
        "ten spans of one token, nine of two, eight of three",
        wrong={
            30: "Ten starts with three ends each: but a span that starts at the last "
            "token has one end only.",
            55: "That is every pair with i <= j. Here a span has at most three tokens.",
            100: "That is every pair, those with the end before the start among them.",
            17: "Spans of one token are valid, too: there i = j.",
        },
        too_low="How many spans of one token are there, of two, of three?",
        too_high="A start near the end has fewer ends to go with.",
    ),
    Estimate(
        "10.p2",
        _windows,
        "100 - 10 - 3 leaves room for 87, each step is 87 - 40 = 47, and "
        "87 + 5 * 47 reaches 300",
        wrong={
            5: "The room of 100 is not the passage's alone: the question and three "
            "special tokens stand in each window, too.",
            4: "Without an overlap. Neighbours share 40 tokens, so a step is shorter "
            "than the room.",
            3: "300 / 100: but question, special tokens and overlap take their part.",
            7: "One too many: the window that reaches the last token is the last.",
            8: "Steps of 40? That is what neighbours *share*; a step is the room minus "
            "that.",
        },
        too_low="What takes room in each window, beside the passage?",
        too_high="The first window covers more than one step.",
    ),
    Question(
        "10.q1",
        "b",
        {
            "a": "The loss takes a start and an end as they are labelled. It cannot "
            "know that other places hold the same words.",
            "c": "All places have the same length: the words are the same.",
            "d": "The tokenizer gives both places tokens and offsets, as ever.",
        },
        "the words are right and the place is wrong: nothing near it answers the "
        "question. All places, or the best of them, make milder labels",
    ),
    Question(
        "10.q2",
        "a",
        {
            "b": "A low threshold answers more. Where most questions have no answer, "
            "that is wrong more often.",
            "c": "The scores of single questions do not change, but how many of each "
            "sort there are does: the best balance moves.",
            "d": "A higher threshold does refuse some good answers. With so few "
            "questions that have one, it still gains more than it loses.",
        },
        "silence is right more often, so it pays to ask for more certainty: validate "
        "on the mixture that you will meet",
    ),
    Question(
        "10.q3",
        "d",
        {
            "a": "F1 gives credit for each shared word, whatever the others are.",
            "b": "Normalising drops capitals, punctuation and articles. A year stays.",
            "c": "Exact match asks for all words to be equal: one differs.",
        },
        "five of six words are shared, and the one that matters is wrong: read some "
        "answers beside the score",
    ),
    Question(
        "10.q4",
        "c",
        {
            "a": "Each window has its own softmax: its probabilities sum to 1 whether "
            "or not the answer is in it. They cannot be compared.",
            "b": "The exponential keeps the order within one window. Between windows "
            "each is divided by another sum.",
            "d": "Windows have about as many tokens. And a window with the answer may "
            "be the longest or the shortest.",
        },
        "a softmax compares the tokens of one window only; a window without the answer "
        "still has a best token, and may be very sure of it",
    ),
]
