"""The page of each lesson's seconds and memory, written by the run that tests them."""

from pathlib import Path

from tests.benchmarks.page_parts import platform_line, table

PAGE = Path(__file__).with_name("LESSONS.md")
HEADER = ("lesson", "seconds", "peak memory (MB)")


def write_lesson_times(seconds, peak_mb):
    """Write LESSONS.md. Both: {"notebooks/03_special_tokens...": float}."""
    rows = [
        (name.split("/")[1], f"{took:.0f}", f"{peak_mb.get(name, float('nan')):.0f}")
        for name, took in sorted(seconds.items())
        if name.startswith("notebooks/")
    ]
    PAGE.write_text(
        f"""# Each lesson, measured

Written by `make bench`: do not edit. Each lesson ran once, alone, from start to end;
the memory is the most that its kernel held. Another machine gives other seconds.

{platform_line()}

{table(HEADER, rows)}
""",
        "utf-8",
    )
