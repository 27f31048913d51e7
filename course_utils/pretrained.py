"""Load a pretrained BERT and its tokenizer: the embedded one, or any other."""

import os
from collections.abc import Hashable, Sequence

import torch
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForQuestionAnswering,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from course_utils import memory_room  # noqa: F401  Adam asks for room in every loop
from course_utils.assets import model_folder
from course_utils.hub_models import model_source
from course_utils.library_noise import quiet_library
from course_utils.loaded_weights import check_task, check_weights
from course_utils.loading_errors import (
    check_kind,
    check_settings,
    check_vocabulary,
    explained,
)
from course_utils.machine import usable_cores
from course_utils.value_checks import check_list, check_whole, shown
from course_utils.whole_folder import read_again_if_replaced

INSTEAD = {
    "token": "HF_TOKEN",
    "cache_dir": "HF_HOME",
    "local_files_only": "HF_HUB_OFFLINE",
}
SAFELY = {"trust_remote_code": False}  # by default the library asks the user
REPORTED = {"output_loading_info": True, "ignore_mismatched_sizes": True}
HEADS = {
    "sequence-classification": AutoModelForSequenceClassification,
    "token-classification": AutoModelForTokenClassification,
    "question-answering": AutoModelForQuestionAnswering,
}


def load_bert(
    name: str | os.PathLike | None = None, **kwargs
) -> tuple[PreTrainedTokenizerBase, PreTrainedModel]:
    """Return (tokenizer, model), the model in eval mode.

    name: a folder or a Hub id such as "bert-base-uncased"; by default what the
        environment variable COURSE_MODEL says, else the embedded model, whose files
        are verified by sha256 and which needs no network.
    kwargs: handed to the model's `from_pretrained`, such as
        `attn_implementation="eager"` (needed for attention maps) or
        `output_hidden_states=True`; `revision` chooses a version on the Hub.

    A model of the Hub is fetched once, each file verified by its hash, and taken from
    the Hub's cache from then on. Weights are read from safetensors only, and no code
    from the Hub is run. Where a container grants fewer cores than the machine has,
    torch's threads are reduced.

    Raises TypeError where name is not text or an argument is unknown, ValueError for
    trust_remote_code, use_safetensors, a setting of the Hub, or an argument that does
    not fit the model, AssetError where the embedded model is missing or damaged, or
    another one cannot be had: where the network is silent, 15 s later at most. Weights
    are never random: where the file lacks some, that is an AssetError, too.
    """
    return _load(AutoModel, name, kwargs)


def load_bert_for(
    task: str,
    labels: Sequence[str] | None = None,
    name: str | os.PathLike | None = None,
    *,
    seed: int = 0,
    **kwargs,
) -> tuple[PreTrainedTokenizerBase, PreTrainedModel]:
    """Return (tokenizer, model), the model with a new head for a task, in eval mode.

    task: "sequence-classification", "token-classification" or "question-answering".
    labels: names of the classes, in the order of their numbers; None for questions.
    name, kwargs: as in `load_bert`. name may also be a folder that `save_model` wrote:
        then the head is the trained one and labels may be left out. For a new head of
        another size in its place, add ignore_mismatched_sizes=True.
    seed: int, of the new head's random weights. The random state stays as it was.

    Raises TypeError or ValueError for a wrong task, or for labels that are not those
    that a trained head has learned, else as `load_bert`.
    """
    if not isinstance(task, str) or task not in HEADS:
        raise ValueError(
            f"task is {task!r}, expected one of {list(HEADS)}: is it misspelt, or were "
            "task and labels exchanged?"
        )
    if labels is not None and task == "question-answering":
        raise ValueError(
            f"labels is {labels!r}, expected None: a start and an end are searched, "
            "not a class. Is another task meant?"
        )
    if labels is not None:
        check_list("labels", labels, "names", f"try [{str(labels)[:20]!r}]")
        check_equal_names(labels)
        kwargs["id2label"] = dict(enumerate(labels))
        kwargs["label2id"] = {label: number for number, label in enumerate(labels)}
    check_whole("seed", seed, 0, "a number such as 0, the default")
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return _load(HEADS[task], name, kwargs)


def _refuse_options(kwargs):
    for name in ("trust_remote_code", "use_safetensors"):
        if name in kwargs:
            raise ValueError(
                f"{name}={kwargs[name]!r} was given, expected it left out: the course "
                "runs no code that comes with a model, and reads no pickled weights. "
                "For a model that needs it, use transformers itself, at your own risk"
            )
    if "output_loading_info" in kwargs:
        raise ValueError(
            "output_loading_info was given, expected it left out: what the library "
            "reports is read here, and an error is raised where weights are missing"
        )
    for name in INSTEAD.keys() & kwargs.keys():
        raise ValueError(
            f"{name} was given, expected it left out: set {INSTEAD[name]} before "
            "Python starts, which holds for the tokenizer, too"
        )


def check_equal_names(labels):
    """Raise ValueError unless there is a label, and none occurs twice.

    Raises TypeError for a label that is no name, such as a list.
    """
    for place, label in enumerate(labels):
        if not isinstance(label, Hashable):
            raise TypeError(
                f"labels[{place}] is {shown(label)}, expected a name: is it a list of "
                "lists? Give each class once, LABEL_NAMES[2]"
            )
    if not labels or len(set(labels)) < len(labels):
        raise ValueError(
            f"labels is {list(labels)}, expected different names, at least one: are "
            "these the texts' labels? Give each class once, LABEL_NAMES[2]"
        )


@read_again_if_replaced
def _load(model_class, name, kwargs):
    if name is not None and not isinstance(name, str | os.PathLike):
        raise TypeError(
            f"name is a {type(name).__name__}, expected a Hub id or a folder: "
            'try load_bert() or load_bert("bert-base-uncased")'
        )
    _refuse_options(kwargs)
    name = name or os.environ.get("COURSE_MODEL")
    revision = kwargs.pop("revision", None)
    source = model_source(name, revision) if name else model_folder()
    torch.set_num_threads(max(1, min(torch.get_num_threads(), int(usable_cores()))))
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, **SAFELY)
        config = AutoConfig.from_pretrained(source, **SAFELY)
    except Exception as problem:
        raise explained(name, source, None, {}, problem) from None
    said = str(name or source)
    check_kind(config, said)
    check_settings(config, kwargs)
    check_task(config, model_class, HEADS)
    try:
        with quiet_library():
            model, report = model_class.from_pretrained(
                source, use_safetensors=True, **SAFELY, **{**kwargs, **REPORTED}
            )
    except Exception as problem:
        raise explained(name, source, config, kwargs, problem) from None
    check_weights(model, report, config, kwargs, said)
    check_vocabulary(tokenizer, model.config, said)
    longest = model.config.max_position_embeddings  # some tokenizers know no limit
    tokenizer.model_max_length = min(tokenizer.model_max_length, longest)
    return tokenizer, model.eval()
