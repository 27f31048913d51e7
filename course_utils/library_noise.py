"""Silence what transformers prints while it loads and saves."""

from contextlib import contextmanager

from transformers.utils import logging


@contextmanager
def quiet_library():
    """Hide the bars that count weights and shards, and the report on a new head."""
    was_on = logging.is_progress_bar_enabled()
    level = logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if was_on:
            logging.enable_progress_bar()
