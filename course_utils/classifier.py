"""A text classifier by hand: BERT, dropout, and a linear head on the pooled vector.

Lesson 07 develops it; a test holds the notebook and this module to the same code. It
follows Devlin et al. 2019, section 4.1.
"""

from torch import nn
from transformers.modeling_outputs import SequenceClassifierOutput

from course_utils import batch_checks
from course_utils.call_guard import guarded
from course_utils.embedding import check_texts


def make_examples(texts, labels, tokenizer):
    """Return a dict of ids, segment ids and label for each text, as `collate` takes it.

    texts: N str. labels: N int. Returns a list of N dicts: input_ids and token_type_ids
    are lists of int, cut to what the model reads; labels is an int. Raises TypeError or
    ValueError where texts and labels do not fit.
    """
    texts = check_texts(texts)
    batch_checks.check_class_numbers(texts, labels)
    rows = tokenizer(texts, truncation=True)
    columns = zip(rows["input_ids"], rows["token_type_ids"], labels, strict=True)
    return [
        {"input_ids": ids, "token_type_ids": segments, "labels": int(label)}
        for ids, segments, label in columns
    ]


class TextClassifier(nn.Module):
    """BERT with a head of C classes; its weights are named as in the library's own.

    bert: a BertModel with a pooler. classes: C. dropout: float, the share of the pooled
        numbers that training sets to 0.
    """

    def __init__(self, bert, classes, dropout=0.1):
        super().__init__()
        self.bert = bert
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(bert.config.hidden_size, classes)

    @property
    def device(self):
        return self.classifier.weight.device

    def forward(self, input_ids, attention_mask, token_type_ids, labels=None):
        """Return an output with `logits` (B, C), and `loss` where labels are given.

        input_ids, attention_mask, token_type_ids: (B, T) int64. labels: (B,) int64.
        """
        output = self.bert(input_ids, attention_mask, token_type_ids)
        pooled = self.dropout(output.pooler_output)  # (B, D)
        logits = self.classifier(pooled)  # (B, C)
        loss = None
        if labels is not None:
            loss = nn.functional.cross_entropy(logits, labels)
        return SequenceClassifierOutput(loss=loss, logits=logits)


TextClassifier.__init__ = guarded(
    TextClassifier.__init__, batch_checks.check_classifier
)
TextClassifier.forward = guarded(TextClassifier.forward, batch_checks.check_labels)
