"""The course's data: movie-review sentences, each rated by some twenty people.

Source: C. J. Hutto and E. Gilbert, "VADER: A Parsimonious Rule-based Model for
Sentiment Analysis of Social Media Text", ICWSM 2014; MIT licence.
"""

import hashlib
import html
import re

import pandas as pd

from course_utils.assets import review_file

LABEL_NAMES = {
    2: ("negative", "positive"),
    3: ("negative", "neutral", "positive"),
}
NEUTRAL_BELOW = 0.5  # |valence| under which a sentence is neither good nor bad


def load_reviews(classes=2):
    """Return the reviews as a DataFrame with columns text, valence, label, split.

    classes: 2 leaves out the neutral sentences (|valence| < 0.5) and labels the others
        0 = negative, 1 = positive: 10,072 rows. 3 keeps all and labels them
        0 = negative, 1 = neutral, 2 = positive: 10,605 rows. LABEL_NAMES has the names.
    text: str. valence: float, mean of the ratings from -4 to 4. label: int.
    split: "train", "validation" or "test", about 80, 10 and 10 %. It depends only on
        the letters and digits of the sentence (case folded), so that it never changes,
        and sentences that differ only in case, spaces or punctuation share a split.

    Mended in the texts: the file is UTF-8 (133 sentences would be mis-read as latin-1),
    22 hold HTML entities such as `&amp;`, 274 have two apostrophes for a quotation
    mark, and 625 have runs of spaces.

    Raises ValueError for another number of classes, and AssetError where the data is
    neither in the cache nor to be had.
    """
    if not isinstance(classes, int) or classes is True or classes not in LABEL_NAMES:
        raise ValueError(
            f"classes is {classes!r}, expected 2 (negative, positive) or 3 (with "
            "neutral): try load_reviews(classes=2)"
        )
    table = read_sentences(review_file("movieReviewSnippets_GroundTruth.txt"))
    table["split"] = [choose_split(text) for text in table["text"]]
    if classes == 2:
        table = table[table["valence"].abs() >= NEUTRAL_BELOW].reset_index(drop=True)
        table["label"] = (table["valence"] > 0).astype(int)
    else:
        positive = (table["valence"] >= NEUTRAL_BELOW).astype(int)
        negative = (table["valence"] <= -NEUTRAL_BELOW).astype(int)
        table["label"] = 1 + positive - negative
    return table[["text", "valence", "label", "split"]]


def read_sentences(path):
    """Return text and valence of a file with lines of id, valence, text (tabs)."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t", 2) for line in lines]
    return pd.DataFrame(
        {
            "text": [mend(text) for _, _, text in rows],
            "valence": [float(valence) for _, valence, _ in rows],
        }
    )


def mend(text):
    """Undo what the file's history did to a sentence: entities, quotes, spaces."""
    text = html.unescape(text).replace("''", '"')
    return re.sub(r"\s+", " ", text).strip()


def choose_split(text):
    """Return the split of a sentence, from a hash of its letters and digits."""
    folded = "".join(ch for ch in text.casefold() if ch.isalnum())
    bucket = int(hashlib.sha256(folded.encode()).hexdigest(), 16) % 10
    return {0: "test", 1: "validation"}.get(bucket, "train")
