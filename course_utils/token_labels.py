"""Labels of words for a model that reads pieces: the first piece gets the label.

Lesson 09 develops these functions; a test holds the notebook and this module to the
same code. Labelling follows Devlin et al. 2019, section 5.3.
"""

import torch

from course_utils import tag_checks
from course_utils.batching import NO_LABEL
from course_utils.call_guard import guarded
from course_utils.evaluation import predict


def align_labels(word_ids, labels, every_piece=False):
    """Return one label for each piece: list of T int, -100 where nothing is learned.

    word_ids: T numbers of words, None for special tokens, as `encoding.word_ids()`
    gives them. labels: one int for each word. every_piece: label a word's later pieces,
    too, with its I- (2k for a B- of 2k - 1).
    """
    aligned, before = [], None
    for word in word_ids:
        if word is None:
            aligned.append(NO_LABEL)
        elif word != before:
            aligned.append(labels[word])
        elif every_piece:
            inside = labels[word] + labels[word] % 2  # B- is odd, its I- comes next
            aligned.append(inside)
        else:
            aligned.append(NO_LABEL)
        before = word
    return aligned


def encode_words(examples, tokenizer, tags, every_piece=False):
    """Return what `collate` takes: dicts input_ids, token_type_ids, labels.

    examples: dicts with tokens (words) and tags. tags: all tags, in the order of their
    numbers. Words beyond the model's limit are left out.
    """
    number = {tag: i for i, tag in enumerate(tags)}
    words = [example["tokens"] for example in examples]
    batch = tokenizer(words, is_split_into_words=True, truncation=True)
    encoded = []
    for i, example in enumerate(examples):
        labels = [number[tag] for tag in example["tags"]]
        labels = align_labels(batch.word_ids(i), labels, every_piece)
        row = {key: batch[key][i] for key in ("input_ids", "token_type_ids")}
        encoded.append(row | {"labels": labels})
    return encoded


def predict_tags(model, encoded, tags):
    """Return the tags a model gives to the words of encoded sentences, one list each.

    encoded: as `encode_words` returns them; a word's tag is read at its first piece,
    where labels is not -100.
    """
    [logits] = predict(model, encoded)  # each (T, C)
    found = []
    for row, scores in zip(encoded, logits, strict=True):
        first = torch.tensor(row["labels"]) != NO_LABEL  # (T,)
        best = scores[first].argmax(dim=-1).tolist()
        found.append([tags[number] for number in best])
    return found


align_labels = guarded(align_labels, tag_checks.check_word_labels)
encode_words = guarded(encode_words, tag_checks.check_tagged)
predict_tags = guarded(predict_tags, tag_checks.check_encoded)
