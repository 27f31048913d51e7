"""What the lessons import: the model, the data, seeds and plots.

Nothing is loaded until it is asked for, so `import course_utils` stays quick and does
not import torch. The table below says in which module each public name lives.
This file and `bootstrap.py` also run on an old Python, before anything is installed:
the syntax of Python 3.6 only.
"""

from importlib import import_module

_MODULE_OF = {
    "AssetError": "pinned_files",
    "load_bert": "pretrained",
    "model_folder": "assets",
    "load_reviews": "reviews",
    "LABEL_NAMES": "reviews",
    "prepare_inputs": "inputs",
    "BertEncoderModel": "bert",
    "build_from": "bert",
    "check_inputs": "bert",
    "mask_tokens": "masked_lm",
    "WordPieceTokenizer": "wordpiece",
    "normalize": "wordpiece",
    "pre_tokenize": "wordpiece",
    "split_word": "wordpiece",
    "train_wordpiece": "wordpiece_training",
    "library_category": "unicode_tables",
    "explore_pieces": "explorer",
    "pieces_html": "explorer",
    "show_pieces": "explorer",
    "scaled_dot_product_attention": "attention",
    "causal_mask": "attention",
    "padding_mask": "attention",
    "MultiHeadAttention": "attention",
    "positional_encoding": "transformer",
    "EncoderBlock": "transformer",
    "DecoderBlock": "transformer",
    "Transformer": "transformer",
    "greedy_decode": "transformer",
    "rename_parameters": "transformer",
    "make_dates": "dates",
    "date_parts": "dates",
    "workload_profile": "machine",
    "set_seed": "seeding",
    "progress": "progress_bar",
    "use_course_style": "plots.style",
    "plot_token_grid": "plots.inputs",
    "plot_attention_pair": "plots.inputs",
    "plot_lines": "plots.lines",
    "plot_padding_cost": "plots.inputs",
    "plot_parameter_parts": "plots.bert",
    "plot_heads": "plots.bert",
    "plot_masked_lm_loss": "plots.bert",
    "plot_moved": "plots.bert",
    "attention_explorer": "plots.bert",
    "plot_anatomy": "plots.tokenization",
    "plot_growth": "plots.tokenization",
    "plot_spans": "plots.tokenization",
    "plot_ways_to_cut": "plots.tokenization",
    "plot_weights": "plots.transformer",
    "plot_masks": "plots.transformer",
    "plot_positions": "plots.transformer",
    "plot_families": "plots.transformer",
}

__all__ = sorted(_MODULE_OF)


def __getattr__(name):
    if name not in _MODULE_OF:
        raise AttributeError(
            "course_utils has no '{}'; it has: {}".format(name, ", ".join(__all__))
        )
    return getattr(import_module("course_utils." + _MODULE_OF[name]), name)


def __dir__():
    return __all__
