"""What a lesson builds in view and what `course_utils` keeps is the same code."""

import ast
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
LESSON_01 = "01_transformer_architecture"
LESSON_02 = "02_tokenization"
LESSON_03 = "03_special_tokens_and_attention_masks"
LESSON_04 = "04_inside_bert"
LESSON_05 = "05_extracting_embeddings"
LESSON_06 = "06_feature_extraction"
LESSON_07 = "07_finetune_sentiment"
LESSON_08 = "08_finetune_sentence_pairs"
LESSON_09 = "09_finetune_named_entities"
LESSON_10 = "10_finetune_question_answering"
LESSON_11 = "11_where_next"
SHARED = [
    (LESSON_01, "attention", "scaled_dot_product_attention"),
    (LESSON_01, "attention", "causal_mask"),
    (LESSON_01, "attention", "padding_mask"),
    (LESSON_01, "attention", "MultiHeadAttention"),
    (LESSON_01, "transformer", "positional_encoding"),
    (LESSON_01, "transformer", "EncoderBlock"),
    (LESSON_01, "transformer", "DecoderBlock"),
    (LESSON_01, "transformer", "Transformer"),
    (LESSON_01, "transformer", "greedy_decode"),
    (LESSON_02, "wordpiece", "clean"),
    (LESSON_02, "wordpiece", "space_cjk"),
    (LESSON_02, "wordpiece", "decompose"),
    (LESSON_02, "wordpiece", "strip_mark"),
    (LESSON_02, "wordpiece", "normalize"),
    (LESSON_02, "wordpiece", "is_punctuation"),
    (LESSON_02, "wordpiece", "pre_tokenize"),
    (LESSON_02, "wordpiece", "split_word"),
    (LESSON_02, "wordpiece", "find_pieces"),
    (LESSON_02, "wordpiece", "join_pieces"),
    (LESSON_02, "wordpiece", "WordPieceTokenizer"),
    (LESSON_02, "wordpiece_training", "spell"),
    (LESSON_02, "wordpiece_training", "count_pairs"),
    (LESSON_02, "wordpiece_training", "score"),
    (LESSON_02, "wordpiece_training", "merge"),
    (LESSON_03, "inputs", "truncate_pair"),
    (LESSON_03, "inputs", "add_special_tokens"),
    (LESSON_03, "inputs", "pad"),
    (LESSON_03, "inputs", "prepare_inputs"),
    (LESSON_04, "bert", "BertEmbeddings"),
    (LESSON_04, "bert", "SelfAttention"),
    (LESSON_04, "bert", "BertLayer"),
    (LESSON_04, "bert", "BertEncoderModel"),
    (LESSON_04, "bert", "NAMES"),
    (LESSON_04, "bert", "our_name"),
    (LESSON_04, "bert", "build_from"),
    (LESSON_04, "masked_lm", "mask_tokens"),
    (LESSON_05, "pooling", "mean_pool"),
    (LESSON_05, "pooling", "max_pool"),
    (LESSON_05, "pooling", "cls_pool"),
    (LESSON_05, "embedding", "length_batches"),
    (LESSON_05, "embedding", "tokenize_texts"),
    (LESSON_05, "embedding", "unit"),
    (LESSON_05, "embedding", "run_batches"),
    (LESSON_05, "embedding", "embed"),
    (LESSON_05, "word_senses", "word_vectors"),
    (LESSON_06, "scores", "count_confusions"),
    (LESSON_06, "scores", "scores_from"),
    (LESSON_06, "scores", "split_interval"),
    (LESSON_06, "scores", "accuracy_interval"),
    (LESSON_06, "scores", "bootstrap_difference"),
    (LESSON_07, "classifier", "TextClassifier"),
    (LESSON_07, "optimizer", "weight_decay_groups"),
    (LESSON_07, "optimizer", "make_optimizer"),
    (LESSON_07, "optimizer", "linear_schedule"),
    (LESSON_07, "batching", "grouped_batches"),
    (LESSON_07, "batching", "NO_LABEL"),
    (LESSON_07, "batching", "pad_rows"),
    (LESSON_07, "batching", "collate"),
    (LESSON_07, "evaluation", "LABEL_KEYS"),
    (LESSON_07, "evaluation", "run_in"),
    (LESSON_07, "evaluation", "predict"),
    (LESSON_07, "training", "train_step"),
    (LESSON_07, "training", "train"),
    (LESSON_07, "augmentation", "drop_words"),
    (LESSON_07, "augmentation", "swap_synonyms"),
    (LESSON_08, "pairs", "encode_pairs"),
    (LESSON_08, "pairs", "number_of"),
    (LESSON_08, "pairs", "judge"),
    (LESSON_09, "entity_spans", "spans_of"),
    (LESSON_09, "entity_spans", "repair_tags"),
    (LESSON_09, "entity_spans", "entity_scores"),
    (LESSON_09, "entity_spans", "f1_interval"),
    (LESSON_09, "token_labels", "align_labels"),
    (LESSON_09, "token_labels", "encode_words"),
    (LESSON_09, "token_labels", "predict_tags"),
    (LESSON_09, "entity_finder", "find_names"),
    (LESSON_10, "question_answering", "INPUTS"),
    (LESSON_10, "question_answering", "WITH_PLACES"),
    (LESSON_10, "question_answering", "make_windows"),
    (LESSON_10, "question_answering", "find_span"),
    (LESSON_10, "question_answering", "training_examples"),
    (LESSON_10, "question_answering", "spans_above_none"),
    (LESSON_10, "question_answering", "find_spans"),
    (LESSON_10, "question_answering", "choose_answer"),
    (LESSON_10, "question_answering", "answer_all"),
    (LESSON_10, "question_answering", "answer"),
    (LESSON_10, "answer_spans", "LONGEST"),
    (LESSON_10, "answer_spans", "brute_force_spans"),
    (LESSON_10, "answer_spans", "best_spans"),
    (LESSON_10, "answer_spans", "no_answer_score"),
    (LESSON_10, "answer_scores", "normalize_answer"),
    (LESSON_10, "answer_scores", "exact_match"),
    (LESSON_10, "answer_scores", "answer_f1"),
    (LESSON_11, "model_family", "work_per_token"),
    (LESSON_11, "quantization", "quantize_rows"),
    (LESSON_11, "quantization", "Int8Linear"),
    (LESSON_11, "quantization", "Int8Embedding"),
    (LESSON_11, "quantization", "DynamicInt8Linear"),
    (LESSON_11, "quantization", "quantize"),
    (LESSON_11, "serving", "ClassifierHandler"),
    (LESSON_11, "distributed_training", "WholeBatchLoss"),
    (LESSON_11, "distributed_training", "train_shard"),
]


def definition(source, name):
    """Return the code of the function, class or constant, without docstrings."""
    for node in ast.parse(source).body:
        targets = [getattr(target, "id", "") for target in getattr(node, "targets", [])]
        if getattr(node, "name", None) == name or name in targets:
            return ast.unparse(without_docstrings(node))
    raise AssertionError(f"{name} is not defined there")


def without_docstrings(node):
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(part):
            part.body = part.body[1:]
    return node


@pytest.mark.parametrize(("stem", "module", "name"), SHARED)
def test_lesson_and_module_agree(stem, module, name):
    notebook = nbformat.read(ROOT / f"notebooks/{stem}.ipynb", as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    in_lesson = definition("\n".join(cells), name)
    in_module = definition((ROOT / f"course_utils/{module}.py").read_text(), name)
    assert in_lesson == in_module
