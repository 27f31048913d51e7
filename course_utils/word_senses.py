"""Words in several senses, each in sentences written for the course; word vectors.

Lesson 05 develops `word_vectors`; a test holds the notebook and this module to the same
code. The sentences (`data/word_senses.jsonl`) were written before any model saw them:
each holds its word once, in that form, and enough context for a reader to tell which
sense is meant.
"""

import json
import re
from pathlib import Path

import pandas as pd
import torch

from course_utils import model_checks
from course_utils.call_guard import guarded

_FILE = Path(__file__).with_name("data") / "word_senses.jsonl"


def load_word_senses():
    """Return the sentences as a DataFrame with columns word, sense, sentence.

    word: str, lower case, such as "bank". sense: str, one of the word's two, such as
    "river". sentence: str, in which the word occurs once. 8 words, 6 sentences a sense.
    """
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return pd.DataFrame([json.loads(line) for line in lines])


def find_word(word, sentence):
    """Return at which place word stands among the words of sentence, counted from 0.

    Case does not matter. Raises ValueError where it occurs not once, but never or more
    often.
    """
    words = [found.lower() for found in re.findall(r"\w+|[^\w\s]", sentence)]
    if words.count(word.lower()) != 1:
        raise ValueError(
            f"{word!r} occurs {words.count(word.lower())} times in {sentence!r}, "
            "expected once: is it there in another form, such as the plural?"
        )
    return words.index(word.lower())


def word_vectors(text, hidden, offsets):
    """Average the vectors of each word's pieces.

    text: str, W words or punctuation marks. hidden: (..., T, D) float. offsets: (T, 2)
    int, each piece's place in the text, (0, 0) for special tokens, as the tokenizer
    gives them with return_offsets_mapping=True. Returns (words, (..., W, D)); a word
    that was truncated, or of which the tokenizer kept nothing, has the vector 0.
    """
    spans = [found.span() for found in re.finditer(r"\w+|[^\w\s]", text)]
    begin, end = torch.tensor(spans).reshape(-1, 2).T[..., None]  # (W, 1) each
    first, last = offsets.T  # (T,) each: where a piece begins and ends
    inside = (begin <= first) & (last <= end) & (first < last)  # (W, T)
    member = inside.to(hidden.dtype)
    count = member.sum(dim=1, keepdim=True).clamp(min=1)  # (W, 1)
    return [text[a:b] for a, b in spans], member @ hidden / count  # (..., W, D)


word_vectors = guarded(word_vectors, model_checks.check_placed_vectors)
