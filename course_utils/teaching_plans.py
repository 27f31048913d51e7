"""What a class does when: for one day, five evenings, and a term.

A plan is a list of sessions. A session is a list of parts: a number of a lesson (its
slides are shown), an exercise such as "3.7" (done in class), "start" (set-up and the
start page), "break", "lunch" or "talk" (questions, outlook). Minutes come from the
slides and from the titles of the exercises; course_utils/teaching_times.py adds up.
"""

DAY = [
    ("Attention", ["start", 1, "1.q1", "1.2"]),
    ("Text into BERT", ["break", 2, "2.q3", 3, "3.7"]),
    ("Vectors out of BERT", ["lunch", 5, "5.4", 6, "6.4"]),
    ("BERT itself changes", ["break", 7, "7.5", "talk"]),
]

EVENINGS = [
    ("Attention", ["start", 1, "1.q1", "1.p2", "break", "1.2", "1.3"]),
    ("Text into tensors", [2, "2.q1", "2.q3", "2.3", "break", 3, "3.p1", "3.7"]),
    ("Inside BERT", [4, "4.q4", "4.3", "break", 5, "5.p2", "5.4"]),
    ("Classifiers, frozen and fine-tuned", [6, "6.p2", "6.4", "break", 7, "7.5"]),
    ("One task, and beyond", [10, "10.q3", "10.6", "break", 11, "11.q3", "talk"]),
]

TERM = [
    ("Attention", ["start", 1, "1.q1", "1.p2", "1.2"]),
    ("Tokenization", [2, "2.q1", "2.q3", "2.3"]),
    ("Special tokens and masks", [3, "3.p1", "3.q2", "3.7", "3.3"]),
    ("Inside BERT", [4, "4.p2", "4.q4", "4.3"]),
    ("Embeddings", [5, "5.p2", "5.q2", "5.4"]),
    ("Frozen features, and honest scores", [6, "6.p2", "6.q2", "6.4"]),
    ("Fine-tuning", [7, "7.p1", "7.q3", "7.5"]),
    ("Sentence pairs", [8, "8.q1", "8.p1", "8.2"]),
    ("Named entities", [9, "9.p1", "9.q3", "9.5"]),
    ("Question answering", [10, "10.q3", "10.q4", "10.6"]),
    ("Where next", [11, "11.p1", "11.q3", "11.6"]),
    ("Projects: a task of one's own, shown", ["talk", "break", "talk"]),
]
