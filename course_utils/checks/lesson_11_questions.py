"""Questions and predictions of lesson 11, with a sentence for each wrong choice."""

from course_utils.checks.exercise import Estimate, Question


def _bits_of_a_weight():
    """Count the bits of 1,024 four-bit weights and of their scales."""
    weights, group = 1024, 32
    return (4 * weights + 32 * (weights // group)) / weights


def _one_batch():
    """Return when a batch of eight is done, in milliseconds."""
    return 20 + sum(5 for _ in range(8))


QUESTIONS = [
    Estimate(
        "11.p1",
        _bits_of_a_weight,
        "4 bits, and 32 bits of scale shared by 32 weights",
        wrong={
            4: "The scales must be kept, too: one float32 for each group.",
            36: "The scale is shared: 32 weights have one.",
            8: "A scale has 32 bits; its share for each of 32 weights is one bit.",
            4.125: "That is a scale of 4 bits: a float32 has 32.",
        },
        too_low="Add up a whole group: its integers and its scale.",
        too_high="Add up a whole group, and divide by its 32 weights.",
    ),
    Estimate(
        "11.p2",
        _one_batch,
        "20 to start and eight times 5: all eight are done after 60 ms, alone the last "
        "would wait 200",
        wrong={
            200: "One by one, eight times 25. In a batch the start is paid once.",
            25: "That is a batch of one: each text adds 5 ms.",
            160: "Eight times 20: but the start is paid once, and each text costs 5.",
            40: "The texts alone: the start of 20 ms comes on top.",
        },
        too_low="The start and eight texts.",
        too_high="The start is paid once for the whole batch.",
    ),
    Question(
        "11.q1",
        "d",
        {
            "a": "That is the accuracy of one process only.",
            "b": "That is the plain mean, (0.9 + 0.5) / 2: ten rows weigh as much as "
            "ninety.",
            "c": "It is lower than the larger one's, but it can be computed: count the "
            "right answers, then divide.",
        },
        "81 + 5 right answers of 100: add up counts, and divide at the end",
    ),
    Question(
        "11.q2",
        "c",
        {
            "a": "Weights, gradients and AdamW's numbers are all still there. Only "
            "activations are thrown away.",
            "b": "The same numbers are computed again: the gradient is the same.",
            "d": "They need not be read from anywhere: they are computed again from "
            "what was kept.",
        },
        "one more forward pass, about a third of a step, for memory that no longer "
        "grows with all that happens inside of a layer",
    ),
    Question(
        "11.q3",
        "b",
        {
            "a": "The model takes integers. Each id below V finds a row of the table: "
            "it cannot know that the row was meant for another word.",
            "c": "The model knows nothing of words. Which row an id means was settled "
            "when it was trained.",
            "d": "All ids are wrong but a few, so all vectors are. Short and long "
            "texts alike.",
        },
        "nothing fails, and every answer is as good as chance: save the tokenizer with "
        "the model, in the same folder",
    ),
    Question(
        "11.q4",
        "a",
        {
            "b": "A batch of one has nobody to share the start with, however long it "
            "has waited.",
            "c": "Batching does not change an answer: the lesson asserts it to 1e-4.",
            "d": "Memory grows with the batch. Here every batch has one text.",
        },
        "each text waits 100 ms for company that does not come: it pays only where "
        "texts are many",
    ),
]
