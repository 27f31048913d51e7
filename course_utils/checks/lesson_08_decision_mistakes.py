"""Plausible wrong answers to 8.6 to 8.9: decisions and scores, with causes."""

from course_utils.checks.exercise import Mistake

# --- 8.6 compare_meaning -------------------------------------------------------------


def _meaning(forward, backward, follows=lambda logits: logits.argmax(dim=1) == 0):
    words = {3: "same", 1: "first says more", 2: "second says more", 0: "neither"}
    both = follows(forward).long() + 2 * follows(backward).long()
    return [words[number] for number in both.tolist()]


COMPARE_MEANING = (
    Mistake(
        "the two directions are exchanged: if the second follows from the first, the "
        "first says more.",
        lambda forward, backward: _meaning(backward, forward),
    ),
    Mistake(
        "the last class is read as entailment: in this course's LABELS it is number 0.",
        lambda *given: _meaning(*given, lambda logits: logits.argmax(dim=1) == 2),
    ),
    Mistake(
        "a logit above 0 is taken for a yes. Logits have no fixed zero: a class is "
        "chosen if it is the largest of the three.",
        lambda *given: _meaning(*given, lambda logits: logits[:, 0] > 0),
    ),
    Mistake(
        "only a probability above one half counts here: with three classes the largest "
        "may be smaller.",
        lambda *given: _meaning(
            *given, lambda logits: logits.softmax(dim=1)[:, 0] > 0.5
        ),
    ),
    Mistake(
        "one direction is asked only: entailment is no equality, ask both ways.",
        lambda forward, backward: _meaning(forward, forward),
    ),
    Mistake(
        "what does not contradict is taken to follow: neutral is no entailment.",
        lambda *given: _meaning(*given, lambda logits: logits.argmax(dim=1) != 2),
    ),
    *(
        Mistake(
            "the largest is searched over the pairs (the batch, dim 0), not over the "
            "classes of each: argmax(dim=1).",
            lambda *given, follows=follows: _meaning(*given, follows),
        )
        for follows in (
            lambda logits: logits.argmax(dim=0) == 0,
            lambda logits: logits[:, 0] == logits[:, 0].max(),
        )
    ),
)

# --- 8.7 verdict ---------------------------------------------------------------------


def _decide(
    logits, threshold, share=lambda x: x.softmax(dim=1), sides=(0, 2), compare=None
):
    p = share(logits)[:, sides]  # (S, sides)
    best = int(p.argmax())
    sentence, side = divmod(best, len(sides))
    if float(p.max() if compare is None else compare(p)) < threshold:
        return "open", None
    return ("supported", "open", "refuted")[sides[side]], sentence


def _of_the_mean(logits, threshold):
    word, _ = _decide(logits.softmax(dim=1).mean(dim=0, keepdim=True).log(), threshold)
    return word, None if word == "open" else int(logits.softmax(dim=1)[:, 0].argmax())


def _with_neutral(logits, threshold):
    word, sentence = _decide(logits, threshold, sides=(0, 1, 2))
    return word, None if word == "open" else sentence


def _first_above(logits, threshold):
    for sentence, row in enumerate(logits.softmax(dim=1).tolist()):
        if max(row[0], row[2]) >= threshold:
            return ("supported" if row[0] > row[2] else "refuted"), sentence
    return "open", None


VERDICT = (
    Mistake(
        "the mean over the sentences decides: most sentences of a report say nothing "
        "about the claim. One that does is enough.",
        _of_the_mean,
    ),
    Mistake(
        "the softmax runs over the sentences (dim 0), not over the classes: use dim=1.",
        lambda *given: _decide(*given, share=lambda x: x.softmax(dim=0)),
    ),
    Mistake(
        "logits are compared. They have no common scale: one row may have larger ones "
        "and be less sure. First the softmax of each row.",
        lambda *given: _decide(*given, share=lambda x: x),
    ),
    Mistake(
        "a sentence that is surely neutral stops the search. It only says nothing: "
        "look for the most probable entailment or contradiction.",
        _with_neutral,
    ),
    Mistake(
        "only entailment is looked for: a sentence may also refute the claim.",
        lambda *given: _decide(*given, sides=(0,)),
    ),
    Mistake(
        "the first sentence above the threshold is taken: the strongest one decides.",
        _first_above,
    ),
    Mistake(
        'the threshold is not used: where no sentence is sure enough, it is "open".',
        lambda logits, threshold: _decide(logits, 0.0),
    ),
)

# --- 8.8 premise_accuracy ------------------------------------------------------------


def _by_premise(premises, right, pool=all):
    """Pool the rows of each premise: (premises,) float."""
    rows = {}
    for premise, good in zip(premises, right.tolist(), strict=True):
        rows.setdefault(premise, []).append(good)
    return [float(pool(row)) for row in rows.values()]


def _mean(values):
    return sum(values) / len(values)


def _runs(premises, right):
    rows = []
    for i, premise in enumerate(premises):
        if i == 0 or premise != premises[i - 1]:
            rows.append(True)
        rows[-1] = rows[-1] and bool(right[i])
    return _mean(rows)


def _in_threes(premises, right):
    return _mean([float(rows.all()) for rows in right.split(3)])


PREMISE_ACCURACY = (
    Mistake(
        "rows are counted: that is the usual accuracy. A premise counts once, if all "
        "of its rows are right.",
        lambda premises, right: _mean(right.tolist()),
    ),
    Mistake(
        "one right row is enough here: all rows of a premise must be right.",
        lambda *given: _mean(_by_premise(*given, pool=any)),
    ),
    Mistake(
        "the accuracy of each premise is averaged: it counts whole or not at all.",
        lambda *given: _mean(_by_premise(*given, pool=_mean)),
    ),
    Mistake(
        "only rows that stand together are taken for one premise: they may be apart.",
        _runs,
    ),
    Mistake(
        "the right premises are divided by the number of rows: divide by the number of "
        "different premises.",
        lambda premises, right: sum(_by_premise(premises, right)) / len(premises),
    ),
    Mistake(
        "the last row of a premise decides here: one wrong row spoils all.",
        lambda *given: _mean(_by_premise(*given, pool=lambda row: row[-1])),
    ),
    Mistake(
        "every three rows are taken for one premise: a premise may have more or fewer, "
        "so compare the texts.",
        _in_threes,
    ),
    Mistake(
        "these premises are counted: give their share.",
        lambda premises, right: sum(_by_premise(premises, right)),
    ),
)

# --- 8.9 word_drops ------------------------------------------------------------------


def _drops(
    premise,
    hypothesis,
    judge,
    leave=lambda words, i: words[:i] + words[i + 1 :],
    measure=lambda whole, rest: whole - rest,
    order=lambda drop: -drop,
):
    words, found = hypothesis.split(), []
    for i, word in enumerate(words):
        rest = judge(premise, " ".join(leave(words, i)))
        found.append((word, measure(judge(premise, hypothesis), rest)))
    return sorted(found, key=lambda pair: order(pair[1])) if order else found


def _from_the_premise(premise, hypothesis, judge):
    return _drops(hypothesis, premise, lambda a, b: judge(b, a))


def _replaced(premise, hypothesis, judge):
    whole = judge(premise, hypothesis)
    rests = [(w, hypothesis.replace(w, "")) for w in hypothesis.split()]
    found = [(word, whole - judge(premise, rest)) for word, rest in rests]
    return sorted(found, key=lambda pair: -pair[1])


WORD_DROPS = (
    Mistake(
        "every copy of the word is taken out. A word may stand twice: leave out one "
        "place, not one word.",
        lambda *given: _drops(
            *given, lambda words, i: [word for word in words if word != words[i]]
        ),
    ),
    Mistake(
        "the sign is turned: a drop is the whole's probability minus the rest's.",
        lambda *given: _drops(*given, measure=lambda whole, rest: rest - whole),
    ),
    Mistake(
        "this is the probability that is left, not the drop: subtract it from the "
        "whole's.",
        lambda *given: _drops(*given, measure=lambda whole, rest: rest),
    ),
    Mistake(
        "the words stand in the order of the sentence: sort them, the largest drop "
        "first.",
        lambda *given: _drops(*given, order=None),
    ),
    Mistake(
        "the smallest drop comes first: sort the other way round.",
        lambda *given: _drops(*given, order=lambda drop: drop),
    ),
    Mistake(
        "the sign is lost (abs): a probability that rises is a negative drop.",
        lambda *given: _drops(*given, measure=lambda whole, rest: abs(whole - rest)),
    ),
    Mistake(
        "the words are taken out of the premise: it is the hypothesis that loses them.",
        _from_the_premise,
    ),
    Mistake(
        "str.replace takes these letters out of other words, too, and leaves two "
        "spaces: leave out one word of hypothesis.split(), by its place.",
        _replaced,
    ),
    Mistake(
        "only this word is left in, all others are taken out: leave out one at a time.",
        lambda *given: _drops(*given, lambda words, i: [words[i]]),
    ),
)
