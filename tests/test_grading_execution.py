"""Which cells count for an exercise, and which answer is judged. Needs no kernel."""

from types import SimpleNamespace

import pytest

pytest.importorskip("nbgrader", reason="grading needs nbgrader")

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from course_utils.grading import execution
from course_utils.grading.agent import Agent
from course_utils.grading.execution import HURRIED_SECONDS, Run
from course_utils.grading.limits import Limits
from course_utils.grading.remote import KernelLost


def answer_cell(source, error=None):
    cell = new_code_cell(source, metadata={"nbgrader": {"solution": True}})
    if error:
        cell.outputs = [new_output("error", ename=error, evalue="why", traceback=[])]
    return cell


def run_of(*cells, checks):
    notebook = SimpleNamespace(cells=list(cells))
    place = SimpleNamespace(limits=Limits())
    return Run(notebook, checks, place, "secret")


def kernel(**space):
    """Return (ask, the notebook's variables) of an agent in this process."""
    agent = Agent(space)

    def ask(request, seconds=0):
        return getattr(agent, request[0])(*request[1:])

    return ask, space


def test_what_stands_above_the_heading_is_the_exercise_before_s():
    demonstration = new_code_cell("use(f)")
    demonstration.outputs = [
        new_output("error", ename="TypeError", evalue="f gave None", traceback=[])
    ]
    heading = new_markdown_cell("### 3.q2 A question")
    run = run_of(
        new_code_cell("check"), demonstration, heading, answer_cell('answer = "a"'),
        new_code_cell("scratch"), new_code_cell("check"),
        checks={0: ("3.q1", "answer"), 5: ("3.q2", "answer")},
    )  # fmt: skip
    assert run._own_cells(5) == [2, 3, 4]
    run.found["3.q1"] = "ok", ""
    ask, _ = kernel(answer="a")
    run.examine(5, ask)
    status, message = run.found["3.q2"]
    assert status == "failed" and "TypeError" not in message


def test_no_question_gets_the_answer_of_the_one_before():
    run = run_of(
        answer_cell('answer = "b"'), new_code_cell("check"),
        new_markdown_cell("### 3.q3"), answer_cell("answer = b", "NameError"),
        new_code_cell("check"), new_markdown_cell("### 3.q4"), answer_cell("# later"),
        new_code_cell("check"),
        checks={1: ("3.q2", "answer"), 4: ("3.q3", "answer"), 7: ("3.q4", "answer")},
    )  # fmt: skip
    ask, space = kernel(answer="b")
    run.examine(1, ask)
    assert run.found["3.q2"][0] == "ok" and "answer" not in space
    run.examine(4, ask)
    status, message = run.found["3.q3"]
    assert status == "failed" and "Your cell stopped with NameError: why" in message
    run.examine(7, ask)
    assert run.found["3.q4"] == ("not attempted", "3.q4 not attempted")


def test_a_judged_answer_is_forgotten_in_a_new_kernel_too():
    checks = {0: ("3.q2", "answer"), 1: ("3.q3", "answer")}
    run = run_of(new_code_cell("check"), new_code_cell("check"), checks=checks)
    run.found["3.q2"] = "ok", ""
    ask, space = kernel(answer="b")
    run.examine(0, ask)
    assert "answer" not in space and run.found["3.q2"] == ("ok", "")


def test_cells_after_an_endless_answer_get_little_time():
    run = run_of(new_code_cell("check"), checks={0: ("3.2", "unpad")})
    assert run.cell_seconds() > 2 * HURRIED_SECONDS
    run.found["3.2"] = "timeout", ""
    run.examine(0, kernel()[0])
    assert run.cell_seconds() == HURRIED_SECONDS


def test_a_new_kernel_is_not_hurried(monkeypatch):
    """Its first cell imports libraries, which takes longer."""
    run = run_of(new_code_cell("import torch"), checks={})
    run.hurried, seen = True, []

    def no_kernel(place):
        seen.append(run.cell_seconds())
        raise KernelLost("crashed")

    monkeypatch.setattr(execution, "WatchedKernel", no_kernel)
    with pytest.raises(KernelLost):
        run._with_one_kernel()
    assert seen[0] > 2 * HURRIED_SECONDS
