"""Wrong answers to the exercises of lesson 01, and what the student must be told."""

import math

import torch
import torch.nn.functional as F

# --- 1.1 -----------------------------------------------------------------------------


def count_with_nan(weights):
    return 2 ** -(weights * torch.log2(weights)).sum(-1)


def count_entropy_only(weights):
    return torch.special.entr(weights).sum(-1)


def count_without_minus(weights):
    return torch.exp(-torch.special.entr(weights).sum(-1))


def count_over_queries(weights):
    return torch.special.entr(weights).sum(dim=2).exp()


def count_two_bases(weights):
    return 2 ** torch.special.entr(weights).sum(-1)


def count_above_zero(weights):
    return (weights > 0).float().sum(-1)


def count_by_the_largest(weights):
    return 1 / weights.amax(dim=-1)


def count_by_squares(weights):
    return 1 / weights.square().sum(dim=-1)


def count_clamped(weights):
    w = weights.clamp(min=0.01)
    return (-(w * w.log()).sum(-1)).exp()


def count_of_the_whole(weights):
    return torch.special.entr(weights).sum().exp()


# --- 1.2 -----------------------------------------------------------------------------


def published(query, key, value, mask):
    A, K = query.shape[1], query.shape[3]
    scores = query @ key.transpose(-2, -1) / math.sqrt(A * K)
    scores = scores.masked_fill(mask == 0, 1e-9)
    return F.softmax(scores, dim=1) @ value


def attention(hide, axis=-1, root=0.5):
    def answer(query, key, value, mask):
        scores = torch.einsum("batk,bask->bats", query, key) * query.size(-1) ** -root
        return hide(scores, mask).softmax(axis) @ value

    return answer


def hidden(scores, mask):
    return torch.where(mask, scores, -math.inf)


softmax_over_the_heads = attention(hidden, axis=1)
softmax_over_the_queries = attention(hidden, axis=-2)
scale_missing = attention(hidden, root=0)
mask_with_the_wrong_sign = attention(lambda s, m: s + torch.where(m, 0, math.inf))


def half_mended(query, key, value, mask):
    scores = query @ key.mT / math.sqrt(query.shape[1] * query.shape[-1])
    return torch.where(mask, scores, -math.inf).softmax(1) @ value


def all_heads_in_the_divisor(query, key, value, mask):
    bigger = query / math.sqrt(query.shape[1])
    return F.scaled_dot_product_attention(bigger, key, value, mask)


def dropout_left_on(query, key, value, mask):
    return F.scaled_dot_product_attention(query, key, value, mask, dropout_p=0.1)


def masked_after(query, key, value, mask):
    weights = (query @ key.mT / query.shape[-1] ** 0.5).softmax(-1)
    return (weights * mask) @ value


def both_came_back(query, key, value, mask):
    context = F.scaled_dot_product_attention(query, key, value, mask)
    return context, context


# --- 1.3 -----------------------------------------------------------------------------


def parts_by_rows(context, weight):
    return context @ weight.unflatten(0, context.shape[1::2])


def parts_interleaved(context, weight):
    K = context.shape[3]
    return torch.einsum("batk,dka->batd", context, weight.unflatten(1, (K, -1)))


def parts_by_first_head(context, weight):
    return context @ weight[:, : context.shape[3]].T


def parts_summed(context, weight):
    return F.linear(context.transpose(1, 2).flatten(2), weight)


def parts_shared_out(context, weight):
    whole = parts_summed(context, weight)
    return torch.stack([whole / context.shape[1]] * context.shape[1], dim=1)


def parts_tokens_first(context, weight):
    per_head = weight.unflatten(1, context.shape[1::2])
    return torch.einsum("batk,dak->btad", context, per_head)


def parts_joined_wrong(context, weight):
    alone = torch.eye(context.shape[1])[:, None, :, None, None] * context
    return F.linear(alone.flatten(2, 3).transpose(2, 3), weight)


# --- 1.4 -----------------------------------------------------------------------------


def window(allowed):
    return lambda T, reach: torch.tensor(
        [[allowed(t, s, reach) for s in range(T)] for t in range(T)]
    )


def window_by_diagonals(T, reach):
    return torch.ones(T, T).tril(reach) + torch.ones(T, T).triu(-reach)


# --- 1.5 -----------------------------------------------------------------------------


def packed(allowed):
    def answer(texts):
        T = texts.shape[1]
        rows = [
            [[bool(allowed(row, t, s)) for s in range(T)] for t in range(T)]
            for row in texts.tolist()
        ]
        return torch.tensor(rows)[:, None]

    return answer


def packed_by_neighbours(texts):
    T = texts.shape[1]
    same = F.pad(texts[:, 1:] == texts[:, :-1], (1, 0))
    mask = torch.eye(T).bool() | (torch.eye(T).bool().roll(-1, 1) & same[:, :, None])
    return mask[:, None]


# --- 1.6 -----------------------------------------------------------------------------


def bias(column, cut=True):
    def answer(table, T):
        R = (table.shape[1] - 1) // 2
        columns = torch.empty(T, T, dtype=torch.long)
        for t in range(T):
            for s in range(T):
                d = max(-R, min(R, s - t)) if cut else s - t
                columns[t, s] = column(d, R)
        return table[:, columns]

    return answer


def bias_heads_last(table, T):
    return bias(lambda d, R: d + R)(table, T).permute(1, 2, 0)


def bias_of_positions(table, T):
    return table[:, None, torch.arange(T) % table.shape[1]].expand(-1, T, -1)


def bias_averaged(table, T):
    return bias(lambda d, R: d + R)(table, T).mean(dim=0)


# --- 1.7 -----------------------------------------------------------------------------


def feed(block, x):
    return block.narrow(F.relu(block.widen(x)))


def attended(block, x, mask):
    return block.attention(x, x, x, mask)[0]


def post_norm(block, x, mask):
    return block(x, mask)


def norm_in_place_of_x(block, x, mask):
    h = block.norm1(x)
    h = block.norm2(h + attended(block, h, mask))
    return h + feed(block, h)


def queries_only(block, x, mask):
    x = block.attention(block.norm1(x), x, x, mask)[0] + x
    return feed(block, block.norm2(x)) + x


def mask_forgotten(block, x, mask):
    x = x + attended(block, block.norm1(x), None)
    return x + feed(block, block.norm2(x))


def first_norm_twice(block, x, mask):
    x = x + attended(block, block.norm1(x), mask)
    return x + feed(block, block.norm1(x))


def no_relu(block, x, mask):
    x = x + attended(block, block.norm1(x), mask)
    return x + block.narrow(block.widen(block.norm2(x)))


def with_gelu(block, x, mask):
    x = x + attended(block, block.norm1(x), mask)
    return x + block.narrow(F.gelu(block.widen(block.norm2(x))))


def weights_kept(block, x, mask):
    h = block.norm1(x)
    return x + block.attention(h, h, h, mask)


def left_in_training(block, x, mask):
    block.train()
    x = x + attended(block, block.norm1(x), mask)
    return x + feed(block, block.norm2(x))


def dropout_always_on(block, x, mask):
    x = x + F.dropout(attended(block, block.norm1(x), mask), 0.5)
    return x + feed(block, block.norm2(x))


# --- 1.8 -----------------------------------------------------------------------------


def loss(target=lambda target: target[:, 1:], logits=lambda x: x, **options):
    def answer(given, ids):
        flat = target(ids).reshape(-1)
        return F.cross_entropy(logits(given).flatten(0, 1), flat, **options)

    return answer


def loss_divided_by_places(logits, target):
    losses = loss(ignore_index=0, reduction="none")(logits, target)
    return losses.sum() / losses.numel()


def loss_text_by_text(logits, target):
    each = F.cross_entropy(
        logits.transpose(1, 2), target[:, 1:], ignore_index=0, reduction="none"
    )
    return (each.sum(1) / (target[:, 1:] != 0).sum(1)).mean()


def loss_divided_with_start(logits, target):
    total = loss(ignore_index=0, reduction="sum")(logits, target)
    return total / target.count_nonzero()


def loss_of_probabilities(logits, target):
    chosen = logits.softmax(-1).gather(2, target[:, 1:, None])[..., 0]
    return -chosen[target[:, 1:] != 0].mean()


def loss_not_flat(logits, target):
    return F.cross_entropy(logits, target[:, 1:], ignore_index=0)


# --- 1.9 -----------------------------------------------------------------------------


def greedy(log_probs, start, width):
    ids = [start]
    for table in log_probs:
        ids.append(int(table[ids[-1]].argmax()))
    return ids


def argmax_over_the_batch(log_probs, start, width):
    return [start, *log_probs[:, start].argmax(dim=0).tolist()]


def beams(join=lambda total, row: total[:, None] + row, largest=True):
    def answer(log_probs, start, width):
        ids, totals, V = torch.tensor([[start]]), torch.zeros(1), log_probs.shape[-1]
        for table in log_probs:
            grown = join(totals, table[ids[:, -1]]).flatten()
            totals, best = grown.topk(min(width, grown.numel()), largest=largest)
            ids = torch.cat([ids[best // V], best[:, None] % V], dim=1)
        return ids[0].tolist()

    return answer


def ranked_by_last_step(log_probs, start, width):
    kept = [[start]]
    for table in log_probs.tolist():
        grown = [
            (step, [*ids, j]) for ids in kept for j, step in enumerate(table[ids[-1]])
        ]
        kept = [ids for _, ids in sorted(grown)[::-1][:width]]
    return kept[0]


def beams_of_columns(log_probs, start, width):
    return beams()(log_probs.mT, start, width)


def beams_without_start(log_probs, start, width):
    return beams()(log_probs, start, width)[1:]


def every_beginning(log_probs, start, width):
    return beams()(log_probs, start, 10**6)


def all_beams(log_probs, start, width):
    return [beams()(log_probs, start, width)] * width


def as_tensor(log_probs, start, width):
    return torch.tensor(beams()(log_probs, start, width))


WRONG = {
    "1.1": [
        (count_with_nan, "should add nothing"),
        (count_entropy_only, "this is the entropy itself"),
        (count_without_minus, "the minus is missing"),
        (count_over_queries, "the sum runs over the tokens that look"),
        (count_above_zero, "all weights above 0 are counted alike"),
        (count_two_bases, "two bases are mixed"),
        (count_by_the_largest, "1 / the largest weight"),
        (count_by_squares, "the sum of the squares"),
        (count_clamped, "raised to a small number"),
        (count_of_the_whole, "one number came back for all rows"),
    ],
    "1.2": [
        (published, "what the published function gives"),
        (attention(lambda s, m: s.masked_fill(~m, -1e9), axis=1), "over the heads"),
        (half_mended, "two of the three faults are still there: the axis and the div"),
        (softmax_over_the_heads, "the softmax runs over the heads"),
        (softmax_over_the_queries, "the softmax runs over the queries"),
        (attention(lambda s, m: s * m), "exp(0) = 1"),
        (scale_missing, "the scale is missing"),
        (attention(hidden, root=1), "not by its root"),
        (attention(lambda s, m: hidden(s, ~m)), "the mask is inverted"),
        (mask_with_the_wrong_sign, "the mask has the wrong sign"),
        (all_heads_in_the_divisor, "still that of all heads together"),
        (masked_after, "used after the softmax"),
        (dropout_left_on, "the same input gives another result"),
        (both_came_back, "a tuple came back, expected a tensor"),
    ],
    "1.3": [
        (parts_by_rows, "rows of the weight are taken"),
        (parts_interleaved, "every A-th column is taken"),
        (parts_by_first_head, "every head uses the columns of head 0"),
        (parts_summed, "the heads are summed already"),
        (parts_shared_out, "each head gets an equal share"),
        (parts_tokens_first, "tokens come before heads"),
        (parts_joined_wrong, "RuntimeError"),
    ],
    "1.4": [
        (window(lambda t, s, reach: abs(t - s) < reach), "one place too few"),
        (window(lambda t, s, reach: 0 <= t - s <= reach), "only earlier places"),
        (window(lambda t, s, reach: s - t <= reach), "everything before is allowed"),
        (window(lambda t, s, reach: t - s <= reach), "everything after is allowed"),
        (window(lambda t, s, reach: abs(t - s) > reach), "the mask is inverted"),
        (window(lambda t, s, reach: 0 < abs(t - s) <= reach), "place itself is left"),
        (window(lambda t, s, reach: 2 * abs(t - s) <= reach), "width of the window"),
        (window_by_diagonals, "two masks are added"),
        (lambda T, reach: [[1] * T] * T, "a list came back, expected a tensor"),
    ],
    "1.5": [
        (
            packed(lambda row, t, s: s == t or (s < t and row[s] and row[t])),
            "the texts look at each other",
        ),
        (
            packed(lambda row, t, s: s == t or row[s] == row[t] != 0),
            "the causal mask is missing",
        ),
        (packed(lambda row, t, s: s <= t and row[s] == row[t]), "a text with the num"),
        (
            packed(lambda row, t, s: s <= t and row[s] == row[t] != 0),
            "the row of a padded place is empty",
        ),
        (
            packed(lambda row, t, s: s >= t and (s == t or row[s] == row[t] != 0)),
            "rows and columns are exchanged",
        ),
        (
            lambda texts: torch.ones(*texts.shape, texts.shape[1]).tril(),
            "the axis of the heads is missing",
        ),
        (packed_by_neighbours, "a text with the number 0"),
    ],
    "1.6": [
        (bias(lambda d, R: R - d), "the direction is reversed"),
        (bias(lambda d, R: d + R, cut=False), "are not cut off"),
        (bias(lambda d, R: d), "stands in the middle of the table"),
        (bias(lambda d, R: abs(d) + R), "both directions share"),
        (bias(lambda d, R: abs(d)), "without its sign is used as column"),
        (bias(lambda d, R: min(d + R + 1, 2 * R)), "one column too far"),
        (bias_heads_last, "the axis of the heads is last"),
        (bias_of_positions, "positions are looked up"),
        (bias_averaged, "the heads are averaged"),
    ],
    "1.7": [
        (post_norm, "this is the lesson's block"),
        (norm_in_place_of_x, "x itself was replaced"),
        (queries_only, "only the queries are normalised"),
        (mask_forgotten, "the mask is not handed on"),
        (first_norm_twice, "norm1 is used twice"),
        (no_relu, "the ReLU between widen and narrow is missing"),
        (with_gelu, "GELU stands between"),
        (weights_kept, "TypeError"),
        (left_in_training, "changes its argument in place (block)"),
        (dropout_always_on, "the same input gives another result"),
    ],
    "1.8": [
        (loss(), "padding is counted"),
        (loss(lambda ids: ids[:, :-1], ignore_index=0), "the target is not shifted"),
        (loss(ignore_index=0, reduction="sum"), "the loss is a sum"),
        (loss_divided_by_places, "still counts in the divisor"),
        (loss_text_by_text, "each text is averaged on its own first"),
        (loss(logits=lambda x: x.softmax(-1), ignore_index=0), "takes its own"),
        (loss_divided_with_start, "the divisor counts the first id"),
        (loss_of_probabilities, "the logarithm is missing"),
        (loss_not_flat, "RuntimeError"),
        (loss(reduction="none", ignore_index=0), "each place has a loss"),
    ],
    "1.9": [
        (greedy, "which is greedy search"),
        (argmax_over_the_batch, "argmax runs over axis 0"),
        (beams(lambda total, row: row + 0 * total[:, None]), "their last step alone"),
        (ranked_by_last_step, "by their last step"),
        (
            beams(lambda total, row: row * torch.where(total == 0, 1, total)[:, None]),
            "log-probabilities are multiplied",
        ),
        (beams(largest=False), "the least likely are kept"),
        (beams_of_columns, "row and column are exchanged"),
        (beams_without_start, "the start is missing"),
        (every_beginning, "width is ignored"),
        (all_beams, "all beginnings that were kept"),
        (as_tensor, "a tensor came back, expected a list"),
    ],
}
