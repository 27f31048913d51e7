"""Questions and predictions of lesson 03, with a sentence for each wrong choice."""

import torch

from course_utils.checks.exercise import Estimate, Question
from course_utils.pretrained import load_bert


def _what_hidden_ids_do():
    """Fill the places behind the mask in another way; return the choice that fits."""
    tokenizer, model = load_bert()
    options = {"padding": "max_length", "max_length": 16, "return_tensors": "pt"}
    inputs = tokenizer("A gem of a movie.", **options)
    filled = inputs["input_ids"].clone()  # (1, T)
    filled[inputs["attention_mask"] == 0] = tokenizer.unk_token_id
    with torch.no_grad():
        before = model(**inputs).last_hidden_state[0, 0]
        after = model(**{**inputs, "input_ids": filled}).last_hidden_state[0, 0]
    return "a" if torch.allclose(before, after, atol=1e-5) else "c"


def _padding_of_three_texts():
    """Count the padding of texts of 5, 9 and 16 tokens, padded to a multiple of 8."""
    lengths = torch.tensor([5, 9, 16])
    width = 8 * torch.ceil(lengths.max() / 8)
    return int((width - lengths).sum())


QUESTIONS = [
    Question(
        "3.p1",
        _what_hidden_ids_do,
        {
            "b": "Small would mean that a little attention still goes there. But "
            "exp(-inf) is exactly 0: whatever is multiplied by 0 adds nothing.",
            "c": "The other ids do get other vectors, but no token of the text looks "
            "at them: their weight is exactly 0 in every layer.",
        },
        "what stands behind the mask is never looked at, so [CLS] does not move",
    ),
    Estimate(
        "3.p2",
        _padding_of_three_texts,
        "all rows are 16 wide: 11 + 7 + 0 places of padding",
        wrong={
            10: "Here each text was rounded up on its own (3 + 7 + 0). But a batch is "
            "a rectangle: one width for all.",
            42: "Here 16 was rounded up to 24. It already is a multiple of 8.",
            48: "That is the number of all places, text included.",
        },
        too_low="How wide is the batch? Each row is padded up to that.",
        too_high="How wide is the batch? The texts' own tokens are not padding.",
    ),
    Question(
        "3.q1",
        "c",
        {
            "a": "Id 0 is [PAD], but [PAD] is also a word that a text may contain, and "
            "the tokenizer gives that word the same id.",
            "b": "An unknown word gets the id of [UNK], which is 100, not 0.",
            "d": "The segment is another tensor. In input_ids the first text has the "
            "ids of its words.",
        },
        "the word [PAD] in a text has id 0, and searching would mask it. Counting does "
        "not",
    ),
    Question(
        "3.q2",
        "b",
        {
            "a": "The mask sets columns to 0: nobody looks at padding. The row of a "
            "padded place is still a softmax over the text; it sums to 1.",
            "c": "No token of the text looks at a padded place, so what is computed "
            "there cannot reach the text.",
        },
        "padding looks at the text; its vectors harm only whoever uses them, as a "
        "plain mean does",
    ),
    Question(
        "3.q3",
        "b",
        {
            "a": "The first [SEP] closes the first text and belongs to it: segment 0.",
            "c": "Padding gets segment 0 in the library, whatever stands before it.",
            "d": "Segments do not alternate with the special tokens: each says which "
            "of the two texts a token belongs to, and [SEP] closes its own.",
        },
        "0 up to the first [SEP], 1 up to the second, 0 on padding",
    ),
    Question(
        "3.q4",
        "a",
        {
            "b": "With the right mask the vectors are the same in every batch: the "
            "lesson asserts it to 1e-5.",
            "c": "Sorting makes the number of padded places smaller, never larger.",
            "d": "The results come back in the order of the batches. Put back with the "
            "same order of rows, they belong to their texts.",
        },
        "sorted batches are no longer drawn at random: long texts meet long texts",
    ),
]
