"""A check of the record of a training before it is drawn."""


def check_history(name, history, score=None):
    """Raise unless history is a TrainingHistory with an evaluation of the score.

    score: str, by default the one that was watched.
    """
    if not hasattr(history, "evaluations"):
        raise TypeError(
            f"{name} is a {type(history).__name__}, expected a TrainingHistory: train "
            "returns it, the loss of each step is in its .steps"
        )
    score = history.watch if score is None else score
    if not history.scores:
        raise ValueError(
            f"the {name} holds no evaluation, expected at least one: was the training "
            "interrupted before the first?"
        )
    if score not in history.scores[-1]:
        raise ValueError(
            f"{name} has the scores {list(history.scores[-1])}, expected {score!r} "
            "among them: does evaluate return it under this name?"
        )
