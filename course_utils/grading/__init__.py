"""Grade a folder of submissions: `python -m course_utils.grade submissions/ --out grades/`.

The grader's own process holds the truth; the student's notebook runs in a kernel of its
own, in a sandbox. `submissions`, `reading` and `restoring` prepare a notebook; `sandbox`
and `inside` start the kernel; `agent` answers from inside it, `plain_data` and `remote`
carry questions in and data out; `execution` runs the cells; `worker` grades one
submission, `batch` all of them; `feedback`, `summary` and `tables` write.
"""
