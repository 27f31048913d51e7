"""Keep parts of a model as they are while the rest is trained."""

from course_utils.model_checks import check_module


def freeze(model, *parts):
    """Stop training the parameters whose names begin with one of the parts.

    model: transformers model or a module that has one. parts: such as "embeddings",
        "encoder.layer.0", as named inside of the BERT model ("bert." is not written).
        None of them: every parameter is trained again.

    Returns (trained, all): how many numbers. Raises ValueError for a part that names
    nothing.
    """
    check_module("model", model)
    names = {name: inner_name(name) for name, _ in model.named_parameters()}
    for part in parts:
        if not any(is_in(name, part) for name in names.values()):
            known = sorted({".".join(n.split(".")[:2]) for n in names.values()})
            raise ValueError(
                f"no parameter's name begins with {part!r}; they begin with: "
                f"{', '.join(known)}; expected one of them: is it misspelt, or has "
                "the model fewer layers?"
            )
    for name, parameter in model.named_parameters():
        frozen = any(is_in(names[name], part) for part in parts)
        parameter.requires_grad_(not frozen)
    sizes = [(p.numel(), p.requires_grad) for p in model.parameters()]
    return sum(size for size, trained in sizes if trained), sum(s for s, _ in sizes)


def inner_name(name):
    """Return a parameter's name without the "bert." in front of it."""
    return name.removeprefix("bert.")


def is_in(name, part):
    """Return whether a parameter belongs to a part: whole words only."""
    return name == part or name.startswith(f"{part}.")
