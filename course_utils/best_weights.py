"""Early stopping: a copy of the weights that scored best, and when to give up."""

import torch


class BestWeights:
    """Remembers the trained weights of the best evaluation so far.

    model: frozen parameters (requires_grad=False) are not copied. patience: int, how
    many evaluations in a row may bring no new best; None for any number.
    """

    def __init__(self, model, patience=None):
        self.model, self.patience = model, patience
        self.score, self.since = None, 0
        self.kept = {}

    def see(self, score):
        """Take an evaluation's score (float). Returns whether patience has run out."""
        if self.score is None or score > self.score:
            self.score, self.since = score, 0
            self._keep()
        else:
            self.since += 1
        return self.patience is not None and self.since >= self.patience

    def restore(self):
        """Put the best weights back; does nothing where none were seen."""
        with torch.no_grad():
            for name, value in self._changing():
                if name in self.kept:
                    value.copy_(self.kept[name])

    def _keep(self):
        with torch.no_grad():
            for name, value in self._changing():
                if name not in self.kept:
                    self.kept[name] = torch.empty_like(value, device="cpu")
                self.kept[name].copy_(value)

    def _changing(self):
        """Yield (name, tensor) of what training changes."""
        for name, parameter in self.model.named_parameters():
            if parameter.requires_grad:
                yield name, parameter.detach()
        yield from self.model.named_buffers()
