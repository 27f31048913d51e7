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
    "load_bert_for": "pretrained",
    "freeze": "freezing",
    "train": "training",
    "train_step": "training",
    "make_optimizer": "optimizer",
    "weight_decay_groups": "optimizer",
    "linear_schedule": "optimizer",
    "collate": "batching",
    "grouped_batches": "batching",
    "predict": "evaluation",
    "save_model": "saving",
    "saved_folder": "saving",
    "model_folder": "assets",
    "load_reviews": "reviews",
    "LABEL_NAMES": "reviews",
    "load_natural": "natural_sets",
    "prepare_inputs": "inputs",
    "BertEncoderModel": "bert",
    "build_from": "bert",
    "check_inputs": "bert",
    "mask_tokens": "masked_lm",
    "embed": "embedding",
    "cached_features": "features",
    "features_folder": "features",
    "layer_features": "features",
    "load_domain": "domains",
    "count_confusions": "scores",
    "scores_from": "scores",
    "split_interval": "scores",
    "score_intervals": "scores",
    "accuracy_interval": "scores",
    "bootstrap_difference": "scores",
    "mean_pool": "pooling",
    "max_pool": "pooling",
    "cls_pool": "pooling",
    "unit": "embedding",
    "word_vectors": "word_senses",
    "load_word_senses": "word_senses",
    "load_paraphrases": "paraphrases",
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
    "make_articles": "newsroom",
    "make_entity_examples": "newsroom",
    "make_statement_pairs": "newsroom",
    "make_questions": "newsroom",
    "workload_profile": "machine",
    "release_memory": "machine",
    "check": "checks.engine",
    "progress_panel": "checks.panel",
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
    "plot_scores": "plots.embeddings",
    "plot_senses": "plots.embeddings",
    "plot_word_maps": "plots.embeddings",
    "plot_distributions": "plots.embeddings",
    "plot_length_effect": "plots.embeddings",
    "plot_review_maps": "plots.embeddings",
    "plot_probe": "plots.features",
    "plot_confusions": "plots.features",
    "plot_intervals": "plots.features",
    "plot_reliability": "plots.features",
    "plot_learning": "plots.features",
    "plot_domains": "plots.features",
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
