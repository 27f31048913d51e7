"""How fast `embed` is beside sentence-transformers and a naive loop, in one process.

The same model, the same 2,000 reviews, the ways alternating, medians of several rounds.
"""

import statistics
import time

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from course_utils import (
    embed,
    load_bert,
    load_reviews,
    mean_pool,
    model_folder,
    progress,
)
from course_utils.machine import has_fast_bf16

TEXTS = 2000
ROUNDS = 3
HEADER = (
    "embedding, 2,000 reviews",
    "texts a second",
    "times `encode`",
    "times the loop",
    "largest difference",
    "lowest cosine",
)


def naive_loop(texts, tokenizer, model, width):
    """Embed one text at a time, each padded to the same width. Returns (N, D) numpy."""
    vectors = []
    for text in texts:
        batch = tokenizer(
            text, padding="max_length", max_length=width, return_tensors="pt"
        )
        with torch.no_grad():
            hidden = model(**batch).last_hidden_state
        vector = mean_pool(hidden, batch["attention_mask"])
        vectors.append(torch.nn.functional.normalize(vector).numpy())
    return np.concatenate(vectors)


def measure(count=TEXTS, rounds=ROUNDS):
    """Return {way: (median seconds, vectors)} for `count` reviews."""
    texts = load_reviews()["text"].sample(count, random_state=0).tolist()
    tokenizer, model = load_bert()
    width = max(map(len, tokenizer(texts)["input_ids"]))
    encoder = SentenceTransformer(str(model_folder()), device="cpu")
    settings = {"normalize": True, "progress": False, "bert": (tokenizer, model)}
    ways = {
        "`SentenceTransformer.encode`": lambda: encoder.encode(texts),
        "`embed`, float32": lambda: embed(texts, **settings),
    }
    if has_fast_bf16():
        ways["`embed`, bfloat16"] = lambda: embed(
            texts, precision="bfloat16", **settings
        )
    ways[f"one at a time, padded to {width}"] = lambda: naive_loop(
        texts, tokenizer, model, width
    )
    seconds, vectors = {way: [] for way in ways}, {}
    for _ in progress(range(rounds), "Embedding in turn"):
        for way, run in ways.items():
            start = time.perf_counter()
            vectors[way] = run()
            seconds[way].append(time.perf_counter() - start)
    return {way: (statistics.median(seconds[way]), vectors[way]) for way in ways}


def rows():
    """Return the table's rows, in HEADER's order."""
    measured = measure()
    peer, peer_vectors = measured["`SentenceTransformer.encode`"]
    loop = max(seconds for seconds, _ in measured.values())
    table = []
    for way, (seconds, vectors) in measured.items():
        difference = np.abs(vectors - peer_vectors).max()
        cosine = (vectors * peer_vectors).sum(axis=1).min()
        speeds = (f"{len(vectors) / seconds:.0f}", peer / seconds, loop / seconds)
        ratios = [f"{ratio:.2f}" for ratio in speeds[1:]]
        table.append((way, speeds[0], *ratios, f"{difference:.0e}", f"{cosine:.5f}"))
    return table


if __name__ == "__main__":
    for row in rows():
        print(*row, sep=" | ")
