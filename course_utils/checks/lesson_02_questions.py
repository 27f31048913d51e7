"""Questions and predictions of lesson 02, with a sentence for each wrong choice."""

from collections import Counter
from itertools import pairwise

from course_utils.checks.exercise import Estimate, Question
from course_utils.wordpiece import split_word


def _greedy_count():
    """Split a word greedily with the five pieces of the question; count the pieces."""
    return len(split_word("abcd", {"a", "ab", "##bcd", "##c", "##d"}))


def _first_pair():
    """Count the pairs of the toy words; return the choice with the most frequent."""
    words, pairs = {"hug": 10, "pug": 5, "pun": 12, "bun": 4, "hugs": 5}, Counter()
    for word, count in words.items():
        for pair in pairwise(word):
            pairs[pair] += count
    choices = {("g", "s"): "a", ("p", "u"): "b", ("u", "g"): "c", ("u", "n"): "d"}
    return choices[max(pairs, key=pairs.get)]


QUESTIONS = [
    Question(
        "2.p1",
        _first_pair,
        {
            "a": "That pair has the highest *score*, 1/20, which divides by the counts "
            "of the parts. Here only the count matters, and it is 5.",
            "b": "5 of pug and 12 of pun make 17. Another pair occurs more often.",
            "d": "12 of pun and 4 of bun make 16. Another pair occurs more often.",
        },
        "10 of hug, 5 of pug and 5 of hugs make 20",
    ),
    Estimate(
        "2.p2",
        _greedy_count,
        "ab, ##c, ##d: the longest beginning is taken, whatever it leaves",
        wrong={
            2: "a and ##bcd would do, but greedy takes the longest beginning, ab, and "
            "never goes back.",
            1: "abcd itself is no piece: then it would be one.",
            4: "ab is a piece, so the first two letters stay together.",
        },
        too_low="Which is the longest piece that abcd begins with? Cut it off, go on.",
        too_high="Which is the longest piece that abcd begins with? Cut it off, go on.",
    ),
    Question(
        "2.q1",
        "b",
        {
            "a": "That happens to `[sep]`, in lower case. In capitals it is recognised "
            "before anything is normalized.",
            "c": "Nothing is removed but control characters and marks.",
            "d": "`[SEP]` is in the vocabulary, so it is not unknown.",
        },
        "a text can hold a separator that nobody put there: clean what users type",
    ),
    Question(
        "2.q2",
        "d",
        {
            "a": "The look-up of a missing word is no error: it gives the id of "
            "`[UNK]`.",
            "b": "Lower-casing is what was switched off. Nothing else ignores "
            "capitals.",
            "c": "Letters are tried, too, but this vocabulary has no capital letters "
            "either.",
        },
        "no piece of the vocabulary holds a capital, so nothing fits and all is lost",
    ),
    Question(
        "2.q3",
        "b",
        {
            "a": "The vocabulary has 'great'. It is the rest of the word that does "
            "not fit.",
            "c": "An emoji is no control character. It stays, and with it the trouble.",
            "d": "BERT makes no word of a symbol outside ASCII: only of punctuation "
            "and of Chinese characters.",
        },
        "one character without a piece costs the whole word; a space would save it",
    ),
    Question(
        "2.q4",
        "a",
        {
            "b": "900 is more than 3, but it is divided by 3000 times 1500: 1/5000.",
            "c": "3 / (3 * 3) is 1/3; 900 / (3000 * 1500) is 1/5000.",
        },
        "1/3 against 1/5000: the score alone prefers what is rare",
    ),
]
