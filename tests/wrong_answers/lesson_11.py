"""Wrong answers to the exercises of lesson 11, and what the student must be told."""

import math

import torch
import torch.nn.functional as F

# --- 11.1 ----------------------------------------------------------------------------


def memory(numbers, each=4):
    """numbers(trained, kept): how many for one weight."""

    def answer(parts, optimizer):
        kept = {"sgd": 0, "momentum": 1, "adamw": 2}[optimizer]
        return each * sum(n * numbers(yes, kept) for n, yes in parts)

    return answer


def memory_of_adamw(parts, optimizer):
    return sum(16 * n if trained else 4 * n for n, trained in parts)


def memory_of_half_adamw(parts, optimizer):
    kept = 0 if optimizer == "sgd" else 1
    return sum(4 * n * (2 + kept) if trained else 4 * n for n, trained in parts)


# --- 11.2 ----------------------------------------------------------------------------


def checkpoint(key=id, width=None, rounded=True, bytes_each=8):
    """key: what of a tensor says whether it is stored already."""

    def answer(tensors, bits):
        different = {}
        for name, tensor in tensors.items():
            different.setdefault(key(tensor), (name, tensor))
        total = 0
        for name, tensor in different.values():
            size = tensor.numel() * (width or longest_of)(name, bits)
            total += math.ceil(size / bytes_each) if rounded else size // bytes_each
        return total

    return answer


def longest_of(name, bits):
    for end in range(len(name), -1, -1):
        if name[:end] in bits:
            return bits[name[:end]]
    return 32


def checkpoint_of_all(tensors, bits):
    sizes = [math.ceil(t.numel() * longest_of(n, bits) / 8) for n, t in tensors.items()]
    return sum(sizes)


def checkpoint_in_one_row(tensors, bits):
    different = {}
    for name, tensor in tensors.items():
        different.setdefault(id(tensor), (name, tensor))
    total = sum(t.numel() * longest_of(n, bits) for n, t in different.values())
    return math.ceil(total / 8)


def shortest_of(name, bits):
    for end in range(len(name) + 1):
        if name[:end] in bits:
            return bits[name[:end]]
    return 32


def first_of(name, bits):
    for start, each in bits.items():
        if name.startswith(start):
            return each
    return 32


def anywhere(name, bits):
    fitting = sorted((start for start in bits if start in name), key=len)
    return bits[fitting[-1]] if fitting else 32


def only_listed(name, bits):
    return longest_of(name, bits) if any(map(name.startswith, bits)) else 0


# --- 11.3 ----------------------------------------------------------------------------


def group_loop(weight, size, bits, top=None, whole=None, to_int=round, unpack=True):
    top = top or 2 ** (bits - 1) - 1
    result = torch.zeros(weight.shape)
    for r in range(weight.shape[0]):
        for c in range(0, weight.shape[1], size):
            part = weight[r, c : c + size]
            largest = {None: part, "row": weight[r], "all": weight}[whole].abs().max()
            scale = float(largest) / top or 1.0
            numbers = [to_int(float(x) / scale) for x in part]
            restored = [n * scale if unpack else float(n) for n in numbers]
            result[r, c : c + size] = torch.tensor(restored)
    return result


def groups(**slip):
    return lambda weight, size, bits: group_loop(weight, size, bits, **slip)


def groups_of_all_bits(weight, size, bits):
    return group_loop(weight, size, bits, top=2**bits - 1)


def groups_nan(weight, size, bits):
    parts = weight.unflatten(1, (-1, size))
    scale = parts.abs().amax(-1, True) / (2 ** (bits - 1) - 1)
    return ((parts / scale).round() * scale).flatten(1)


def groups_left_apart(weight, size, bits):
    return group_loop(weight, size, bits).unflatten(1, (-1, size))


def groups_in_place(weight, size, bits):
    weight.copy_(group_loop(weight, size, bits))
    return weight


# --- 11.4 ----------------------------------------------------------------------------


def prune(size=abs, gone=lambda share, n: int(share * n), kept=None):
    """size: by what a number is ranked; kept: (number, stays) to what is returned."""

    def answer(weights, share):
        numbers = [x for weight in weights for x in weight.flatten().tolist()]
        order = sorted(range(len(numbers)), key=lambda place: size(numbers[place]))
        leave = set(order[: gone(share, len(numbers))])
        new = [
            kept(x, place not in leave) if kept else x * (place not in leave)
            for place, x in enumerate(numbers)
        ]
        parts = torch.tensor(new).split([weight.numel() for weight in weights])
        return [p.reshape(w.shape) for p, w in zip(parts, weights, strict=True)]

    return answer


def prune_each(weights, share):
    return [prune()([weight], share)[0] for weight in weights]


def prune_in_place(weights, share):
    for weight, new in zip(weights, prune()(weights, share), strict=True):
        weight.copy_(new)
    return weights


def prune_to_one_row(weights, share):
    return torch.cat([new.flatten() for new in prune()(weights, share)])


def prune_by_last(weights, share):
    sizes = sorted(abs(x) for w in weights for x in w.flatten().tolist())
    limit = torch.tensor(sizes)[int(share * len(sizes)) - 1]
    return [torch.where(weight.abs() <= limit, 0.0, weight) for weight in weights]


def prune_by_largest(weights, share):
    limit = share * torch.cat([weight.flatten() for weight in weights]).abs().max()
    return [torch.where(weight.abs() <= limit, 0.0, weight) for weight in weights]


def prune_by_quantile(weights, share):
    sizes = torch.cat([weight.flatten().abs() for weight in weights])
    limit = torch.quantile(sizes, share)
    return [torch.where(weight.abs() <= limit, 0.0, weight) for weight in weights]


# --- 11.5 ----------------------------------------------------------------------------


def distilled(first, second, factor=lambda t: t * t, reduced=None, hard=1):
    """first, second: the input and the target of F.kl_div from (student, teacher)."""
    reduced = reduced or (lambda kl: kl.sum(dim=1).mean())

    def answer(student, teacher, labels, temperature, share):
        soft = F.kl_div(
            first(student / temperature, teacher / temperature),
            second(student / temperature, teacher / temperature),
            reduction="none",
        )
        given = student / (temperature if hard != 1 else 1)
        soft = share * factor(temperature) * reduced(soft)
        return soft + (1 - share) * F.cross_entropy(given, labels)

    return answer


def log_q(student, teacher):
    return F.log_softmax(student, dim=-1)


def p(student, teacher):
    return F.softmax(teacher, dim=-1)


def distilled_over_batch(student, teacher, labels, temperature, share):
    return distilled(
        lambda s, t: F.log_softmax(s, dim=0), lambda s, t: F.softmax(t, dim=0)
    )(student, teacher, labels, temperature, share)


def distilled_to_the_teacher_only(student, teacher, labels, temperature, share):
    return distilled(log_q, p)(student, teacher, labels, temperature, 1.0)


# --- 11.6 ----------------------------------------------------------------------------


def published(model, parts):
    total = 0
    for x, labels in parts:
        loss = F.cross_entropy(model(x), labels)
        (loss / len(parts)).backward()
        total += loss.item() / len(parts)
    return total, model.weight.grad.clone()


def still_means(model, parts):
    model.zero_grad()
    return published(model, [(x, y) for x, y in parts if (y != -100).any()])


def still_nan(model, parts):
    model.weight.grad = None
    return published(model, parts)


def in_sums(model, parts, divide, clear=True):
    if clear:
        model.weight.grad = None
    total, count = 0.0, divide(parts)
    for x, labels in parts:
        loss = F.cross_entropy(model(x), labels, reduction="sum") / count
        loss.backward()
        total += loss.item()
    return total, model.weight.grad


def labels_of(parts):
    return sum(int((labels >= 0).sum()) for _, labels in parts)


def still_old(model, parts):
    return in_sums(model, parts, labels_of, clear=False)


def all_rows(model, parts):
    return in_sums(model, parts, lambda parts: sum(len(y) for _, y in parts))


def undivided(model, parts):
    return in_sums(model, parts, lambda parts: 1)


def last_part_only(model, parts):
    for part in parts:
        result = in_sums(model, [part], lambda part: labels_of(parts))
    return result


def gradient_only(model, parts):
    return in_sums(model, parts, labels_of)[1]


# --- 11.7 ----------------------------------------------------------------------------


def order_of(count, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randperm(count, generator=generator).tolist()


def filled(order, world):
    count, gap = len(order), -len(order) % world
    return order + [order[n % count] for n in range(gap)]


def rows_of_one_order(count, world, rank, epoch):
    return filled(order_of(count, 0), world)[rank::world]


def rows_of_each_rank(count, world, rank, epoch):
    return filled(order_of(count, epoch + rank), world)[rank::world]


def rows_unfilled(count, world, rank, epoch):
    return order_of(count, epoch)[rank::world]


def rows_dropped(count, world, rank, epoch):
    order = order_of(count, epoch)
    return order[: count - count % world][rank::world]


def rows_in_blocks(count, world, rank, epoch):
    order = filled(order_of(count, epoch), world)
    each = len(order) // world
    return order[each * rank :][:each]


def rows_at_random(count, world, rank, epoch):
    return filled(torch.randperm(count).tolist(), world)[rank::world]


def rows_in_order(count, world, rank, epoch):
    return filled(list(range(count)), world)[rank::world]


# --- 11.8 ----------------------------------------------------------------------------


def queue(take, start_of=lambda free, left: max(free, left[0]), once=True):
    """take(left, start, most): how many are taken."""

    def answer(arrivals, most, start_up, each):
        left, free, times = list(arrivals), 0, []
        while left:
            start = start_of(free, left)
            size = max(take(left, start, most), 1)
            free = start + (start_up if once else start_up * size) + size * each
            times.extend([free] * size)
            left = left[size:]
        return times

    return answer


def there(left, start, most):
    return min(sum(t <= start for t in left), most)


def waiting_times(arrivals, most, start_up, each):
    times = queue(there)(arrivals, most, start_up, each)
    return [time - came for time, came in zip(times, arrivals, strict=True)]


def until_full(arrivals, most, start_up, each):
    times, free = [], 0
    for n in range(0, len(arrivals), most):
        batch = arrivals[n : n + most]
        free = max(free, batch[-1]) + start_up + each * len(batch)
        times += [free] * len(batch)
    return times


def last_batch_lost(arrivals, most, start_up, each):
    times = queue(there)(arrivals, most, start_up, each)
    return times[: math.floor(len(times) / most) * most]


# --- met later -----------------------------------------------------------------------


def rows_filled_once(count, world, rank, epoch):
    order = torch.randperm(count, generator=torch.Generator().manual_seed(epoch))
    missing = -count % world
    return torch.cat([order, order[:missing]])[rank::world].tolist()


WRONG = {
    "11.1": [
        (memory(lambda yes, kept: 2 + kept), "counted like a trained one"),
        (memory(lambda yes, kept: (2 if yes else 1) + kept), "keeps nothing for"),
        (memory(lambda yes, kept: 2 + kept if yes else 0), "frozen weights are forgot"),
        (memory(lambda yes, kept: 1 + kept if yes else 1), "gradients are missing"),
        (memory(lambda yes, kept: 2 + kept if yes else 1, each=1), "not bytes"),
        (memory_of_adamw, "the optimizer is ignored"),
        (memory_of_half_adamw, "AdamW keeps two"),
    ],
    "11.2": [
        (checkpoint_of_all, "it is stored once"),
        (checkpoint(key=lambda tensor: str(tensor.tolist())), "hold equal numbers"),
        (checkpoint(key=lambda tensor: tensor.shape), "tensors of one shape"),
        (checkpoint(rounded=False), "is cut off"),
        (checkpoint(bytes_each=1), "these are bits"),
        (checkpoint(width=shortest_of), "the shortest beginning"),
        (checkpoint(width=first_of), "the first beginning that fits"),
        (checkpoint(width=anywhere), "must *begin* so"),
        (checkpoint(width=only_listed), "they have 32 bits"),
        (checkpoint(width=lambda name, bits: 32), "`bits` is not used"),
        (checkpoint_in_one_row, "each tensor takes whole bytes"),
    ],
    "11.3": [
        (groups(whole="row"), "a whole row shares"),
        (groups(whole="all"), "the whole matrix shares"),
        (groups(to_int=int), "cut off"),
        (groups(unpack=False), "these are the integers"),
        (groups_of_all_bits, "one bit is the sign"),
        (groups_nan, "0 / 0 is nan"),
        (groups_left_apart, "an axis of their own"),
        (groups_in_place, "changes its argument in place (weight)"),
    ],
    "11.4": [
        (prune_each, "of all matrices together"),
        (prune(size=lambda x: x), "absolute value counts"),
        (prune(size=lambda x: -abs(x)), "the largest numbers are pruned"),
        (prune(gone=lambda share, n: n - int(share * n)), "not what stays"),
        (prune(gone=lambda share, n: math.ceil(share * n)), "one number too many"),
        (prune(gone=lambda share, n: max(int(share * n) - 1, 0)), "one number too few"),
        (prune(kept=lambda x, stays: float(stays)), "these are masks"),
        (prune_by_last, "index -1 is the last"),
        (prune_by_largest, "of the *count* is"),
        (prune_by_quantile, "a quantile lies between"),
        (prune_in_place, "changes its argument in place (weights)"),
        (prune_to_one_row, "a tensor came back, expected a list"),
    ],
    "11.5": [
        (distilled(log_q, p, factor=lambda t: 1), "square of the temperature"),
        (distilled(log_q, p, reduced=torch.mean), "rows *and* classes"),
        (distilled(log_q, p, reduced=torch.sum), "the rows are summed"),
        (
            distilled(lambda s, t: log_q(t, s), lambda s, t: p(t, s)),
            "teacher and student are exchanged",
        ),
        (distilled(lambda s, t: p(t, s), p), "wants the *logarithm*"),
        (distilled(log_q, p, hard=0), "the hard part is softened"),
        (distilled_over_batch, "over the batch"),
        (distilled_to_the_teacher_only, "the labels are not used"),
        (distilled(log_q, p, factor=lambda t: t), "by its square is right"),
    ],
    "11.6": [
        (published, "all three faults"),
        (still_old, "gradient of an earlier step"),
        (still_nan, "0 by 0"),
        (still_means, "a mean of the parts' means"),
        (all_rows, "rows with the label -100 are counted"),
        (undivided, "not divided by their number"),
        (last_part_only, "only the last part is left"),
        (gradient_only, "a tensor came back, expected a tuple"),
    ],
    "11.7": [
        (rows_of_one_order, "the same order"),
        (rows_of_each_rank, "in its own way"),
        (rows_unfilled, "unequal numbers of rows"),
        (rows_dropped, "the rest is dropped"),
        (rows_in_blocks, "gets a block"),
        (rows_in_order, "not shuffled"),
        (rows_at_random, "another result when the function is called again"),
        (rows_filled_once, "continued once only"),
    ],
    "11.8": [
        (queue(lambda left, start, most: 1), "one by one"),
        (queue(lambda left, start, most: there(left, start, 999)), "larger than"),
        (queue(there, once=False), "once for each batch"),
        (queue(lambda left, start, most: min(most, len(left))), "later are in the"),
        (
            queue(lambda left, start, most: min(sum(t < start for t in left), most)),
            "compare with <=",
        ),
        (waiting_times, "these are waiting times"),
        (until_full, "until the batch is full"),
        (queue(there, lambda free, left: free), "before the text has come"),
        (last_batch_lost, "the last batch is lost"),
    ],
}
