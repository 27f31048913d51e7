"""Questions and predictions of lesson 04, with a sentence for each wrong choice."""

from functools import cache

import torch
from transformers import BertConfig, BertModel

from course_utils.checks.exercise import Estimate, Question


def _more_positions():
    """Count the rows that 512 more positions add, D numbers each."""
    base = BertConfig()
    table = torch.empty(base.max_position_embeddings, base.hidden_size, device="meta")
    return table.numel()


@cache
def _tiny():
    """Return a BERT of three small layers with random weights."""
    shape = {"hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2}
    config = BertConfig(
        **shape, intermediate_size=32, vocab_size=99, initializer_range=0.5
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return BertModel(config).eval()


@torch.no_grad()
def _without_positions():
    """Exchange two words where all positions are alike; return the choice that fits."""
    model = _tiny()
    table = model.embeddings.position_embeddings.weight
    kept = table.clone()
    table.zero_()
    hidden = model(torch.tensor([[1, 5, 6, 7, 2], [1, 7, 6, 5, 2]])).last_hidden_state
    table.copy_(kept)
    return "b" if torch.allclose(hidden[0, 0], hidden[1, 0], atol=1e-5) else "a"


@torch.no_grad()
def _what_a_head_moves():
    """Switch off a head of layer 2; return the choice that fits the moved states."""
    model, ids = _tiny(), torch.tensor([[1, 5, 6, 7, 2]])
    weight = model.encoder.layer[1].attention.output.dense.weight
    kept = weight.clone()
    before = model(ids, output_hidden_states=True).hidden_states
    weight[:, :8] = 0
    after = model(ids, output_hidden_states=True).hidden_states
    weight.copy_(kept)
    moved = [not torch.equal(x, y) for x, y in zip(before, after, strict=True)]
    choices = {
        "a": [0, 0, 1, 0],
        "b": [1, 1, 1, 1],
        "c": [0, 0, 1, 1],
        "d": [0, 0, 0, 1],
    }
    return next(letter for letter, states in choices.items() if states == moved)


QUESTIONS = [
    Estimate(
        "4.p1",
        _more_positions,
        "512 new rows of 768 numbers. Attention has no weight that depends on T: its "
        "matrices stay as they are",
        wrong={
            1024 * 768: "That is the whole new table. How much of it is new?",
            512: "That is the number of new rows. How many numbers has a row?",
            512 * 3072: "Positions are added to the embeddings: a row is D wide, not "
            "as wide as the feed-forward network.",
            0: "There is no row for token 513: positions are learned, not computed.",
            512 * 768 * 12: "The positions are added once, before the first layer.",
        },
        too_low="Which of the tables grows, and by how many rows?",
        too_high="Only one table grows. Which, and by how many rows?",
    ),
    Question(
        "4.p2",
        _without_positions,
        {
            "a": "With positions, yes. Without them, each token has the same vector in "
            "both texts, and attention sums over a set: the order is lost.",
            "c": "Attention sees keys and values, no places. The place is known from "
            "the position table only, and that is 0 now.",
        },
        "attention sums over a set of tokens; only the position table knows the order",
    ),
    Question(
        "4.p3",
        _what_a_head_moves,
        {
            "a": "State 2 moves, and layer 3 reads state 2.",
            "b": "States 0 and 1 are computed before layer 2: they cannot know of it.",
            "d": "State 2 is what layer 2 writes, so it moves at once.",
        },
        "each layer reads what the last one wrote: state 2 moves, and all after it",
    ),
    Question(
        "4.q1",
        "c",
        {
            "a": "Too high a learning rate makes the loss jump or stay high.",
            "b": "A larger vocabulary makes the questions harder, not easier.",
            "d": "The lesson's own training passed the unigram entropy only after many "
            "hundred steps, and by little. A loss of 0.02 is no reading.",
        },
        "most of the asked tokens stand in the input, and the model learns to copy "
        "them: a question must be hidden",
    ),
    Question(
        "4.q2",
        "a",
        {
            "b": "The number of [MASK] is the same in each epoch, whichever places are "
            "drawn.",
            "c": "The texts are the same, the questions are not: a new draw asks for "
            "other tokens in other contexts.",
        },
        "anew each time, nearly every token is asked in some epoch. RoBERTa calls it "
        "dynamic masking",
    ),
    Question(
        "4.q3",
        "b",
        {
            "a": "[MASK] goes through the model as any token does: nothing is saved.",
            "c": "Every piece has a row in the embedding table; words have none.",
        },
        "who sees di, ##osa and ##ble knows ##sp. Hidden as a whole, the word must be "
        "told from its context",
    ),
    Question(
        "4.q4",
        "b",
        {
            "a": "Rounding differs by about 1e-6, and by the same numbers at each run.",
            "c": "A missing mask changes padded batches only, and always by the same.",
            "d": "Other segments give other vectors, but the same ones at each run.",
        },
        "dropout zeroes numbers at random in training mode: call model.eval() before "
        "you compare",
    ),
]
