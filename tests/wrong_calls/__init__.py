"""Tables of wrong calls: (function, call, what was given, expected, likely cause).

`call` takes the kit: what the calls need, made once. The three texts must stand in the
message: so a student reads what was given, what fits, and what to try.
"""

from tests.wrong_calls import attention, data, labels, plots, scores, text, training

MODULES = (attention, data, labels, plots, scores, text, training)
CALLS = [call for module in MODULES for call in module.CALLS]
