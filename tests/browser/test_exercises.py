"""Exercises in the browser: answers are typed, and the check's message is seen."""

import re

import nbformat

from tests.browser.lab_server import ROOT

UNTOUCHED = "exercises/02_tokenization.ipynb"
ANSWERED = "exercises/03_special_tokens_and_attention_masks.ipynb"
WRONG = """\
def mask_from_lengths(lengths, width):
    return (torch.arange(width) <= lengths.unsqueeze(1)).long()
"""
RIGHT = WRONG.replace("<=", "<")


def test_restart_and_run_all_of_untouched_exercises_has_no_error(lab):
    lab.open(UNTOUCHED)
    assert lab.restart_and_run_all()
    assert lab.examine() == []
    cells = nbformat.read(ROOT / UNTOUCHED, as_version=4).cells
    checks = [cell for cell in cells if cell.source.startswith("check(")]
    assert len(checks) > 10
    for cell in checks:
        (exercise,) = re.findall(r'^check\("(.+?)"', cell.source)
        assert f"{exercise} not attempted" in lab.output(cell.id)
    assert not lab.complaints


def test_a_wrong_answer_is_explained_and_a_right_one_accepted(lab):
    lab.open(ANSWERED)
    assert lab.run_cell("03x-imports")
    said = {}
    for name, answer in {"wrong": WRONG, "right": RIGHT}.items():
        lab.type_into("03x-answer-3-1", answer)
        assert lab.run_cell("03x-answer-3-1") and lab.run_cell("03x-check-3-1")
        said[name] = lab.output("03x-check-3-1")
        lab.photograph_window(f"exercise-{name}")
    assert "3.1 ok" not in said["wrong"] and "one place too many" in said["wrong"]
    assert "3.1 ok" in said["right"]
    assert not lab.complaints
