"""Checks of lesson 10: places of answers, spans, windows, scores, thresholds."""

from functools import cache

import torch

from course_utils.answer_scores import normalize_answer
from course_utils.checks import lesson_10_choosing_mistakes as choosing
from course_utils.checks import lesson_10_mistakes as mistakes
from course_utils.checks.exercise import Coding
from course_utils.checks.lesson_10_questions import QUESTIONS
from course_utils.natural_sets import load_natural
from course_utils.pretrained import load_bert
from course_utils.question_answering import make_windows

LYON = "Ada Meyer opened a bakery in Lyon. Lyon's mayor ate there in 1987."
WHERE = "Where is it?"


@cache
def tokenizer():
    """Return the course's tokenizer, loaded once."""
    return load_bert()[0]


@cache
def natural():
    """Return (question, passage, answers) of natural questions, of short passages."""
    rows = [q for q in load_natural("qa") if q["answers"] and len(q["passage"]) < 300]
    return [(q["question"], q["passage"], q["answers"]) for q in rows]


@cache
def cut(question, passage):
    """Return the windows of a passage, each with 48 places."""
    return make_windows(tokenizer(), question, passage, width=48, stride=12)


# --- 10.1 and 10.3: characters and tokens --------------------------------------------


def _span_text(passage, offsets, i, j):
    covered = [c for t in range(i, j + 1) for c in range(*offsets[t])]
    if not covered:
        return "", -1, -1
    return passage[covered[0] : covered[-1] + 1], covered[0], covered[-1] + 1


def _span_cases(rng):
    passages, cases = [(WHERE, text) for text in ("Ada.", "Lyon is.", LYON)], []
    passages += [pair[:2] for pair in rng.sample(natural(), 4)]
    for question, passage in passages:
        for window in cut(question, passage)[:3]:
            places = [t for t, yes in enumerate(window["inside"]) if yes]
            i = rng.choice(places)
            j = rng.choice([t for t in places if i <= t < i + 9])
            cases.append((passage, window["offset_mapping"], i, j))
    cases.append((*cases[1][:2], 0, 0))
    return [*cases, (*cases[-2][:2], 0, 0)]


@cache
def _offsets(passage):
    options = {"add_special_tokens": False, "return_offsets_mapping": True}
    return tokenizer()(passage, **options)["offset_mapping"]


def _token_spans(passage, answer, offsets):
    pairs = [(i, j) for i in range(len(offsets)) for j in range(i, len(offsets))]
    texts = [passage[offsets[i][0] : offsets[j][1]].lower() for i, j in pairs]
    return [pair for n, pair in enumerate(pairs) if texts[n] == answer.lower()]


def _place_cases(rng):
    pairs = [("Ada.", "Ada"), ("a b a", "a"), ("no no no", "no no"), ("a b", "c")]
    pairs += [("The party is art.", "art"), (LYON, "lyon"), (LYON, "Lyon")]
    pairs += [("It began in May. The mayor may go in May 1987.", "in May")]
    for _, passage, answers in rng.sample(natural(), 5):
        pairs.append((passage, rng.choice((answers[0], answers[0].lower(), "the"))))
    return [(passage, answer, _offsets(passage)) for passage, answer in pairs]


# --- 10.2: precision and recall of words ---------------------------------------------


def _precision_recall(predicted, reference):
    given = normalize_answer(predicted).split()
    wanted = normalize_answer(reference).split()
    if not given or not wanted:
        return (1.0, 1.0) if given == wanted else (0.0, 0.0)
    left, shared = list(wanted), 0
    for word in given:
        if word in left:
            left.remove(word)
            shared += 1
    return shared / len(given), shared / len(wanted)


def _word_cases(rng):
    cases = [("Lyon", "Lyon"), ("Paris", "Lyon"), ("in Lyon", "Lyon"), ("", "")]
    cases += [("The Lyon bakery!", "bakery in Lyon"), ("", "Lyon"), ("Lyon", "")]
    cases += [("New York, New York", "New York"), ("the", "a"), ("York", "New York")]
    for _, passage, answers in rng.sample(natural(), 6):
        words = passage.split()
        first = rng.randrange(len(words) - 4)
        cases.append((" ".join(words[first : first + rng.randint(2, 9)]), answers[0]))
        cases.append((answers[0], rng.choice((answers[-1], answers[0] + " too"))))
    return cases


# --- 10.4 to 10.6: spans and their scores --------------------------------------------


def _scores(rng, *shape):
    """Draw scores without ties: (shape) float, two digits after the point."""
    count = torch.tensor(shape).prod().item()
    numbers = rng.sample(range(-900, 900), count)
    return torch.tensor(numbers).view(shape) / 100


def _best_of_batch(start, end, inside, longest):
    found = []
    for s, e, ok in zip(start.tolist(), end.tolist(), inside.tolist(), strict=True):
        places = [t for t, yes in enumerate(ok) if yes]
        valid = [(s[i] + e[j], i, j) for i in places for j in places]
        valid = [span for span in valid if span[1] <= span[2] < span[1] + longest]
        found.append(max(valid, default=(0, 0, 0))[1:])
    return torch.tensor(found)


def _batch_cases(rng):
    one = torch.ones(1, 1, dtype=torch.bool)
    cases = [(torch.ones(1, 1), torch.ones(1, 1), one, 1)]
    start, end = torch.tensor([[0.0, 1, 9, 2]]), torch.tensor([[0.0, 9, 2, 4]])
    for inside, longest in (([0, 1, 1, 1], 4), ([0, 1, 1, 1], 1), ([0, 1, 0, 0], 4)):
        cases.append((start, end, torch.tensor([inside]).bool(), longest))
    cases.append((start, end, torch.zeros(1, 4, dtype=torch.bool), 4))
    for B, T, longest in ((2, 4, 2), (2, 5, 5), (3, 6, 1), (3, 7, 3), (4, 8, 3)):
        first = torch.tensor([rng.randint(1, T - 2) for _ in range(B)])
        last = torch.tensor([rng.randint(T - 2, T) for _ in range(B)])
        places = torch.arange(T)
        inside = (places >= first[:, None]) & (places < last[:, None])
        cases.append((_scores(rng, B, T), _scores(rng, B, T), inside, longest))
    return cases


def _distinct_spans(spans, count):
    left, kept = list(spans), []
    while left and len(kept) < count:
        best = max(left)
        kept.append(best)
        taken = set(range(best[1], best[2] + 1))
        left = [s for s in left if taken.isdisjoint(range(s[1], s[2] + 1))]
    return kept


def _list_cases(rng):
    cases = [([(1.0, 3, 4)], 1), ([(1.0, 3, 4), (2.0, 4, 5)], 2), ([], 3)]
    cases += [([(2.0, 3, 4), (1.0, 5, 5)], 2), ([(2.0, 2, 6), (3.0, 3, 3)], 2)]
    cases += [([(1.0, 1, 2), (5.0, 1, 1), (3.0, 2, 2), (4.0, 7, 9)], 5)]
    for _ in range(8):
        scores = _scores(rng, rng.randint(6, 16)).tolist()
        pairs = [(score, rng.randint(1, 20)) for score in scores]
        spans = [(s, i, i + rng.randint(0, 4)) for s, i in pairs]
        cases.append((spans, rng.randint(2, 6)))
    return cases


def _extract(question, passage, start, end, tokenizer):
    row = tokenizer(question, passage, return_offsets_mapping=True)
    places = [t for t, part in enumerate(row.sequence_ids(0)) if part == 1]
    start, end = start.tolist(), end.tolist()
    pairs = [(i, j) for i in places for j in places if i <= j]
    score, i, j = max((start[i] + end[j], i, j) for i, j in pairs)
    offsets = row["offset_mapping"]
    return passage[offsets[i][0] : offsets[j][1]], score


def _extract_cases(rng):
    pairs = [("Who?", "Ada."), (WHERE, "In Lyon."), ("Who left?", "Ada and Bo left.")]
    pairs += [(WHERE, LYON)] * 3 + [rng.choice(natural())[:2]]
    cases = []
    for n, (question, passage) in enumerate(pairs):
        row = tokenizer()(question, passage)
        places = [t for t, part in enumerate(row.sequence_ids(0)) if part == 1]
        start, end = _scores(rng, 2, len(row["input_ids"]))
        if n % 3 == 0:  # an easy one: two high scores in order
            start[places[0]] += 20
            end[places[-1]] += 20
        elif n % 3 == 1:  # the best end stands before the best start
            start[places[-1]] += 20
            end[places[0]] += 20
        else:  # the question's own words get the highest scores
            start[1] += 30
            end[2] += 30
        cases.append((question, passage, start, end, tokenizer()))
    return cases


# --- 10.7 and 10.8: threshold, windows -----------------------------------------------


def _share_right(rows, threshold):
    right = 0
    columns = [rows[key].tolist() for key in ("score", "exact", "answerable")]
    for score, exact, answerable in zip(*columns, strict=True):
        right += exact if answerable and score >= threshold else 0
        right += not answerable and score < threshold
    return right / len(rows["score"])


def _tune_then_test(validation, test):
    tried = [(_share_right(validation, t), -t) for t in validation["score"].tolist()]
    threshold = -max(tried)[1]
    return threshold, _share_right(test, threshold)


def _rows(rng, count):
    answerable = torch.tensor([rng.random() < 0.6 for _ in range(count)])
    exact = torch.tensor([int(rng.random() < 0.7) for _ in range(count)])
    scores = [rng.randrange(-32, 64) / 8 + 3 * bool(a) for a in answerable]
    return {
        "score": torch.tensor(scores),
        "exact": exact * answerable,
        "answerable": answerable,
    }


def _threshold_cases(rng):
    yes, no = torch.tensor([True]), torch.tensor([False])
    sure = {"score": torch.ones(1), "exact": torch.ones(1).long(), "answerable": yes}
    none = {"score": torch.zeros(1), "exact": torch.zeros(1).long(), "answerable": no}
    both = {key: torch.cat([sure[key], none[key]]) for key in sure}
    cases = [(sure, sure), (sure, none), (both, none), (both, both)]
    sizes = (3, 5, 8, 8, 10, 12, 12, 16)
    return cases + [(_rows(rng, size), _rows(rng, size)) for size in sizes]


def _merge_windows(firsts, logits):
    length = max(f + len(x) for f, x in zip(firsts, logits, strict=True))
    merged = []
    for t in range(length):
        seen = []
        for w, (first, scores) in enumerate(zip(firsts, logits, strict=True)):
            left, right = t - first, first + len(scores) - 1 - t
            if left >= 0 and right >= 0:
                seen.append((min(left, right), -w, float(scores[left])))
        merged.append(max(seen)[2])
    return torch.tensor(merged)


def _window_cases(rng):
    shapes = [([0], [1]), ([0], [3]), ([0, 1], [2, 2]), ([0, 2], [4, 4])]
    shapes += [([0, 2, 4], [4, 4, 2]), ([0, 1, 2], [6, 6, 6])]
    for _ in range(6):
        width, count = rng.randint(4, 9), rng.randint(2, 5)
        step = rng.randint(1, width - 1)
        sizes = [width] * (count - 1) + [rng.randint(width - step + 1, width)]
        shapes.append(([n * step for n in range(count)], sizes))
    return [(firsts, [_scores(rng, n) for n in sizes]) for firsts, sizes in shapes]


CODING = [
    Coding(
        "10.1", "span_text", "the passage's own letters, also from a later window, and "
        "nothing for [CLS]", _span_text, _span_cases, mistakes.SPAN_TEXT,
    ),
    Coding(
        "10.2", "precision_recall", "words are counted, normalised; nothing against "
        "nothing is right", _precision_recall, _word_cases, mistakes.PRECISION_RECALL,
    ),
    Coding(
        "10.3", "token_spans", "every place, whole tokens only, in any case",
        _token_spans, _place_cases, mistakes.TOKEN_SPANS,
    ),
    Coding(
        "10.4", "best_of_batch", "the best valid span of each row equals that of a "
        "search through all pairs", _best_of_batch, _batch_cases,
        mistakes.BEST_OF_BATCH,
    ),
    Coding(
        "10.5", "distinct_spans", "no two share a token, and none that is better was "
        "left out", _distinct_spans, _list_cases, choosing.DISTINCT_SPANS,
    ),
    Coding(
        "10.6", "extract", "all three faults are mended: the best pair, in the "
        "passage, in its own letters", _extract, _extract_cases, choosing.EXTRACT,
    ),
    Coding(
        "10.7", "tune_then_test", "the threshold is validation's, the share the test's",
        _tune_then_test, _threshold_cases, choosing.TUNE_THEN_TEST,
    ),
    Coding(
        "10.8", "merge_windows", "each token's score comes from the window that shows "
        "most around it", _merge_windows, _window_cases, choosing.MERGE_WINDOWS,
    ),
]  # fmt: skip

EXERCISES = [*CODING, *QUESTIONS]
