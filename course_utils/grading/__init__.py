"""Grade a folder: `python -m course_utils.grade submissions/ --out grades/`.

The grader's own process holds the truth; the student's notebook runs in a kernel of
its own, in a sandbox. `submissions`, `reading` and `restoring` prepare a notebook;
`staging`, `sandbox`, `inside` and `kernel` start its kernel; `agent` answers there,
`printing` cuts floods short, `courier` carries questions in, `plain_data` and `remote`
carry data out; `execution` runs the cells, `examination` judges; `worker` grades one
submission, `batch` all of them; `feedback`, `summary` and `tables` write.
"""
