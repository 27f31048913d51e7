"""Wrong answers to the exercises of lesson 04, and what the student must be told."""

from itertools import chain

import torch
import torch.nn.functional as F

SPECIAL = ("[CLS]", "[SEP]", "[PAD]")

# --- 4.1 -----------------------------------------------------------------------------


def count_weights_only(vocab, positions, segments, D, L, wide):
    tables = (vocab + positions + segments) * D + 2 * D
    return tables + L * (4 * D * D + 2 * D * wide + 4 * D) + D * D


def count_one_norm(vocab, positions, segments, D, L, wide):
    tables = (vocab + positions + segments) * D + 2 * D
    layer = 4 * (D + 1) * D + (D + 1) * wide + (wide + 1) * D + 2 * D
    return tables + L * layer + (D + 1) * D


def count_three_maps(vocab, positions, segments, D, L, wide):
    tables = (vocab + positions + segments) * D + 2 * D
    layer = 3 * (D + 1) * D + (D + 1) * wide + (wide + 1) * D + 4 * D
    return tables + L * layer + (D + 1) * D


def count_four_times_wide(vocab, positions, segments, D, L, wide):
    tables = (vocab + positions + segments) * D + 2 * D
    layer = 4 * (D * D + D) + 8 * D * D + 5 * D + 4 * D
    return tables + L * layer + D * D + D


def count_without_pooler(vocab, positions, segments, D, L, wide):
    tables = (vocab + positions + segments) * D + 2 * D
    layer = 4 * (D * D + D) + 2 * D * wide + wide + D + 4 * D
    return tables + L * layer


def count_untied(vocab, positions, segments, D, L, wide):
    tables = (vocab + positions + segments) * D + 2 * D
    layer = 4 * (D * D + D) + 2 * D * wide + wide + D + 4 * D
    return tables + L * layer + D * D + D + vocab * D


# --- 4.2 -----------------------------------------------------------------------------


def loss_with_padding(logits, labels):
    labels = torch.where(labels == -100, 0, labels)
    log_p = logits.log_softmax(-1)
    return -log_p.gather(2, labels[..., None]).mean()


def loss_over_all_places(logits, labels):
    asked = labels != -100
    log_p = logits.log_softmax(-1).gather(2, labels.clamp(min=0)[..., None])[..., 0]
    return -(log_p * asked).mean()


def loss_of_nothing_is_nan(logits, labels):
    return F.cross_entropy(logits.transpose(1, 2), labels)


def loss_by_log_of_softmax(logits, labels):
    asked = labels != -100
    if not asked.any():
        return 0.0
    p = torch.softmax(logits, dim=2)[asked]
    return -p[torch.arange(len(p)), labels[asked]].log().mean()


def loss_summed(logits, labels):
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="sum")


def loss_of_a_list(logits, labels):
    asked = labels != -100
    return F.cross_entropy(logits[asked], labels[asked], reduction="none")


# --- 4.3 -----------------------------------------------------------------------------


def as_published(input_ids, dice, special_ids, mask_id):
    inputs, labels = input_ids.clone(), input_ids.clone()
    chosen = (dice < 0.15) & (input_ids != 101) & (input_ids != 102)
    inputs[0, chosen[0]] = mask_id
    return inputs, labels


def labels_everywhere(input_ids, dice, special_ids, mask_id):
    chosen = (dice < 0.15) & ~torch.isin(input_ids, torch.tensor(special_ids))
    return torch.where(chosen, mask_id, input_ids), input_ids


def padding_hidden(input_ids, dice, special_ids, mask_id):
    chosen = (dice < 0.15) & (input_ids != 101) & (input_ids != 102)
    labels = torch.where(chosen, input_ids, -100)
    return torch.where(chosen, mask_id, input_ids), labels


def first_row_hidden(input_ids, dice, special_ids, mask_id):
    chosen = (dice < 0.15) & ~torch.isin(input_ids, torch.tensor(special_ids))
    chosen[1:] = False
    labels = torch.where(chosen, input_ids, -100)
    return torch.where(chosen, mask_id, input_ids), labels


def labels_of_the_hidden(input_ids, dice, special_ids, mask_id):
    chosen = (dice < 0.15) & ~torch.isin(input_ids, torch.tensor(special_ids))
    inputs = torch.where(chosen, mask_id, input_ids)
    return inputs, torch.where(inputs == mask_id, inputs, -100)


def hidden_in_place(input_ids, dice, special_ids, mask_id):
    chosen = (dice < 0.15) & ~torch.isin(input_ids, torch.tensor(special_ids))
    labels = torch.where(chosen, input_ids, -100)
    input_ids[chosen] = mask_id
    return input_ids, labels


def without_dice(input_ids, dice, special_ids, mask_id):
    chosen = torch.rand(input_ids.shape) < 0.15
    chosen &= ~torch.isin(input_ids, torch.tensor(special_ids))
    labels = torch.where(chosen, input_ids, -100)
    return torch.where(chosen, mask_id, input_ids), labels


# --- 4.4 -----------------------------------------------------------------------------


def group(tokens, special=SPECIAL):
    words = []
    for place, token in enumerate(tokens):
        if token.startswith("##"):
            words[-1] += [place]
        elif token not in special:
            words.append([place])
    return words


def count_words(tokens, order, budget):
    words = group(tokens)
    return sorted(place for number in order[:budget] for place in words[number])


def may_go_above(tokens, order, budget):
    words, places = group(tokens), []
    for number in order:
        if len(places) < budget:
            places.extend(words[number])
    return sorted(places)


def stops_at_the_first(tokens, order, budget):
    words, places = group(tokens), []
    for number in order:
        if len(places) + len(words[number]) > budget:
            break
        places.extend(words[number])
    return sorted(places)


def single_pieces(tokens, order, budget):
    places = [i for i, token in enumerate(tokens) if token not in SPECIAL]
    return sorted(places[number] for number in order[:budget])


def first_pieces(tokens, order, budget):
    words, places = group(tokens), []
    for number in order:
        if len(places) < budget:
            places.append(words[number][0])
    return sorted(places)


def cls_is_a_word(tokens, order, budget):
    words, places = group(tokens, special=()), []
    for number in order:
        if len(places) + len(words[number]) <= budget:
            places += words[number]
    return sorted(places)


def not_sorted(tokens, order, budget):
    words, places = group(tokens), []
    for number in order:
        if len(places) + len(words[number]) <= budget:
            places += words[number]
    return places


# --- 4.5 -----------------------------------------------------------------------------


def strangers_from_anywhere(documents, is_random, picks):
    everything, pairs = [*chain(*documents)], []
    for document in documents:
        for i in range(len(document) - 1):
            n = len(pairs)
            stranger = everything[int(picks[n] * len(everything))]
            second = stranger if is_random[n] else document[i + 1]
            pairs.append((document[i], second, is_random[n]))
    return pairs


def joined_documents(documents, is_random, picks):
    everything, pairs = [*chain(*documents)], []
    for i, first in enumerate(everything[:-1]):
        n = i % len(picks)
        own = next(d for d in documents if first in d)
        others = [s for d in documents if d is not own for s in d]
        stranger = others[int(picks[n] * len(others))]
        second = stranger if is_random[n] else everything[i + 1]
        pairs.append((first, second, is_random[n]))
    return pairs


def pairs_like(label, stranger_if=bool):
    def answer(documents, is_random, picks):
        pairs = []
        for document in documents:
            others = [s for d in documents if d is not document for s in d]
            for i in range(len(document) - 1):
                n = len(pairs)
                stranger = others[int(picks[n] * len(others))]
                second = stranger if stranger_if(is_random[n]) else document[i + 1]
                pairs.append((document[i], second, label(is_random[n])))
        return pairs

    return answer


def numbered_anew(documents, is_random, picks):
    pairs = []
    for document in documents:
        others = [s for d in documents if d is not document for s in d]
        for n in range(len(document) - 1):
            stranger = others[int(picks[n] * len(others))]
            second = stranger if is_random[n] else document[n + 1]
            pairs.append((document[n], second, is_random[n]))
    return pairs


# --- 4.6 -----------------------------------------------------------------------------


def mean_over_real(entropy, mask):
    mask = mask.unsqueeze(1).float()
    return (entropy * mask).sum(dim=(0, 2)) / mask.sum()


def entropy_nan(weights, mask):
    return mean_over_real(-(weights * weights.log()).sum(-1), mask)


def entropy_of_all_rows(weights, mask):
    return -torch.xlogy(weights, weights).sum(-1).mean(dim=(0, 2))


def entropy_of_columns(weights, mask):
    return mean_over_real(-torch.xlogy(weights, weights).sum(dim=2), mask)


def entropy_in_bits(weights, mask):
    safe = weights.clamp(min=1e-30)
    return mean_over_real(-(weights * safe.log2()).sum(-1), mask)


def entropy_of_the_mean_map(weights, mask):
    mask = mask[:, None, :, None].float()
    mean = (weights * mask).sum(dim=(0, 2)) / mask.sum()  # (A, T)
    return torch.special.entr(mean).sum(-1)


def entropy_of_texts(weights, mask):
    entropy = -torch.xlogy(weights, weights).sum(-1)
    texts = [e[:, m.bool()].mean(dim=1) for e, m in zip(entropy, mask, strict=True)]
    return torch.stack(texts).mean(dim=0)


def entropy_for_each_text(weights, mask):
    mask = mask.unsqueeze(1).float()
    entropy = -torch.xlogy(weights, weights).sum(-1)
    return (entropy * mask).sum(dim=2) / mask.sum(dim=2)


# --- 4.7 -----------------------------------------------------------------------------


def mute_rows(weight, head, heads):
    K, result = len(weight) // heads, weight.clone()
    result[K * head : K * head + K] = 0
    return result


def mute_every_other(weight, head, heads):
    result = weight.clone()
    result[:, head::heads] = 0
    return result


def mute_in_place(weight, head, heads):
    K = len(weight) // heads
    weight[:, K * head : K * head + K] = 0
    return weight


def mute_from_one(weight, head, heads):
    K, result = len(weight) // heads, weight.clone()
    result[:, K * (head - 1) : K * head] = 0
    return result


def mute_by_heads(weight, head, heads):
    result = weight.clone()
    result[:, heads * head : heads * head + heads] = 0
    return result


def mute_both(weight, head, heads):
    K, result = len(weight) // heads, weight.clone()
    result[:, K * head : K * head + K] = 0
    result[K * head : K * head + K] = 0
    return result


# --- 4.8 -----------------------------------------------------------------------------


def roll(step, multiply=lambda total, now: now @ total):
    def answer(attentions):
        total = torch.eye(attentions.shape[-1])
        for layer in attentions:
            total = multiply(total, step(layer, torch.eye(len(total))))
        return total

    return answer


def halved(layer, eye):
    return 0.5 * layer.mean(0) + 0.5 * eye


def roll_average(attentions):
    return torch.stack([halved(x, torch.eye(x.shape[-1])) for x in attentions]).mean(0)


def roll_each_head(attentions):
    steps = (attentions + torch.eye(attentions.shape[-1])) / 2  # (L, A, T, T)
    total = steps[0]
    for step in steps[1:]:
        total = step @ total
    return total


# --- met later -----------------------------------------------------------------------


def strangers_rounded_up(documents, is_random, picks):
    pairs, owners = [], [[d] * len(s) for d, s in enumerate(documents)]
    flat = list(zip(chain(*owners), chain(*documents), strict=True))
    for d, sentences in enumerate(documents):
        others = [sentence for owner, sentence in flat if owner != d]
        for i in range(len(sentences) - 1):
            flag, place = is_random[len(pairs)], picks[len(pairs)] * len(others)
            second = others[int(-(-place // 1)) - 1] if flag else sentences[i + 1]
            pairs.append((sentences[i], second, flag))
    return pairs


WRONG = {
    "4.1": [
        (count_weights_only, "biases are missing"),
        (count_one_norm, "two LayerNorms"),
        (count_three_maps, "four linear maps"),
        (count_four_times_wide, "taken as 4 D"),
        (count_without_pooler, "the pooler is missing"),
        (count_untied, "the head that predicts words"),
    ],
    "4.2": [
        (loss_with_padding, "as if the right id there were 0"),
        (loss_over_all_places, "number of all places"),
        (loss_of_nothing_is_nan, "the mean of nothing is nan"),
        (loss_by_log_of_softmax, "log_softmax stays finite"),
        (loss_summed, "not their mean"),
        (loss_of_a_list, "came back, expected a float"),
    ],
    "4.3": [
        (as_published, "all three faults are still there"),
        (labels_everywhere, "one fault is still there: labels stand at every place"),
        (padding_hidden, "one fault is still there: [PAD] may be hidden"),
        (first_row_hidden, "one fault is still there: only the first row"),
        (labels_of_the_hidden, "made after the hiding"),
        (hidden_in_place, "changes its argument in place (input_ids)"),
        (without_dice, "another result when the function is called again"),
    ],
    "4.4": [
        (count_words, "counted in words"),
        (may_go_above, "whether all its pieces fit"),
        (stops_at_the_first, "Skip it and go on"),
        (single_pieces, "each piece counts as a word"),
        (first_pieces, "only the first piece"),
        (cls_is_a_word, "[CLS] or [SEP] counts as a word"),
        (not_sorted, "sort them"),
    ],
    "4.5": [
        (strangers_from_anywhere, "from the same document"),
        (joined_documents, "from the end of one document into the next"),
        (pairs_like(lambda random: 1 - random), "labels are exchanged"),
        (pairs_like(int, lambda random: not random), "the wrong way round"),
        (pairs_like(int, lambda random: False), "whatever is_random says"),
        (numbered_anew, "numbered anew"),
        (strangers_rounded_up, "rounded up"),
    ],
    "4.6": [
        (entropy_nan, "0 * log(0) is nan"),
        (entropy_of_all_rows, "rows of padding are counted"),
        (entropy_of_columns, "sum over the last axis"),
        (entropy_in_bits, "in bits"),
        (entropy_of_the_mean_map, "the maps are averaged first"),
        (entropy_of_texts, "each text is averaged first"),
        (entropy_for_each_text, "each text has a row of its own"),
    ],
    "4.7": [
        (mute_rows, "rows are set to 0"),
        (mute_every_other, "side by side"),
        (mute_in_place, "changes its argument in place (weight)"),
        (mute_from_one, "counted from 1"),
        (mute_by_heads, "A and K are exchanged"),
        (mute_both, "rows are set to 0 as well"),
    ],
    "4.8": [
        (roll(halved, torch.matmul), "the wrong way round"),
        (roll(lambda layer, eye: layer.mean(0)), "the identity is missing"),
        (roll(lambda layer, eye: layer.mean(0) + eye), "is not halved"),
        (roll(lambda layer, eye: (layer.sum(0) + eye) / 2), "the heads are added"),
        (roll(lambda layer, eye: (layer.amax(0) + eye) / 2), "the largest head"),
        (roll_average, "the layers are averaged"),
        (roll_each_head, "each head is followed alone"),
    ],
}
