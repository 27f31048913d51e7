"""Masked language modelling: hide some tokens, keep what they were.

Lesson 04 develops this function; a test holds the notebook and this module to the same
code. It follows Devlin et al. 2019, section 3.1, task 1.
"""

import torch

from course_utils import model_checks
from course_utils.call_guard import guarded


def mask_tokens(input_ids, special_ids, mask_id, vocab_size, share=0.15):
    """Choose tokens to be predicted, and hide 80 % of them behind [MASK].

    input_ids: (B, T) int64, left as it is. special_ids: list of int, never chosen and
    never drawn as replacement. Each other token is chosen with probability `share`; of
    the chosen, 80 % become mask_id, 10 % a random ordinary id, 10 % stay. Uses torch's
    random numbers. Returns (B, T) int64 inputs and (B, T) int64 labels: the true id
    where chosen, else -100. Raises ValueError where share is not in 0 ... 1, or every
    id is special.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}, expected 0 to 1: BERT takes 0.15")
    ordinary = torch.tensor(sorted(set(range(vocab_size)) - set(special_ids)))
    if not len(ordinary):
        raise ValueError(f"all {vocab_size} ids are special: which may be predicted?")
    chosen = torch.rand(input_ids.shape) < share  # (B, T) bool
    chosen &= ~torch.isin(input_ids, torch.tensor(special_ids))
    dice = torch.rand(input_ids.shape)  # (B, T) float
    inputs, labels = input_ids.clone(), input_ids.masked_fill(~chosen, -100)
    inputs[chosen & (dice < 0.8)] = mask_id
    swap = chosen & (dice >= 0.9)  # between 0.8 and 0.9 the token stays
    inputs[swap] = ordinary[torch.randint(len(ordinary), (int(swap.sum()),))]
    return inputs, labels


mask_tokens = guarded(mask_tokens, model_checks.check_masking)
