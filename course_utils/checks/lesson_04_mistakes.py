"""Plausible wrong answers of lesson 04, exercises 4.1 and 4.6 to 4.8."""

import torch

from course_utils.checks.exercise import Mistake

# --- 4.1 count_parameters ------------------------------------------------------------


def _count(bias=1, norm=2, layer_norms=2, table_norm=1, maps=4, pooler=1, **slip):
    """Count with one slip; without any, rightly."""

    def answer(vocab, positions, segments, D, L, wide):
        wide = 4 * D if "wide" in slip else wide
        rows = vocab + positions + (0 if "segments" in slip else segments)
        linear = D * D + bias * D
        forward = D * wide + bias * wide + wide * D + bias * D
        layer = maps * linear + forward + layer_norms * norm * D
        layers = 1 if "layers" in slip else L
        return rows * D + table_norm * norm * D + layers * layer + pooler * linear

    return answer


COUNT_PARAMETERS = (
    Mistake(
        "the biases are missing: each linear map has one number more for each of its "
        "outputs.",
        _count(bias=0),
    ),
    Mistake(
        "the LayerNorms are missing: one after the embeddings and two in each layer, "
        "2 D numbers each.",
        _count(norm=0),
    ),
    Mistake("a LayerNorm has a scale and a shift: 2 D numbers, not D.", _count(norm=1)),
    Mistake(
        "a layer has two LayerNorms: after attention and after the feed-forward part.",
        _count(layer_norms=1),
    ),
    Mistake("the LayerNorm of the embeddings is missing.", _count(table_norm=0)),
    Mistake(
        "attention has four linear maps: the output map after query, key and value is "
        "missing.",
        _count(maps=3),
    ),
    Mistake("the pooler is missing: one linear map from D to D.", _count(pooler=0)),
    Mistake(
        "the feed-forward width is taken as 4 D: use `wide`, which need not be that.",
        _count(wide=True),
    ),
    Mistake("the segment table is missing.", _count(segments=True)),
    Mistake("only one layer is counted: there are L.", _count(layers=True)),
    Mistake(
        "the head that predicts words is counted, vocab * D: BertModel has none, and "
        "in pre-training it shares the word table.",
        lambda vocab, *sizes: _count()(vocab, *sizes) + vocab * sizes[2],
    ),
)

# --- 4.6 head_entropy ----------------------------------------------------------------


def _entropy(of_rows, weigh=None):
    def answer(weights, mask):
        entropy = of_rows(weights)  # (B, A, T)
        real = mask[:, None].to(entropy.dtype)  # (B, 1, T)
        if weigh is not None:
            return weigh(entropy, real)
        return (entropy * real).sum(dim=(0, 2)) / real.sum()

    return answer


def _rows(weights):
    return torch.special.entr(weights).sum(dim=-1)


def _of_the_mean_map(weights, mask):
    real = mask[:, None, :, None].to(weights.dtype)  # (B, 1, T, 1)
    return _rows((weights * real).sum(dim=(0, 2)) / real.sum())


HEAD_ENTROPY = (
    Mistake(
        "0 * log(0) is nan, and one nan makes every sum nan. Take torch.xlogy, or "
        "torch.where on the weights that are 0.",
        _entropy(lambda w: -(w * w.log()).sum(dim=-1)),
    ),
    Mistake(
        "the rows of padding are counted, too: what a padded place looks at says "
        "nothing about the text.",
        _entropy(_rows, lambda entropy, real: entropy.mean(dim=(0, 2))),
    ),
    Mistake(
        "padding is left out of the sum, but not out of the count: divide by the "
        "number of real tokens.",
        _entropy(
            _rows,
            lambda entropy, real: (
                (entropy * real).sum(dim=(0, 2)) / (real.shape[0] * real.shape[2])
            ),
        ),
    ),
    Mistake(
        "the sum runs over the tokens that look. A token's weights stand in a row: sum "
        "over the last axis.",
        _entropy(lambda w: torch.special.entr(w).sum(dim=-2)),
    ),
    Mistake(
        "the sign: ln p is negative, so the sum needs a minus.",
        _entropy(lambda w: -_rows(w)),
    ),
    Mistake(
        "the unit: this is in bits (log2). In nats it is the natural logarithm.",
        _entropy(lambda w: _rows(w) / torch.tensor(2.0).log()),
    ),
    Mistake(
        "the entropy is a sum over the places, not a mean over them.",
        _entropy(lambda w: torch.special.entr(w).mean(dim=-1)),
    ),
    Mistake(
        "each text is averaged first, so that a short text counts as much as a long "
        "one. All real tokens count alike: one sum, one division.",
        _entropy(
            _rows,
            lambda entropy, real: ((entropy * real).sum(dim=2) / real.sum(dim=2)).mean(
                dim=0
            ),
        ),
    ),
    Mistake(
        "the maps are averaged first: take the entropy of each row, then the mean.",
        _of_the_mean_map,
    ),
    Mistake(
        "each text has a row of its own: take the mean over the texts, too, (A,).",
        _entropy(
            _rows,
            lambda entropy, real: (entropy * real).sum(dim=2) / real.sum(dim=2),
        ),
    ),
    Mistake(
        "the sum is not divided by the number of real tokens.",
        _entropy(_rows, lambda entropy, real: (entropy * real).sum(dim=(0, 2))),
    ),
)

# --- 4.7 without_head ----------------------------------------------------------------


def _mute(places):
    """places: (head, heads, width of a head) to an index of the columns."""

    def answer(weight, head, heads):
        muted = weight.clone()
        muted[:, places(head, heads, weight.shape[1] // heads)] = 0
        return muted

    return answer


def _own(head, heads, width):
    return slice(head * width, (head + 1) * width)


def _mute_rows(weight, head, heads):
    return _mute(_own)(weight.T, head, heads).T


def _mute_the_others(weight, head, heads):
    K = weight.shape[1] // heads
    kept = torch.zeros_like(weight)
    kept[:, head * K : (head + 1) * K] = weight[:, head * K : (head + 1) * K]
    return kept


def _cut_out(weight, head, heads):
    K = weight.shape[1] // heads
    return torch.cat([weight[:, : head * K], weight[:, (head + 1) * K :]], dim=1)


WITHOUT_HEAD = (
    Mistake(
        "rows are set to 0. A row makes one output of all heads; what reads a head is "
        "a column.",
        _mute_rows,
    ),
    Mistake(
        "every A-th column is set to 0. The numbers of a head stand side by side: K in "
        "a row.",
        _mute(lambda h, A, K: slice(h, None, A)),
    ),
    Mistake(
        "the heads are counted from 1, here from 0.",
        _mute(lambda h, A, K: slice((h - 1) * K, h * K)),
    ),
    Mistake(
        "the head's last number is still read: a slice ends before its end.",
        _mute(lambda h, A, K: slice(h * K, (h + 1) * K - 1)),
    ),
    Mistake(
        "A and K are exchanged: a head is K = D / A numbers wide.",
        _mute(lambda h, A, K: slice(h * A, (h + 1) * A)),
    ),
    Mistake(
        "all other heads are switched off, and this one is kept.", _mute_the_others
    ),
    Mistake(
        "rows are set to 0 as well as columns: a row is an output that all heads make.",
        lambda *given: _mute_rows(_mute(_own)(*given), *given[1:]),
    ),
    Mistake(
        "the columns are cut out. Then the shapes no longer fit: set them to 0.",
        _cut_out,
    ),
)

# --- 4.8 rollout ---------------------------------------------------------------------


def _rolled(step=lambda mean, eye: (mean + eye) / 2, heads=None, multiply=None):
    def answer(attentions):
        eye = torch.eye(attentions.shape[-1])
        total = eye
        for layer in attentions:
            mean = layer.mean(dim=0) if heads is None else heads(layer)
            now = step(mean, eye)
            total = now @ total if multiply is None else multiply(now, total)
        return total

    return answer


def _mean_of_layers(attentions):
    return (attentions.mean(dim=(0, 1)) + torch.eye(attentions.shape[-1])) / 2


def _each_entry(attentions):
    return ((attentions.mean(dim=1) + torch.eye(attentions.shape[-1])) / 2).prod(dim=0)


def _each_head_alone(attentions):
    return torch.stack([_rolled()(x[:, None]) for x in attentions.unbind(dim=1)])


ROLLOUT = (
    Mistake(
        "the layers are multiplied the wrong way round: the later layer stands on the "
        "left, step @ total.",
        _rolled(multiply=lambda now, total: total @ now),
    ),
    Mistake(
        "the identity is missing: half of each vector goes past the attention.",
        _rolled(step=lambda mean, eye: mean),
    ),
    Mistake(
        "M + I is not halved: its rows sum to 2, and to 4 after two layers.",
        _rolled(step=lambda mean, eye: mean + eye),
    ),
    Mistake(
        "the layers are averaged: that is no path through them. Multiply.",
        _mean_of_layers,
    ),
    Mistake(
        "entry by entry is no path: * multiplies numbers, @ multiplies matrices.",
        _each_entry,
    ),
    Mistake(
        "the heads are added: take their mean.", _rolled(heads=lambda x: x.sum(dim=0))
    ),
    Mistake(
        "the largest head is taken at each place: take the mean of the heads.",
        _rolled(heads=lambda x: x.amax(dim=0)),
    ),
    Mistake(
        "each head is followed alone, (A, T, T): take the mean of the heads first.",
        _each_head_alone,
    ),
    Mistake(
        "only the last layer is used.",
        lambda attentions: _rolled()(attentions[-1:]),
    ),
    Mistake(
        "a softmax is taken again. The weights are shares already.",
        _rolled(step=lambda mean, eye: (mean + eye).softmax(dim=-1)),
    ),
)
