from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.commands.inputs import Run


@pytest.mark.parametrize(("form", "part"), [("text", "T38  not set up"), ("md", "| T38 | ")])
def test_it_says_how_this_installation_meets_them(run: Run, form: str, part: str) -> None:
    result = run("controls", "--format", form)
    assert result.exit_code == 0, result.output
    assert part in result.output
    assert "38 controls: " in result.output


def test_as_json(run: Run) -> None:
    told = json.loads(run("controls", "--format", "json").output)
    assert [each["id"] for each in told] == [f"T{number}" for number in range(1, 39)]
    assert told[3]["standing"] == "met"


def test_the_pack_for_an_auditor(run: Run, tmp_path: Path) -> None:
    result = run("controls export", "--out", tmp_path / "pack")
    assert result.exit_code == 0, result.output
    told = json.loads((tmp_path / "pack" / "controls.json").read_bytes())
    assert len(told["controls"]) == 38
    first = PdfReader(BytesIO((tmp_path / "pack" / "controls.pdf").read_bytes())).pages[0].extract_text()
    assert told["policy_sha256"] in first
