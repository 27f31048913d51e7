"""Plausible wrong answers of lesson 04, exercises 4.2 to 4.5: pre-training."""

from itertools import combinations, pairwise

import torch
import torch.nn.functional as F

from course_utils.checks.exercise import Mistake, faults_left

# --- 4.2 masked_lm_loss --------------------------------------------------------------


def _asked(logits, labels):
    keep = labels != -100
    return logits[keep], labels[keep]


def _loss(of_questions):
    """of_questions: (logits (N, V), labels (N,)) to a loss; nothing asked costs 0."""

    def answer(logits, labels):
        x, y = _asked(logits, labels)
        return of_questions(x, y) if len(y) else torch.tensor(0.0)

    return answer


def _padding_counted(logits, labels):
    y = labels.clamp(min=0)  # id 0 is asked where nothing is
    return F.cross_entropy(logits.flatten(0, 1), y.flatten())


def _by_all_places(logits, labels):
    total = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="sum")
    return total / labels.numel()


def _row_by_row(logits, labels):
    pairs = zip(logits, labels, strict=True)
    rows = [F.cross_entropy(x, y) for x, y in pairs if (y != -100).any()]
    return torch.stack(rows).mean() if rows else torch.tensor(0.0)


def _over_places(logits, labels):
    asked = labels != -100
    if not asked.any():
        return torch.tensor(0.0)
    log_p = logits.log_softmax(dim=1)[asked]  # (N, V)
    return -log_p.gather(1, labels[asked].unsqueeze(1)).mean()


MASKED_LM_LOSS = (
    Mistake(
        "the places without a question are counted, as if the right id there were 0. "
        "A label of -100 must be left out.",
        _padding_counted,
    ),
    Mistake(
        "divided by the number of all places: divide by the number of questions.",
        _by_all_places,
    ),
    Mistake(
        "the sum over the questions, not their mean.",
        _loss(lambda x, y: F.cross_entropy(x, y, reduction="sum")),
    ),
    Mistake(
        "the mean of nothing is nan: a batch without a question must give 0.",
        lambda logits, labels: F.cross_entropy(*_asked(logits, labels)),
    ),
    Mistake(
        "log(softmax(...)) is -inf where the softmax rounds to 0. log_softmax stays "
        "finite.",
        _loss(lambda x, y: F.nll_loss(x.softmax(dim=-1).log(), y)),
    ),
    Mistake(
        "each text is averaged first: a text with one question counts as much as one "
        "with ten. All questions count alike.",
        _row_by_row,
    ),
    Mistake(
        "the softmax runs over the places of a text. It belongs to the last axis, the "
        "vocabulary.",
        _over_places,
    ),
    Mistake(
        "the sign: ln p is negative, the loss must not be.",
        _loss(lambda x, y: -F.cross_entropy(x, y)),
    ),
    Mistake(
        "cross_entropy wants the classes on axis 1: pick the questions first, (N, V) "
        "and (N,).",
        F.cross_entropy,
    ),
    Mistake(
        "this is the mean probability or logit of the right id, without a logarithm of "
        "a softmax.",
        _loss(lambda x, y: -x.gather(1, y[:, None]).mean()),
    ),
)

# --- 4.3 hide_batch ------------------------------------------------------------------

FAULTS = {
    "rows": "only the first row is hidden (chosen[0], inputs[0])",
    "padding": "[PAD] may be hidden: 0 is a special id, too",
    "labels": "labels stand at every place: what is not hidden gets -100",
}


def _hide(*faults, label_after=False, at_most=False, inverted=False):
    def answer(input_ids, dice, special_ids, mask_id):
        special = special_ids if "padding" not in faults else [101, 102]
        chosen = ~torch.isin(input_ids, torch.tensor(special))
        chosen &= (dice <= 0.15) if at_most else (dice < 0.15)
        hide = chosen.clone()
        if "rows" in faults:
            hide[1:] = False
        inputs = input_ids.masked_fill(hide, mask_id)
        labels = (inputs if label_after else input_ids).clone()
        if "labels" not in faults:
            labels[hide if inverted else ~hide] = -100
        return inputs, labels

    return answer


HIDE_BATCH = (
    *(
        Mistake(faults_left(faults, FAULTS), _hide(*faults))
        for count in (3, 2, 1)
        for faults in combinations(FAULTS, count)
    ),
    Mistake(
        "the labels hold the id of [MASK]: they are made after the hiding. The label "
        "is what stood there before.",
        _hide(label_after=True),
    ),
    Mistake(
        "the labels are inverted: what is hidden must be asked, the rest gets -100.",
        _hide(inverted=True),
    ),
    Mistake(
        "a token with dice of exactly 0.15 is chosen: compare with <, not <=.",
        _hide(at_most=True),
        lambda received, expected, ids, dice, *_: (
            (received[0] != expected[0]) <= (dice == torch.tensor(0.15))
        ).all(),
    ),
)

# --- 4.4 hidden_places ---------------------------------------------------------------

NOT_WORDS = ("[CLS]", "[SEP]", "[PAD]")


def _words(tokens, left_out=NOT_WORDS, pieces=False):
    """Return the places of each word; pieces: each piece is a word of its own."""
    words = []
    for place, token in enumerate(tokens):
        if token.startswith("##") and not pieces:
            words[-1].append(place)
        elif token not in left_out:
            words.append([place])
    return words


def _places(fits, words=_words, stop=False, order_of=lambda order: order, cut=None):
    def answer(tokens, order, budget):
        hidden, taken, spans = [], 0, words(tokens)
        for number in order_of(order):
            span = spans[number][:cut]
            if fits(len(hidden), taken, len(span), budget):
                hidden, taken = hidden + span, taken + 1
            elif stop:
                break
        return sorted(hidden)

    return answer


def _fits(hidden, taken, size, budget):
    return hidden + size <= budget


def _not_counting_cls(tokens, order, budget):
    return [place - 1 for place in _places(_fits)(tokens, order, budget)]


HIDDEN_PLACES = (
    Mistake(
        "the budget is counted in words: it is a number of pieces.",
        _places(lambda hidden, taken, size, budget: taken < budget),
    ),
    Mistake(
        "a word is begun while any budget is left, and may go above it: look first "
        "whether all its pieces fit.",
        _places(lambda hidden, taken, size, budget: hidden < budget),
    ),
    Mistake(
        "a word that would use the budget up exactly is refused: compare with <=.",
        _places(lambda hidden, taken, size, budget: hidden + size < budget),
    ),
    Mistake(
        "the walk stops at the first word that does not fit. Skip it and go on: a "
        "shorter one may fit.",
        _places(_fits, stop=True),
    ),
    Mistake(
        "only the first piece of each word is hidden: those with ## belong to it.",
        _places(_fits, cut=1),
    ),
    Mistake(
        "each piece counts as a word: one that begins with ## continues the word "
        "before it.",
        _places(_fits, words=lambda tokens: _words(tokens, pieces=True)),
    ),
    Mistake(
        "[CLS] or [SEP] counts as a word: word 0 is the first real one.",
        _places(_fits, words=lambda tokens: _words(tokens, left_out=())),
    ),
    Mistake(
        "a [SEP] in the middle counts as a word: it is none, wherever it stands.",
        _places(_fits, words=lambda tokens: _words(tokens, left_out=("[CLS]",))),
    ),
    Mistake(
        "`order` is not followed: the words are taken from left to right.",
        _places(_fits, order_of=sorted),
    ),
    Mistake(
        "the places are counted without [CLS]: it stands at place 0.",
        _not_counting_cls,
    ),
    Mistake(
        "the places stand as `order` has them: sort them.",
        lambda *given: _places(_fits)(*given)[::-1],
        lambda received, expected, *_: sorted(received) == expected,
    ),
)

# --- 4.5 sentence_pairs --------------------------------------------------------------


def _pairs(own=False, across=False, label=lambda random: random, restart=False, **slip):
    def answer(documents, is_random, picks):
        flat = [(n, s) for n, document in enumerate(documents) for s in document]
        pairs, at, last = [], 0, 0
        for (n, first), (m, following) in pairwise(flat):
            if n != m and not across:
                continue
            at, last = (0 if restart and n != last else at), n
            others = [s for k, s in flat if own or k != n]
            if "next" in slip:
                others = documents[(n + 1) % len(documents)]
            at = at % len(picks)
            stranger = others[int(picks[at] * len(others))]
            use = slip.get("stranger", bool)(is_random[at])
            pairs.append((first, stranger if use else following, label(is_random[at])))
            at += 1
        return pairs

    return answer


SENTENCE_PAIRS = (
    Mistake(
        "the stranger may come from the same document, and may even be the next "
        "sentence: draw from all other documents.",
        _pairs(own=True),
    ),
    Mistake(
        "a pair runs from the end of one document into the next: a last sentence opens "
        "no pair.",
        _pairs(across=True),
    ),
    Mistake(
        "the labels are exchanged: 0 says that the second sentence follows, 1 that it "
        "is a stranger.",
        _pairs(label=lambda random: 1 - random),
    ),
    Mistake(
        "the next sentence is taken in every pair, whatever is_random says.",
        _pairs(stranger=lambda random: False),
    ),
    Mistake(
        "the pairs are numbered anew in each document: the number runs over all "
        "documents.",
        _pairs(restart=True),
    ),
    Mistake(
        "the strangers come from the next document only: all others are asked for.",
        _pairs(next=True),
    ),
    Mistake(
        "is_random is read the wrong way round: 1 draws a stranger.",
        _pairs(stranger=lambda random: not random),
    ),
    Mistake("the label is always 0: strangers get 1.", _pairs(label=lambda random: 0)),
)
