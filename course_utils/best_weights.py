"""Early stopping: a copy of the weights that scored best, and when to give up."""

import math

import torch


class BestWeights:
    """Remembers the trained weights of the best evaluation so far.

    model: frozen parameters (requires_grad=False) are not copied. patience: int, how
    many evaluations in a row may bring no new best; None for any number.
    """

    def __init__(self, model, patience=None):
        self.model, self.patience = model, patience
        self.score, self.since = -math.inf, 0
        self.kept, self.whole = {}, False

    def see(self, score):
        """Take an evaluation's score (float). Returns whether patience has run out.

        A score that is no number (nan) is never the best.
        """
        if score > self.score:
            self.score, self.since = score, 0
            self._keep()
        else:
            self.since += 1
        return self.patience is not None and self.since >= self.patience

    def restore(self):
        """Put the best weights back.

        Does nothing where none were seen, or where the copying of the best was
        interrupted: then the model still has them.
        """
        if not self.whole:
            return
        with torch.no_grad():
            for name, value in self._changing():
                value.copy_(self.kept[name])

    def _keep(self):
        self.whole = False
        with torch.no_grad():
            for name, value in self._changing():
                if name not in self.kept:
                    self.kept[name] = torch.empty_like(value, device="cpu")
                self.kept[name].copy_(value)
        self.whole = True

    def _changing(self):
        """Yield (name, tensor) of what training changes."""
        for name, parameter in self.model.named_parameters():
            if parameter.requires_grad:
                yield name, parameter.detach()
        yield from self.model.named_buffers()
