"""Checks of what is handed to the functions of lesson 09: BIO tags, aligned labels."""

from course_utils.text_checks import check_tokenizer
from course_utils.value_checks import (
    check_equal_lengths,
    check_list,
    check_rows,
    check_str,
    check_whole,
    shown,
)


def check_tags(tags, **_):
    """Check the tags of one sentence: "O", or "B-" and "I-" with a label."""
    check_list("tags", tags, "str", "one tag for each word, such as ['B-PER', 'O']")
    for place, tag in enumerate(tags):
        if not isinstance(tag, str):
            hint = "numbers become tags by TAGS[number], -100 is left out first"
            if isinstance(tag, list | tuple):
                hint = "these are several sentences, call it for each"
            raise TypeError(f"tags[{place}] is {shown(tag)}, expected a str: {hint}")
        if tag != "O" and (tag[:2] not in ("B-", "I-") or len(tag) < 3):
            raise ValueError(
                f"tags[{place}] is {tag!r}, expected 'O', or 'B-' or 'I-' and a label: "
                "in BIO a name of label PER begins with 'B-PER'"
            )


def check_label_of(tags, label, **_):
    """Check tags and one label, without its "B-"."""
    check_tags(tags)
    check_str("label", label, "such as 'PER'")
    if label[:2] in ("B-", "I-"):
        raise ValueError(
            f"label is {label!r}, expected the label alone: try {label[2:]!r}"
        )


def check_word_labels(word_ids, labels, **_):
    """Check the words of pieces, and one int for each word."""
    check_list("word_ids", word_ids, "int or None", "try encoding.word_ids()")
    check_list("labels", labels, "int", "one number for each word")
    for label in labels:
        check_whole("a label", label, -100, "turn tags into numbers, TAGS.index(tag)")
    words = [word for word in word_ids if word is not None]
    if words and max(words) >= len(labels):
        raise ValueError(
            f"word_ids go up to {max(words)} and there are {len(labels)} labels, "
            f"expected {max(words) + 1} or more: are these the labels of another "
            "sentence, or is the text not split into words?"
        )


def check_tagged(examples, tokenizer, tags, **_):
    """Check sentences as words and tags, and the list of all tags."""
    check_tokenizer(tokenizer)
    check_list("tags", tags, "str", "all tags in the order of their numbers")
    hint = "make_entity_examples gives tokens (words) and tags"
    check_rows("examples", examples, ("tokens", "tags"), hint)
    known = set(tags)
    for place, row in enumerate(examples):
        check_list(f"examples[{place}]['tokens']", row["tokens"], "words", hint)
        check_equal_lengths(
            f"in examples[{place}] one tag belongs to each word",
            tokens=row["tokens"],
            tags=row["tags"],
        )
        unknown = [tag for tag in row["tags"] if tag not in known]
        if unknown:
            raise ValueError(
                f"examples[{place}] has the tag {unknown[0]!r}, expected one of "
                f"{', '.join(map(str, tags))}: is tags from another data set?"
            )


def check_encoded(model, encoded, tags, **_):
    """Check encoded sentences, and as many tags as the model has classes."""
    check_list("tags", tags, "str", "all tags in the order of their numbers")
    hint = "as encode_words returns them"
    check_rows("encoded", encoded, ("input_ids", "labels"), hint)
    classes = getattr(getattr(model, "classifier", None), "out_features", None)
    if classes != len(tags):
        raise ValueError(
            f"there are {len(tags)} tags and the model has {classes} classes, expected "
            "as many: load_bert_for('token-classification', tags)"
        )


def check_sentences(true, predicted):
    """Check two lists of as many sentences, each a list of tags."""
    for name, sentences in (("true", true), ("predicted", predicted)):
        hint = "a list of tags for each; for one sentence try [tags]"
        check_list(name, sentences, "sentences", hint)
        for place, tags in enumerate(sentences):
            check_list(f"{name}[{place}]", tags, "tags", hint)
    hint = "were sentences left out of one of them?"
    check_equal_lengths(hint, true=true, predicted=predicted)


def check_labels(true, predicted, labels):
    """Check that the labels of all names are among `labels`, written without B-."""
    check_list("labels", labels, "str", "such as ['PER', 'LOC']")
    tags = {tag for both in (true, predicted) for row in both for tag in row}
    unknown = sorted({tag[2:] for tag in tags if tag != "O"} - set(labels))
    if unknown:
        raise ValueError(
            f"labels is {list(labels)}, expected {unknown[0]!r} among them: a name has "
            "it. Give labels without B- and I-"
        )
