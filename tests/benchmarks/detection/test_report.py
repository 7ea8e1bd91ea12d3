"""Tables, and where they go."""

from pathlib import Path

import pytest

from benchmarks.detection import report

FIGURES = {
    "sets": {
        "prompts": {
            "PromptGuard": {
                "core": {"f2": 0.91, "recall": 0.9, "precision": 0.95}, "leaked": 0.081,
                "types": {"PERSON": {"gold": 7, "precision": 0.9, "recall": 0.8}},
            },
            "stock Presidio": {"core": {"f2": 0.5, "recall": 0.4, "precision": 0.7}, "leaked": 0.37, "types": {}},
        },
        "evasions": {"PromptGuard": {"hex": {"recall": 0.5}, "hex / card": {"recall": 1.0}, "all": {"recall": 0.5}}},
    },
    "performance": {
        "patterns": {"megabytes_per_cpu_s": {"prose": {"10000": 20.0}}, "resident_mb": 150, "tenant_rows": 1000},
        "presidio": {"megabytes_per_cpu_s": {"prose": {"10000": 0.02}}, "resident_mb": 600},
    },
}  # fmt: skip


def test_both_engines_stand_side_by_side() -> None:
    assert "| labelled prompts: core personal data, F2 | 0.91 | 0.50 |" in report.summary(FIGURES)
    assert "| labelled prompts: sensitive characters that would leave | 8 % | 37 % |" in report.summary(FIGURES)
    assert "| PERSON | 7 | 0.90 / 0.80 | – / 0.00 |" in report.by_type(FIGURES)


def test_sets_that_were_not_run_have_no_line() -> None:
    assert "clean code" not in report.summary(FIGURES)
    assert report.by_language(FIGURES) == ""


def test_disguises_and_speed() -> None:
    assert "| hex | 1.00 | – | – | – | – | – |" in report.by_disguise(FIGURES)
    assert "| patterns on prose, 10 KB | 20.0 MB/s | 0.020 MB/s | 1,000 × |" in report.performance(FIGURES)
    assert "| 150 MB | 600 MB | 0.25 × |" in report.performance(FIGURES)


def test_tables_go_between_the_markers_and_nowhere_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- begin detection figures -->\nold\n<!-- end detection figures -->\nafter\n")
    for _ in range(2):
        report.publish(page, "detection figures", "| new |\n")
    assert page.read_text() == (
        "before\n<!-- begin detection figures -->\n\n| new |\n\n<!-- end detection figures -->\nafter\n"
    )


def test_a_page_without_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing\n")
    with pytest.raises(ValueError, match="markers"):
        report.publish(page, "detection figures", "x")
    assert page.read_text() == "nothing\n"
