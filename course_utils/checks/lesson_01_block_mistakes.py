"""Plausible wrong answers of lesson 01, exercises 1.7 to 1.9: block, loss, search."""

import torch
import torch.nn.functional as F

from course_utils.checks.exercise import Mistake

# --- 1.7 pre_norm --------------------------------------------------------------------


def _attention(block, x, mask):
    return block.attention(x, x, x, mask)[0]


def _feed(block, x, activation=torch.relu):
    return block.narrow(activation(block.widen(x)))


def _post_norm(block, x, mask):
    x = block.norm1(x + _attention(block, x, mask))
    return block.norm2(x + _feed(block, x))


def _residual_of_the_norm(block, x, mask):
    x = block.norm1(x)
    x = x + _attention(block, x, mask)
    x = block.norm2(x)
    return x + _feed(block, x)


def _only_queries(block, x, mask):
    x = x + block.attention(block.norm1(x), x, x, mask)[0]
    return x + _feed(block, block.norm2(x))


def _pre_norm(first, second, feed=_feed, keep_mask=True):
    def answer(block, x, mask):
        mask = mask if keep_mask else None
        x = x + _attention(block, first(block)(x), mask)
        return x + feed(block, second(block)(x))

    return answer


def _nothing(block):
    return lambda x: x


def _one(block):
    return block.norm1


def _two(block):
    return block.norm2


PRE_NORM = (
    Mistake(
        "this is the lesson's block: it normalises after each addition. Here each part "
        "reads a normalised input, and its result is added to x as it is.",
        _post_norm,
    ),
    Mistake(
        "x itself was replaced by norm(x), so the sum adds to the normalised x. Add to "
        "the x from before the norm.",
        _residual_of_the_norm,
    ),
    Mistake(
        "only the queries are normalised: key and value come from norm1(x), too.",
        _only_queries,
    ),
    Mistake(
        "the mask is not handed on to the attention.",
        _pre_norm(_one, _two, keep_mask=False),
    ),
    Mistake("the two norms are exchanged.", _pre_norm(_two, _one)),
    Mistake(
        "norm1 is used twice: the feed-forward part has norm2.", _pre_norm(_one, _one)
    ),
    Mistake("the second norm is missing.", _pre_norm(_one, _nothing)),
    Mistake("the first norm is missing.", _pre_norm(_nothing, _two)),
    Mistake(
        "the ReLU between widen and narrow is missing.",
        _pre_norm(_one, _two, lambda block, x: _feed(block, x, lambda wide: wide)),
    ),
    Mistake(
        "GELU stands between widen and narrow: this block has a ReLU there.",
        _pre_norm(_one, _two, lambda block, x: _feed(block, x, F.gelu)),
    ),
    Mistake(
        "the last addition is missing: x must be added to what the feed-forward part "
        "gives.",
        lambda block, x, mask: _feed(
            block, block.norm2(x + _attention(block, block.norm1(x), mask))
        ),
    ),
)

# --- 1.8 sequence_loss ---------------------------------------------------------------


def _entropy(logits, target, **options):
    return F.cross_entropy(logits.flatten(0, 1), target.flatten(), **options)


def _mean_of_means(logits, target):
    pairs = zip(logits, target[:, 1:], strict=True)
    return torch.stack([_entropy(a[None], b, ignore_index=0) for a, b in pairs]).mean()


def _minus_probability(logits, target):
    chosen = logits.softmax(dim=-1).gather(2, target[:, 1:, None]).squeeze(2)
    return -chosen[target[:, 1:] != 0].mean()


SEQUENCE_LOSS = (
    Mistake(
        "padding is counted: id 0 is no character to be learned. Leave those places "
        "out of the sum and of the number that divides it.",
        lambda logits, target: _entropy(logits, target[:, 1:]),
    ),
    Mistake(
        "the target is not shifted: the logits at place t name character t + 1, so the "
        "right answers are target[:, 1:].",
        lambda logits, target: _entropy(logits, target[:, :-1], ignore_index=0),
    ),
    Mistake(
        "the loss is a sum, not a mean.",
        lambda logits, target: _entropy(
            logits, target[:, 1:], ignore_index=0, reduction="sum"
        ),
    ),
    Mistake(
        "padding adds 0, but still counts in the divisor: divide by the number of real "
        "characters.",
        lambda logits, target: _entropy(
            logits, target[:, 1:], ignore_index=0, reduction="none"
        ).mean(),
    ),
    Mistake(
        "each text is averaged on its own first: then a short text's characters weigh "
        "more than a long one's.",
        _mean_of_means,
    ),
    Mistake(
        "a softmax was taken before cross_entropy, which takes its own: it wants the "
        "logits as they are.",
        lambda logits, target: _entropy(
            logits.softmax(dim=-1), target[:, 1:], ignore_index=0
        ),
    ),
    Mistake(
        "the divisor counts the first id, too: it is given, not asked.",
        lambda logits, target: (
            _entropy(logits, target[:, 1:], ignore_index=0, reduction="sum")
            / (target != 0).sum()
        ),
    ),
    Mistake(
        "each place has a loss of its own: take their mean over the real characters.",
        lambda logits, target: _entropy(
            logits, target[:, 1:], ignore_index=0, reduction="none"
        ),
    ),
    Mistake(
        "the logarithm is missing: minus the mean probability is no cross-entropy.",
        _minus_probability,
    ),
)

# --- 1.9 beam_search -----------------------------------------------------------------


def _search(score=lambda total, step: total + step, branches=None, worst=False, **slip):
    def answer(log_probs, start, width):
        kept = [(0.0, [start])]
        for table in log_probs.tolist():
            grown = []
            for total, ids in kept:
                row = table[ids[-1]]
                order = sorted(range(len(row)), key=row.__getitem__, reverse=True)
                for new in order[:branches]:
                    grown.append((score(total, row[new]), [*ids, new]))
            key = (lambda pair: pair[0]) if "first" in slip else None
            kept = sorted(grown, key=key, reverse=not worst)[:width]
        return [ids for _, ids in kept] if "all" in slip else kept[0][1]

    return answer


def _exchanged(log_probs, start, width):
    return _search()(log_probs.transpose(1, 2), start, width)


def _each_by_its_best(log_probs, start, width):
    row = log_probs[0, start].tolist()
    grown = [(total, [start, new]) for new, total in enumerate(row)]
    kept = sorted(grown, reverse=True)[:width]
    for table in log_probs[1:].tolist():
        best = [max(zip(table[ids[-1]], range(99), strict=False)) for _, ids in kept]
        kept = [
            (total + step, [*ids, new])
            for (total, ids), (step, new) in zip(kept, best, strict=True)
        ]
    return max(kept)[1]


BEAM_SEARCH = (
    Mistake(
        "only one beginning lives on in every step, which is greedy search: try every "
        "token after every beginning, and keep `width` of them all.",
        lambda log_probs, start, width: _search()(log_probs, start, 1),
    ),
    Mistake(
        "after the first step each beginning grows by its best token only: try every "
        "token after every beginning, then keep the best of all.",
        _each_by_its_best,
    ),
    Mistake(
        "beginnings are ranked by their last step alone: add its log-probability to "
        "the total so far.",
        _search(lambda total, step: step),
    ),
    Mistake(
        "beginnings are ranked by their last step alone, and the first of equal ones "
        "wins: add its log-probability to the total so far.",
        _search(lambda total, step: step, first=True),
    ),
    Mistake(
        "argmax runs over axis 0: there stand the steps (in a model's output the "
        "batch). The tokens to choose from are the last axis, dim=-1.",
        lambda log_probs, start, width: [
            start,
            *log_probs[:, start].argmax(dim=0).tolist(),
        ],
    ),
    Mistake(
        "all beginnings that were kept come back: the best one is asked for.",
        _search(all=True),
        lambda received, *_: isinstance(received[0], list),
    ),
    Mistake(
        "log-probabilities are multiplied. Probabilities multiply, so their logarithms "
        "add.",
        _search(lambda total, step: (total or 1.0) * step),
    ),
    Mistake(
        "the least likely are kept: a log-probability is better the nearer it is to 0.",
        _search(worst=True),
    ),
    Mistake(
        "row and column are exchanged: log_probs[t, i, j] is for token j that follows "
        "token i.",
        _exchanged,
    ),
    Mistake(
        "the start is missing: the result has one id more than there are steps.",
        lambda log_probs, start, width: _search()(log_probs, start, width)[1:],
    ),
    Mistake(
        "width is ignored: all beginnings are kept. That finds the best of all, but "
        "takes V ** T of them.",
        lambda log_probs, start, width: _search()(log_probs, start, None),
    ),
)
