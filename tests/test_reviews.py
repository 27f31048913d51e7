"""The data: sizes, labels, fixed splits, mended characters."""

import html
import re

import pytest

from course_utils import LABEL_NAMES, load_reviews
from course_utils.assets import review_file
from course_utils.reviews import choose_split, mend


@pytest.fixture(scope="module")
def raw_texts():
    lines = review_file().read_text(encoding="utf-8").splitlines()
    return [line.split("\t", 2)[2] for line in lines]


@pytest.mark.parametrize(("classes", "rows"), [(2, 10072), (3, 10605)])
def test_size_columns_and_labels(classes, rows):
    reviews = load_reviews(classes)
    assert list(reviews.columns) == ["text", "valence", "label", "split"]
    assert len(reviews) == rows and f"{rows:,} rows" in load_reviews.__doc__
    assert sorted(reviews["label"].unique()) == list(range(len(LABEL_NAMES[classes])))
    assert reviews["valence"].between(-4, 4).all()
    assert (reviews["text"].str.len() > 0).all()


def test_labels_follow_the_valence():
    two, three = load_reviews(2), load_reviews(3)
    assert ((two["valence"] > 0) == (two["label"] == 1)).all()
    neutral = three["valence"].abs() < 0.5
    assert ((three["label"] == 1) == neutral).all()
    assert (three.loc[three["valence"] >= 0.5, "label"] == 2).all()
    assert (three.loc[three["valence"] <= -0.5, "label"] == 0).all()
    assert three.loc[~neutral, "text"].tolist() == two["text"].tolist()


def test_no_text_is_in_two_splits():
    reviews = load_reviews(3)
    folded = reviews["text"].map(lambda text: " ".join(text.casefold().split()))
    assert reviews.groupby(folded)["split"].nunique().max() == 1


def test_splits_have_the_documented_shares():
    shares = load_reviews(3)["split"].value_counts(normalize=True)
    assert 0.78 < shares["train"] < 0.82
    assert 0.08 < shares["validation"] < 0.12 and 0.08 < shares["test"] < 0.12


def test_splits_never_change():
    """Known answers: if one moves, every published score of the course is void."""
    counts = load_reviews(2)["split"].value_counts().to_dict()
    assert counts == {"train": 8071, "validation": 953, "test": 1048}
    assert choose_split("A gem of a movie.") == "train"
    assert choose_split("  a GEM of a movie") == "train"
    assert choose_split("Mildly amusing.") == "test"


def test_mended_characters_are_counted_in_the_docstring(raw_texts):
    counts = {
        "sentences would be mis-read": sum(not text.isascii() for text in raw_texts),
        "hold HTML entities": sum(html.unescape(text) != text for text in raw_texts),
        "have two apostrophes": sum("''" in html.unescape(text) for text in raw_texts),
        "have runs of spaces": sum(" ".join(t.split()) != t for t in raw_texts),
    }
    docstring = " ".join(load_reviews.__doc__.split())
    for what, count in counts.items():
        assert re.search(rf"\b{count} {what}", docstring), (what, count)


def test_nothing_is_left_to_mend():
    texts = load_reviews(3)["text"]
    for trace in ("\u00c3", "\u00e2\u20ac", "\ufffd", "''", "  ", "&amp;"):
        assert not texts.str.contains(trace, regex=False).any(), trace
    assert texts.str.contains("Lilo & Stitch").any()
    assert texts.str.contains("Almodóvar").any()


def test_mend():
    assert mend(" ''Lilo &amp; Stitch''    is\tfine ") == '"Lilo & Stitch" is fine'


@pytest.mark.parametrize("classes", [1, 4, "2", None, True, [2], 2.0])
def test_wrong_number_of_classes(classes):
    with pytest.raises(ValueError, match=r"expected 2 .* or 3"):
        load_reviews(classes)
