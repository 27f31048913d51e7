"""Checks of lesson 10: places of answers, spans, windows, scores, thresholds."""

from functools import cache

import torch

from course_utils.answer_scores import normalize_answer
from course_utils.checks import lesson_10_choosing_mistakes as choosing
from course_utils.checks import lesson_10_mistakes as mistakes
from course_utils.checks import lesson_10_spans as spans
from course_utils.checks.edge_mistakes import EDGES
from course_utils.checks.exercise import Coding
from course_utils.checks.lesson_10_questions import QUESTIONS
from course_utils.checks.lesson_10_spans import LYON, WHERE, natural, tokenizer
from course_utils.question_answering import make_windows


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
    pairs += [("She got $5 (net).", "$5 (net)"), ("An other another.", "another")]
    pairs += [("Ada Meyer-Ruiz left.", "Meyer-Ruiz")]
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
    draw = spans.draw_scores
    return [(firsts, [draw(rng, n) for n in sizes]) for firsts, sizes in shapes]


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
        _token_spans, _place_cases, mistakes.TOKEN_SPANS + EDGES["10.3"],
    ),
    Coding(
        "10.4", "best_of_batch", "the best valid span of each row equals that of a "
        "search through all pairs", spans.best_of_batch, spans.batch_cases,
        mistakes.BEST_OF_BATCH,
    ),
    Coding(
        "10.5", "distinct_spans", "no two share a token, and none that is better was "
        "left out", spans.distinct_spans, spans.list_cases, choosing.DISTINCT_SPANS,
    ),
    Coding(
        "10.6", "extract", "all three faults are mended: the best pair, in the "
        "passage, in its own letters", spans.extract, spans.extract_cases,
        choosing.EXTRACT,
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
