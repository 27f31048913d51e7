"""Pairs of sentences that say the same in other words, written for the course."""

import json
from pathlib import Path

import pandas as pd

_FILE = Path(__file__).with_name("data") / "paraphrases.jsonl"


def load_paraphrases():
    """Return 24 pairs as a DataFrame with columns first and second, both str.

    The two sentences of a row mean the same and share few words. Sentences of different
    rows are about different things: they serve as unrelated pairs.
    """
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return pd.DataFrame([json.loads(line) for line in lines])
