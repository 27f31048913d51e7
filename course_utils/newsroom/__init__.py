"""A newsroom that writes articles, entity labels, statement pairs and questions.

All of it is generated from word lists and patterns, so that the labels cost nothing.
"""

from course_utils.newsroom.articles import make_articles
from course_utils.newsroom.entities import TAGS, make_entity_examples
from course_utils.newsroom.questions import QUESTION_KINDS, make_questions
from course_utils.newsroom.statements import LABELS, make_statement_pairs

__all__ = [
    "LABELS",
    "QUESTION_KINDS",
    "TAGS",
    "make_articles",
    "make_entity_examples",
    "make_questions",
    "make_statement_pairs",
]
