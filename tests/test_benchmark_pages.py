"""The README's table of fine-tuning says what the page of all seeds says."""

from tests.benchmarks import fine_tuning
from tests.benchmarks.page_parts import ROOT


def test_the_readme_repeats_the_medians_of_the_page():
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = readme.split(fine_tuning.START)[1].split(fine_tuning.END)[0].splitlines()
    sections = fine_tuning.read_sections()
    assert set(sections) <= set(fine_tuning.SECTIONS)
    expected = fine_tuning.medians(sections)
    assert shown[: len(expected)] == expected


def test_a_median_is_found_by_the_name_of_its_column():
    rows = [
        "| pairs, seed | held-out | development | natural | seconds |",
        "| --- | --- | --- | --- | --- |",
        "| 0 | 0.1 | 0.2 | 0.3 | 4 |",
        "| median | 0.5 | 0.6 | 0.7 | 8 |",
    ]
    last = fine_tuning.medians({"sentence_pairs": "\n".join(rows)})[-1]
    assert last == "| 08 sentence pairs, accuracy | 0.5 | 0.7 | 8 |"
