"""Inputs on which the exercises of lesson 08 are tried: ids, pairs, logits."""

from functools import cache

import torch

from course_utils.newsroom.statements import LABELS
from course_utils.pairs import load_development_pairs
from course_utils.pretrained import load_bert

CLS, SEP, PAD = 101, 102, 0


@cache
def tokenizer():
    """Return the course's tokenizer, loaded once."""
    return load_bert()[0]


def id_cases(rng):
    """Return padded rows of pairs, and the id of [SEP]."""
    cases = []
    sizes = [[(1, 1)], [(2, 1)], [(1, 2), (2, 2)], [(3, 0), (1, 1)], [(0, 2), (4, 4)]]
    for _ in range(6):
        sizes.append([(rng.randint(1, 7), rng.randint(1, 7)) for _ in range(3)])
    for number, pairs in enumerate(sizes):
        sep = SEP if number % 3 < 2 else 3
        rows = []
        for first, second in pairs:
            texts = [[rng.randint(200, 900) for _ in range(n)] for n in (first, second)]
            rows.append([CLS, *texts[0], sep, *texts[1], sep])
        width = max(map(len, rows)) + (number == 1)
        padded = [row + [PAD] * (width - len(row)) for row in rows]
        cases.append((torch.tensor(padded), sep))
    return cases


def row_cases(rng):
    """Return premises and hypotheses; each hypothesis fits, most premises do not."""
    cases = [(["a"], ["b"], 5), (["a b c d"], ["e f"], 7), (["a b"], [""], 8)]
    cases += [(["a b c d e f", "g"], ["h", "i j k"], 8)]
    cases += [(["a b"], ["c d e f"], 9), (["a", "b c"], ["d", "e"], 12)]
    pairs = load_development_pairs()
    for _ in range(5):
        drawn = rng.sample(pairs, rng.randint(1, 3))
        texts = [[pair[part] for pair in drawn] for part in ("premise", "hypothesis")]
        longest = max(len(tokenizer().tokenize(text)) for text in texts[1])
        cases.append((*texts, longest + 3 + rng.randint(1, 12)))
    return [(*case, tokenizer()) for case in cases]


def pair_cases(rng):
    """Return pairs whose hypotheses give something away, and a least count."""

    def pair(premise, hypothesis, label):
        return {"premise": premise, "hypothesis": hypothesis, "label": LABELS[label]}

    some = [pair("Bo ran.", "He ran.", 0), pair("Bo ran.", "He did not run.", 2)]
    cases = [([pair("x", "A.", 1)], 1), ([pair("x", "No, no, no!", 2)], 1), (some, 1)]
    cases += [
        (some, 2),
        (some, 3),
        ([], 1),
        ([*some, pair("y", "he ran, HE RAN", 1)], 2),
        ([pair("x", "2 cafés.", 0), pair("y", "2 bars.", 1)], 1),
    ]
    words = ("nobody", "Nobody", "is", "asleep", "a", "dog", "Dog,", "outside.", "eats")
    for _ in range(6):
        drawn = []
        for _ in range(rng.randint(3, 9)):
            texts = [" ".join(rng.choices(words, k=rng.randint(2, 5))) for _ in "ph"]
            drawn.append(pair(*texts, rng.randrange(3)))
        cases.append((drawn, rng.randint(1, 3)))
    return cases


def premise_cases(rng):
    """Return premises, some of them again, and a number of folds."""
    cases = [(["a"], 2), (["a", "a"], 2), (["a", "b"], 2), (["a", "b", "a", "b"], 3)]
    cases += [(["Bo ran.", "bo ran.", "Bo  ran. "], 2), (["a", "b", "c", "d", "e"], 2)]
    cases += [(["Bo ran.", "Bo ran!"], 2), (["a b", "b a"], 2), (["a   b", "a b"], 2)]
    for _ in range(7):
        texts = [f"{rng.choice(('Bo', 'bo'))} ran {n} miles" for n in range(6)]
        drawn = rng.choices(texts, k=rng.randint(6, 14))
        cases.append(
            ([text.replace(" ", rng.choice((" ", "  "))) for text in drawn], 3)
        )
    cases.append((["Bo can not go.", "Bo cannot go.", "bo can  not go."], 2))
    return cases


def matrix_cases(rng):
    """Return confusion matrices, some with a class that never occurs."""
    rows = [
        [[2]],
        [[1, 0], [0, 1]],
        [[3, 1], [0, 4]],
        [[0, 2], [0, 5]],
        [[4, 1], [0, 0]],
    ]
    rows += [[[0, 0], [0, 0]], [[5, 1, 0], [2, 3, 1], [0, 4, 4]]]
    for _ in range(6):
        rows.append([[rng.randint(0, 30) for _ in LABELS] for _ in LABELS])
    return [(torch.tensor(matrix),) for matrix in rows]


def _logits(generator, *shape, scale=2.0):
    return scale * torch.randn(*shape, generator=generator)


def direction_cases(rng):
    """Return logits of pairs in both directions."""
    entailed, neutral, denied = [2.0, 0.0, -1.0], [0.0, 1.0, -2.0], [-1.0, 0.5, 3.0]
    weak = [-1.0, -2.0, -3.0]  # entailment wins with a negative logit
    cases = [([entailed], [entailed]), ([entailed], [neutral]), ([neutral], [entailed])]
    cases += [
        ([denied], [denied]),
        ([weak], [weak]),
        ([neutral, denied], [denied, weak]),
    ]
    cases = [(torch.tensor(a), torch.tensor(b)) for a, b in cases]
    generator = torch.Generator().manual_seed(rng.randrange(2**31))
    sizes = [rng.randint(3, 9) for _ in range(6)]
    return cases + [(_logits(generator, n, 3), _logits(generator, n, 3)) for n in sizes]


def claim_cases(rng):
    """Return logits of sentences beside one claim, and a threshold."""
    cases = [
        ([[3.0, 0.0, 0.0]], 0.5),
        ([[0.0, 3.0, 0.0]], 0.5),
        ([[0.0, 0.0, 2.0]], 0.6),
    ]
    cases += [([[1.0, 0.8, 0.0]], 0.9), ([[0.0, 9.0, 0.0], [2.0, 0.0, 0.0]], 0.7)]
    cases += [([[5.0, 5.5, 5.0], [1.0, -1.0, -1.0]], 0.6), ([[2.0, 2.1, -3.0]], 0.4)]
    cases += [([[1.0, 0.0, 0.0], [0.0, 0.0, 3.0], [2.0, 0.0, 0.0]], 0.5)]
    cases = [(torch.tensor(rows), threshold) for rows, threshold in cases]
    generator = torch.Generator().manual_seed(rng.randrange(2**31))
    for threshold in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.5):
        cases.append((_logits(generator, rng.randint(2, 8), 3), threshold))
    for threshold in (0.3, 0.35, 0.4, 0.45):  # so low that neutral may be likelier
        logits = _logits(generator, rng.randint(1, 2), 3, scale=0.5)
        cases.append((logits + torch.tensor([0.0, 0.5, 0.0]), threshold))
    return cases


def right_cases(rng):
    """Return premises, some of them again and apart, and whether rows are right."""
    given = [(["a"], [1]), (["a"], [0]), (["a", "a"], [1, 0]), (["a", "b"], [1, 0])]
    given += [(["a", "b", "a"], [1, 1, 0]), (["a", "a", "b"], [1, 1, 0])]
    given += [(["a", "b", "a", "b"], [0, 1, 1, 1]), (list("aaabbbccc"), [1] * 8 + [0])]
    for _ in range(6):
        premises = [rng.choice(("Bo ran.", "Al sat.", "It rains.")) for _ in range(8)]
        given.append((premises, [rng.random() < 0.8 for _ in premises]))
    return [(premises, torch.tensor(right).bool()) for premises, right in given]


def _shared_words(premise, hypothesis):
    """Judge by the share of words that the premise has, too."""
    words = hypothesis.split()
    return sum(word in premise.split() for word in words) / max(len(words), 1)


def _by_letters(premise, hypothesis):
    """Judge in a way that no two texts share, and that depends on the order."""
    text = f"{premise} | {hypothesis}"
    return sum((i + 7) * ord(c) for i, c in enumerate(text)) % 997 / 997


def drop_cases(rng):
    """Return a premise, a hypothesis and a judge."""
    texts = [("a", "a"), ("a b", "b a"), ("a b", "c b a"), ("a dog", "a dog a cat")]
    cases = [(*pair, _shared_words) for pair in texts]
    cases += [("Bo ran", "Bo", _by_letters), ("a b c", "the the cat", _by_letters)]
    vocabulary = ("the", "dog", "did", "not", "see", "a", "cat")
    for _ in range(6):
        words = [rng.choice(vocabulary) for _ in range(12)]
        cut = rng.randint(5, 8)
        judge = rng.choice((_shared_words, _by_letters, _by_letters))
        cases.append((" ".join(words[:cut]), " ".join(words[cut:]), judge))
    return cases
