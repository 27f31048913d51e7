"""What happened in a training: losses, learning rates, scores, seconds; as data."""

import time
from contextlib import contextmanager

import pandas as pd


class TrainingHistory:
    """The record of one training.

    steps: list of dicts step, loss, learning_rate, examples. scores: list of dicts
    step, seconds, and what `evaluate` gave. seconds: float, of training, evaluations
    left in. interrupted: bool. watch: str, the score that chose the best weights.
    """

    def __init__(self, watch):
        self.watch, self.interrupted = watch, False
        self.steps, self.scores = [], []
        self.started, self.seconds = time.perf_counter(), 0.0

    def add_step(self, step, loss, learning_rate, examples):
        """Note a step: its loss (float) and how many examples it had."""
        row = {"step": step, "loss": loss, "learning_rate": learning_rate}
        self.steps.append(row | {"examples": examples})
        self.seconds = time.perf_counter() - self.started

    def add_scores(self, step, scores):
        """Note an evaluation after a step. scores: dict of floats, `watch` among them.

        Raises KeyError where it is not.
        """
        if self.watch not in scores:
            raise KeyError(
                f"evaluate(model) gave {list(scores)}, expected {self.watch!r} among "
                f"them: is watch={self.watch!r} spelt as in evaluate?"
            )
        self.seconds = time.perf_counter() - self.started
        self.scores.append({"step": step, "seconds": self.seconds} | scores)

    @property
    def best(self):
        """The dict of the best evaluation; {} where there was none."""
        return max(self.scores, key=lambda row: row[self.watch], default={})

    @property
    def examples_a_second(self):
        """Examples trained on, over all seconds; 0.0 before the first step."""
        examples = sum(row["examples"] for row in self.steps)
        return examples / self.seconds if self.seconds else 0.0

    def losses(self, smooth=1):
        """Return a DataFrame of the steps; loss averaged over the last `smooth`."""
        table = pd.DataFrame(self.steps).set_index("step")
        table["loss"] = table["loss"].rolling(smooth, min_periods=1).mean()
        return table

    def evaluations(self):
        """Return a DataFrame of the evaluations, by step."""
        return pd.DataFrame(self.scores).set_index("step")

    @contextmanager
    def until_interrupted(self):
        """Let the user interrupt what runs inside; say so, and go on after it."""
        try:
            yield
        except KeyboardInterrupt:
            self.interrupted = True
            kept = "the best weights so far" if self.scores else "its last weights"
            print(f"\nInterrupted after {len(self.steps)} steps: the model has {kept}.")
