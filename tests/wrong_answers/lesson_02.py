"""Wrong answers to the exercises of lesson 02, and what the student must be told."""

import re
import string
import unicodedata
from collections import Counter

from course_utils.wordpiece import normalize, pre_tokenize, split_word

# --- 2.1 -----------------------------------------------------------------------------


def begins(piece):
    return piece[:2] != "##"


def ratio(pieces_of, words_of):
    def answer(texts, tokenizer):
        pieces = [p for text in texts for p in pieces_of(text, tokenizer)]
        words = [w for text in texts for w in words_of(text, tokenizer)]
        return len(pieces) / len(words)

    return answer


def right_pieces(text, tokenizer):
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def right_words(text, tokenizer):
    return pre_tokenize(normalize(text)[0])


def ratio_averaged(texts, tokenizer):
    one = ratio(right_pieces, right_words)
    ratios = [one([text], tokenizer) for text in texts if text.strip()]
    return sum(ratios) / len(ratios)


def ratio_of_the_first_text(texts, tokenizer):
    return ratio(right_pieces, right_words)([t for t in texts if t][:1], tokenizer)


def ratio_of_distinct(texts, tokenizer):
    pieces = {p for text in texts for p in tokenizer.tokenize(text)}
    return len(pieces) / len(set(filter(begins, pieces)))


# --- 2.2 -----------------------------------------------------------------------------


def groups(form, least=2, finish=sorted, collect=set):
    def answer(words):
        forms = {form(word) for word in words}
        found = {f: collect(w for w in words if form(w) == f) for f in forms}
        return {f: finish(group) for f, group in found.items() if len(group) >= least}

    return answer


def form_of(word):
    return normalize(word)[0]


def groups_by_their_first(words):
    return {group[0]: group for group in groups(form_of)(words).values()}


def groups_unsorted(words):
    return groups(form_of, finish=list, collect=lambda ws: list(dict.fromkeys(ws)))(
        words
    )


def groups_of_ascii(words):
    return groups(lambda w: w.encode("ascii", "ignore").decode().lower())(words)


# --- 2.3 -----------------------------------------------------------------------------


def published(text):
    text = "".join(c for c in text.lower() if unicodedata.category(c) != "Mn")
    text = unicodedata.normalize("NFD", text)
    return text.replace(r"([^\w\s])", r" \1 ").split()


def is_cut(character):
    ascii_cut = character in string.punctuation
    return ascii_cut or unicodedata.category(character)[0] == "P"


def words(cut=is_cut, keep=True, form="NFD", lower=str.lower, drop="Mn"):
    def answer(text):
        made = ""
        for c in unicodedata.normalize(form, lower(text)):
            if unicodedata.category(c) == drop:
                continue
            made += (f" {c} " if keep else " ") if cut(c) else c
        return made.split()

    return answer


def words_at_spaces_only(text):
    return words(cut=lambda c: False)(text)


def words_by_runs(text):
    text = "".join(c for c in unicodedata.normalize("NFD", text) if ord(c) not in MARKS)
    return [w for w in re.findall(r"\w+|[^\w\s]+", text.lower()) if w]


MARKS = range(0x300, 0x370)


# --- 2.4 -----------------------------------------------------------------------------


def mask(numbers_of, hide=lambda piece: "[MASK]"):
    def answer(pieces, chosen):
        numbers = numbers_of(pieces)
        pairs = zip(pieces, numbers, strict=True)
        return [hide(piece) if n in chosen else piece for piece, n in pairs]

    return answer


def numbers_of_words(pieces, special=("[CLS]", "[SEP]", "[PAD]"), number=-1):
    numbers = []
    for piece in pieces:
        number += begins(piece) and piece not in special
        numbers.append(None if piece in special else number)
    return numbers


def only_beginnings(pieces):
    pairs = zip(pieces, numbers_of_words(pieces), strict=True)
    return [number if begins(piece) else None for piece, number in pairs]


def one_mask_a_word(pieces, chosen):
    masked = mask(numbers_of_words)(pieces, chosen)
    pairs = zip(pieces, masked, strict=True)
    return [m for p, m in pairs if m != "[MASK]" or begins(p)]


def special_masked(pieces, chosen):
    numbers, number = [], -1
    for piece in pieces:
        number += begins(piece) and piece not in ("[CLS]", "[SEP]", "[PAD]")
        numbers.append(number)
    return [
        "[MASK]" if n in chosen else p for p, n in zip(pieces, numbers, strict=True)
    ]


def mask_in_place(pieces, chosen):
    for i, number in enumerate(numbers_of_words(pieces)):
        if number in chosen:
            pieces[i] = "[MASK]"
    return pieces


# --- 2.5 -----------------------------------------------------------------------------


def whole_words(pieces):
    split = []
    for piece in pieces:
        if begins(piece) or not split:
            split.append([])
        split[-1].append(piece)
    return split


def fill(room_for, otherwise=lambda pieces, room: pieces[:room]):
    def answer(pieces, room):
        kept = []
        for word in whole_words(pieces):
            if not room_for(len(kept), len(word), room):
                break
            kept += word
        return kept or otherwise(pieces, room)

    return answer


def cut_in_two(pieces, room):
    return list(pieces)[:room]


def skip_what_does_not_fit(pieces, room):
    kept = []
    for word in whole_words(pieces):
        if len(kept) + len(word) <= room:
            kept += word
    return kept or pieces[:room]


def look_before_the_cut(pieces, room):
    if len(pieces) > room:
        end = room
        while end and pieces[end - 1].startswith("##"):
            end -= 1
        return pieces[:end] or pieces[:room]
    return pieces


def count_words(pieces, room):
    return [piece for word in whole_words(pieces)[:room] for piece in word]


def unguarded(pieces, room):
    while room and pieces[room].startswith("##"):
        room -= 1
    return pieces[:room]


# --- 2.6 -----------------------------------------------------------------------------


def at(shares, special=True):
    def answer(text, start, end, tokenizer):
        given = tokenizer(
            text, return_offsets_mapping=True, add_special_tokens=special
        )["offset_mapping"]
        return [i for i in range(len(given)) if shares(*given[i], start, end)]

    return answer


def overlap(a, b, start, end):
    return len(set(range(a, b)) & set(range(start, end))) > 0


def at_as_pieces(text, start, end, tokenizer):
    tokens = tokenizer.convert_ids_to_tokens(tokenizer(text)["input_ids"])
    return [tokens[i] for i in at(overlap)(text, start, end, tokenizer)]


def at_each_character(text, start, end, tokenizer):
    return [tokenizer(text).char_to_token(i) for i in range(start, end)]


def at_of_the_cut_text(text, start, end, tokenizer):
    return list(range(1, 1 + len(tokenizer.tokenize(text[start:end]))))


# --- 2.7 -----------------------------------------------------------------------------


def train(best, weight=lambda count: count, all_of_them=True, recount=True):
    def answer(words, n):
        splits = {word: list(word) for word in words}
        merges, pairs = [], Counter()
        for _ in range(n):
            pairs = Counter()
            for word, split in splits.items():
                for i in range(1, len(split)):
                    pairs[split[i - 1], split[i]] += weight(words[word])
            if not pairs:
                return merges
            left, right = best(pairs, splits, words)
            merges.append((left, right))
            for split in splits.values() if recount else ():
                i = 0
                while i < len(split) - 1:
                    if (split[i], split[i + 1]) == (left, right):
                        split[i : i + 2] = [left + right]
                        if not all_of_them:
                            break
                    i += 1
        return merges

    return answer


def frequent(pairs, splits, words):
    return sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[0][0]


def scored(pairs, splits, words):
    pieces = Counter()
    for word, split in splits.items():
        for piece in split:
            pieces[piece] += words[word]
    return min(pairs, key=lambda p: (-pairs[p] / pieces[p[0]] / pieces[p[1]], p))


def rare(pairs, splits, words):
    return min(pairs, key=lambda pair: (pairs[pair], pair))


def train_with_marks(words, n):
    merges = train(frequent)(words, n)
    return [(left, "##" + right) for left, right in merges]


def train_joined(words, n):
    return [left + right for left, right in train(frequent)(words, n)]


def train_without_end(words, n):
    return train(frequent)(words, n) + [("", "")] * (n - len(train(frequent)(words, n)))


# --- 2.8 -----------------------------------------------------------------------------


def all_splits(word, vocab, mark=""):
    if not word:
        yield []
    for end in range(len(word), 0, -1):
        if mark + word[:end] in vocab:
            for rest in all_splits(word[end:], vocab, "##"):
                yield [mark + word[:end], *rest]


def pick(choose, none=("[UNK]",)):
    def answer(word, vocab):
        found = list(all_splits(word, vocab))
        return choose(found) if found else list(none)

    return answer


def greedy(word, vocab):
    return [piece for piece, *_ in split_word(word, vocab)]


def without_marks(word, vocab):
    pieces = pick(lambda found: min(found, key=len))(word, vocab)
    return [piece.removeprefix("##") for piece in pieces]


def unknown_rest(word, vocab, mark=""):
    splits = [
        [mark + word[:end], *unknown_rest(word[end:], vocab, "##")]
        for end in range(len(word), 0, -1)
        if mark + word[:end] in vocab
    ]
    return min(splits, key=len) if splits else ["[UNK]"] * bool(word)


def greedy_backwards(word, vocab):
    pieces, end = [], len(word)
    while end > 0:
        for start in range(end):
            piece = "##" * (start > 0) + word[start:end]
            if piece in vocab:
                pieces, end = [piece, *pieces], start
                break
        else:
            return ["[UNK]"]
    return pieces


WRONG = {
    "2.1": [
        (ratio(lambda t, k: k(t)["input_ids"], right_words), "they stand for no word"),
        (ratio(right_pieces, lambda t, k: t.split()), "the words are cut at spaces"),
        (ratio_averaged, "the ratios of the texts are averaged"),
        (ratio(right_words, right_pieces), "the other way up"),
        (
            ratio(lambda t, k: [p for p in k.tokenize(t) if "##" in p], right_words),
            'only the pieces with "##"',
        ),
        (ratio_of_the_first_text, "only the first text is counted"),
        (ratio_of_distinct, "each different piece is counted once"),
    ],
    "2.2": [
        (groups(form_of, collect=list), "is listed twice"),
        (groups(form_of, least=1), "with no other"),
        (groups(str.casefold), "accents still tell words apart"),
        (groups(lambda w: w), "capitals still tell"),
        (groups_unsorted, "not sorted"),
        (groups(form_of, finish=len), "not their lengths"),
        (groups(form_of, finish=set), "sets come back"),
        (groups_by_their_first, "the key is a word of the group"),
        (groups_of_ascii, "are dropped whole"),
    ],
    "2.3": [
        (published, "both faults are still there"),
        (words(form="NFC"), "the accents are still there"),
        (words_at_spaces_only, "punctuation still sticks"),
        (words(keep=False), "punctuation is thrown away"),
        (words(cut=lambda c: c in string.punctuation), "only ASCII punctuation"),
        (words(cut=lambda c: not c.isalnum()), "the underscore is punctuation"),
        (words(lower=str), "capitals are still there"),
        (words_by_runs, "stay together, and a euro sign"),
        (lambda text: words()(text)[:-1], "the last word is missing"),
    ],
    "2.4": [
        (mask(only_beginnings), "only the first piece of a word is masked"),
        (mask(lambda p: numbers_of_words(p, ())), "[CLS] is counted as word 0"),
        (mask(lambda p: range(len(p))), "taken for places in the list"),
        (one_mask_a_word, "must keep its length"),
        (
            mask(lambda p: numbers_of_words(p, ("[CLS]", "[SEP]", "[PAD]", "[UNK]"))),
            "[UNK] is not counted",
        ),
        (mask(lambda p: numbers_of_words(p, number=0)), "counted from 1"),
        (special_masked, "a special token is masked"),
        (mask_in_place, "changes its argument in place (pieces)"),
        (mask(numbers_of_words, lambda p: "mask"), "written in another way"),
    ],
    "2.5": [
        (cut_in_two, "the last word is cut in two"),
        (look_before_the_cut, "a word that does fit is cut"),
        (
            fill(lambda have, new, room: have + new <= room, lambda *_: []),
            "first word alone is too long",
        ),
        (
            fill(lambda have, new, room: have + new < room),
            "that fills the room exactly may stay",
        ),
        (skip_what_does_not_fit, "is skipped, and later ones"),
        (count_words, "whole words are counted"),
        (unguarded, "IndexError"),
    ],
    "2.6": [
        (at(lambda a, b, s, e: s <= a < b <= e), "only pieces that lie wholly inside"),
        (at(lambda a, b, s, e: a < b and a <= e and s <= b), "a neighbour is found"),
        (at(overlap, special=False), "[CLS] is left out of the count"),
        (at(lambda a, b, s, e: a <= s < b), "only the first piece of the span"),
        (at(lambda a, b, s, e: a < b and s <= a < e), "in which the span begins"),
        (at(lambda a, b, s, e: a < b and s < b <= e), "in which the span ends"),
        (at(lambda a, b, s, e: a <= s and e <= b), "that holds the whole span"),
        (at_as_pieces, "the pieces come back"),
        (at_each_character, "once for each of its characters"),
        (at_of_the_cut_text, "is tokenized alone"),
    ],
    "2.7": [
        (train(scored), "this is WordPiece's score"),
        (train(frequent, weight=bool), "each word counts once"),
        (train(frequent, recount=False), "again and again"),
        (
            train(lambda p, *_: max(p, key=lambda pair: (p[pair], pair))),
            "the last in the alphabet",
        ),
        (train(lambda p, *_: p.most_common(1)[0][0]), "was met first"),
        (train(frequent, all_of_them=False), "only the first occurrence"),
        (train(rare), "the rarest pair"),
        (train_with_marks, "that is WordPiece's mark"),
        (train_joined, "pairs are asked for"),
        (train_without_end, "nothing is left to merge"),
    ],
    "2.8": [
        (greedy, "this is BERT's greedy split"),
        (greedy_backwards, "greedy from the end of the word"),
        (pick(lambda found: max(found, key=len)), "the most pieces"),
        (pick(lambda found: found[0]), "leaves no unknown rest"),
        (pick(lambda found: min(found[::-1], key=len)), "equally few pieces"),
        (pick(lambda found: min(found, key=len), ()), "cannot be split"),
        (without_marks, "missing in the result"),
        (unknown_rest, "in the middle of a word"),
        (
            pick(lambda found: len(min(found, key=len))),
            "the number of pieces comes back",
        ),
    ],
}
