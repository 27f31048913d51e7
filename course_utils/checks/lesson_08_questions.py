"""Questions and predictions of lesson 08, with a sentence for each wrong choice."""

from course_utils.checks.exercise import Estimate, Question

COPIES, TEST_SHARE, RIGHT_SHARE = 3, 1 / 3, 0.6


def _share_of_leaking_rows():
    """Return how often one of a test row's two sisters is in training."""
    return 100 * (1 - TEST_SHARE ** (COPIES - 1))


QUESTIONS = [
    Estimate(
        "8.p1",
        _share_of_leaking_rows,
        "only with both sisters in the test set, 1/3 · 1/3, is the premise unseen",
        within=4,
        wrong={
            67: "That is the chance that *one* given sister is in training. There are "
            "two, and one is enough.",
            44: "That is the chance that *both* sisters are in training. One is "
            "enough.",
            33: "That is the share of the test rows. How many of them have a sister in "
            "training?",
        },
        too_low="Each test row has two sisters. How likely are both in the test set?",
        too_high="It can happen that all three rows of a premise are in the test set.",
    ),
    Estimate(
        "8.p2",
        lambda: 100 * RIGHT_SHARE**COPIES,
        "0.6 · 0.6 · 0.6: a score of whole premises is a harder one",
        within=0.7,
        wrong={
            60: "That is the share of the rows. All three of a premise must be right.",
            20: "0.6 / 3 has no meaning here: what is the chance that three rows are "
            "right together?",
            36: "That is the chance for two rows. There are three.",
        },
        too_low="What is the chance that three rows are right together?",
        too_high="What is the chance that three rows are right together?",
    ),
    Question(
        "8.q1",
        "a",
        {
            "b": "Neutral would mean that both can be true. But they cannot: that is "
            "what the first order says.",
            "c": "The other way round: entailment has a direction, contradiction has "
            "none.",
            "d": "If they cannot both be true, neither order makes one follow.",
        },
        "both cannot be true: that has no direction. So both orders may vote on it",
    ),
    Question(
        "8.q2",
        "c",
        {
            "a": "That would be so if it used all that the hypothesis tells, and "
            "compared only elsewhere. The two numbers do not say that.",
            "b": "0.80 may contain all of the 0.67 that half a pair gives.",
            "d": "The lesson's newsroom is built so that half a pair tells nothing. "
            "This data set is not.",
        },
        "the score mixes both. Pairs that the hypothesis alone gets wrong separate "
        "them",
    ),
    Question(
        "8.q3",
        "b",
        {
            "a": "Each sentence has its own small chance to look like support, and the "
            "maximum takes the luckiest of them.",
            "c": "A contradiction has more chances, too. But the question is what "
            "unrelated sentences do: they add chances for both.",
            "d": "The maximum of more numbers is never smaller.",
        },
        "the maximum of many noisy numbers is large: choose the threshold for reports "
        "of that length",
    ),
    Question(
        "8.q4",
        "d",
        {
            "a": "It decides in the sentence, but this judge does not hear it.",
            "b": "The drop is measured on the answer given, right or wrong: it knows "
            "nothing of the true label.",
            "c": "0 is a possible drop: two inputs may get the same probability.",
        },
        "a drop tells what the judge uses. What it should use is another question",
    ),
]
