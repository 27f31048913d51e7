"""Sentences from elsewhere, rated like the movie reviews: for tests of transfer.

Same source and licence as the reviews (see `reviews`): product reviews from Amazon,
tweets, and sentences of New York Times editorials.
"""

from course_utils.assets import review_file
from course_utils.reviews import NEUTRAL_BELOW, mend, read_sentences

DOMAIN_FILES = {
    "amazon": "amazonReviewSnippets_GroundTruth.txt",
    "tweets": "tweets_GroundTruth.txt",
    "editorials": "nytEditorialSnippets_GroundTruth.txt",
}


def load_domain(name):
    """Return a domain's sentences as a DataFrame with columns text, valence, label.

    name: "amazon", "tweets" or "editorials". As in `load_reviews()`, sentences with
    |valence| < 0.5 are left out, the label is 0 = negative, 1 = positive, and the same
    things are mended in the texts. There is no split: all of it is test data. Empty
    and repeated texts are left out.

    Raises ValueError for another name, and AssetError where the data is neither in the
    cache nor to be had.
    """
    if not isinstance(name, str) or name not in DOMAIN_FILES:
        raise ValueError(
            f"name is {name!r}, expected one of {tuple(DOMAIN_FILES)}: one at a time, "
            "try load_domain('amazon')"
        )
    table = read_sentences(review_file(DOMAIN_FILES[name]))
    table["text"] = table["text"].map(mend)  # some entities were escaped twice
    table = table[(table["valence"].abs() >= NEUTRAL_BELOW) & (table["text"] != "")]
    table = table.drop_duplicates("text").reset_index(drop=True)
    table["label"] = (table["valence"] > 0).astype(int)
    return table
