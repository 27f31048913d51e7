"""A fine-tuned model's outputs for many examples, in the order given.

Lesson 07 develops `predict`; a test holds the notebook and this module to the same
code.
"""

import torch

from course_utils import batch_checks
from course_utils.batching import collate
from course_utils.call_guard import guarded
from course_utils.embedding import evaluating, length_batches

LABEL_KEYS = ("labels", "start_positions", "end_positions")


def predict(model, examples, *, pad_id=0, batch_tokens=1024, precision="float32"):
    """Return the model's output for each example, without gradients and dropout.

    examples: as `collate` takes them; labels are not looked at. Returns one list for
    each tensor of logits that the model gives (one; two for question answering). In
    it a float32 tensor for each example: (classes,), (T,) or (T, classes), T being
    the example's own length.
    """
    inputs = [{k: v for k, v in e.items() if k not in LABEL_KEYS} for e in examples]
    lengths = [len(example["input_ids"]) for example in inputs]
    found = {}
    with evaluating(model):
        for rows in length_batches(lengths, batch_tokens):
            batch = collate([inputs[i] for i in rows], pad_id, model.device)
            output = run_in(precision, model, batch)
            for key in (key for key in output if key.endswith("logits")):
                column = found.setdefault(key, [None] * len(inputs))
                per_token = key != "logits" or output[key].dim() == 3
                for i, logits in zip(rows, output[key].float().cpu(), strict=True):
                    column[i] = logits[: lengths[i]].clone() if per_token else logits
    return list(found.values()) or [[]]


def run_in(precision, model, batch):
    """Run the model on a batch in "float32" or "bfloat16" (autocast)."""
    reduced = precision == "bfloat16"
    with torch.autocast(model.device.type, torch.bfloat16, enabled=reduced):
        return model(**batch)


predict = guarded(predict, batch_checks.check_prediction)
