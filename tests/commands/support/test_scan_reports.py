from __future__ import annotations

import json

import pytest

from promptguard.commands.support.scan_reports import JsonReport, Report, TextReport
from promptguard.model import FileText

PART = FileText("page 1", "Umowa została podpisana")


@pytest.mark.parametrize(
    ("languages", "expected"), [((), ""), (("lo", "pl"), "a.pdf: page 1: Names of persons are not found")]
)
def test_text_says_aside_in_which_languages_persons_are_not_looked_for(
    capsys: pytest.CaptureFixture[str], languages: tuple[str, ...], expected: str
) -> None:
    TextReport().add_languages("a.pdf", PART, languages)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(expected) and err.endswith("in: lo, pl.\n" if languages else "")


def test_json_has_the_languages_of_all_parts_where_there_are_any(capsys: pytest.CaptureFixture[str]) -> None:
    report: Report = JsonReport()
    report.add_languages("a.pdf", PART, ())
    report.finish(found=False, failed=False)
    assert json.loads(capsys.readouterr().out) == {"spans": []}
    report.add_languages("a.pdf", PART, ("pl",))
    report.add_languages("b.pdf", PART, ("km", "pl"))
    report.finish(found=False, failed=False)
    assert json.loads(capsys.readouterr().out) == {"spans": [], "uncovered_languages": ["km", "pl"]}
