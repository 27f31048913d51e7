"""A pytest plugin: one thread for each worker, and for the kernels it starts.

Two workers with all threads each would wait for one another. `make test` loads it with
`-p` where it runs two workers.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"
