"""The pairs that say the same in other words."""

import re

from course_utils import load_paraphrases, paraphrases

PAIRS = load_paraphrases()


def content_words(text):
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}


def test_pairs_are_many_and_different():
    assert list(PAIRS.columns) == ["first", "second"] and len(PAIRS) >= 20
    sentences = [*PAIRS["first"], *PAIRS["second"]]
    assert len(set(sentences)) == len(sentences)
    assert all(s.isascii() and s[-1] in ".?" and s[0].isupper() for s in sentences)


def test_few_words_are_shared():
    """Else counting words would do, and the lesson would show nothing."""
    for first, second in zip(PAIRS["first"], PAIRS["second"], strict=True):
        assert len(content_words(first) & content_words(second)) <= 2, (first, second)


def test_the_file_is_plain_ascii():
    raw = paraphrases._FILE.read_bytes()
    assert raw.isascii() and b"\\u" not in raw and raw.endswith(b"}\n")
