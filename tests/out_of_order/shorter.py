"""What is made smaller in the lessons, so that 240 orders take minutes.

Pairs (pattern, replacement) of regular expressions on a cell's code; each has to be
found. The run in order and all others are made smaller alike. Lessons run with
COURSE_PROFILE=small, and these go further: a model that has seen 50 texts shows as well
as one that has seen 5,000 whether a number depends on the order.
"""

SHORTER = {
    "01_transformer_architecture": [
        (r"train=12_000, test=1_000", "train=400, test=40"),
        (r"900 if .* else 800,", "20,"),
        (r"repeat=60", "repeat=2"),
        (r'results\[results\["right"\]\]', "results"),  # none is right so early
    ],
    "02_tokenization": [(r"load_reviews\(classes=3\)", r"\g<0>.iloc[::40]")],
    "03_special_tokens_and_attention_masks": [
        (r"load_reviews\(\)", r"\g<0>.iloc[::30]"),
        (r"else 64\]", "else 24]"),
    ],
    "04_inside_bert": [
        (r"load_reviews\(classes=3\)", r"\g<0>.iloc[::20]"),
        (r'"small": 1500', '"small": 20'),
        (r"step % 100", "step % 10"),
        (r"<= 25\]\[:100\]", "<= 25][:6]"),
    ],
    "05_extracting_embeddings": [
        (r"load_reviews\(\)", r"\g<0>.iloc[::12]"),
        (r'"full" else 60,', '"full" else 16,'),
        (r'"full" else 600,', '"full" else 100,'),
        (r"sample\(2000,", "sample(160,"),
        (r"\[0, 500, 1500\]", "[0, 50, 150]"),
        (r'"full" else 500\]', '"full" else 100]'),
        (r"(load_word_senses\(\))\n", r"\1.head(24)\n"),
    ],
    "06_feature_extraction": [
        (r"\(1200, 300, 400\)", "(300, 80, 80)"),
        (r"500 if full else 150\n", "40\n"),
        (r"2000 if full else 600,", "60,"),
        (r"1000 if full else 300\n", "60\n"),
        (r"500 if full else 150,", "24,"),
        (r"draws=2000", "draws=200"),
    ],
    "07_finetune_sentiment": [
        (r"\(320, 160, 160\)", "(64, 48, 48)"),
        (r"\[:160\]", "[:16]"),
        (r"permutation\(160\)\.reshape\(20", "permutation(16).reshape(2"),
        (r'"max_steps": 20', '"max_steps": 2'),
        (r'"warmup_steps": 2', '"warmup_steps": 0'),
        (r"linear_schedule\(optimizer, 20,", "linear_schedule(optimizer, 2,"),
        (r"in range\(12\)", "in range(2)"),
        (r"320 if full else 64\]", "16]"),
        (r"\(4, 32\)", "(2, 16)"),
        (r"seed in range\(3\)", "seed in range(1)"),
        (r"\[:1500\]", "[:60]"),
        (r"480 if full else 96\]", "24]"),
        (r"1e-6, 1e-5, 1e-4, 1e-3, 1e-2", "1e-6, 1e-4, 1e-2"),
    ],
    "08_finetune_sentence_pairs": [
        (r'"train": [\d_]+, "validation": 90, "test": 240', '"train": 300, '
         '"validation": 30, "test": 60'),
        (r'load_natural\("nli"\)', r"\g<0>[:45]"),
        (r'(train\(\n    model,\n    encoded\["train"\])', r"\1[:54]"),
    ],
    "09_finetune_named_entities": [
        (r"\(800, 100, 200\)", "(48, 16, 16)"),
        (r'load_natural\("ner"\)', r"\g<0>[:24]"),
        (r"load_development_names\(\)", r"\g<0>[:12]"),
        (r"1000 if full else 300\n", "24\n"),
        (r"size \+ 300", "size + 16"),
    ],
    "10_finetune_question_answering": [
        (r"count = \d+ if full else \d+", "count = 40"),
        (r"validation\[:100\], held_out\[:150\]", "validation[:12], held_out[:12]"),
        (r'load_natural\("qa"\)', r"\g<0>[:12]"),
        (r"make_questions\(2000", "make_questions(200"),
        (r"make_questions\(1000", "make_questions(100"),
        (r"20 if full else 6\]", "2]"),
        (r'"Ada left. " \* 200', '"Ada left. " * 60'),
    ],
    "11_where_next": [
        (r"processes=2", "processes=1"),  # each takes seconds to start
        (r'"train": 1600, "validation": 100, "test": 300',
         '"train": 160, "validation": 40, "test": 120'),
    ],
}  # fmt: skip

# Texts and values that are not compared. They hold seconds of a clock that TickingClock
# does not reach (that of `timeit`, of the Trainer, of a grid search), the chance name
# of a temporary folder, or the number of a free port.
VARYING = {
    "01_transformer_architecture": ("01-timing: shown", "milliseconds", "seconds"),
    "06_feature_extraction": ("temporary", "folder", "choices", "search"),
    "07_finetune_sentiment": ("temporary", "arguments", "trainer"),
    "11_where_next": ("port", "temporary", "report", "words"),
}

# Cells whose other numbers are right, and seen: {cell id: reason}.
DECLARED = {}
