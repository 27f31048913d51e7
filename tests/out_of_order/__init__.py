"""Play a lesson's cells out of order, and compare what they give with the run in order.

`ways` says which orders, `cells` runs a cell, `digests` compares values, `play` forks
the lesson's process before each deviation, `shorter` makes the lessons quick enough.
"""
