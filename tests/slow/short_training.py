"""Train for four steps within a memory limit: prints "whole" or "stopped".

    python -m tests.slow.short_training checked|unchecked LIMIT GROUP

unchecked: nothing asks whether there is room, so the system may end the process.
"""

import sys

from course_utils import freeze, load_bert_for, memory_room, train
from tests.slow.memory_limit import enter

WIDTH = 40  # tokens


def main(how, limit, group):
    """Train all but the embeddings, evaluate twice. The imports are not counted."""
    enter(group, int(limit))
    if how == "unchecked":
        memory_room.memory_left = lambda: None
    _, model = load_bert_for("sequence-classification", ["no", "yes"])
    freeze(model, "embeddings")
    row = {"input_ids": [2003] * WIDTH, "token_type_ids": [0] * WIDTH, "labels": 1}
    examples = [dict(row) for _ in range(32)]
    try:
        train(model, examples, lambda model: {"score": 1.0}, watch="score", epochs=2)
    except MemoryError as problem:
        print("stopped", problem)
    else:
        print("whole")


if __name__ == "__main__":
    main(*sys.argv[1:])
