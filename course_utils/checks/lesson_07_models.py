"""Small models on which the checks of lesson 07 try training code."""

import torch
from torch import nn
from transformers.modeling_outputs import SequenceClassifierOutput


class Noisy(nn.Module):
    """A dropout without chance: in training, the first number goes, others grow."""

    def forward(self, x):
        """Return x (B, D) as it is, or changed in training mode."""
        if not self.training:
            return x
        gain = torch.full((x.shape[1],), 1.5)
        gain[0] = 0.0
        return x * gain


class SmallClassifier(nn.Module):
    """A linear head, called as the library's models are: `model(**batch).loss`."""

    def __init__(self, D, C, noise):
        super().__init__()
        self.dropout = Noisy() if noise else nn.Identity()
        self.classifier = nn.Linear(D, C)

    def forward(self, x, labels=None):
        """Return an output with logits (B, C), and loss. x: (B, D)."""
        logits = self.classifier(self.dropout(x))
        loss = None
        if labels is not None:
            loss = nn.functional.cross_entropy(logits, labels)
        return SequenceClassifierOutput(loss=loss, logits=logits)


def classifier_maker(D, C, seed, noise=True):
    """Return a function that makes the same small classifier on each call."""

    def make_model():
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            return SmallClassifier(D, C, noise).eval()

    return make_model


def copied(value):
    """Return a copy of the tensors in a list or dict, so that nobody changes it."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, list | tuple):
        return [copied(item) for item in value]
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return value
