"""A class on one server: three students run lesson 03 at once. `make test-hub` runs it.

The hub runs once; the tests look at what it left. The last one writes the figures into
docs/jupyterhub.md.
"""

import re

import nbformat
import pytest

from tests.hub.class_hub import ROOT
from tests.hub.class_run import LESSON, NAMES, run_class
from tests.hub.report import report, write


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The ClassRun, after everything has ended."""
    return run_class(tmp_path_factory.mktemp("class"))


@pytest.fixture(scope="module")
def published():
    return nbformat.read(ROOT / LESSON, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown_results(cell):
    return [
        output.data["text/plain"]
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]


def test_every_student_ran_the_whole_lesson_without_an_error(run, published):
    for student in run.students:
        cells = code_cells(student.notebook)
        assert [c.source for c in cells] == [c.source for c in code_cells(published)]
        for cell in cells:
            errors = [o for o in cell.outputs if o.output_type == "error"]
            assert not errors, (student.name, cell.id, errors)


def test_deterministic_results_are_the_published_ones(run, published):
    compared = 0
    for student in run.students:
        pairs = zip(code_cells(student.notebook), code_cells(published), strict=True)
        for cell, expected in pairs:
            if "nbval-ignore-output" not in expected.metadata.get("tags", []):
                assert shown_results(cell) == shown_results(expected), cell.id
                compared += bool(shown_results(expected))
    assert compared >= 3 * 15


def test_lessons_ran_the_small_workload(run):
    for student in run.students:
        text = str(student.notebook)
        assert "small workload" in text and "full workload)" not in text


def test_each_saved_an_own_copy(run):
    assert len({student.saved_inode for student in run.students}) == len(NAMES)
    for student in run.students:
        counts = [cell.execution_count for cell in code_cells(student.saved)]
        assert counts == list(range(1, len(counts) + 1))


def test_nobody_reads_anothers_files(run):
    own, *others = run.others_file
    assert own == 200
    assert all(status in (302, 403) for status in others), others


def test_no_kernel_publishes_on_the_network(run):
    """Not on loopback either: there every user of the machine could read along.

    One address is left, in which a kernel collects what its own subprocesses print.
    """
    for student in run.students:
        assert student.transport == "ipc"
        assert len(student.listening) <= 1, student.listening


def test_shared_folders_stay_as_they_were(run):
    assert run.written == set()


def test_one_copy_of_the_model_on_disk_and_in_memory(run):
    weights = [student.weights for student in run.students]
    assert len({(w.device, w.inode) for w in weights}) == 1
    for mapping in weights:
        assert mapping.rss > 20, "the model was hardly read"
        assert mapping.private < 0.02 * mapping.rss
        assert mapping.pss < 0.6 * mapping.rss


def test_training_makes_the_weights_a_students_own(run):
    assert run.training_outputs == []
    assert run.after_training.private > 80


def test_the_culler_may_do_its_work(run):
    statuses = re.findall(r"(\d{3}) \w+ /hub/api/users\S* \(idle-culler@", run.log)
    assert statuses and set(statuses) == {"200"}


def test_nothing_outlives_the_hub(run):
    assert run.left == []


def test_the_page_gets_the_figures(run, capsys):
    text = report(run)
    write(text)
    with capsys.disabled():
        print(f"\n\n{text}")
