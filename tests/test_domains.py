"""The other domains: sizes, labels, mended texts."""

import pytest

from course_utils import load_domain
from course_utils.domains import DOMAIN_FILES

pytestmark = pytest.mark.usefixtures("fetched_reviews")


@pytest.mark.parametrize(
    ("name", "least", "share"),
    [("amazon", 2900, 0.59), ("tweets", 3400, 0.68), ("editorials", 2900, 0.40)],
)
def test_size_and_labels(name, least, share):
    table = load_domain(name)
    assert list(table.columns) == ["text", "valence", "label"]
    assert least < len(table) < least + 100
    assert table["label"].mean() == pytest.approx(share, abs=0.01)
    assert (table["valence"].abs() >= 0.5).all() and table["valence"].abs().max() <= 4
    assert ((table["valence"] > 0) == (table["label"] == 1)).all()
    assert list(table.index) == list(range(len(table)))


@pytest.mark.parametrize("name", DOMAIN_FILES)
def test_texts_are_whole_and_mended(name):
    texts = load_domain(name)["text"]
    assert (texts.str.len() > 0).all() and texts.is_unique
    for trace in ("\u00c3", "\u00e2\u20ac", "\ufffd", "''", "  ", "&amp;"):
        assert not texts.str.contains(trace, regex=False).any(), trace


@pytest.mark.parametrize("name", ["movies", "Amazon", "", None, 3])
def test_unknown_name_lists_the_known_ones(name):
    with pytest.raises(ValueError, match=r"expected one of .*'tweets'"):
        load_domain(name)
