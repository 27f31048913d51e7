"""Exercise checks: `check("3.1", answer)` and the progress panel.

`engine` finds the exercise and shows the result; `exercise` says what an exercise is;
`coding` and `questions` judge; `lesson_NN` holds the exercises of one lesson.
"""
