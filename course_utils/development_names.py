"""A small hand-written development set of names: to choose by, never to report.

64 sentences on law, health, gardens, schools, the sea, the media, farms, computing,
railways, weather and music, labelled by the rules of `natural_sets` ("ner"). No
sentence is one of the natural test set. Text: CC BY 4.0, see LICENSE.
"""

import json
from pathlib import Path

from course_utils.natural_sets import check_row


def load_development_names():
    """Return the set as a list of dicts topic, tokens, tags, in the file's order.

    Raises ValueError for a row that has lost its shape, with the line of the file.
    """
    path = Path(__file__).with_name("data") / "development_ner.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for number, row in enumerate(rows, start=1):
        check_row("ner", row, f"{path.name}, line {number}")
    return rows
