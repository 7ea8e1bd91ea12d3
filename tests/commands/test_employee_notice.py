from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.inputs import Run


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ((), ("<!doctype html>", '<html lang="en"', "What is looked at")),
        (
            ("--language", "da", "--format", "md"),
            ("# PromptGuard: information til medarbejdere", "## Dine rettigheder"),
        ),
        (("--language", "de", "--works-council"), ('lang="de"', "Für den Betriebsrat", "SHA-256")),
    ],
)
def test_it_is_written_in_a_language_and_a_form(run: Run, arguments: tuple[str, ...], parts: tuple[str, ...]) -> None:
    result = run("employee-notice", *arguments)
    assert result.exit_code == 0, result.output
    assert not [part for part in parts if part not in result.output]


def test_into_a_file(run: Run, tmp_path: Path) -> None:
    result = run("employee-notice", "--language", "fr", "--out", tmp_path / "avis.html")
    assert result.exit_code == 0, result.output
    assert "Ce qui n&#x27;est jamais vérifié" in (tmp_path / "avis.html").read_text("utf-8")


def test_a_language_that_is_not_there(run: Run) -> None:
    result = run("employee-notice", "--language", "ja")
    assert result.exit_code == 2
    assert "Name one of: da, de, en, es, fr, it, nl." in result.stderr
